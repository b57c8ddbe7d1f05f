-- What documents say of a legal entity and of a site.
ALTER TABLE entites_legales ADD COLUMN legal_form TEXT NULL;
-- In cents.
ALTER TABLE entites_legales ADD COLUMN capital INTEGER NULL;
ALTER TABLE entites_legales ADD COLUMN vat_number TEXT NULL;
-- Whose prefect registered the declaration of activity: `Hauts-de-France`.
ALTER TABLE entites_legales ADD COLUMN nda_region TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN line1 TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN line2 TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN postcode TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN city TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN iban TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN bic TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN bank TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN signatory_name TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN signatory_quality TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN email TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN phone TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN website TEXT NULL;
-- `#1F4E79`.
ALTER TABLE entites_legales ADD COLUMN colour TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN footer TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN payment_terms TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN payment_days INTEGER NULL;
-- In hundredths of a percent.
ALTER TABLE entites_legales ADD COLUMN penalty_rate INTEGER NULL;
ALTER TABLE entites_legales ADD COLUMN rcs TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN mediator TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE entites_legales ADD COLUMN logo_sha256 TEXT NULL REFERENCES files (sha256);
CREATE INDEX ix_entites_legales_logo ON entites_legales (logo_sha256);

ALTER TABLE localisations ADD COLUMN line2 TEXT NULL;
ALTER TABLE localisations ADD COLUMN phone TEXT NULL;
ALTER TABLE localisations ADD COLUMN email TEXT NULL;
-- How to come.
ALTER TABLE localisations ADD COLUMN access TEXT NULL;
-- The disability referent.
ALTER TABLE localisations ADD COLUMN referent_name TEXT NULL;
ALTER TABLE localisations ADD COLUMN referent_email TEXT NULL;
ALTER TABLE localisations ADD COLUMN referent_phone TEXT NULL;
ALTER TABLE localisations ADD COLUMN pedagogical_contact TEXT NULL;
-- Of the règlement intérieur.
ALTER TABLE localisations ADD COLUMN rules_version TEXT NULL;
ALTER TABLE localisations ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'entites:read'),
    ('admin', 'entites:write'),
    ('responsable_commercial', 'entites:read'),
    ('manager', 'entites:read'),
    ('facturation', 'entites:read');
