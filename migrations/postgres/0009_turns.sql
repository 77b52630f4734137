-- Each control step gives a laptop a number greater than the last. This is the greatest it has shown to have: who shows a
-- smaller one works on a copy of its files.

ALTER TABLE device ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
