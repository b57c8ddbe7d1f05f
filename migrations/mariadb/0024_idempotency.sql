-- Requests that clients name with an Idempotency-Key, and how they were answered. Kept for a day.
--
-- done_at, status and location are written in the transaction of the change itself: they are there if and only if the change is. The answer
-- follows in a transaction of its own. A claim is one try to carry the request out; until lease_until nobody else may try.

CREATE TABLE idempotency_keys (
    user_id BINARY(16) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    idempotency_key VARCHAR(255) NOT NULL,
    fingerprint BINARY(32) NOT NULL,
    method VARCHAR(8) NOT NULL,
    path VARCHAR(2000) NOT NULL,
    created_at BIGINT NOT NULL,
    claim BINARY(16) NOT NULL,
    lease_until BIGINT NOT NULL,
    done_at BIGINT NULL,
    status BIGINT NULL,
    location VARCHAR(500) NULL,
    answered_at BIGINT NULL,
    etag VARCHAR(100) NULL,
    content_type VARCHAR(100) NULL,
    answer LONGBLOB NULL,
    PRIMARY KEY (user_id, idempotency_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_idempotency_keys_created ON idempotency_keys (created_at);
