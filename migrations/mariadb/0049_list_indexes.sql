-- Sorts of lists that had no index.
CREATE INDEX ix_creances_number ON creances (number, id);
CREATE INDEX ix_creances_payer_name ON creances (payer_name_key, id);
CREATE INDEX ix_creances_total ON creances (total, id);
CREATE INDEX ix_creances_balance ON creances (balance, id);
CREATE INDEX ix_entreprises_created ON entreprises (created_at, id);
CREATE INDEX ix_formateurs_created ON formateurs (created_at, id);
CREATE INDEX ix_opportunites_amount ON opportunites (amount, id);
CREATE INDEX ix_opportunites_numero ON opportunites (numero, id);
CREATE INDEX ix_opportunites_section_since ON opportunites (section_since, id);
CREATE INDEX ix_sessions_numero ON sessions (numero_norm, id);
CREATE INDEX ix_stagiaires_created ON stagiaires (created_at, id);
CREATE INDEX ix_opportunites_entreprise_site ON opportunites (entreprise_id, localisation_id);
