-- What the virus scanner says of a file: `waiting`, `clean` or `quarantined`; null when it was not asked.
ALTER TABLE files ADD COLUMN scan VARCHAR(12) NULL;
ALTER TABLE files ADD COLUMN scanned_at BIGINT NULL;
-- What it found.
ALTER TABLE files ADD COLUMN finding VARCHAR(200) NULL;
CREATE INDEX ix_files_scan ON files (scan);
