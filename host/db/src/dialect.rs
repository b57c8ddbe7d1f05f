//! The differences between MariaDB and SQLite. No other file knows them.

use crate::{Backend, Conn, Sql, Value, sql};

/// Appended to an `INSERT … VALUES …`, it updates an existing row instead. `key` names the columns of the unique key,
/// `columns` the columns to update from the new row.
pub fn upsert(query: &mut Sql, backend: Backend, key: &[&'static str], columns: &[&'static str]) {
    match backend {
        Backend::MariaDb => {
            query.push_owned(" ON DUPLICATE KEY UPDATE ");
            join(query, columns, |c| format!("{c} = VALUES({c})"));
        }
        Backend::Sqlite => {
            query.push_owned(" ON CONFLICT (").push_owned(&key.join(", ")).push_owned(") DO UPDATE SET ");
            join(query, columns, |c| format!("{c} = excluded.{c}"));
        }
    }
}

fn join(query: &mut Sql, columns: &[&'static str], each: impl Fn(&str) -> String) {
    let parts: Vec<String> = columns.iter().map(|c| each(c)).collect();
    query.push_owned(&parts.join(", "));
}

/// Adds `by` to a row's counter and returns the new value. Creates a missing row that starts from 0. `key` names the
/// columns of the unique key and their values.
pub fn count_up<const N: usize>(
    backend: Backend,
    table: &'static str,
    key: [(&'static str, Value); N],
    counter: &'static str,
    by: i64,
) -> Sql {
    let columns = key.each_ref().map(|(column, _)| *column).join(", ");
    let mut query = sql("INSERT INTO ");
    query.push(table).push_owned(&format!(" ({columns}, {counter}) VALUES ({}?)", "?, ".repeat(N)));
    for (_, value) in key {
        query.arg(value);
    }
    query.arg(by);
    query.push_owned(&match backend {
        Backend::MariaDb => {
            format!(" ON DUPLICATE KEY UPDATE {counter} = {counter} + VALUES({counter}) RETURNING {counter}")
        }
        Backend::Sqlite => {
            format!(
                " ON CONFLICT ({columns}) DO UPDATE SET {counter} = {counter} + excluded.{counter} RETURNING {counter}"
            )
        }
    });
    query
}

/// An `INSERT` that skips existing rows.
pub fn insert_or_ignore(backend: Backend) -> Sql {
    sql(match backend {
        Backend::MariaDb => "INSERT IGNORE",
        Backend::Sqlite => "INSERT OR IGNORE",
    })
}

/// Locks the selected rows until the end of the transaction. On SQLite only one transaction writes at a time anyway.
pub fn for_update(backend: Backend) -> &'static str {
    match backend {
        Backend::MariaDb => " FOR UPDATE",
        Backend::Sqlite => "",
    }
}

/// Locks the selected rows and skips rows that others have locked.
pub fn for_update_skip_locked(backend: Backend) -> &'static str {
    match backend {
        Backend::MariaDb => " FOR UPDATE SKIP LOCKED",
        Backend::Sqlite => "",
    }
}

/// Appended to a table's name, it forces this index. With `FOR UPDATE … LIMIT` a sort instead of the index would lock
/// every sorted row.
pub fn by_index(query: &mut Sql, backend: Backend, index: &'static str) {
    match backend {
        Backend::MariaDb => query.push(" FORCE INDEX (").push(index).push(")"),
        Backend::Sqlite => query.push(" INDEXED BY ").push(index),
    };
}

/// `SUM` over an integer column as an integer, 0 for no rows.
pub fn sum(column: &'static str) -> Sql {
    // MariaDB returns DECIMAL for SUM(int). SQLite reads SIGNED as INTEGER.
    let mut query = sql("CAST(COALESCE(SUM(");
    query.push(column).push("), 0) AS SIGNED)");
    query
}

/// Columns of every table as `table.column nullable`, sorted: the two migration folders must agree on them.
pub async fn schema(conn: &mut Conn) -> crate::Result<Vec<String>> {
    let query = match conn.backend() {
        Backend::MariaDb => {
            sql("SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME, IF(IS_NULLABLE = 'YES', ' null', '')) AS c \
             FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> '_sqlx_migrations' ORDER BY 1")
        }
        Backend::Sqlite => sql(
            "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 THEN ' null' ELSE '' END AS c \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name <> '_sqlx_migrations' \
             AND t.name NOT LIKE 'sqlite_%' ORDER BY 1",
        ),
    };
    let mut columns: Vec<String> = query.all::<(String,)>(conn).await?.into_iter().map(|r| r.0).collect();
    columns.sort();
    Ok(columns)
}

/// Indexes with their columns as `table.index(columns) unique`, sorted, without primary keys and keys that the engine
/// creates itself.
pub async fn indexes(conn: &mut Conn) -> crate::Result<Vec<String>> {
    let query = match conn.backend() {
        Backend::MariaDb => sql(
            "SELECT CONCAT(TABLE_NAME, '.', INDEX_NAME, '(', GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX SEPARATOR ','), ')', \
             IF(NON_UNIQUE = 0, ' unique', '')) AS c FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() \
             AND (INDEX_NAME LIKE 'ix\\_%' OR INDEX_NAME LIKE 'uq\\_%') GROUP BY TABLE_NAME, INDEX_NAME, NON_UNIQUE",
        ),
        Backend::Sqlite => sql(
            "SELECT m.tbl_name || '.' || m.name || '(' || (SELECT group_concat(i.name, ',') FROM pragma_index_info(m.name) i) || ')' \
             || CASE WHEN m.sql LIKE 'CREATE UNIQUE%' THEN ' unique' ELSE '' END AS c FROM sqlite_master m \
             WHERE m.type = 'index' AND m.sql IS NOT NULL",
        ),
    };
    let mut indexes: Vec<String> = query.all::<(String,)>(conn).await?.into_iter().map(|r| r.0).collect();
    indexes.sort();
    Ok(indexes)
}
