//! The program of the version before works on the tables of each migration: what it reads is there, and what it writes is
//! taken. A migration for which this is not so says it in `compatibility.min_version`.

use std::collections::BTreeMap;

use rusqlite::Connection;

/// Since this migration the tables say which programs may use them.
const FIRST: i64 = 50;

/// The migrations up to now. Both folders end in one schema (`storage.rs`), so one engine is enough.
fn migrations() -> BTreeMap<i64, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/sqlite");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            let number = path.file_name().unwrap().to_str().unwrap().split('_').next().unwrap().parse().unwrap();
            (number, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// What a program can rely on: each column with its type, whether it may be empty, and whether it can be left out; each
/// key that must be unique.
#[derive(Debug, Default, Clone, PartialEq)]
struct Tables {
    columns: BTreeMap<(String, String), Column>,
    unique: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Column {
    kind: String,
    required: bool,
    default: bool,
}

fn tables(conn: &Connection) -> Tables {
    let mut tables = Tables::default();
    let mut columns = conn
        .prepare(
            "SELECT t.name, c.name, c.type, c.\"notnull\", c.dflt_value IS NOT NULL FROM sqlite_master t \
             JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
        )
        .unwrap();
    let rows = columns.query_map([], |row| {
        let column = Column { kind: row.get(2)?, required: row.get(3)?, default: row.get(4)? };
        Ok(((row.get(0)?, row.get(1)?), column))
    });
    tables.columns = rows.unwrap().map(Result::unwrap).collect();
    let mut unique = conn
        .prepare(
            "SELECT t.name || '(' || (SELECT group_concat(i.name, ',') FROM pragma_index_info(l.name) i) || ')', t.name \
             FROM sqlite_master t JOIN pragma_index_list(t.name) l WHERE t.type = 'table' AND l.\"unique\"",
        )
        .unwrap();
    let rows = unique.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    for row in rows.unwrap() {
        let (key, table) = row.unwrap();
        tables.unique.entry(table).or_default().push(key);
    }
    tables
}

/// What of these tables a program that was written for the older ones trips over.
fn breaks(older: &Tables, newer: &Tables) -> Vec<String> {
    let mut found = Vec::new();
    let known = |table: &String| older.columns.keys().any(|(of, _)| of == table);
    for ((table, name), before) in &older.columns {
        match newer.columns.get(&(table.clone(), name.clone())) {
            None => found.push(format!("{table}.{name} is gone")),
            Some(now) if now.kind != before.kind => found.push(format!("{table}.{name} has another type")),
            Some(now) if now.required && !before.required => {
                found.push(format!("{table}.{name} must not be empty now"))
            }
            Some(now) if before.default && !now.default && now.required => {
                found.push(format!("{table}.{name} has no default any more"));
            }
            Some(_) => {}
        }
    }
    for ((table, name), column) in &newer.columns {
        let new = !older.columns.contains_key(&(table.clone(), name.clone()));
        if new && known(table) && column.required && !column.default {
            found.push(format!("{table}.{name} is required, and older programs do not write it"));
        }
    }
    for (table, keys) in &newer.unique {
        let before = older.unique.get(table);
        for key in keys.iter().filter(|key| known(table) && !before.is_some_and(|before| before.contains(key))) {
            found.push(format!("{key} must be unique now"));
        }
    }
    found
}

/// The tables after each migration, with the version that they ask for.
fn history() -> Vec<(i64, Tables, i64)> {
    let conn = Connection::open_in_memory().unwrap();
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    let mut history = Vec::new();
    for (number, text) in migrations() {
        conn.execute_batch(&text).unwrap();
        let needs = conn.query_row("SELECT min_version FROM compatibility WHERE one = 1", [], |row| row.get(0));
        history.push((number, tables(&conn), needs.unwrap_or_default()));
    }
    history
}

#[test]
fn the_version_before_works_on_the_tables_of_each_migration() {
    let history = history();
    for step in history.windows(2) {
        let [(_, older, _), (number, newer, needs)] = step else { unreachable!() };
        if *number <= FIRST {
            continue;
        }
        let breaks = breaks(older, newer);
        assert!(
            breaks.is_empty() || needs == number,
            "migration {number} must set compatibility.min_version to {number}, or only add: {breaks:?}"
        );
    }
    let (newest, _, needs) = history.last().unwrap();
    assert!((FIRST..=*newest).contains(needs), "{needs}");
}

#[test]
fn what_an_older_program_trips_over_is_found() {
    let older = "CREATE TABLE a (id BLOB NOT NULL PRIMARY KEY, x TEXT NOT NULL DEFAULT '', y TEXT NULL)";
    for (words, change) in [
        ("", "CREATE TABLE b (id BLOB NOT NULL PRIMARY KEY, z TEXT NOT NULL)"),
        ("", "ALTER TABLE a ADD COLUMN z TEXT NULL"),
        ("", "ALTER TABLE a ADD COLUMN z TEXT NOT NULL DEFAULT 'z'"),
        ("", "CREATE INDEX ix_a_y ON a (y)"),
        ("a.y is gone", "ALTER TABLE a DROP COLUMN y"),
        ("a.y is gone", "ALTER TABLE a RENAME COLUMN y TO z"),
        ("a.id is gone", "ALTER TABLE a RENAME TO b"),
        ("a.id is gone", "DROP TABLE a"),
        ("(y) must be unique", "CREATE UNIQUE INDEX uq_a_y ON a (y)"),
        (
            "must not be empty",
            "DROP TABLE a; CREATE TABLE a (id BLOB NOT NULL PRIMARY KEY, x TEXT NOT NULL DEFAULT '', y TEXT NOT NULL)",
        ),
        (
            "another type",
            "DROP TABLE a; CREATE TABLE a (id BLOB NOT NULL PRIMARY KEY, x INTEGER NOT NULL DEFAULT 0, y TEXT)",
        ),
        ("no default", "DROP TABLE a; CREATE TABLE a (id BLOB NOT NULL PRIMARY KEY, x TEXT NOT NULL, y TEXT NULL)"),
        (
            "do not write it",
            "DROP TABLE a; CREATE TABLE a (id BLOB NOT NULL PRIMARY KEY, x TEXT NOT NULL DEFAULT '', y TEXT, z TEXT NOT NULL)",
        ),
    ] {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(older).unwrap();
        let before = tables(&conn);
        conn.execute_batch(change).unwrap();
        let found = breaks(&before, &tables(&conn)).join("; ");
        assert!(if words.is_empty() { found.is_empty() } else { found.contains(words) }, "{change}: {found}");
    }
    // Early migrations have removed columns: they are found too.
    let history = history();
    let third = history.iter().position(|(number, ..)| *number == 3).unwrap();
    assert!(breaks(&history[third - 1].1, &history[third].1).iter().any(|found| found == "plugins.component is gone"));
}
