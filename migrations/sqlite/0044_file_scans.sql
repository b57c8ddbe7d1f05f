-- What the virus scanner says of a file: `waiting`, `clean` or `quarantined`; null when it was not asked.
ALTER TABLE files ADD COLUMN scan TEXT NULL;
ALTER TABLE files ADD COLUMN scanned_at INTEGER NULL;
-- What it found.
ALTER TABLE files ADD COLUMN finding TEXT NULL;
CREATE INDEX ix_files_scan ON files (scan);
