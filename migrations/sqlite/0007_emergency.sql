-- A grant says whether its holder took it in an emergency, and what a supervisor found of that.

DROP VIEW report_grant;
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
  json_extract(body, '$.withdrawn') AS withdrawn,
  json_extract(body, '$.emergency.calendar') AS emergency_calendar,
  json_extract(body, '$.emergency.review.finding') AS finding,
  json_extract(body, '$.emergency.review.by') AS reviewed_by,
  json_extract(body, '$.emergency.review.at') AS reviewed_at,
  json_extract(body, '$.emergency.review.because') AS review_because
FROM record WHERE kind = 'grant';
