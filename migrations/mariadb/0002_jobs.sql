-- Work handed over in the transaction that caused it; the relay moves it to the queue and deletes the row.
CREATE TABLE outbox (
    id BINARY(16) NOT NULL PRIMARY KEY,
    queue VARCHAR(60) NOT NULL,
    kind VARCHAR(80) NOT NULL,
    payload MEDIUMTEXT NOT NULL,
    priority BIGINT NOT NULL,
    run_at BIGINT NULL,
    dedupe_key VARCHAR(150) NULL,
    max_attempts BIGINT NOT NULL,
    correlation_id VARCHAR(100) NULL,
    created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
