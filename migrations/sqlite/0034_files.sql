-- Files by the hash of their content. The content is in the store of files (`host/files`).
CREATE TABLE files (
    -- In hexadecimal digits.
    sha256 TEXT NOT NULL PRIMARY KEY,
    -- The name of the object in the store.
    object_key TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    -- When somebody last uploaded it. Without a reference it is removed some time later.
    seen_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_files_object ON files (object_key);
CREATE INDEX ix_files_seen ON files (seen_at);

-- Uploads that are not attached yet. Only who uploaded a file may attach it.
CREATE TABLE uploads (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    sha256 TEXT NOT NULL REFERENCES files (sha256),
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX ix_uploads_created ON uploads (created_at);
CREATE INDEX ix_uploads_file ON uploads (sha256);

-- Files of a record.
CREATE TABLE attachments (
    id BLOB NOT NULL PRIMARY KEY,
    -- `opportunites`, `entreprises`, `contacts` or `formateurs`, and the record.
    record_kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    -- Of an opportunité: the section, and the piece of its checklist.
    section TEXT NULL,
    piece TEXT NULL,
    name TEXT NOT NULL,
    -- The number of the present version of the file.
    latest INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- Of the row, for `If-Match`.
    version INTEGER NOT NULL
);
CREATE INDEX ix_attachments_record ON attachments (record_kind, record_id, id);

CREATE TABLE attachment_versions (
    attachment_id BLOB NOT NULL REFERENCES attachments (id),
    -- From 1.
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL REFERENCES files (sha256),
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (attachment_id, number)
);
CREATE INDEX ix_attachment_versions_file ON attachment_versions (sha256);

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'opportunites:attach'),
    ('responsable_commercial', 'opportunites:attach'),
    ('manager', 'opportunites:attach'),
    ('commercial', 'opportunites:attach'),
    ('planificateur', 'opportunites:attach'),
    ('assistante', 'opportunites:attach'),
    ('facturation', 'opportunites:attach');
