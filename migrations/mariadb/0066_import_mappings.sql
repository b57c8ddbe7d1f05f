-- Imports for people: examples of each column, default values, and how a person mapped the columns of the last file
-- of the same shape.
-- JSON: for each column its first different values.
ALTER TABLE imports ADD COLUMN samples MEDIUMTEXT NULL;
-- JSON: values for fields that are empty otherwise, by the fields of the mapping.
ALTER TABLE imports ADD COLUMN defaults TEXT NULL;
-- Was the mapping that of an earlier file?
ALTER TABLE imports ADD COLUMN recalled BOOLEAN NOT NULL DEFAULT 0;
CREATE INDEX ix_imports_user ON imports (user_id, created_at, id);
CREATE TABLE import_mappings (
    user_id BINARY(16) NOT NULL REFERENCES users (id),
    -- SHA-256 of the names of the columns.
    shape BINARY(32) NOT NULL,
    -- JSON: for each column the field it goes into, or null.
    mapping TEXT NOT NULL,
    defaults TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, shape)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_import_mappings_used ON import_mappings (used_at);
