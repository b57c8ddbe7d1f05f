-- The calendar that a person subscribes to in another program, by a secret address.
CREATE TABLE calendriers (
    user_id BINARY(16) NOT NULL PRIMARY KEY REFERENCES users (id),
    -- SHA-256 of the secret part of the address.
    hash BINARY(32) NOT NULL,
    -- Does it have the sessions that the person sees?
    sessions BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    -- To within an hour.
    read_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_calendriers_hash ON calendriers (hash);
