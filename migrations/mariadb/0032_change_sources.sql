-- Runs have a source: which kind, and which one of that kind (`connecteur:ypareo`, `import:<id>`).
ALTER TABLE sync_runs CHANGE COLUMN plugin_id source VARCHAR(100) NOT NULL;
ALTER TABLE sync_runs MODIFY COLUMN active_key VARCHAR(100) NULL;
UPDATE sync_runs SET source = CONCAT('connecteur:', source);
UPDATE sync_runs SET active_key = CONCAT('connecteur:', active_key) WHERE active_key IS NOT NULL;
UPDATE schedules SET payload = REPLACE(payload, '{"connecteur":"', '{"source":"connecteur:') WHERE kind = 'sync';

-- Files of companies and contacts that people hand in. The runs of one have the source `import:<id>`.
CREATE TABLE imports (
    id BINARY(16) NOT NULL PRIMARY KEY,
    -- Whose companies it may change, and where new ones go.
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    user_id BINARY(16) NOT NULL REFERENCES users (id),
    name VARCHAR(250) NOT NULL,
    content LONGBLOB NOT NULL,
    -- `utf-8` or `windows-1252`.
    encoding VARCHAR(20) NOT NULL,
    delimiter VARCHAR(1) NOT NULL,
    -- JSON: the names of the columns, in order.
    header TEXT NOT NULL,
    -- JSON: for each column the field it goes into, or null.
    mapping TEXT NOT NULL,
    -- Lines of records.
    total BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_imports_site ON imports (localisation_id, created_at);
INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'entreprises:import'),
    ('responsable_commercial', 'entreprises:import'),
    ('manager', 'entreprises:import');
