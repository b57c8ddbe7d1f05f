-- The calendar that a person subscribes to in another program, by a secret address.
CREATE TABLE calendriers (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    -- SHA-256 of the secret part of the address.
    hash BLOB NOT NULL,
    -- Does it have the sessions that the person sees?
    sessions BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    -- To within an hour.
    read_at INTEGER NULL
);
CREATE UNIQUE INDEX uq_calendriers_hash ON calendriers (hash);
