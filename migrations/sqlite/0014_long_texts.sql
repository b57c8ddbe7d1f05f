-- A section's documents may have 256 KiB, and a line of the history what they were and what they are; SQLite knows no such limits.
SELECT 1;
