//! The tables of a database, as its engine describes them: for what treats all of them alike, such as a backup.

use std::collections::BTreeMap;

use crate::{Backend, Conn, Result, sql};

/// A table. Both engines describe a table of the same migrations in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    /// In the order of their names, which engines and later columns do not change. Without those that the engine
    /// computes.
    pub columns: Vec<String>,
    /// The columns of the primary key, in its order.
    pub key: Vec<String>,
    /// Does the engine give out the numbers of its key?
    pub counted: bool,
}

crate::row! {
    struct Described { tbl: String, col: String, counted: bool }
}

/// All tables, by name. Those whose name begins with `_` belong to the machinery and are left out.
pub async fn tables(conn: &mut Conn) -> Result<Vec<Table>> {
    // MariaDB opens every table for each of these views, and again for each row of a join of them.
    let (tables, columns, keys) = match conn.backend() {
        Backend::MariaDb => (
            "SELECT TABLE_NAME FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND LEFT(TABLE_NAME, 1) <> '_'",
            "SELECT TABLE_NAME AS tbl, COLUMN_NAME AS col, EXTRA = 'auto_increment' AS counted \
             FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND EXTRA NOT LIKE '%GENERATED%' ORDER BY 1, 2",
            "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS \
             WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME = 'PRIMARY' ORDER BY TABLE_NAME, SEQ_IN_INDEX",
        ),
        // `hidden` is 0 for columns that are stored as they are given.
        Backend::Sqlite => (
            "SELECT name FROM sqlite_master \
             WHERE type = 'table' AND substr(name, 1, 1) <> '_' AND substr(name, 1, 7) <> 'sqlite_'",
            "SELECT t.name AS tbl, c.name AS col, c.pk > 0 AND upper(t.sql) LIKE '%AUTOINCREMENT%' AS counted \
             FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND c.hidden = 0 ORDER BY 1, 2",
            "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c \
             WHERE t.type = 'table' AND c.pk > 0 ORDER BY t.name, c.pk",
        ),
    };
    let names = sql(tables).all::<(String,)>(conn).await?.into_iter();
    let table = |name: String| Table { name, columns: Vec::new(), key: Vec::new(), counted: false };
    let mut tables: BTreeMap<String, Table> = names.map(|(name,)| (name.clone(), table(name))).collect();
    for row in sql(columns).all::<Described>(conn).await? {
        if let Some(table) = tables.get_mut(&row.tbl) {
            table.columns.push(row.col);
            table.counted |= row.counted;
        }
    }
    for (table, column) in sql(keys).all::<(String, String)>(conn).await? {
        if let Some(table) = tables.get_mut(&table) {
            table.key.push(column);
        }
    }
    // The engines' own orders of names may differ.
    tables.values_mut().for_each(|table| table.columns.sort());
    Ok(tables.into_values().collect())
}

/// Is there a table of this name?
pub(crate) async fn has_table(conn: &mut Conn, name: &str) -> Result<bool> {
    let query = match conn.backend() {
        Backend::MariaDb => {
            sql("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?")
        }
        Backend::Sqlite => sql("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?"),
    };
    Ok(query.bind(name).scalar::<i64>(conn).await? > 0)
}

/// A name in a statement. Names come from the engine itself. Both engines take MariaDB's quotes.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Names in a statement, with commas.
pub(crate) fn list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}
