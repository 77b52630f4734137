-- Work not yet safe at the office. Precious: never rebuilt, synchronous to the disk.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE entry (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  envelope TEXT NOT NULL,
  -- What the author read on the screen, for the queue.
  target_title TEXT NOT NULL,
  -- 'waiting' until the office has answered, 'taken' until the change has come back.
  state TEXT NOT NULL,
  asks_office INTEGER NOT NULL
);

-- Work the office did not take: what was typed, and why.
CREATE TABLE returned (
  id TEXT PRIMARY KEY,
  envelope TEXT NOT NULL,
  target_title TEXT NOT NULL,
  denial TEXT,
  contest TEXT,
  returned_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Commands the office took, kept to offer them again to an office restored from an older backup.
CREATE TABLE journal (id TEXT PRIMARY KEY, envelope TEXT NOT NULL, taken_at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE photo (
  hash TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  bytes BLOB NOT NULL,
  -- The command that names it; the bytes follow once it was taken.
  command TEXT NOT NULL
);

-- What was removed from this laptop, and when the office was told.
CREATE TABLE receipt (
  n INTEGER PRIMARY KEY,
  receipt TEXT NOT NULL,
  titles TEXT NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL DEFAULT 0
);
