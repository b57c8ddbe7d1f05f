-- A second factor for sign-in: codes of an authenticator application (TOTP), and recovery codes.

ALTER TABLE roles ADD COLUMN second_factor BOOLEAN NOT NULL DEFAULT 0;

-- Secrets are encrypted with the installation's key. The pending one becomes the secret with its first good code.
CREATE TABLE second_factors (
    user_id BINARY(16) NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed VARBINARY(500) NULL,
    pending VARBINARY(500) NULL,
    confirmed_at BIGINT NULL,
    -- The time step of the last code that was taken: no code is taken twice.
    last_step BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- SHA-256 of each code that was not used yet.
CREATE TABLE recovery_codes (
    user_id BINARY(16) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash BINARY(32) NOT NULL,
    PRIMARY KEY (user_id, hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
