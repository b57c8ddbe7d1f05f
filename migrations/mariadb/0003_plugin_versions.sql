-- Plugins as files that come and go: their versions, who is trusted, what was asked for and consented to, site by site.

-- What came in and may be activated, is active, or was before. `plugins` says which: `version` is the active one, empty
-- for none; `previous` the one a rollback goes to; `settings_version` the one the settings in `plugin_sites` were written for.
CREATE TABLE plugin_versions (
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    version VARCHAR(40) NOT NULL,
    -- core, partner, private or unsigned: as judged when the file came in.
    level VARCHAR(20) NOT NULL,
    -- The key that signed it; empty for core and unsigned files.
    key_id VARCHAR(80) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    component LONGBLOB NOT NULL,
    -- As JSON; empty for rows older than this column, whose files are read instead.
    manifest MEDIUMTEXT NOT NULL,
    installed_at BIGINT NOT NULL,
    installed_by BINARY(16) NULL REFERENCES users (id),
    PRIMARY KEY (plugin_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO plugin_versions (plugin_id, version, level, key_id, sha256, component, manifest, installed_at)
    SELECT id, version, level, '', sha256, component, '', installed_at FROM plugins;
ALTER TABLE plugins DROP COLUMN level;
ALTER TABLE plugins DROP COLUMN sha256;
ALTER TABLE plugins DROP COLUMN component;
ALTER TABLE plugins ADD COLUMN previous VARCHAR(40) NOT NULL DEFAULT '';
ALTER TABLE plugins ADD COLUMN settings_version VARCHAR(40) NOT NULL DEFAULT '';
UPDATE plugins SET settings_version = version;

-- Asked in this order on a site, then by plugin id.
ALTER TABLE plugin_sites ADD COLUMN ordinal BIGINT NOT NULL DEFAULT 0;
-- open or closed where an administrator overrides the manifest, else empty.
ALTER TABLE plugin_sites ADD COLUMN on_failure VARCHAR(8) NOT NULL DEFAULT '';
-- Settings and grants under the version before, for a rollback.
ALTER TABLE plugin_sites ADD COLUMN previous_config TEXT NULL;
ALTER TABLE plugin_sites ADD COLUMN previous_grants TEXT NULL;

-- Grows with every change to what is installed or bound: how each process notices that it must look again.
CREATE TABLE plugin_revision (
    id BIGINT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO plugin_revision (id, value) VALUES (1, 1);

-- Whose signatures are trusted here.
CREATE TABLE plugin_keys (
    id VARCHAR(80) NOT NULL PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    public_key VARCHAR(200) NOT NULL,
    -- partner or private; core is for what is built into the binary.
    level VARCHAR(20) NOT NULL,
    added_at BIGINT NOT NULL,
    added_by BINARY(16) NULL REFERENCES users (id),
    revoked_at BIGINT NULL,
    revoked_by BINARY(16) NULL REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Seats the host has switched off after failures, until when, and the how many-th time in a row.
CREATE TABLE plugin_quarantines (
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BINARY(16) NOT NULL,
    reason VARCHAR(500) NOT NULL,
    since_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    relapses BIGINT NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Labels of a plugin's words, kept so that records stay readable when the plugin is gone.
CREATE TABLE plugin_words (
    plugin_id VARCHAR(80) NOT NULL,
    -- section, status or transition.
    kind VARCHAR(12) NOT NULL,
    word VARCHAR(80) NOT NULL,
    label_fr VARCHAR(250) NOT NULL,
    label_en VARCHAR(250) NOT NULL,
    PRIMARY KEY (plugin_id, kind, word)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Jobs plugins have given themselves and that have not ended: what the quota counts, and what a key stands for once.
CREATE TABLE plugin_jobs (
    id BINARY(16) NOT NULL PRIMARY KEY,
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BINARY(16) NOT NULL,
    kind VARCHAR(80) NOT NULL,
    dedupe_key VARCHAR(200) NULL,
    created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_plugin_jobs_key ON plugin_jobs (plugin_id, localisation_id, dedupe_key);

-- The next so many pure calls of a seat are recorded, and what has been recorded: a JSON line each.
CREATE TABLE plugin_recorders (
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BINARY(16) NOT NULL,
    wanted BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    asked_by BINARY(16) NULL REFERENCES users (id),
    PRIMARY KEY (plugin_id, localisation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE plugin_recordings (
    id BINARY(16) NOT NULL PRIMARY KEY,
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BINARY(16) NOT NULL,
    line MEDIUMTEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_plugin_recordings_seat ON plugin_recordings (plugin_id, localisation_id, id);
