-- Saved views of lists.
CREATE TABLE vues (
    id BINARY(16) NOT NULL PRIMARY KEY,
    -- The list that it shows.
    list VARCHAR(20) NOT NULL,
    name VARCHAR(80) NOT NULL,
    owner_id BINARY(16) NOT NULL REFERENCES users (id),
    -- 0: for its owner only. 1: for the people of this role, of this site, of both, or for everybody.
    shared BIGINT NOT NULL,
    role_id VARCHAR(40) NULL REFERENCES roles (id),
    localisation_id BINARY(16) NULL REFERENCES localisations (id),
    -- Filters and sort by their names in the address of the list, a JSON array.
    query TEXT NOT NULL,
    -- Columns in their order with their widths, a JSON array; none: the usual ones.
    columns TEXT NULL,
    density VARCHAR(20) NULL,
    -- Is it a tab above the list?
    pinned BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_vues_owner ON vues (owner_id, list);
CREATE INDEX ix_vues_list ON vues (list, shared);
CREATE INDEX ix_vues_role ON vues (role_id);
CREATE INDEX ix_vues_site ON vues (localisation_id);

-- The view with which a person's list opens.
CREATE TABLE vue_defaults (
    user_id BINARY(16) NOT NULL REFERENCES users (id),
    list VARCHAR(20) NOT NULL,
    vue_id BINARY(16) NOT NULL REFERENCES vues (id),
    PRIMARY KEY (user_id, list)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_vue_defaults_vue ON vue_defaults (vue_id);
