-- For which records a photo's bytes were sent, by somebody who might add it there. Naming a hash on a record opens nothing:
-- whoever never had the bytes is not given them, and is not told whether they are here.

CREATE TABLE photo_sent (
  org TEXT NOT NULL,
  hash TEXT NOT NULL,
  record TEXT NOT NULL,
  person TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (org, hash, record)
) WITHOUT ROWID;

-- Who could open a photo until now goes on doing so.
INSERT INTO photo_sent (org, hash, record, person, received_at)
SELECT p.org, p.hash, r.id, p.person, p.received_at
FROM photo p
JOIN record_key k ON k.org = p.org AND k.kind = 'appointment' AND k.name = 'photo' AND k.key = p.hash
JOIN record r ON r.n = k.n;
