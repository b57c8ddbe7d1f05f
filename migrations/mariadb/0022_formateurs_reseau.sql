-- Trainers of the network: every site may book them. It is decided for each; nobody is one at first.
ALTER TABLE formateurs ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;
