-- What auditors find in the records of a site. A finding that is not found again is gone; one that was accepted stays so.
CREATE TABLE anomalies (
    id BINARY(16) NOT NULL PRIMARY KEY,
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    rule VARCHAR(40) NOT NULL,
    -- The plugin's: the same for the same fault tomorrow.
    fault_key VARCHAR(100) NOT NULL,
    -- `fault`, `warning` or `notice`, and 3, 2 or 1 to sort by.
    severity VARCHAR(20) NOT NULL,
    severity_rank BIGINT NOT NULL,
    -- The record at fault; all of them as JSON: `[{kind, id, label}]`.
    subject_kind VARCHAR(20) NOT NULL,
    subject_id BINARY(16) NOT NULL,
    subjects TEXT NOT NULL,
    -- Pointer into its data; empty: the whole record.
    field VARCHAR(100) NOT NULL,
    message_fr VARCHAR(500) NOT NULL,
    message_en VARCHAR(500) NOT NULL,
    -- Lower case without accents: both messages and the subjects; what `?q=` looks in.
    search TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    -- Of the last audit that has found it.
    seen_at BIGINT NOT NULL,
    -- Since when it is not found any more.
    gone_at BIGINT NULL,
    accepted_at BIGINT NULL,
    accepted_by BINARY(16) NULL REFERENCES users (id),
    reason VARCHAR(300) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_anomalies_fault ON anomalies (localisation_id, plugin_id, rule, fault_key);
CREATE INDEX ix_anomalies_found ON anomalies (found_at, id);
CREATE INDEX ix_anomalies_severity ON anomalies (severity_rank, id);
CREATE INDEX ix_anomalies_subject ON anomalies (subject_kind, subject_id);

-- The opportunités that a finding concerns: whoever sees own files only sees it through them.
CREATE TABLE anomalie_opportunites (
    anomalie_id BINARY(16) NOT NULL REFERENCES anomalies (id) ON DELETE CASCADE,
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id) ON DELETE CASCADE,
    PRIMARY KEY (anomalie_id, opportunite_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_anomalie_opportunites_opportunite ON anomalie_opportunites (opportunite_id);

-- The rules of auditors, as they were at the last audit.
CREATE TABLE anomalie_regles (
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    rule VARCHAR(40) NOT NULL,
    -- From 1, in the plugin's order.
    position BIGINT NOT NULL,
    severity VARCHAR(20) NOT NULL,
    label_fr VARCHAR(500) NOT NULL,
    label_en VARCHAR(500) NOT NULL,
    source_fr VARCHAR(500) NOT NULL,
    source_en VARCHAR(500) NOT NULL,
    PRIMARY KEY (plugin_id, rule)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The last audit of each site.
CREATE TABLE anomalie_controles (
    localisation_id BINARY(16) NOT NULL PRIMARY KEY REFERENCES localisations (id),
    -- ISO day of that audit, and the acts it has taken into account.
    day VARCHAR(10) NOT NULL,
    acts_until BIGINT NOT NULL,
    checked_at BIGINT NOT NULL,
    -- The next audit is not before this instant.
    rests_until BIGINT NOT NULL,
    -- Why a plugin could not audit; empty: all did.
    problem VARCHAR(400) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'anomalies:read'),
    ('responsable_commercial', 'anomalies:read'),
    ('manager', 'anomalies:read'),
    ('commercial', 'anomalies:read'),
    ('assistante', 'anomalies:read'),
    ('facturation', 'anomalies:read'),
    ('admin', 'anomalies:accept'),
    ('responsable_commercial', 'anomalies:accept'),
    ('manager', 'anomalies:accept');
