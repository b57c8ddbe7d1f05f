-- Keys of the API. Each is an account of its own in `users`, which cannot sign in.
CREATE TABLE api_keys (
    user_id BINARY(16) NOT NULL PRIMARY KEY REFERENCES users (id),
    name VARCHAR(80) NOT NULL,
    -- `entreprises:read`, with commas between.
    scopes TEXT NOT NULL,
    -- Where it may be used from, as CIDR with commas between. Empty: from everywhere.
    networks TEXT NOT NULL,
    -- The last day on which it counts.
    expires_on VARCHAR(10) NULL,
    created_at BIGINT NOT NULL,
    created_by BINARY(16) NOT NULL REFERENCES users (id),
    -- To within a minute.
    last_used_at BIGINT NULL,
    last_used_from VARCHAR(45) NULL,
    revoked_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_api_keys_created_by ON api_keys (created_by);

-- The SHA-256 of the secrets of keys. One that was replaced still counts until it ends.
CREATE TABLE api_key_secrets (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL REFERENCES api_keys (user_id),
    -- The last four characters.
    hint VARCHAR(4) NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_api_key_secrets_user ON api_key_secrets (user_id);

-- Who looks after keys of the API and webhooks.
INSERT INTO role_actions (role_id, action) VALUES ('admin', 'integrations:manage');
