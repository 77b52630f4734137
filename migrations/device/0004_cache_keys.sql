-- A record keeps the keys and the words it is found by, so that they can be taken away with it: an index to find them by
-- would be written with every record that comes.

ALTER TABLE record ADD COLUMN keys TEXT NOT NULL DEFAULT '[]';
ALTER TABLE record ADD COLUMN text TEXT NOT NULL DEFAULT '';
UPDATE record SET
  keys = (SELECT json_group_array(json_array(k.name, k.key)) FROM record_key k WHERE k.n = record.n),
  text = coalesce((SELECT w.text FROM words w WHERE w.rowid = record.n), '');
DROP INDEX record_key_of;
DROP TABLE words;

-- Without a reference to its record, so that many records can be taken away at once; whatever takes a record takes its news.
CREATE TABLE news_now (
  n INTEGER NOT NULL,
  what TEXT NOT NULL,
  PRIMARY KEY (n, what)
) WITHOUT ROWID;
INSERT INTO news_now (n, what) SELECT n, what FROM news;
DROP TABLE news;
ALTER TABLE news_now RENAME TO news;
