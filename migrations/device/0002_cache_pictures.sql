-- Small JPEGs of photos, for lists. They and the whole pictures are kept within a quota: those fetched first go first.
CREATE TABLE thumbnail (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL);
