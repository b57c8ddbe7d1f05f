-- Records that were put into the bin. Their rows left their tables; `content` has what brings them back.
CREATE TABLE corbeille (
    record_id BINARY(16) NOT NULL PRIMARY KEY,
    -- `opportunites` or `entreprises`.
    record_kind VARCHAR(20) NOT NULL,
    -- What people call it.
    label VARCHAR(250) NOT NULL,
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    -- Whose it is, of an opportunité.
    owner_id BINARY(16) NULL REFERENCES users (id),
    reason VARCHAR(300) NOT NULL,
    -- JSON: its rows by table, in the order in which they can be written.
    content LONGTEXT NOT NULL,
    binned_at BIGINT NOT NULL,
    binned_by BINARY(16) NOT NULL REFERENCES users (id),
    -- When it goes for good.
    purge_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_corbeille_binned ON corbeille (binned_at, record_id);
CREATE INDEX ix_corbeille_purge ON corbeille (purge_at);

-- The contents of their files, which stay as long.
CREATE TABLE corbeille_files (
    record_id BINARY(16) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    PRIMARY KEY (record_id, sha256)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_corbeille_files_sha256 ON corbeille_files (sha256);

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'corbeille:use'),
    ('responsable_commercial', 'corbeille:use'),
    ('manager', 'corbeille:use'),
    ('commercial', 'corbeille:use');
