-- A laptop that is to be emptied: when that was asked, and when it proved that it is done. The second slot of its file key goes
-- at once, so that what it still holds cannot be opened again.

ALTER TABLE device ADD COLUMN wipe_at BIGINT;
ALTER TABLE device ADD COLUMN wiped_at BIGINT;

CREATE VIEW report_returned_work AS SELECT
  org,
  id,
  revision,
  body::jsonb ->> 'calendar' AS calendar,
  body::jsonb ->> 'team' AS team,
  body::jsonb ->> 'target' AS target,
  body::jsonb ->> 'target_title' AS target_title,
  body::jsonb ->> 'author' AS author,
  body::jsonb ->> 'author_name' AS author_name,
  body::jsonb -> 'command' ->> 'name' AS command,
  body::jsonb -> 'denial' ->> 'code' AS code,
  (body::jsonb ->> 'claimed_at')::bigint AS claimed_at,
  (body::jsonb ->> 'received_at')::bigint AS received_at,
  (body::jsonb -> 'decision' ->> 'is_adopted')::boolean AS is_adopted,
  body::jsonb -> 'decision' ->> 'by' AS decided_by,
  (body::jsonb -> 'decision' ->> 'at')::bigint AS decided_at,
  body::jsonb -> 'decision' ->> 'because' AS because
FROM record WHERE kind = 'returned_work';
