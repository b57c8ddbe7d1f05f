-- Mails that take a document to somebody, as a person or a batch wrote them.
CREATE TABLE document_sendings (
    id BINARY(16) NOT NULL PRIMARY KEY,
    document_id BINARY(16) NOT NULL REFERENCES documents (id),
    -- JSON: addresses, at least one.
    recipients MEDIUMTEXT NOT NULL,
    -- Does the sender get a copy?
    copied BOOLEAN NOT NULL,
    subject VARCHAR(200) NOT NULL,
    body MEDIUMTEXT NOT NULL,
    -- The step of the reminder that was marked as sent with it.
    reminder BIGINT NULL,
    -- `waiting`, `retrying`, `sent`, `filed` (no mail server is set up) or `failed`, and why.
    state VARCHAR(10) NOT NULL,
    problem VARCHAR(40) NULL,
    -- While it is retried: when.
    next_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    created_by BINARY(16) NOT NULL REFERENCES users (id),
    -- When the mail server took it.
    sent_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_document_sendings_document ON document_sendings (document_id, id);

-- Copies of a document that came back signed. A new one does not replace the earlier ones.
CREATE TABLE document_signed_copies (
    document_id BINARY(16) NOT NULL REFERENCES documents (id),
    -- From 1.
    number BIGINT NOT NULL,
    sha256 CHAR(64) NOT NULL REFERENCES files (sha256),
    name VARCHAR(250) NOT NULL,
    -- ISO day.
    signed_on VARCHAR(10) NOT NULL,
    signatory VARCHAR(200) NOT NULL,
    added_at BIGINT NOT NULL,
    added_by BINARY(16) NOT NULL REFERENCES users (id),
    PRIMARY KEY (document_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_document_signed_copies_file ON document_signed_copies (sha256);

-- Many documents that are made and sent with one click.
CREATE TABLE document_batches (
    id BINARY(16) NOT NULL PRIMARY KEY,
    -- Of the documents; empty: reminders, whose kinds differ.
    kind VARCHAR(40) NOT NULL,
    session_id BINARY(16) NULL REFERENCES sessions (id),
    created_at BIGINT NOT NULL,
    created_by BINARY(16) NOT NULL REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_document_batches_session ON document_batches (session_id, id);

-- The documents of a batch, in order. Each is made and sent in one transaction.
CREATE TABLE document_batch_items (
    batch_id BINARY(16) NOT NULL REFERENCES document_batches (id),
    position BIGINT NOT NULL,
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    kind VARCHAR(40) NOT NULL,
    subject_id BINARY(16) NOT NULL,
    language VARCHAR(2) NOT NULL,
    -- The step of a reminder.
    reminder BIGINT NULL,
    -- Whom or what the document is about.
    label VARCHAR(500) NOT NULL,
    -- JSON: addresses. None: the document is made and not sent.
    recipients MEDIUMTEXT NOT NULL,
    -- `waiting`, `made`, or `refused` with a JSON text in both languages.
    state VARCHAR(10) NOT NULL,
    problem MEDIUMTEXT NULL,
    document_id BINARY(16) NULL REFERENCES documents (id),
    sending_id BINARY(16) NULL REFERENCES document_sendings (id),
    PRIMARY KEY (batch_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What stands below every mail of a site, in each language.
ALTER TABLE localisations ADD COLUMN mail_closing_fr TEXT NULL;
ALTER TABLE localisations ADD COLUMN mail_closing_en TEXT NULL;
