-- What has been issued: a quote sent, an invoice, a credit note. Written once, in the transaction that numbers it, and
-- never changed: only another piece corrects it. What a workflow's form declares to be issued is in
-- `platform/pieces.rs`.
CREATE TABLE pieces (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(40) NOT NULL,
    number VARCHAR(60) NOT NULL,
    -- 1 but for what is issued again under the same number, as quotes are.
    version BIGINT NOT NULL,
    -- The series the number was taken from.
    series VARCHAR(60) NOT NULL,
    entite_legale_id BINARY(16) NOT NULL REFERENCES entites_legales (id),
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    section VARCHAR(60) NOT NULL,
    -- ISO days.
    issued_on CHAR(10) NOT NULL,
    due_on CHAR(10) NULL,
    payer_name VARCHAR(300) NULL,
    -- Cents, negative for what takes something back.
    net BIGINT NOT NULL,
    vat BIGINT NOT NULL,
    total BIGINT NOT NULL,
    corrects_id BINARY(16) NULL REFERENCES pieces (id),
    -- JSON: what later documents of the opportunité must agree with (`Terms`).
    terms MEDIUMTEXT NOT NULL,
    -- JSON: the document as it was issued, and the payer as known on that day.
    content MEDIUMTEXT NOT NULL,
    -- Of `content`, in hexadecimal digits.
    sha256 CHAR(64) NOT NULL,
    workflow_plugin VARCHAR(80) NOT NULL,
    workflow_version VARCHAR(40) NOT NULL,
    issued_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_pieces_number ON pieces (entite_legale_id, kind, number, version);
CREATE INDEX ix_pieces_opportunite ON pieces (opportunite_id, id);
CREATE INDEX ix_pieces_site_issued ON pieces (localisation_id, issued_on, id);
CREATE INDEX ix_pieces_issued ON pieces (issued_on, id);
CREATE INDEX ix_pieces_corrects ON pieces (corrects_id);

-- What a piece comes to at each rate of VAT.
CREATE TABLE piece_amounts (
    piece_id BINARY(16) NOT NULL REFERENCES pieces (id),
    -- Hundredths of a percent; 0 for what is exempt.
    rate BIGINT NOT NULL,
    net BIGINT NOT NULL,
    vat BIGINT NOT NULL,
    PRIMARY KEY (piece_id, rate)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE piece_lines (
    piece_id BINARY(16) NOT NULL REFERENCES pieces (id),
    -- From 1.
    position BIGINT NOT NULL,
    label TEXT NOT NULL,
    -- Thousandths.
    quantity BIGINT NULL,
    unit_price BIGINT NULL,
    net BIGINT NOT NULL,
    rate BIGINT NULL,
    PRIMARY KEY (piece_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Money that came in and, with a negative amount, the counter-entry that takes it back. Append-only.
CREATE TABLE paiements (
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    -- From 1, in the order of recording.
    position BIGINT NOT NULL,
    -- Empty: its invoice is not known to the host.
    piece_id BINARY(16) NULL REFERENCES pieces (id),
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    paid_on CHAR(10) NOT NULL,
    amount BIGINT NOT NULL,
    mode VARCHAR(40) NULL,
    reference VARCHAR(200) NULL,
    -- The position of the payment it takes back.
    reverses BIGINT NULL,
    reason TEXT NULL,
    -- JSON: what later documents of the opportunité must agree with.
    terms TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (opportunite_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_paiements_piece ON paiements (piece_id);
CREATE INDEX ix_paiements_site_paid ON paiements (localisation_id, paid_on);

-- Are the pieces of this opportunité in the tables above? Older ones are brought over when the program starts
-- (`crm/pieces/adopt.rs`).
ALTER TABLE opportunites ADD COLUMN pieces_kept BOOLEAN NOT NULL DEFAULT FALSE;
