-- What one person may see, on one laptop. Disposable: it can be fetched again.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE view (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  count INTEGER NOT NULL,
  sum BLOB NOT NULL
);

CREATE TABLE record (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  revision INTEGER NOT NULL
);

-- One row per record and view; the screen shows their union, and losing a view removes its rows only.
CREATE TABLE view_row (
  view INTEGER NOT NULL,
  n INTEGER NOT NULL,
  body TEXT NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (n, view)
) WITHOUT ROWID;
-- To empty a view.
CREATE INDEX view_row_by_view ON view_row (view, n);

CREATE TABLE record_key (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (kind, name, key, n)
) WITHOUT ROWID;
CREATE INDEX record_key_of ON record_key (n);

-- Photos fetched to look at.
CREATE TABLE photo (hash TEXT PRIMARY KEY, media_type TEXT NOT NULL, bytes BLOB NOT NULL);
