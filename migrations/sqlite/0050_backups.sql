-- Which programs may use these tables: one that knows this migration, or a newer one. A migration after which older
-- programs fail writes its own number here.
CREATE TABLE compatibility (
    one BIGINT NOT NULL PRIMARY KEY,
    min_version INTEGER NOT NULL
);
INSERT INTO compatibility (one, min_version) VALUES (1, 50);

-- The backup of this installation: one row.
CREATE TABLE backups (
    one BIGINT NOT NULL PRIMARY KEY,
    -- Who makes one now, and until when nobody else begins.
    maker TEXT NULL,
    claimed_until INTEGER NOT NULL,
    -- When the newest one that was read back began. Empty: there is none.
    verified_at INTEGER NULL
);
INSERT INTO backups (one, claimed_until) VALUES (1, 0);
