-- The catalogue of training products.
CREATE TABLE produits (
    id BLOB NOT NULL PRIMARY KEY,
    -- Whose product it is. NULL: the network's.
    entite_legale_id BLOB NULL REFERENCES entites_legales (id),
    code TEXT NOT NULL,
    -- Lower case without accents and double spaces: one code, one product.
    code_norm TEXT NOT NULL,
    title TEXT NOT NULL,
    -- What lists sort the title by.
    title_key BLOB NOT NULL,
    -- Lower case without accents: code, title and category; what `?q=` looks in.
    search TEXT NOT NULL,
    category TEXT NULL,
    modality TEXT NULL,
    duration_minutes INTEGER NULL,
    -- Cents, excl. VAT.
    price INTEGER NULL,
    price_unit TEXT NOT NULL,
    -- Hundredths of a percent; 0 is exempt.
    vat_rate INTEGER NOT NULL,
    objectives TEXT NULL,
    prerequisites TEXT NULL,
    programme TEXT NULL,
    active BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_produits_code ON produits (code_norm);
CREATE INDEX ix_produits_title_key ON produits (title_key, id);
CREATE INDEX ix_produits_entite ON produits (entite_legale_id, title_key, id);

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'produits:write'),
    ('responsable_commercial', 'produits:write'),
    ('manager', 'produits:write');
