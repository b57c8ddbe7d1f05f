-- Which records the search must read again, written in the transaction that changes them (`platform/search.rs`). Each
-- process follows it. Rows go after a day.
CREATE TABLE search_changes (
    seq BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind VARCHAR(20) NOT NULL,
    record_id BINARY(16) NOT NULL,
    at BIGINT NOT NULL
);
