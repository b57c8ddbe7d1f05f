-- What plugins say about themselves: asked when a version becomes active or its settings change, read from here afterwards.
CREATE TABLE plugin_facts (
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    -- `config-schema`, `definition` or `kinds`.
    topic VARCHAR(20) NOT NULL,
    -- Of the file and the settings.
    digest CHAR(64) NOT NULL,
    -- Of the file.
    sha256 CHAR(64) NOT NULL,
    -- JSON.
    content MEDIUMTEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (plugin_id, topic, digest)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A metric several plugins claim is `plugin:word`.
ALTER TABLE objectifs MODIFY metric VARCHAR(110) NOT NULL;
