-- Pieces that a reminder is about, each with the step that it reached. A letter may be about several pieces of one payer.
CREATE TABLE document_relances (
    document_id BINARY(16) NOT NULL REFERENCES documents (id),
    piece_id BINARY(16) NOT NULL REFERENCES pieces (id),
    step BIGINT NOT NULL,
    PRIMARY KEY (document_id, piece_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_document_relances_piece ON document_relances (piece_id);
INSERT INTO document_relances (document_id, piece_id, step)
    SELECT id, about_id, CASE kind WHEN 'relance-1' THEN 1 WHEN 'relance-2' THEN 2 ELSE 3 END FROM documents
    WHERE kind IN ('relance-1', 'relance-2', 'relance-3');

-- The same for the letters of a batch.
CREATE TABLE document_batch_relances (
    batch_id BINARY(16) NOT NULL,
    position BIGINT NOT NULL,
    piece_id BINARY(16) NOT NULL REFERENCES pieces (id),
    step BIGINT NOT NULL,
    PRIMARY KEY (batch_id, position, piece_id),
    FOREIGN KEY (batch_id, position) REFERENCES document_batch_items (batch_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO document_batch_relances (batch_id, position, piece_id, step)
    SELECT batch_id, position, subject_id, reminder FROM document_batch_items WHERE reminder IS NOT NULL;
ALTER TABLE document_batch_items DROP COLUMN reminder;
-- The mail as a person wrote it; NULL: as the plugin proposes it.
ALTER TABLE document_batch_items ADD COLUMN mail_subject VARCHAR(200) NULL;
ALTER TABLE document_batch_items ADD COLUMN mail_body MEDIUMTEXT NULL;

-- Documents that go with the document of a mail.
CREATE TABLE document_sending_enclosures (
    sending_id BINARY(16) NOT NULL REFERENCES document_sendings (id),
    -- From 1.
    position BIGINT NOT NULL,
    document_id BINARY(16) NOT NULL REFERENCES documents (id),
    PRIMARY KEY (sending_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_document_sending_enclosures_document ON document_sending_enclosures (document_id);

-- The mail that a step was sent with; NULL: somebody marked it. When the mail fails, its steps are due again.
ALTER TABLE relances ADD COLUMN sending_id BINARY(16) NULL REFERENCES document_sendings (id);
CREATE INDEX ix_relances_sending ON relances (sending_id);
UPDATE relances SET sending_id = (
    SELECT MAX(s.id) FROM document_sendings s JOIN documents d ON d.id = s.document_id
    WHERE d.about_id = relances.piece_id AND s.reminder = relances.step AND s.state IN ('waiting', 'retrying')
);
ALTER TABLE document_sendings DROP COLUMN reminder;

-- Is a half-day taught at a distance?
ALTER TABLE session_half_days ADD COLUMN remote BOOLEAN NOT NULL DEFAULT FALSE;
