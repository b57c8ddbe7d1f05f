-- Files by the hash of their content. The content is in the store of files (`host/files`).
CREATE TABLE files (
    -- In hexadecimal digits.
    sha256 CHAR(64) NOT NULL PRIMARY KEY,
    -- The name of the object in the store.
    object_key VARCHAR(80) NOT NULL,
    size BIGINT NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    -- When somebody last uploaded it. Without a reference it is removed some time later.
    seen_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_files_object ON files (object_key);
CREATE INDEX ix_files_seen ON files (seen_at);

-- Uploads that are not attached yet. Only who uploaded a file may attach it.
CREATE TABLE uploads (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL REFERENCES users (id),
    sha256 CHAR(64) NOT NULL REFERENCES files (sha256),
    name VARCHAR(250) NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_uploads_created ON uploads (created_at);
CREATE INDEX ix_uploads_file ON uploads (sha256);

-- Files of a record.
CREATE TABLE attachments (
    id BINARY(16) NOT NULL PRIMARY KEY,
    -- `opportunites`, `entreprises`, `contacts` or `formateurs`, and the record.
    record_kind VARCHAR(20) NOT NULL,
    record_id BINARY(16) NOT NULL,
    -- Of an opportunité: the section, and the piece of its checklist.
    section VARCHAR(60) NULL,
    piece VARCHAR(60) NULL,
    name VARCHAR(250) NOT NULL,
    -- The number of the present version of the file.
    latest BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Of the row, for `If-Match`.
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_attachments_record ON attachments (record_kind, record_id, id);

CREATE TABLE attachment_versions (
    attachment_id BINARY(16) NOT NULL REFERENCES attachments (id),
    -- From 1.
    number BIGINT NOT NULL,
    sha256 CHAR(64) NOT NULL REFERENCES files (sha256),
    created_at BIGINT NOT NULL,
    created_by BINARY(16) NOT NULL REFERENCES users (id),
    PRIMARY KEY (attachment_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_attachment_versions_file ON attachment_versions (sha256);

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'opportunites:attach'),
    ('responsable_commercial', 'opportunites:attach'),
    ('manager', 'opportunites:attach'),
    ('commercial', 'opportunites:attach'),
    ('planificateur', 'opportunites:attach'),
    ('assistante', 'opportunites:attach'),
    ('facturation', 'opportunites:attach');
