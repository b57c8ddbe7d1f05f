-- A section's documents may have 256 KiB, and a line of the history what they were and what they are; SQLite knows no such limits.
ALTER TABLE opportunites MODIFY state MEDIUMTEXT NOT NULL;
ALTER TABLE historique MODIFY changes MEDIUMTEXT NULL;
