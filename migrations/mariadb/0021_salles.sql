-- Rooms are records of a site. What was booked by a typed name becomes one when the program starts (`crm/salles/store.rs`).
CREATE TABLE salles (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    -- What lists are sorted by.
    name_key VARBINARY(255) NOT NULL,
    -- Lower case without accents and double spaces: one name, one room.
    name_norm VARCHAR(190) NOT NULL,
    -- Lower case without accents: name and equipment; what `?q=` looks in.
    search VARCHAR(600) NOT NULL,
    capacity BIGINT NULL,
    -- A JSON list of words.
    equipment TEXT NOT NULL,
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_salles_name ON salles (localisation_id, name_norm);
CREATE INDEX ix_salles_name_key ON salles (name_key, id);
CREATE INDEX ix_salles_site_name_key ON salles (localisation_id, name_key, id);
