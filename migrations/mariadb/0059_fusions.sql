-- Merges of companies. The row of the absorbed company goes; `content` has what brings it back.
CREATE TABLE fusions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    survivor_id BINARY(16) NOT NULL,
    absorbed_id BINARY(16) NOT NULL,
    absorbed_name VARCHAR(200) NOT NULL,
    -- The site of the absorbed company.
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    -- JSON: the absorbed row, and of each other row what it was before.
    content LONGTEXT NOT NULL,
    merged_at BIGINT NOT NULL,
    merged_by BINARY(16) NOT NULL REFERENCES users (id),
    undone_at BIGINT NULL,
    undone_by BINARY(16) NULL REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_fusions_survivor ON fusions (survivor_id, merged_at);
CREATE INDEX ix_fusions_absorbed ON fusions (absorbed_id, merged_at);

-- Pairs of companies that somebody said are no duplicates. The lower id comes first.
CREATE TABLE doublons_ecartes (
    one_id BINARY(16) NOT NULL,
    other_id BINARY(16) NOT NULL,
    reason VARCHAR(300) NOT NULL,
    dismissed_by BINARY(16) NOT NULL REFERENCES users (id),
    dismissed_at BIGINT NOT NULL,
    PRIMARY KEY (one_id, other_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'entreprises:merge'),
    ('responsable_commercial', 'entreprises:merge'),
    ('manager', 'entreprises:merge'),
    ('assistante', 'entreprises:merge');
