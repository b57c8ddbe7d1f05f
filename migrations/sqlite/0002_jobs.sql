-- Work handed over in the transaction that caused it; the relay moves it to the queue and deletes the row.
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    run_at INTEGER NULL,
    dedupe_key TEXT NULL,
    max_attempts INTEGER NOT NULL,
    correlation_id TEXT NULL,
    created_at INTEGER NOT NULL
);
