-- Archives of dossiers de preuve. A request asks for one or several; one job writes them, one after the other.
CREATE TABLE preuve_exports (
    id BLOB NOT NULL PRIMARY KEY,
    -- Who asked, and alone may read it.
    user_id BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL
);
CREATE INDEX ix_preuve_exports_created ON preuve_exports (created_at);

CREATE TABLE preuve_archives (
    id BLOB NOT NULL PRIMARY KEY,
    export_id BLOB NOT NULL REFERENCES preuve_exports (id),
    -- From 1, in the order of the request.
    position INTEGER NOT NULL,
    -- `opportunites` or `sessions`, the record, and its number.
    record_kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    label TEXT NOT NULL,
    percent INTEGER NOT NULL,
    -- JSON: the files it will contain, with their hashes. The same plan gives the same bytes.
    plan TEXT NOT NULL,
    -- The archive, once it is written, or why it cannot be.
    sha256 TEXT NULL REFERENCES files (sha256),
    problem TEXT NULL
);
CREATE UNIQUE INDEX uq_preuve_archives_position ON preuve_archives (export_id, position);
CREATE INDEX ix_preuve_archives_file ON preuve_archives (sha256);
