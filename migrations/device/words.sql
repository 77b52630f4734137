-- What records can be found by; the text itself lies in their rows. Made with the cache, and again where most of it has to
-- go. Without lists of beginnings: those of two letters and more are found quickly enough, and filling a laptop is quicker.

CREATE VIRTUAL TABLE words USING fts5 (
  text, content = 'record', content_rowid = 'n', columnsize = 0, tokenize = "unicode61 remove_diacritics 2"
);
-- A removed text leaves nothing in the index.
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
