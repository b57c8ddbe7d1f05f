-- Work of plugins that comes round, site by site: its own switch, and how its last run ended.
CREATE TABLE plugin_schedules (
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BLOB NOT NULL,
    name TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    ran_at INTEGER NULL,
    -- `done`, `retried`, `failed`; empty before the first run.
    outcome TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id, name)
);
