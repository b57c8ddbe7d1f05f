-- Mails that people shared through the drop box. A mail is filed once with each record that it concerns.
CREATE TABLE courriels (
    id BLOB NOT NULL PRIMARY KEY,
    -- Who shared it.
    user_id BLOB NOT NULL REFERENCES users (id),
    -- `opportunites`, `entreprises` or `contacts`, and the record. Empty: its person has to say where it belongs.
    record_kind TEXT NULL,
    record_id BLOB NULL,
    -- Somebody else wrote it, and it was forwarded.
    forwarded INTEGER NOT NULL,
    sender TEXT NOT NULL,
    -- One a line.
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    -- The text goes on in the mail itself.
    cut INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
);
CREATE INDEX ix_courriels_record ON courriels (record_kind, record_id, sent_at);
CREATE INDEX ix_courriels_user ON courriels (user_id, received_at);

-- What was attached to a mail.
CREATE TABLE courriel_files (
    courriel_id BLOB NOT NULL REFERENCES courriels (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- The content, until the mail is filed; then the file is among those of the record.
    sha256 TEXT NULL,
    -- Why it was not taken over.
    refused TEXT NULL,
    PRIMARY KEY (courriel_id, position)
);
CREATE INDEX ix_courriel_files_sha256 ON courriel_files (sha256);

-- The mails that were read: SHA-256 of sender and Message-ID. A second copy is not filed again.
CREATE TABLE courriel_keys (
    message_key TEXT NOT NULL PRIMARY KEY,
    read_at INTEGER NOT NULL
);
CREATE INDEX ix_courriel_keys_read ON courriel_keys (read_at);
