-- The office's embedded database. Every key starts with the organization, so that it can be split by it.

CREATE TABLE org (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  -- One number orders an organization; it never leaves the office.
  seq INTEGER NOT NULL DEFAULT 0,
  -- Names this life of the database: a restored one gets another.
  incarnation TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  -- Seals cursors.
  secret BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE account (
  org TEXT NOT NULL,
  person TEXT NOT NULL,
  username TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  is_active INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (org, person),
  UNIQUE (org, username)
) WITHOUT ROWID;

CREATE TABLE device (
  org TEXT NOT NULL,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Only a hash of the credential is kept; it is looked up on each request.
  credential_hash BLOB NOT NULL UNIQUE,
  -- The second slot of the device's file key, given back after a fresh sign-in only.
  file_key BLOB,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (org, id)
) WITHOUT ROWID;

CREATE TABLE record (
  n INTEGER PRIMARY KEY,
  org TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (org, id)
);

-- The keys each kind declares for itself, so that no kind needs a table of its own.
CREATE TABLE record_key (
  org TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (org, kind, name, key, n)
) WITHOUT ROWID;
-- To take a record's old keys away.
CREATE INDEX record_key_of ON record_key (n);

-- A view with the number of its last change and its tally: one whose last change is below a cursor is not probed.
CREATE TABLE view (
  id INTEGER PRIMARY KEY,
  org TEXT NOT NULL,
  name TEXT NOT NULL,
  seq INTEGER NOT NULL,
  count INTEGER NOT NULL,
  sum BLOB NOT NULL,
  UNIQUE (org, name)
);

-- The log: per view the current entry of each record. An entry that is not present is a removal.
CREATE TABLE entry (
  view INTEGER NOT NULL,
  n INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  present INTEGER NOT NULL,
  -- Of the body as this view cuts it, for the tally.
  hash BLOB NOT NULL,
  PRIMARY KEY (view, n)
) WITHOUT ROWID;
CREATE INDEX entry_by_seq ON entry (view, seq, n, present);
-- To take a record out of the views it has left.
CREATE INDEX entry_of ON entry (n);

-- The answer to a command is stored with its change: a command that arrives twice gets the same answer.
CREATE TABLE command (
  org TEXT NOT NULL,
  id TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  person TEXT NOT NULL,
  device TEXT NOT NULL,
  name TEXT NOT NULL,
  targets TEXT NOT NULL,
  claimed_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  seq INTEGER,
  answer TEXT NOT NULL,
  -- The whole command, kept where it was not taken: its author's work is never dropped.
  envelope TEXT,
  PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE INDEX command_by_time ON command (org, received_at);

-- Which device holds which view since when, and when it proved to have let go.
CREATE TABLE ledger (
  org TEXT NOT NULL,
  device TEXT NOT NULL,
  view TEXT NOT NULL,
  epoch TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  acknowledged_at INTEGER,
  PRIMARY KEY (org, device, view, from_at)
) WITHOUT ROWID;

-- Photos by the hash of their bytes; the bytes lie in the data folder.
CREATE TABLE photo (
  org TEXT NOT NULL,
  hash TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  person TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (org, hash)
) WITHOUT ROWID;

-- Sign-ins and refusals to sign in (B-AUD-01).
CREATE TABLE sign_in (
  org TEXT NOT NULL,
  at INTEGER NOT NULL,
  username TEXT NOT NULL,
  outcome TEXT NOT NULL
);
CREATE INDEX sign_in_by_time ON sign_in (org, at);
