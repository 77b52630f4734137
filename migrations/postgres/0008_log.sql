-- Removals are forgotten after a while. A place in the log below this number is too old: what was removed since is not known
-- any more.

ALTER TABLE org ADD COLUMN removals_from BIGINT NOT NULL DEFAULT 0;

-- To find the oldest removals without reading the log.
CREATE INDEX entry_removed ON entry (org, seq) WHERE NOT present;
