-- Names are listed in the order of French readers, the same on both engines: a key beside each text, written by the program
-- (`collation.rs`), which also fills these columns when it starts.
ALTER TABLE entreprises ADD COLUMN name_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE entreprises ADD COLUMN city_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE formateurs ADD COLUMN name_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE opportunites ADD COLUMN title_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE users ADD COLUMN name_key BLOB NOT NULL DEFAULT x'';
CREATE INDEX ix_entreprises_name_key ON entreprises (name_key, id);
CREATE INDEX ix_entreprises_city_key ON entreprises (city_key, id);
CREATE INDEX ix_entreprises_site_name_key ON entreprises (localisation_id, name_key, id);
CREATE INDEX ix_formateurs_name_key ON formateurs (name_key, id);
CREATE INDEX ix_formateurs_site_name_key ON formateurs (localisation_id, name_key, id);
CREATE INDEX ix_opportunites_title_key ON opportunites (title_key, id);
CREATE INDEX ix_users_name_key ON users (name_key, id);
DROP INDEX ix_entreprises_name;
DROP INDEX ix_entreprises_site;
DROP INDEX ix_formateurs_site;
