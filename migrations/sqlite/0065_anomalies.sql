-- What auditors find in the records of a site. A finding that is not found again is gone; one that was accepted stays so.
CREATE TABLE anomalies (
    id BLOB NOT NULL PRIMARY KEY,
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    -- The plugin's: the same for the same fault tomorrow.
    fault_key TEXT NOT NULL,
    -- `fault`, `warning` or `notice`, and 3, 2 or 1 to sort by.
    severity TEXT NOT NULL,
    severity_rank INTEGER NOT NULL,
    -- The record at fault; all of them as JSON: `[{kind, id, label}]`.
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    subjects TEXT NOT NULL,
    -- Pointer into its data; empty: the whole record.
    field TEXT NOT NULL,
    message_fr TEXT NOT NULL,
    message_en TEXT NOT NULL,
    -- Lower case without accents: both messages and the subjects; what `?q=` looks in.
    search TEXT NOT NULL,
    found_at INTEGER NOT NULL,
    -- Of the last audit that has found it.
    seen_at INTEGER NOT NULL,
    -- Since when it is not found any more.
    gone_at INTEGER NULL,
    accepted_at INTEGER NULL,
    accepted_by BLOB NULL REFERENCES users (id),
    reason TEXT NULL
);
CREATE UNIQUE INDEX uq_anomalies_fault ON anomalies (localisation_id, plugin_id, rule, fault_key);
CREATE INDEX ix_anomalies_found ON anomalies (found_at, id);
CREATE INDEX ix_anomalies_severity ON anomalies (severity_rank, id);
CREATE INDEX ix_anomalies_subject ON anomalies (subject_kind, subject_id);

-- The opportunités that a finding concerns: whoever sees own files only sees it through them.
CREATE TABLE anomalie_opportunites (
    anomalie_id BLOB NOT NULL REFERENCES anomalies (id) ON DELETE CASCADE,
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id) ON DELETE CASCADE,
    PRIMARY KEY (anomalie_id, opportunite_id)
);
CREATE INDEX ix_anomalie_opportunites_opportunite ON anomalie_opportunites (opportunite_id);

-- The rules of auditors, as they were at the last audit.
CREATE TABLE anomalie_regles (
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    -- From 1, in the plugin's order.
    position INTEGER NOT NULL,
    severity TEXT NOT NULL,
    label_fr TEXT NOT NULL,
    label_en TEXT NOT NULL,
    source_fr TEXT NOT NULL,
    source_en TEXT NOT NULL,
    PRIMARY KEY (plugin_id, rule)
);

-- The last audit of each site.
CREATE TABLE anomalie_controles (
    localisation_id BLOB NOT NULL PRIMARY KEY REFERENCES localisations (id),
    -- ISO day of that audit, and the acts it has taken into account.
    day TEXT NOT NULL,
    acts_until INTEGER NOT NULL,
    checked_at INTEGER NOT NULL,
    -- The next audit is not before this instant.
    rests_until INTEGER NOT NULL,
    -- Why a plugin could not audit; empty: all did.
    problem TEXT NOT NULL
);

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
