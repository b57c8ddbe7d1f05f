-- Who answers for the version that is or was last active: core, unsigned or the id of a key. Secrets and notes are his.
ALTER TABLE plugins ADD COLUMN signer TEXT NOT NULL DEFAULT '';
UPDATE plugins SET signer = COALESCE((SELECT CASE WHEN v.key_id = '' THEN v.level ELSE v.key_id END FROM plugin_versions v
    WHERE v.plugin_id = plugins.id AND v.version = plugins.settings_version), '');
