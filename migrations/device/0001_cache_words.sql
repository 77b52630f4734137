-- What records can be found by. Made with the cache, and again where most of it has to go.

CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
-- A removed text leaves nothing in the index.
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
