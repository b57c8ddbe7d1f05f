-- Documents that a plugin composes and the host renders: quotes, agreements, invoices. A row is written when somebody
-- asks for a document or a piece is issued; its file follows. A document that is made again is another row.
CREATE TABLE documents (
    id BINARY(16) NOT NULL PRIMARY KEY,
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    kind VARCHAR(40) NOT NULL,
    -- Of the workflow; empty: none.
    section VARCHAR(60) NOT NULL,
    -- `opportunite`, `piece`, `session`, `day` or `stagiaire`, its id, and the ISO day of a session or an empty text.
    about VARCHAR(20) NOT NULL,
    about_id BINARY(16) NOT NULL,
    about_day VARCHAR(10) NOT NULL,
    -- From 1, in the order in which this document was made.
    number BIGINT NOT NULL,
    language VARCHAR(2) NOT NULL,
    -- ISO day.
    dated VARCHAR(10) NOT NULL,
    title VARCHAR(500) NOT NULL,
    -- Without its extension.
    file_name VARCHAR(120) NOT NULL,
    archival BOOLEAN NOT NULL,
    -- JSON: what the plugin composed. The same composition and templates give the same bytes.
    composition MEDIUMTEXT NOT NULL,
    plugin_id VARCHAR(40) NOT NULL,
    plugin_version VARCHAR(40) NOT NULL,
    -- `waiting`, `ready` or `failed`, and why.
    state VARCHAR(10) NOT NULL,
    problem VARCHAR(40) NULL,
    sha256 CHAR(64) NULL REFERENCES files (sha256),
    -- Of the electronic invoice, which is also inside the file.
    invoice_sha256 CHAR(64) NULL REFERENCES files (sha256),
    pages BIGINT NULL,
    created_at BIGINT NOT NULL,
    -- Empty: by itself, because its piece was issued.
    created_by BINARY(16) NULL REFERENCES users (id),
    made_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_documents_number ON documents (about_id, about_day, kind, language, number);
CREATE INDEX ix_documents_opportunite ON documents (opportunite_id, id);
CREATE INDEX ix_documents_file ON documents (sha256);
CREATE INDEX ix_documents_invoice ON documents (invoice_sha256);
