-- Addresses of other programs that are told what happens.
CREATE TABLE webhooks (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    -- `opportunite.moved`, with commas between.
    events TEXT NOT NULL,
    -- The secret of its signatures, encrypted.
    sealed BLOB NOT NULL,
    active BOOLEAN NOT NULL,
    -- Since when every delivery has failed.
    failing_since INTEGER NULL,
    -- When it was switched off because of that.
    switched_off_at INTEGER NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    version INTEGER NOT NULL
);
CREATE INDEX ix_webhooks_created_by ON webhooks (created_by);

-- The sites whose events are told; without a row those of the whole network.
CREATE TABLE webhook_localisations (
    webhook_id BLOB NOT NULL REFERENCES webhooks (id),
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    PRIMARY KEY (webhook_id, localisation_id)
);
CREATE INDEX ix_webhook_localisations_site ON webhook_localisations (localisation_id);

-- What is sent, and how it was answered.
CREATE TABLE webhook_deliveries (
    id BLOB NOT NULL PRIMARY KEY,
    webhook_id BLOB NOT NULL REFERENCES webhooks (id),
    -- The job that brought the event: a webhook gets one delivery of it.
    event_uuid BLOB NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    -- `waiting`, `delivered`, `failed`, `dropped`.
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    -- The status of the last answer, how long it took, and its beginning or why there is none.
    status INTEGER NULL,
    duration_ms INTEGER NULL,
    answer TEXT NULL,
    created_at INTEGER NOT NULL,
    last_at INTEGER NULL,
    next_at INTEGER NULL
);
CREATE UNIQUE INDEX uq_webhook_deliveries_event ON webhook_deliveries (webhook_id, event_uuid);
CREATE INDEX ix_webhook_deliveries_created ON webhook_deliveries (created_at);
CREATE INDEX ix_webhook_deliveries_log ON webhook_deliveries (webhook_id, created_at);
