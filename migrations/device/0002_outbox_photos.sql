-- A photo's bytes are sent once for each change that names it, on their own, as often as it takes, and are removed once the
-- office has confirmed what it keeps.

CREATE TABLE photo_send (
  n INTEGER PRIMARY KEY,
  -- The command that names it; the bytes follow once it was taken.
  command TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  record TEXT NOT NULL,
  -- What the author read on the screen, for the queue.
  target_title TEXT NOT NULL,
  caption TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  -- How often it came to nothing, when it is tried again, and why it was not taken the last time.
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  problem TEXT
);

INSERT INTO photo_send (command, hash, record, target_title, caption, added_at)
SELECT p.command, p.hash, json_extract(c.envelope, '$.command.input.appointment'), c.target_title,
       coalesce(json_extract(c.envelope, '$.command.input.caption'), ''), json_extract(c.envelope, '$.claimed_at')
FROM photo p JOIN (
  SELECT id, envelope, target_title FROM entry
  UNION ALL SELECT id, envelope, target_title FROM returned
  UNION ALL SELECT id, envelope, '' FROM journal
) c ON c.id = p.command
WHERE true
ON CONFLICT DO NOTHING;

ALTER TABLE photo DROP COLUMN command;
-- A small JPEG of it, made when it was added.
ALTER TABLE photo ADD COLUMN thumbnail BLOB;
