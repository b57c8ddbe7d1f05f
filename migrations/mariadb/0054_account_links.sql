-- Links in letters to people: an invitation, a forgotten password. Only the SHA-256 of a link's secret is stored. What has
-- ended (used, replaced, revoked) stays for a while: it counts against the limit on letters.
CREATE TABLE account_links (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose VARCHAR(20) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_account_links_user ON account_links (user_id, purpose, created_at);
CREATE INDEX ix_account_links_expiry ON account_links (expires_at);
