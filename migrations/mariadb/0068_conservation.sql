-- What was chosen for a rule of how long personal data is kept. A rule without a row has its own years.
CREATE TABLE conservation (
    regle VARCHAR(40) NOT NULL PRIMARY KEY,
    years BIGINT NOT NULL,
    -- Does the rule erase by itself?
    automatic BOOLEAN NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
