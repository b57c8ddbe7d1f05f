-- Records that were put into the bin. Their rows left their tables; `content` has what brings them back.
CREATE TABLE corbeille (
    record_id BLOB NOT NULL PRIMARY KEY,
    -- `opportunites` or `entreprises`.
    record_kind TEXT NOT NULL,
    -- What people call it.
    label TEXT NOT NULL,
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    -- Whose it is, of an opportunité.
    owner_id BLOB NULL REFERENCES users (id),
    reason TEXT NOT NULL,
    -- JSON: its rows by table, in the order in which they can be written.
    content TEXT NOT NULL,
    binned_at INTEGER NOT NULL,
    binned_by BLOB NOT NULL REFERENCES users (id),
    -- When it goes for good.
    purge_at INTEGER NOT NULL
);
CREATE INDEX ix_corbeille_binned ON corbeille (binned_at, record_id);
CREATE INDEX ix_corbeille_purge ON corbeille (purge_at);

-- The contents of their files, which stay as long.
CREATE TABLE corbeille_files (
    record_id BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (record_id, sha256)
);
CREATE INDEX ix_corbeille_files_sha256 ON corbeille_files (sha256);

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'corbeille:use'),
    ('responsable_commercial', 'corbeille:use'),
    ('manager', 'corbeille:use'),
    ('commercial', 'corbeille:use');
