//! Everything that a database held at one moment, read table by table in bounded memory, while others go on writing.

use std::ops::{Deref, DerefMut};

use crate::catalogue::{list, quoted};
use crate::conn::Inner;
use crate::{Backend, Conn, Db, FromRow, Result, Row, Table, Value, sql};

/// Bytes of a page, more or less.
const PAGE: usize = 2 << 20;
/// Most rows of a page.
const ROWS: u32 = 2_000;
/// Rows of the first page of a table, whose rows may be large.
const FIRST: u32 = 50;

/// The values of a row, in the order of the table's columns.
pub type Values = Vec<Value>;

/// A connection on which time stands still. It reads only.
pub struct Snapshot(Conn);

impl Db {
    /// What the database holds now: what is committed later is not seen.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let mut conn = self.read().await?;
        match &mut conn.0 {
            Inner::MariaDb(lease) => lease.begin_snapshot().await?,
            Inner::Sqlite(lease) => lease.begin_snapshot()?,
        }
        Ok(Snapshot(conn))
    }
}

impl Deref for Snapshot {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Snapshot {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Snapshot {
    /// The last number that the engine has given out for a table that it counts. It may be newer than the snapshot,
    /// never older.
    pub async fn position(&mut self, table: &Table) -> Result<Option<i64>> {
        if !table.counted {
            return Ok(None);
        }
        let query = match self.backend() {
            Backend::MariaDb => {
                sql("SELECT CAST(COALESCE(AUTO_INCREMENT, 1) AS SIGNED) - 1 FROM information_schema.TABLES \
                 WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?")
            }
            Backend::Sqlite => sql("SELECT seq FROM sqlite_sequence WHERE name = ?"),
        };
        Ok(Some(query.bind(&table.name).optional::<(i64,)>(self).await?.map_or(0, |(last,)| last)))
    }
}

/// Walks the rows of a table in the order of its primary key.
pub struct Pages<'t> {
    table: &'t Table,
    /// Where the columns of the key are in a row.
    places: Vec<usize>,
    /// The key of the last row.
    after: Option<Values>,
    rows: u32,
}

struct Whole(Values);

impl FromRow for Whole {
    fn from_row(row: &Row) -> Result<Self> {
        (0..row.len()).map(|place| row.at(place)).collect::<Result<_>>().map(Whole)
    }
}

impl<'t> Pages<'t> {
    pub fn of(table: &'t Table) -> Self {
        let place = |column: &String| table.columns.iter().position(|known| known == column);
        Pages { table, places: table.key.iter().filter_map(place).collect(), after: None, rows: FIRST }
    }

    /// The next rows. Empty at the end.
    pub async fn next(&mut self, conn: &mut Conn) -> Result<Vec<Values>> {
        let mut query = sql("SELECT ");
        query.push_owned(&list(&self.table.columns)).push(" FROM ").push_owned(&quoted(&self.table.name));
        if let Some(after) = &self.after {
            query.push(" WHERE ");
            beyond(&mut query, &self.table.key, after);
        }
        if !self.table.key.is_empty() {
            query.push(" ORDER BY ").push_owned(&list(&self.table.key));
            query.limit(self.rows);
        }
        let (mut rows, mut bytes) = (Vec::new(), 0);
        query
            .each(conn, |row| {
                let Whole(row) = Whole::from_row(&row)?;
                bytes += row.iter().map(Value::size).sum::<usize>();
                rows.push(row);
                Ok(bytes < PAGE || self.table.key.is_empty())
            })
            .await?;
        if let Some(last) = rows.last() {
            self.after = Some(self.places.iter().map(|place| last[*place].clone()).collect());
            self.rows = u32::try_from(PAGE * rows.len() / bytes.max(1)).unwrap_or(ROWS).clamp(1, ROWS);
        }
        Ok(rows)
    }
}

/// `(a, b) > (?, ?)`, written so that both engines enter the key's index with it.
fn beyond(query: &mut crate::Sql, key: &[String], after: &[Value]) {
    let (Some((column, rest)), Some((value, values))) = (key.split_first(), after.split_first()) else { return };
    let column = quoted(column);
    if rest.is_empty() {
        query.push_owned(&column).push(" > ?").arg(value);
        return;
    }
    query.push_owned(&column).push(" >= ? AND (").push_owned(&column).push(" > ? OR (").arg(value).arg(value);
    beyond(query, rest, values);
    query.push("))");
}
