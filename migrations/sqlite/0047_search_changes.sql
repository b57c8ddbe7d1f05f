-- Which records the search must read again, written in the transaction that changes them (`platform/search.rs`). Each
-- process follows it. Rows go after a day.
CREATE TABLE search_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    at INTEGER NOT NULL
);
