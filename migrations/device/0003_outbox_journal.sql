-- In which order the commands were done, by no clock: a laptop's may have been set back in between.
ALTER TABLE journal ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
