-- What documents say of a legal entity and of a site.
ALTER TABLE entites_legales ADD COLUMN legal_form VARCHAR(80) NULL;
-- In cents.
ALTER TABLE entites_legales ADD COLUMN capital BIGINT NULL;
ALTER TABLE entites_legales ADD COLUMN vat_number VARCHAR(20) NULL;
-- Whose prefect registered the declaration of activity: `Hauts-de-France`.
ALTER TABLE entites_legales ADD COLUMN nda_region VARCHAR(120) NULL;
ALTER TABLE entites_legales ADD COLUMN line1 VARCHAR(250) NULL;
ALTER TABLE entites_legales ADD COLUMN line2 VARCHAR(250) NULL;
ALTER TABLE entites_legales ADD COLUMN postcode VARCHAR(10) NULL;
ALTER TABLE entites_legales ADD COLUMN city VARCHAR(120) NULL;
ALTER TABLE entites_legales ADD COLUMN iban VARCHAR(34) NULL;
ALTER TABLE entites_legales ADD COLUMN bic VARCHAR(11) NULL;
ALTER TABLE entites_legales ADD COLUMN bank VARCHAR(120) NULL;
ALTER TABLE entites_legales ADD COLUMN signatory_name VARCHAR(120) NULL;
ALTER TABLE entites_legales ADD COLUMN signatory_quality VARCHAR(120) NULL;
ALTER TABLE entites_legales ADD COLUMN email VARCHAR(190) NULL;
ALTER TABLE entites_legales ADD COLUMN phone VARCHAR(40) NULL;
ALTER TABLE entites_legales ADD COLUMN website VARCHAR(200) NULL;
-- `#1F4E79`.
ALTER TABLE entites_legales ADD COLUMN colour VARCHAR(7) NULL;
ALTER TABLE entites_legales ADD COLUMN footer TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN payment_terms TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN payment_days BIGINT NULL;
-- In hundredths of a percent.
ALTER TABLE entites_legales ADD COLUMN penalty_rate BIGINT NULL;
ALTER TABLE entites_legales ADD COLUMN rcs VARCHAR(120) NULL;
ALTER TABLE entites_legales ADD COLUMN mediator TEXT NULL;
ALTER TABLE entites_legales ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE entites_legales ADD COLUMN logo_sha256 CHAR(64) NULL REFERENCES files (sha256);
CREATE INDEX ix_entites_legales_logo ON entites_legales (logo_sha256);

ALTER TABLE localisations ADD COLUMN line2 VARCHAR(250) NULL;
ALTER TABLE localisations ADD COLUMN phone VARCHAR(40) NULL;
ALTER TABLE localisations ADD COLUMN email VARCHAR(190) NULL;
-- How to come.
ALTER TABLE localisations ADD COLUMN access TEXT NULL;
-- The disability referent.
ALTER TABLE localisations ADD COLUMN referent_name VARCHAR(120) NULL;
ALTER TABLE localisations ADD COLUMN referent_email VARCHAR(190) NULL;
ALTER TABLE localisations ADD COLUMN referent_phone VARCHAR(40) NULL;
ALTER TABLE localisations ADD COLUMN pedagogical_contact VARCHAR(200) NULL;
-- Of the règlement intérieur.
ALTER TABLE localisations ADD COLUMN rules_version VARCHAR(40) NULL;
ALTER TABLE localisations ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'entites:read'),
    ('admin', 'entites:write'),
    ('responsable_commercial', 'entites:read'),
    ('manager', 'entites:read'),
    ('facturation', 'entites:read');
