-- What people write about a record: notes, calls, meetings.
CREATE TABLE notes (
    id BLOB NOT NULL PRIMARY KEY,
    -- `opportunites`, `entreprises`, `contacts`, `formateurs` or `sessions`, and the record.
    record_kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    -- note, appel or rendez-vous
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    pinned INTEGER NOT NULL,
    -- When the call or the meeting took place; when a note was written.
    at INTEGER NOT NULL,
    author_id BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_notes_record ON notes (record_kind, record_id, at);

-- The people that a note speaks to.
CREATE TABLE note_mentions (
    note_id BLOB NOT NULL REFERENCES notes (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (note_id, user_id)
);

-- What somebody has to do, about a record or on its own.
CREATE TABLE taches (
    id BLOB NOT NULL PRIMARY KEY,
    record_kind TEXT NULL,
    record_id BLOB NULL,
    title TEXT NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id),
    due_on TEXT NULL,
    -- The last due day of which the owner was reminded.
    reminded_on TEXT NULL,
    done_at INTEGER NULL,
    done_by BLOB NULL REFERENCES users (id),
    created_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_taches_record ON taches (record_kind, record_id, id);
CREATE INDEX ix_taches_owner ON taches (owner_id, done_at, due_on);
CREATE INDEX ix_taches_due ON taches (due_on, done_at);
