-- What each process has counted and heard of a plugin on a site, written down every few seconds and gone soon after the process.
CREATE TABLE plugin_health (
    process_id BINARY(16) NOT NULL,
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BINARY(16) NOT NULL,
    version VARCHAR(40) NOT NULL,
    idle_instances BIGINT NOT NULL,
    -- JSON: counts, durations by bucket, host calls, the last error.
    health MEDIUMTEXT NOT NULL,
    -- JSON: the last lines of the log.
    log MEDIUMTEXT NOT NULL,
    reported_at BIGINT NOT NULL,
    PRIMARY KEY (process_id, plugin_id, localisation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
