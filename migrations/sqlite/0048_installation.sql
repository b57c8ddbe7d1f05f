-- The id of this installation, made at its first start: one row. Keys in Redis begin with it.
CREATE TABLE installation (
    one BIGINT NOT NULL PRIMARY KEY,
    id BLOB NOT NULL
);
