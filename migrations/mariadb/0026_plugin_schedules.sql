-- Work of plugins that comes round, site by site: its own switch, and how its last run ended.
CREATE TABLE plugin_schedules (
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BINARY(16) NOT NULL,
    name VARCHAR(40) NOT NULL,
    enabled BOOLEAN NOT NULL,
    ran_at BIGINT NULL,
    -- `done`, `retried`, `failed`; empty before the first run.
    outcome VARCHAR(20) NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
