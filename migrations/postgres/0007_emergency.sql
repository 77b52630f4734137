-- A grant says whether its holder took it in an emergency, and what a supervisor found of that.

CREATE OR REPLACE VIEW report_grant AS SELECT
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
  body::jsonb ->> 'withdrawn' AS withdrawn,
  body::jsonb -> 'emergency' ->> 'calendar' AS emergency_calendar,
  body::jsonb -> 'emergency' -> 'review' ->> 'finding' AS finding,
  body::jsonb -> 'emergency' -> 'review' ->> 'by' AS reviewed_by,
  (body::jsonb -> 'emergency' -> 'review' ->> 'at')::bigint AS reviewed_at,
  body::jsonb -> 'emergency' -> 'review' ->> 'because' AS review_because
FROM record WHERE kind = 'grant';
