-- Links in letters to people: an invitation, a forgotten password. Only the SHA-256 of a link's secret is stored. What has
-- ended (used, replaced, revoked) stays for a while: it counts against the limit on letters.
CREATE TABLE account_links (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER NULL
);
CREATE INDEX ix_account_links_user ON account_links (user_id, purpose, created_at);
CREATE INDEX ix_account_links_expiry ON account_links (expires_at);
