-- Further roles stand on a built-in one, whose id is what workflows and plugins see, and whose limits they keep.
CREATE TABLE roles_new (
    id TEXT NOT NULL PRIMARY KEY,
    -- The built-in role; of a built-in one itself.
    stands_on TEXT NOT NULL REFERENCES roles (id),
    name_fr TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- How far its people see: `own`, `sites` or `network`.
    reach TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
INSERT INTO roles_new (id, stands_on, name_fr, name_en, reach, updated_at, version)
    SELECT id, id, name_fr, name_en, reach, updated_at, version FROM roles;
DROP TABLE roles;
ALTER TABLE roles_new RENAME TO roles;
CREATE UNIQUE INDEX uq_roles_stands_on ON roles (id, stands_on);

-- A person has a role; `role` is the built-in one that it stands on, and the reference holds the two together.
CREATE TABLE users_new (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    locale TEXT NOT NULL,
    -- Tokens issued before this instant are refused: moved forward on logout everywhere, new password, deactivation.
    tokens_from INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_login_at INTEGER NULL,
    version INTEGER NOT NULL,
    name_key BLOB NOT NULL DEFAULT x'',
    role_id TEXT NOT NULL,
    FOREIGN KEY (role_id, role) REFERENCES roles (id, stands_on)
);
INSERT INTO users_new (id, email, name, role, password_hash, active, locale, tokens_from, created_at, last_login_at, version, name_key, role_id)
    SELECT id, email, name, role, password_hash, active, locale, tokens_from, created_at, last_login_at, version, name_key, role FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
CREATE UNIQUE INDEX uq_users_email ON users (email);
CREATE INDEX ix_users_name_key ON users (name_key, id);
CREATE INDEX ix_users_role ON users (role_id, role);
