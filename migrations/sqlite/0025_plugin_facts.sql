-- What plugins say about themselves: asked when a version becomes active or its settings change, read from here afterwards.
CREATE TABLE plugin_facts (
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    -- `config-schema`, `definition` or `kinds`.
    topic TEXT NOT NULL,
    -- Of the file and the settings.
    digest TEXT NOT NULL,
    -- Of the file.
    sha256 TEXT NOT NULL,
    -- JSON.
    content TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (plugin_id, topic, digest)
);
