-- Mails that take a document to somebody, as a person or a batch wrote them.
CREATE TABLE document_sendings (
    id BLOB NOT NULL PRIMARY KEY,
    document_id BLOB NOT NULL REFERENCES documents (id),
    -- JSON: addresses, at least one.
    recipients TEXT NOT NULL,
    -- Does the sender get a copy?
    copied BOOLEAN NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    -- The step of the reminder that was marked as sent with it.
    reminder INTEGER NULL,
    -- `waiting`, `retrying`, `sent`, `filed` (no mail server is set up) or `failed`, and why.
    state TEXT NOT NULL,
    problem TEXT NULL,
    -- While it is retried: when.
    next_at INTEGER NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    -- When the mail server took it.
    sent_at INTEGER NULL
);
CREATE INDEX ix_document_sendings_document ON document_sendings (document_id, id);

-- Copies of a document that came back signed. A new one does not replace the earlier ones.
CREATE TABLE document_signed_copies (
    document_id BLOB NOT NULL REFERENCES documents (id),
    -- From 1.
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL REFERENCES files (sha256),
    name TEXT NOT NULL,
    -- ISO day.
    signed_on TEXT NOT NULL,
    signatory TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    added_by BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (document_id, number)
);
CREATE INDEX ix_document_signed_copies_file ON document_signed_copies (sha256);

-- Many documents that are made and sent with one click.
CREATE TABLE document_batches (
    id BLOB NOT NULL PRIMARY KEY,
    -- Of the documents; empty: reminders, whose kinds differ.
    kind TEXT NOT NULL,
    session_id BLOB NULL REFERENCES sessions (id),
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id)
);
CREATE INDEX ix_document_batches_session ON document_batches (session_id, id);

-- The documents of a batch, in order. Each is made and sent in one transaction.
CREATE TABLE document_batch_items (
    batch_id BLOB NOT NULL REFERENCES document_batches (id),
    position INTEGER NOT NULL,
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    language TEXT NOT NULL,
    -- The step of a reminder.
    reminder INTEGER NULL,
    -- Whom or what the document is about.
    label TEXT NOT NULL,
    -- JSON: addresses. None: the document is made and not sent.
    recipients TEXT NOT NULL,
    -- `waiting`, `made`, or `refused` with a JSON text in both languages.
    state TEXT NOT NULL,
    problem TEXT NULL,
    document_id BLOB NULL REFERENCES documents (id),
    sending_id BLOB NULL REFERENCES document_sendings (id),
    PRIMARY KEY (batch_id, position)
);

-- What stands below every mail of a site, in each language.
ALTER TABLE localisations ADD COLUMN mail_closing_fr TEXT NULL;
ALTER TABLE localisations ADD COLUMN mail_closing_en TEXT NULL;
