-- Keys of the API. Each is an account of its own in `users`, which cannot sign in.
CREATE TABLE api_keys (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    name TEXT NOT NULL,
    -- `entreprises:read`, with commas between.
    scopes TEXT NOT NULL,
    -- Where it may be used from, as CIDR with commas between. Empty: from everywhere.
    networks TEXT NOT NULL,
    -- The last day on which it counts.
    expires_on TEXT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    -- To within a minute.
    last_used_at INTEGER NULL,
    last_used_from TEXT NULL,
    revoked_at INTEGER NULL
);
CREATE INDEX ix_api_keys_created_by ON api_keys (created_by);

-- The SHA-256 of the secrets of keys. One that was replaced still counts until it ends.
CREATE TABLE api_key_secrets (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES api_keys (user_id),
    -- The last four characters.
    hint TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NULL
);
CREATE INDEX ix_api_key_secrets_user ON api_key_secrets (user_id);

-- Who looks after keys of the API and webhooks.
INSERT INTO role_actions (role_id, action) VALUES ('admin', 'integrations:manage');
