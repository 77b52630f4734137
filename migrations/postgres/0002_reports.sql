-- For reporting tools: a view for each kind of record, with the fields that are one value each, under the names the records
-- use. Instants are milliseconds since 1970; minutes are those of the day. Whoever reads these reads everything: give a
-- reporting tool a user of its own, and only these views.

CREATE VIEW report_appointment AS SELECT
  org,
  id,
  revision,
  body::jsonb ->> 'permit' AS permit,
  body::jsonb ->> 'permit_number' AS permit_number,
  body::jsonb ->> 'permit_type' AS permit_type,
  body::jsonb ->> 'inspection_type' AS inspection_type,
  body::jsonb ->> 'inspection_type_name' AS inspection_type_name,
  body::jsonb ->> 'calendar' AS calendar,
  body::jsonb ->> 'team' AS team,
  body::jsonb ->> 'assignee' AS assignee,
  body::jsonb ->> 'assignee_name' AS assignee_name,
  body::jsonb ->> 'applicant' AS applicant,
  body::jsonb ->> 'contact_name' AS contact_name,
  body::jsonb ->> 'establishment' AS establishment,
  body::jsonb ->> 'address' AS address,
  (body::jsonb ->> 'latitude')::double precision AS latitude,
  (body::jsonb ->> 'longitude')::double precision AS longitude,
  body::jsonb ->> 'day' AS day,
  (body::jsonb ->> 'from_minute')::bigint AS from_minute,
  (body::jsonb ->> 'to_minute')::bigint AS to_minute,
  body::jsonb ->> 'priority' AS priority,
  body::jsonb ->> 'status' AS status,
  (body::jsonb ->> 'started_at')::bigint AS started_at,
  (body::jsonb ->> 'completed_at')::bigint AS completed_at,
  body::jsonb -> 'result' ->> 'overall' AS result,
  body::jsonb -> 'result' ->> 'summary' AS result_summary,
  body::jsonb ->> 'reinspects' AS reinspects,
  body::jsonb ->> 'reinspection' AS reinspection
FROM record WHERE kind = 'appointment';

CREATE VIEW report_permit AS SELECT
  org,
  id,
  revision,
  body::jsonb ->> 'number' AS number,
  body::jsonb ->> 'permit_type' AS permit_type,
  body::jsonb ->> 'description' AS description,
  body::jsonb ->> 'status' AS status,
  (body::jsonb ->> 'fee_paid')::boolean AS fee_paid,
  body::jsonb ->> 'applicant' AS applicant,
  body::jsonb ->> 'contact_name' AS contact_name,
  body::jsonb ->> 'establishment' AS establishment,
  body::jsonb ->> 'address' AS address,
  (body::jsonb ->> 'latitude')::double precision AS latitude,
  (body::jsonb ->> 'longitude')::double precision AS longitude,
  body::jsonb ->> 'calendar' AS calendar
FROM record WHERE kind = 'permit';

CREATE VIEW report_calendar AS SELECT
  org,
  id,
  revision,
  body::jsonb ->> 'name' AS name,
  body::jsonb ->> 'department' AS department,
  body::jsonb ->> 'department_name' AS department_name,
  (body::jsonb ->> 'public')::boolean AS public,
  (body::jsonb ->> 'active')::boolean AS active,
  (body::jsonb ->> 'cutoff_minute')::bigint AS cutoff_minute,
  (body::jsonb ->> 'reschedule_hours')::bigint AS reschedule_hours,
  (body::jsonb ->> 'cancel_hours')::bigint AS cancel_hours
FROM record WHERE kind = 'calendar';

CREATE VIEW report_inspection_type AS SELECT
  org,
  id,
  revision,
  body::jsonb ->> 'name' AS name,
  body::jsonb ->> 'calendar' AS calendar,
  (body::jsonb ->> 'duration_minutes')::bigint AS duration_minutes
FROM record WHERE kind = 'inspection_type';

CREATE VIEW report_block AS SELECT
  org,
  id,
  revision,
  body::jsonb ->> 'calendar' AS calendar,
  body::jsonb ->> 'person' AS person,
  body::jsonb ->> 'person_name' AS person_name,
  body::jsonb ->> 'from_day' AS from_day,
  body::jsonb ->> 'until_day' AS until_day,
  (body::jsonb ->> 'from_minute')::bigint AS from_minute,
  (body::jsonb ->> 'to_minute')::bigint AS to_minute,
  (body::jsonb ->> 'lifted')::boolean AS lifted,
  body::jsonb ->> 'because' AS because
FROM record WHERE kind = 'block';

CREATE VIEW report_person AS SELECT
  org,
  id,
  revision,
  body::jsonb ->> 'name' AS name,
  body::jsonb ->> 'username' AS username,
  body::jsonb ->> 'email' AS email,
  body::jsonb ->> 'phone' AS phone
FROM record WHERE kind = 'person';

CREATE VIEW report_grant AS SELECT
  org,
  id,
  revision,
  body::jsonb ->> 'person' AS person,
  body::jsonb ->> 'role' AS role,
  body::jsonb -> 'scope' ->> 'kind' AS scope_kind,
  body::jsonb -> 'scope' ->> 'id' AS scope_id,
  (body::jsonb ->> 'from')::bigint AS begins_at,
  (body::jsonb ->> 'until')::bigint AS ends_at,
  body::jsonb ->> 'granted_by' AS granted_by,
  body::jsonb ->> 'because' AS because,
  body::jsonb ->> 'withdrawn' AS withdrawn
FROM record WHERE kind = 'grant';
