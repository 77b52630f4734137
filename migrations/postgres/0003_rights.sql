-- Under which number something that rights are derived from was last written: a grant, a calendar or a profile.

ALTER TABLE org ADD COLUMN rights_seq BIGINT NOT NULL DEFAULT 0;
