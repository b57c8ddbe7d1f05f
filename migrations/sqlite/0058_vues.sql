-- Saved views of lists.
CREATE TABLE vues (
    id BLOB NOT NULL PRIMARY KEY,
    -- The list that it shows.
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    -- 0: for its owner only. 1: for the people of this role, of this site, of both, or for everybody.
    shared INTEGER NOT NULL,
    role_id TEXT NULL REFERENCES roles (id),
    localisation_id BLOB NULL REFERENCES localisations (id),
    -- Filters and sort by their names in the address of the list, a JSON array.
    query TEXT NOT NULL,
    -- Columns in their order with their widths, a JSON array; none: the usual ones.
    columns TEXT NULL,
    density TEXT NULL,
    -- Is it a tab above the list?
    pinned INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_vues_owner ON vues (owner_id, list);
CREATE INDEX ix_vues_list ON vues (list, shared);
CREATE INDEX ix_vues_role ON vues (role_id);
CREATE INDEX ix_vues_site ON vues (localisation_id);

-- The view with which a person's list opens.
CREATE TABLE vue_defaults (
    user_id BLOB NOT NULL REFERENCES users (id),
    list TEXT NOT NULL,
    vue_id BLOB NOT NULL REFERENCES vues (id),
    PRIMARY KEY (user_id, list)
);
CREATE INDEX ix_vue_defaults_vue ON vue_defaults (vue_id);
