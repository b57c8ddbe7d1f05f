-- The catalogue of training products.
CREATE TABLE produits (
    id BINARY(16) NOT NULL PRIMARY KEY,
    -- Whose product it is. NULL: the network's.
    entite_legale_id BINARY(16) NULL REFERENCES entites_legales (id),
    code VARCHAR(40) NOT NULL,
    -- Lower case without accents and double spaces: one code, one product.
    code_norm VARCHAR(190) NOT NULL,
    title VARCHAR(200) NOT NULL,
    -- What lists sort the title by.
    title_key VARBINARY(255) NOT NULL,
    -- Lower case without accents: code, title and category; what `?q=` looks in.
    search VARCHAR(600) NOT NULL,
    category VARCHAR(120) NULL,
    modality VARCHAR(20) NULL,
    duration_minutes BIGINT NULL,
    -- Cents, excl. VAT.
    price BIGINT NULL,
    price_unit VARCHAR(20) NOT NULL,
    -- Hundredths of a percent; 0 is exempt.
    vat_rate BIGINT NOT NULL,
    objectives TEXT NULL,
    prerequisites TEXT NULL,
    programme TEXT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_produits_code ON produits (code_norm);
CREATE INDEX ix_produits_title_key ON produits (title_key, id);
CREATE INDEX ix_produits_entite ON produits (entite_legale_id, title_key, id);

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'produits:write'),
    ('responsable_commercial', 'produits:write'),
    ('manager', 'produits:write');
