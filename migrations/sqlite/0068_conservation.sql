-- What was chosen for a rule of how long personal data is kept. A rule without a row has its own years.
CREATE TABLE conservation (
    regle TEXT NOT NULL PRIMARY KEY,
    years INTEGER NOT NULL,
    -- Does the rule erase by itself?
    automatic BOOLEAN NOT NULL
);
