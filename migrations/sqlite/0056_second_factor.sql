-- A second factor for sign-in: codes of an authenticator application (TOTP), and recovery codes.

ALTER TABLE roles ADD COLUMN second_factor BOOLEAN NOT NULL DEFAULT 0;

-- Secrets are encrypted with the installation's key. The pending one becomes the secret with its first good code.
CREATE TABLE second_factors (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed BLOB NULL,
    pending BLOB NULL,
    confirmed_at INTEGER NULL,
    -- The time step of the last code that was taken: no code is taken twice.
    last_step INTEGER NOT NULL
);

-- SHA-256 of each code that was not used yet.
CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
);
