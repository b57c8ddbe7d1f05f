-- Merges of companies. The row of the absorbed company goes; `content` has what brings it back.
CREATE TABLE fusions (
    id BLOB NOT NULL PRIMARY KEY,
    survivor_id BLOB NOT NULL,
    absorbed_id BLOB NOT NULL,
    absorbed_name TEXT NOT NULL,
    -- The site of the absorbed company.
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    -- JSON: the absorbed row, and of each other row what it was before.
    content TEXT NOT NULL,
    merged_at INTEGER NOT NULL,
    merged_by BLOB NOT NULL REFERENCES users (id),
    undone_at INTEGER NULL,
    undone_by BLOB NULL REFERENCES users (id)
);
CREATE INDEX ix_fusions_survivor ON fusions (survivor_id, merged_at);
CREATE INDEX ix_fusions_absorbed ON fusions (absorbed_id, merged_at);

-- Pairs of companies that somebody said are no duplicates. The lower id comes first.
CREATE TABLE doublons_ecartes (
    one_id BLOB NOT NULL,
    other_id BLOB NOT NULL,
    reason TEXT NOT NULL,
    dismissed_by BLOB NOT NULL REFERENCES users (id),
    dismissed_at INTEGER NOT NULL,
    PRIMARY KEY (one_id, other_id)
);

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'entreprises:merge'),
    ('responsable_commercial', 'entreprises:merge'),
    ('manager', 'entreprises:merge'),
    ('assistante', 'entreprises:merge');
