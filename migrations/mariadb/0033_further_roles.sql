-- Further roles stand on a built-in one, whose id is what workflows and plugins see, and whose limits they keep.
ALTER TABLE roles ADD COLUMN stands_on VARCHAR(40) NULL AFTER id;
UPDATE roles SET stands_on = id;
ALTER TABLE roles MODIFY COLUMN stands_on VARCHAR(40) NOT NULL;
CREATE UNIQUE INDEX uq_roles_stands_on ON roles (id, stands_on);
ALTER TABLE roles ADD CONSTRAINT fk_roles_stands_on FOREIGN KEY (stands_on) REFERENCES roles (id);

-- A person has a role; `role` is the built-in one that it stands on, and the reference holds the two together.
ALTER TABLE users ADD COLUMN role_id VARCHAR(40) NULL;
UPDATE users SET role_id = role;
ALTER TABLE users MODIFY COLUMN role_id VARCHAR(40) NOT NULL;
CREATE INDEX ix_users_role ON users (role_id, role);
ALTER TABLE users ADD CONSTRAINT fk_users_role FOREIGN KEY (role_id, role) REFERENCES roles (id, stands_on);
