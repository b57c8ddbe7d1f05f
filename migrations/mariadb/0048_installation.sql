-- The id of this installation, made at its first start: one row. Keys in Redis begin with it.
CREATE TABLE installation (
    one BIGINT NOT NULL PRIMARY KEY,
    id BINARY(16) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
