-- What each process has counted and heard of a plugin on a site, written down every few seconds and gone soon after the process.
CREATE TABLE plugin_health (
    process_id BLOB NOT NULL,
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BLOB NOT NULL,
    version TEXT NOT NULL,
    idle_instances INTEGER NOT NULL,
    -- JSON: counts, durations by bucket, host calls, the last error.
    health TEXT NOT NULL,
    -- JSON: the last lines of the log.
    log TEXT NOT NULL,
    reported_at INTEGER NOT NULL,
    PRIMARY KEY (process_id, plugin_id, localisation_id)
);
