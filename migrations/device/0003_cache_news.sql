-- What changed since the person last looked. A change is noted where the view it came in had arrived whole before, so the
-- first filling of a laptop, or of a new role's view, notes nothing.

ALTER TABLE view ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;

-- Goes with the record, whatever takes it; and as soon as the person has looked.
CREATE TABLE news (
  n INTEGER NOT NULL REFERENCES record (n) ON DELETE CASCADE,
  what TEXT NOT NULL,
  PRIMARY KEY (n, what)
) WITHOUT ROWID;
