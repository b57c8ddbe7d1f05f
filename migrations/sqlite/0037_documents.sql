-- Documents that a plugin composes and the host renders: quotes, agreements, invoices. A row is written when somebody
-- asks for a document or a piece is issued; its file follows. A document that is made again is another row.
CREATE TABLE documents (
    id BLOB NOT NULL PRIMARY KEY,
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    kind TEXT NOT NULL,
    -- Of the workflow; empty: none.
    section TEXT NOT NULL,
    -- `opportunite`, `piece`, `session`, `day` or `stagiaire`, its id, and the ISO day of a session or an empty text.
    about TEXT NOT NULL,
    about_id BLOB NOT NULL,
    about_day TEXT NOT NULL,
    -- From 1, in the order in which this document was made.
    number INTEGER NOT NULL,
    language TEXT NOT NULL,
    -- ISO day.
    dated TEXT NOT NULL,
    title TEXT NOT NULL,
    -- Without its extension.
    file_name TEXT NOT NULL,
    archival BOOLEAN NOT NULL,
    -- JSON: what the plugin composed. The same composition and templates give the same bytes.
    composition TEXT NOT NULL,
    plugin_id TEXT NOT NULL,
    plugin_version TEXT NOT NULL,
    -- `waiting`, `ready` or `failed`, and why.
    state TEXT NOT NULL,
    problem TEXT NULL,
    sha256 TEXT NULL REFERENCES files (sha256),
    -- Of the electronic invoice, which is also inside the file.
    invoice_sha256 TEXT NULL REFERENCES files (sha256),
    pages INTEGER NULL,
    created_at INTEGER NOT NULL,
    -- Empty: by itself, because its piece was issued.
    created_by BLOB NULL REFERENCES users (id),
    made_at INTEGER NULL
);
CREATE UNIQUE INDEX uq_documents_number ON documents (about_id, about_day, kind, language, number);
CREATE INDEX ix_documents_opportunite ON documents (opportunite_id, id);
CREATE INDEX ix_documents_file ON documents (sha256);
CREATE INDEX ix_documents_invoice ON documents (invoice_sha256);
