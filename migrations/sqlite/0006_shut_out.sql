-- A laptop that is to be emptied: when that was asked, and when it proved that it is done. The second slot of its file key goes
-- at once, so that what it still holds cannot be opened again.

ALTER TABLE device ADD COLUMN wipe_at INTEGER;
ALTER TABLE device ADD COLUMN wiped_at INTEGER;

CREATE VIEW report_returned_work AS SELECT
  org,
  id,
  revision,
  json_extract(body, '$.calendar') AS calendar,
  json_extract(body, '$.team') AS team,
  json_extract(body, '$.target') AS target,
  json_extract(body, '$.target_title') AS target_title,
  json_extract(body, '$.author') AS author,
  json_extract(body, '$.author_name') AS author_name,
  json_extract(body, '$.command.name') AS command,
  json_extract(body, '$.denial.code') AS code,
  json_extract(body, '$.claimed_at') AS claimed_at,
  json_extract(body, '$.received_at') AS received_at,
  json_extract(body, '$.decision.is_adopted') AS is_adopted,
  json_extract(body, '$.decision.by') AS decided_by,
  json_extract(body, '$.decision.at') AS decided_at,
  json_extract(body, '$.decision.because') AS because
FROM record WHERE kind = 'returned_work';
