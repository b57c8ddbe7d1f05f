-- Rooms are records of a site. What was booked by a typed name becomes one when the program starts (`crm/salles/store.rs`).
CREATE TABLE salles (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- What lists are sorted by.
    name_key BLOB NOT NULL,
    -- Lower case without accents and double spaces: one name, one room.
    name_norm TEXT NOT NULL,
    -- Lower case without accents: name and equipment; what `?q=` looks in.
    search TEXT NOT NULL,
    capacity INTEGER NULL,
    -- A JSON list of words.
    equipment TEXT NOT NULL,
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    active BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_salles_name ON salles (localisation_id, name_norm);
CREATE INDEX ix_salles_name_key ON salles (name_key, id);
CREATE INDEX ix_salles_site_name_key ON salles (localisation_id, name_key, id);
