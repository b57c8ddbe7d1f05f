-- What the training leads to and what it is about, for the « bilan pédagogique et financier » (`crm/bpf/cadres.toml`).
ALTER TABLE sessions ADD COLUMN objectif TEXT NULL;
ALTER TABLE sessions ADD COLUMN specialite TEXT NULL;
