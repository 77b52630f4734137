-- For reporting tools: a view for each kind of record, with the fields that are one value each, under the names the records
-- use. Instants are milliseconds since 1970; minutes are those of the day. Whoever reads these reads everything: give a
-- reporting tool a user of its own, and only these views.

CREATE VIEW report_appointment AS SELECT
  org,
  id,
  revision,
  json_extract(body, '$.permit') AS permit,
  json_extract(body, '$.permit_number') AS permit_number,
  json_extract(body, '$.permit_type') AS permit_type,
  json_extract(body, '$.inspection_type') AS inspection_type,
  json_extract(body, '$.inspection_type_name') AS inspection_type_name,
  json_extract(body, '$.calendar') AS calendar,
  json_extract(body, '$.team') AS team,
  json_extract(body, '$.assignee') AS assignee,
  json_extract(body, '$.assignee_name') AS assignee_name,
  json_extract(body, '$.applicant') AS applicant,
  json_extract(body, '$.contact_name') AS contact_name,
  json_extract(body, '$.establishment') AS establishment,
  json_extract(body, '$.address') AS address,
  json_extract(body, '$.latitude') AS latitude,
  json_extract(body, '$.longitude') AS longitude,
  json_extract(body, '$.day') AS day,
  json_extract(body, '$.from_minute') AS from_minute,
  json_extract(body, '$.to_minute') AS to_minute,
  json_extract(body, '$.priority') AS priority,
  json_extract(body, '$.status') AS status,
  json_extract(body, '$.started_at') AS started_at,
  json_extract(body, '$.completed_at') AS completed_at,
  json_extract(body, '$.result.overall') AS result,
  json_extract(body, '$.result.summary') AS result_summary,
  json_extract(body, '$.reinspects') AS reinspects,
  json_extract(body, '$.reinspection') AS reinspection
FROM record WHERE kind = 'appointment';

CREATE VIEW report_permit AS SELECT
  org,
  id,
  revision,
  json_extract(body, '$.number') AS number,
  json_extract(body, '$.permit_type') AS permit_type,
  json_extract(body, '$.description') AS description,
  json_extract(body, '$.status') AS status,
  json_extract(body, '$.fee_paid') AS fee_paid,
  json_extract(body, '$.applicant') AS applicant,
  json_extract(body, '$.contact_name') AS contact_name,
  json_extract(body, '$.establishment') AS establishment,
  json_extract(body, '$.address') AS address,
  json_extract(body, '$.latitude') AS latitude,
  json_extract(body, '$.longitude') AS longitude,
  json_extract(body, '$.calendar') AS calendar
FROM record WHERE kind = 'permit';

CREATE VIEW report_calendar AS SELECT
  org,
  id,
  revision,
  json_extract(body, '$.name') AS name,
  json_extract(body, '$.department') AS department,
  json_extract(body, '$.department_name') AS department_name,
  json_extract(body, '$.public') AS public,
  json_extract(body, '$.active') AS active,
  json_extract(body, '$.cutoff_minute') AS cutoff_minute,
  json_extract(body, '$.reschedule_hours') AS reschedule_hours,
  json_extract(body, '$.cancel_hours') AS cancel_hours
FROM record WHERE kind = 'calendar';

CREATE VIEW report_inspection_type AS SELECT
  org,
  id,
  revision,
  json_extract(body, '$.name') AS name,
  json_extract(body, '$.calendar') AS calendar,
  json_extract(body, '$.duration_minutes') AS duration_minutes
FROM record WHERE kind = 'inspection_type';

CREATE VIEW report_block AS SELECT
  org,
  id,
  revision,
  json_extract(body, '$.calendar') AS calendar,
  json_extract(body, '$.person') AS person,
  json_extract(body, '$.person_name') AS person_name,
  json_extract(body, '$.from_day') AS from_day,
  json_extract(body, '$.until_day') AS until_day,
  json_extract(body, '$.from_minute') AS from_minute,
  json_extract(body, '$.to_minute') AS to_minute,
  json_extract(body, '$.lifted') AS lifted,
  json_extract(body, '$.because') AS because
FROM record WHERE kind = 'block';

CREATE VIEW report_person AS SELECT
  org,
  id,
  revision,
  json_extract(body, '$.name') AS name,
  json_extract(body, '$.username') AS username,
  json_extract(body, '$.email') AS email,
  json_extract(body, '$.phone') AS phone
FROM record WHERE kind = 'person';

CREATE VIEW report_grant AS SELECT
  org,
  id,
  revision,
  json_extract(body, '$.person') AS person,
  json_extract(body, '$.role') AS role,
  json_extract(body, '$.scope.kind') AS scope_kind,
  json_extract(body, '$.scope.id') AS scope_id,
  json_extract(body, '$.from') AS begins_at,
  json_extract(body, '$.until') AS ends_at,
  json_extract(body, '$.granted_by') AS granted_by,
  json_extract(body, '$.because') AS because,
  json_extract(body, '$.withdrawn') AS withdrawn
FROM record WHERE kind = 'grant';
