-- Requests that clients name with an Idempotency-Key, and how they were answered. Kept for a day.
--
-- done_at, status and location are written in the transaction of the change itself: they are there if and only if the change is. The answer
-- follows in a transaction of its own. A claim is one try to carry the request out; until lease_until nobody else may try.

CREATE TABLE idempotency_keys (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    idempotency_key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    claim BLOB NOT NULL,
    lease_until INTEGER NOT NULL,
    done_at INTEGER NULL,
    status INTEGER NULL,
    location TEXT NULL,
    answered_at INTEGER NULL,
    etag TEXT NULL,
    content_type TEXT NULL,
    answer BLOB NULL,
    PRIMARY KEY (user_id, idempotency_key)
);
CREATE INDEX ix_idempotency_keys_created ON idempotency_keys (created_at);
