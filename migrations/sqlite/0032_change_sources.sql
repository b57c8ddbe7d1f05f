-- Runs have a source: which kind, and which one of that kind (`connecteur:ypareo`, `import:<id>`).
ALTER TABLE sync_runs RENAME COLUMN plugin_id TO source;
UPDATE sync_runs SET source = 'connecteur:' || source;
UPDATE sync_runs SET active_key = 'connecteur:' || active_key WHERE active_key IS NOT NULL;
UPDATE schedules SET payload = REPLACE(payload, '{"connecteur":"', '{"source":"connecteur:') WHERE kind = 'sync';

-- Files of companies and contacts that people hand in. The runs of one have the source `import:<id>`.
CREATE TABLE imports (
    id BLOB NOT NULL PRIMARY KEY,
    -- Whose companies it may change, and where new ones go.
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    -- `utf-8` or `windows-1252`.
    encoding TEXT NOT NULL,
    delimiter TEXT NOT NULL,
    -- JSON: the names of the columns, in order.
    header TEXT NOT NULL,
    -- JSON: for each column the field it goes into, or null.
    mapping TEXT NOT NULL,
    -- Lines of records.
    total INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_imports_site ON imports (localisation_id, created_at);
INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'entreprises:import'),
    ('responsable_commercial', 'entreprises:import'),
    ('manager', 'entreprises:import');
