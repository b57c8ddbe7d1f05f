-- Does its payer owe this piece, or does it take back what is owed? So do the pieces of a section that has payments.
-- `crm/facturation/adopt.rs` fills it in for older pieces when the program starts.
ALTER TABLE pieces ADD COLUMN claims BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE opportunites ADD COLUMN creances_kept BOOLEAN NOT NULL DEFAULT FALSE;

-- What payers owe: one row per draft, invoice and credit note. `crm/facturation/keep.rs` writes the rows of an
-- opportunité again in each transaction that changes its documents.
CREATE TABLE creances (
    -- Of an issued piece its own id; of a draft one that follows from its place in the documents.
    id BINARY(16) NOT NULL PRIMARY KEY,
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    entite_legale_id BINARY(16) NOT NULL REFERENCES entites_legales (id),
    -- Empty: a draft.
    piece_id BINARY(16) NULL REFERENCES pieces (id),
    -- `draft`, `open`, `settled`, `overpaid` or `credit`.
    state VARCHAR(20) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    -- Empty for a draft, as the days.
    number VARCHAR(60) NOT NULL,
    issued_on CHAR(10) NOT NULL,
    due_on CHAR(10) NOT NULL,
    -- `<kind of payer>:<name or id of the company>`: one key is one payer.
    payer_key VARCHAR(400) NOT NULL,
    payer_kind VARCHAR(40) NULL,
    payer_name VARCHAR(300) NOT NULL,
    payer_name_key VARBINARY(255) NOT NULL,
    search VARCHAR(700) NOT NULL,
    -- Cents. `balance` is `total - credited - paid`; 0 for drafts and credit notes.
    net BIGINT NOT NULL,
    vat BIGINT NOT NULL,
    total BIGINT NOT NULL,
    credited BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    corrects_id BINARY(16) NULL REFERENCES pieces (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_creances_opportunite ON creances (opportunite_id, id);
CREATE INDEX ix_creances_issued ON creances (issued_on, id);
CREATE INDEX ix_creances_due ON creances (due_on, id);
CREATE INDEX ix_creances_payer ON creances (payer_key, balance);
CREATE INDEX ix_creances_corrects ON creances (corrects_id);

-- Money that came in once and pays one or several pieces.
CREATE TABLE encaissements (
    id BINARY(16) NOT NULL PRIMARY KEY,
    entite_legale_id BINARY(16) NOT NULL REFERENCES entites_legales (id),
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    payer_key VARCHAR(400) NOT NULL,
    payer_name VARCHAR(300) NOT NULL,
    paid_on CHAR(10) NOT NULL,
    amount BIGINT NOT NULL,
    mode VARCHAR(40) NOT NULL,
    reference VARCHAR(200) NULL,
    -- What no piece took: a credit of the customer.
    rest BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by BINARY(16) NOT NULL REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_encaissements_entity ON encaissements (entite_legale_id, paid_on);
CREATE INDEX ix_encaissements_payer ON encaissements (payer_key);
-- Empty: it was recorded alone.
ALTER TABLE paiements ADD COLUMN encaissement_id BINARY(16) NULL REFERENCES encaissements (id);
CREATE INDEX ix_paiements_encaissement ON paiements (encaissement_id);

-- Accounts of a legal entity that differ from the usual ones (`crm/compta/comptes.rs`).
CREATE TABLE comptes_comptables (
    entite_legale_id BINARY(16) NOT NULL REFERENCES entites_legales (id),
    -- What is booked there, e.g. `ventes:2000`.
    usage_key VARCHAR(60) NOT NULL,
    number VARCHAR(60) NOT NULL,
    label VARCHAR(200) NOT NULL,
    PRIMARY KEY (entite_legale_id, usage_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Entries in the books, numbered when they are first exported.
CREATE TABLE ecritures (
    id BINARY(16) NOT NULL PRIMARY KEY,
    entite_legale_id BINARY(16) NOT NULL REFERENCES entites_legales (id),
    journal VARCHAR(10) NOT NULL,
    year BIGINT NOT NULL,
    -- From 1, without a gap per journal and year.
    number BIGINT NOT NULL,
    -- `piece`, `paiement` or `encaissement`; `source_position` is that of a payment, otherwise 0.
    source_kind VARCHAR(20) NOT NULL,
    source_id BINARY(16) NOT NULL,
    source_position BIGINT NOT NULL,
    day CHAR(10) NOT NULL,
    -- JSON: its lines as they were first exported.
    content MEDIUMTEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_ecritures_source ON ecritures (source_kind, source_id, source_position);
CREATE UNIQUE INDEX uq_ecritures_number ON ecritures (entite_legale_id, journal, year, number);

CREATE TABLE exports_comptables (
    id BINARY(16) NOT NULL PRIMARY KEY,
    entite_legale_id BINARY(16) NOT NULL REFERENCES entites_legales (id),
    -- ISO days, both included.
    from_day CHAR(10) NOT NULL,
    to_day CHAR(10) NOT NULL,
    -- JSON: the ids of the localisations whose entries it has.
    sites MEDIUMTEXT NOT NULL,
    -- The sum of its debits, in cents.
    debit BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BINARY(16) NOT NULL REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_exports_comptables_entity ON exports_comptables (entite_legale_id, id);
CREATE TABLE export_ecritures (
    export_id BINARY(16) NOT NULL REFERENCES exports_comptables (id),
    ecriture_id BINARY(16) NOT NULL REFERENCES ecritures (id),
    -- Was it in an earlier export?
    repeated BOOLEAN NOT NULL,
    PRIMARY KEY (export_id, ecriture_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_export_ecritures_entry ON export_ecritures (ecriture_id);

-- When a payer is reminded.
CREATE TABLE relance_etapes (
    -- The workflow's word for a kind of payer. Empty: all others.
    payer_kind VARCHAR(40) NOT NULL,
    -- From 1.
    step BIGINT NOT NULL,
    -- Days after the due day.
    days BIGINT NOT NULL,
    label_fr VARCHAR(200) NOT NULL,
    label_en VARCHAR(200) NOT NULL,
    PRIMARY KEY (payer_kind, step)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO relance_etapes (payer_kind, step, days, label_fr, label_en) VALUES
    ('', 1, 7, 'Rappel', 'Reminder'),
    ('', 2, 15, 'Deuxième rappel', 'Second reminder'),
    ('', 3, 30, 'Mise en demeure', 'Formal notice'),
    ('opco', 1, 7, 'Demande de pièce manquante', 'Asking for missing papers'),
    ('opco', 2, 15, 'Deuxième demande', 'Asking again'),
    ('opco', 3, 30, 'Information de l’entreprise', 'Telling the company');
CREATE TABLE relances (
    piece_id BINARY(16) NOT NULL REFERENCES pieces (id),
    step BIGINT NOT NULL,
    sent_on CHAR(10) NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by BINARY(16) NOT NULL REFERENCES users (id),
    PRIMARY KEY (piece_id, step)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Pieces that their payers dispute: nobody is reminded of them.
CREATE TABLE litiges (
    piece_id BINARY(16) NOT NULL PRIMARY KEY REFERENCES pieces (id),
    reason VARCHAR(2000) NOT NULL,
    since BIGINT NOT NULL,
    recorded_by BINARY(16) NOT NULL REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'creances:read'),
    ('responsable_commercial', 'creances:read'),
    ('manager', 'creances:read'),
    ('commercial', 'creances:read'),
    ('assistante', 'creances:read'),
    ('facturation', 'creances:read'),
    ('admin', 'creances:write'),
    ('responsable_commercial', 'creances:write'),
    ('manager', 'creances:write'),
    ('facturation', 'creances:write'),
    ('admin', 'compta:export'),
    ('responsable_commercial', 'compta:export'),
    ('manager', 'compta:export'),
    ('facturation', 'compta:export');
