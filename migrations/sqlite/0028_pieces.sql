-- What has been issued: a quote sent, an invoice, a credit note. Written once, in the transaction that numbers it, and
-- never changed: only another piece corrects it. What a workflow's form declares to be issued is in
-- `platform/pieces.rs`.
CREATE TABLE pieces (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    -- 1 but for what is issued again under the same number, as quotes are.
    version INTEGER NOT NULL,
    -- The series the number was taken from.
    series TEXT NOT NULL,
    entite_legale_id BLOB NOT NULL REFERENCES entites_legales (id),
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    section TEXT NOT NULL,
    -- ISO days.
    issued_on TEXT NOT NULL,
    due_on TEXT NULL,
    payer_name TEXT NULL,
    -- Cents, negative for what takes something back.
    net INTEGER NOT NULL,
    vat INTEGER NOT NULL,
    total INTEGER NOT NULL,
    corrects_id BLOB NULL REFERENCES pieces (id),
    -- JSON: what later documents of the opportunité must agree with (`Terms`).
    terms TEXT NOT NULL,
    -- JSON: the document as it was issued, and the payer as known on that day.
    content TEXT NOT NULL,
    -- Of `content`, in hexadecimal digits.
    sha256 TEXT NOT NULL,
    workflow_plugin TEXT NOT NULL,
    workflow_version TEXT NOT NULL,
    issued_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_pieces_number ON pieces (entite_legale_id, kind, number, version);
CREATE INDEX ix_pieces_opportunite ON pieces (opportunite_id, id);
CREATE INDEX ix_pieces_site_issued ON pieces (localisation_id, issued_on, id);
CREATE INDEX ix_pieces_issued ON pieces (issued_on, id);
CREATE INDEX ix_pieces_corrects ON pieces (corrects_id);

-- What a piece comes to at each rate of VAT.
CREATE TABLE piece_amounts (
    piece_id BLOB NOT NULL REFERENCES pieces (id),
    -- Hundredths of a percent; 0 for what is exempt.
    rate INTEGER NOT NULL,
    net INTEGER NOT NULL,
    vat INTEGER NOT NULL,
    PRIMARY KEY (piece_id, rate)
);

CREATE TABLE piece_lines (
    piece_id BLOB NOT NULL REFERENCES pieces (id),
    -- From 1.
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    -- Thousandths.
    quantity INTEGER NULL,
    unit_price INTEGER NULL,
    net INTEGER NOT NULL,
    rate INTEGER NULL,
    PRIMARY KEY (piece_id, position)
);

-- Money that came in and, with a negative amount, the counter-entry that takes it back. Append-only.
CREATE TABLE paiements (
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    -- From 1, in the order of recording.
    position INTEGER NOT NULL,
    -- Empty: its invoice is not known to the host.
    piece_id BLOB NULL REFERENCES pieces (id),
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    paid_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    mode TEXT NULL,
    reference TEXT NULL,
    -- The position of the payment it takes back.
    reverses INTEGER NULL,
    reason TEXT NULL,
    -- JSON: what later documents of the opportunité must agree with.
    terms TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (opportunite_id, position)
);
CREATE INDEX ix_paiements_piece ON paiements (piece_id);
CREATE INDEX ix_paiements_site_paid ON paiements (localisation_id, paid_on);

-- Are the pieces of this opportunité in the tables above? Older ones are brought over when the program starts
-- (`crm/pieces/adopt.rs`).
ALTER TABLE opportunites ADD COLUMN pieces_kept BOOLEAN NOT NULL DEFAULT FALSE;
