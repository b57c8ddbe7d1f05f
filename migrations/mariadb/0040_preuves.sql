-- Archives of dossiers de preuve. A request asks for one or several; one job writes them, one after the other.
CREATE TABLE preuve_exports (
    id BINARY(16) NOT NULL PRIMARY KEY,
    -- Who asked, and alone may read it.
    user_id BINARY(16) NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_preuve_exports_created ON preuve_exports (created_at);

CREATE TABLE preuve_archives (
    id BINARY(16) NOT NULL PRIMARY KEY,
    export_id BINARY(16) NOT NULL REFERENCES preuve_exports (id),
    -- From 1, in the order of the request.
    position BIGINT NOT NULL,
    -- `opportunites` or `sessions`, the record, and its number.
    record_kind VARCHAR(20) NOT NULL,
    record_id BINARY(16) NOT NULL,
    label VARCHAR(200) NOT NULL,
    percent BIGINT NOT NULL,
    -- JSON: the files it will contain, with their hashes. The same plan gives the same bytes.
    plan LONGTEXT NOT NULL,
    -- The archive, once it is written, or why it cannot be.
    sha256 CHAR(64) NULL REFERENCES files (sha256),
    problem VARCHAR(40) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_preuve_archives_position ON preuve_archives (export_id, position);
CREATE INDEX ix_preuve_archives_file ON preuve_archives (sha256);
