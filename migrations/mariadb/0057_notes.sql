-- What people write about a record: notes, calls, meetings.
CREATE TABLE notes (
    id BINARY(16) NOT NULL PRIMARY KEY,
    -- `opportunites`, `entreprises`, `contacts`, `formateurs` or `sessions`, and the record.
    record_kind VARCHAR(20) NOT NULL,
    record_id BINARY(16) NOT NULL,
    -- note, appel or rendez-vous
    kind VARCHAR(20) NOT NULL,
    text TEXT NOT NULL,
    pinned BIGINT NOT NULL,
    -- When the call or the meeting took place; when a note was written.
    at BIGINT NOT NULL,
    author_id BINARY(16) NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_notes_record ON notes (record_kind, record_id, at);

-- The people that a note speaks to.
CREATE TABLE note_mentions (
    note_id BINARY(16) NOT NULL REFERENCES notes (id),
    user_id BINARY(16) NOT NULL REFERENCES users (id),
    PRIMARY KEY (note_id, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What somebody has to do, about a record or on its own.
CREATE TABLE taches (
    id BINARY(16) NOT NULL PRIMARY KEY,
    record_kind VARCHAR(20) NULL,
    record_id BINARY(16) NULL,
    title VARCHAR(300) NOT NULL,
    owner_id BINARY(16) NOT NULL REFERENCES users (id),
    due_on VARCHAR(10) NULL,
    -- The last due day of which the owner was reminded.
    reminded_on VARCHAR(10) NULL,
    done_at BIGINT NULL,
    done_by BINARY(16) NULL REFERENCES users (id),
    created_by BINARY(16) NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_taches_record ON taches (record_kind, record_id, id);
CREATE INDEX ix_taches_owner ON taches (owner_id, done_at, due_on);
CREATE INDEX ix_taches_due ON taches (due_on, done_at);
