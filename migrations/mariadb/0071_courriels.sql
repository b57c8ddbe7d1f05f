-- Mails that people shared through the drop box. A mail is filed once with each record that it concerns.
CREATE TABLE courriels (
    id BINARY(16) NOT NULL PRIMARY KEY,
    -- Who shared it.
    user_id BINARY(16) NOT NULL REFERENCES users (id),
    -- `opportunites`, `entreprises` or `contacts`, and the record. Empty: its person has to say where it belongs.
    record_kind VARCHAR(20) NULL,
    record_id BINARY(16) NULL,
    -- Somebody else wrote it, and it was forwarded.
    forwarded BIGINT NOT NULL,
    sender VARCHAR(400) NOT NULL,
    -- One a line.
    recipients TEXT NOT NULL,
    subject VARCHAR(300) NOT NULL,
    text TEXT NOT NULL,
    -- The text goes on in the mail itself.
    cut BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_courriels_record ON courriels (record_kind, record_id, sent_at);
CREATE INDEX ix_courriels_user ON courriels (user_id, received_at);

-- What was attached to a mail.
CREATE TABLE courriel_files (
    courriel_id BINARY(16) NOT NULL REFERENCES courriels (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    name VARCHAR(200) NOT NULL,
    -- The content, until the mail is filed; then the file is among those of the record.
    sha256 CHAR(64) NULL,
    -- Why it was not taken over.
    refused VARCHAR(20) NULL,
    PRIMARY KEY (courriel_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_courriel_files_sha256 ON courriel_files (sha256);

-- The mails that were read: SHA-256 of sender and Message-ID. A second copy is not filed again.
CREATE TABLE courriel_keys (
    message_key CHAR(64) NOT NULL PRIMARY KEY,
    read_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_courriel_keys_read ON courriel_keys (read_at);
