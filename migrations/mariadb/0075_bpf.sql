-- What the training leads to and what it is about, for the « bilan pédagogique et financier » (`crm/bpf/cadres.toml`).
ALTER TABLE sessions ADD COLUMN objectif VARCHAR(20) NULL;
ALTER TABLE sessions ADD COLUMN specialite CHAR(3) NULL;
