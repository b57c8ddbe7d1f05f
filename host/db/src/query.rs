//! Queries: a text of static pieces with `?` placeholders and bound values. Only `&'static str` can become text, so
//! user input cannot.

use std::fmt::Write as _;

use futures::TryStreamExt;
use sqlx::{Arguments, AssertSqlSafe, MySql, mysql::MySqlArguments};
use tokio::task::coop::consume_budget;

use crate::conn::Inner;
use crate::lane::answered;
use crate::meter::Statement;
use crate::row::Places;
use crate::{Conn, DbError, FromRow, Result, Row, Value};

/// A query under construction, to be run once.
#[derive(Debug, Clone, Default)]
#[must_use = "a query does nothing until it is run"]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

/// Starts a query.
pub fn sql(text: &'static str) -> Sql {
    Sql { text: text.to_owned(), values: Vec::new() }
}

/// The next length that statements have: a power of two, or a multiple of a large one.
pub fn rounded(length: usize) -> usize {
    const LARGE: usize = 256;
    if length < LARGE { length.next_power_of_two() } else { length.next_multiple_of(LARGE) }
}

impl Sql {
    /// The value of the next `?`.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// More text.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// The value of a `?` pushed before.
    pub fn arg(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self
    }

    /// `(?, ?, …)` with these values: one row of `VALUES`.
    pub fn row(&mut self, values: Vec<Value>) -> &mut Self {
        self.text.push('(');
        self.text.push_str(&vec!["?"; values.len()].join(", "));
        self.text.push(')');
        self.values.extend(values);
        self
    }

    /// `(?, ?, …)` with these values, for `IN`; `(NULL)` when there are none, which matches nothing. The last value is
    /// repeated up to a round number, so that lists of many lengths share a few prepared statements.
    pub fn list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.text.push('(');
        let before = self.values.len();
        for value in values {
            self.text.push_str(if self.values.len() == before { "?" } else { ", ?" });
            self.values.push(value.into());
        }
        match self.values.last().filter(|_| self.values.len() > before).cloned() {
            Some(last) => {
                for _ in self.values.len() - before..rounded(self.values.len() - before) {
                    self.text.push_str(", ?");
                    self.values.push(last.clone());
                }
            }
            None => self.text.push_str("NULL"),
        }
        self.text.push(')');
        self
    }

    /// The rows of a multi-row `INSERT … VALUES`: `(?, …), (?, …)`.
    pub fn rows<const N: usize>(&mut self, rows: impl IntoIterator<Item = [Value; N]>) -> &mut Self {
        let group = format!("({})", ["?"; N].join(", "));
        for (i, row) in rows.into_iter().enumerate() {
            if i > 0 {
                self.text.push_str(", ");
            }
            self.text.push_str(&group);
            self.values.extend(row);
        }
        self
    }

    /// `LIMIT n`.
    pub fn limit(&mut self, rows: u32) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = write!(self.text, " LIMIT {rows}");
        self
    }

    /// `EXPLAIN`, or on SQLite `EXPLAIN QUERY PLAN`, for this query.
    #[cfg(feature = "testing")]
    pub fn explained(mut self, backend: crate::Backend) -> Sql {
        let explain = if backend == crate::Backend::Sqlite { "EXPLAIN QUERY PLAN " } else { "EXPLAIN " };
        self.text.insert_str(0, explain);
        self
    }

    /// The text, with `?` for the values.
    #[cfg(feature = "testing")]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn push_owned(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends another query's text and values.
    pub fn append(&mut self, other: Sql) -> &mut Self {
        self.text.push_str(&other.text);
        self.values.extend(other.values);
        self
    }

    /// Runs a statement without a time limit, such as one that drops a database.
    #[cfg(feature = "testing")]
    pub(crate) async fn execute_unhurried(mut self, conn: &mut Conn) -> Result<u64> {
        if let Inner::MariaDb(lease) = &mut conn.0 {
            self.text.insert_str(0, "SET STATEMENT max_statement_time = 0 FOR ");
            let done = sqlx::raw_sql(AssertSqlSafe(self.text)).execute(lease.conn()).await;
            return lease.settle(done.map(|done| done.rows_affected()).map_err(DbError::from));
        }
        self.execute(conn).await
    }

    /// Runs it. Returns the number of changed rows.
    pub async fn execute(self, conn: &mut Conn) -> Result<u64> {
        let _counted = Statement::begins(conn.backend(), &self.text);
        match &mut conn.0 {
            Inner::MariaDb(lease) => {
                let args = mysql(&self.values)?;
                let done = answered(sqlx::query_with(AssertSqlSafe(self.text), args).execute(lease.conn())).await;
                lease.settle(done.map(|done| done.rows_affected()))
            }
            Inner::Sqlite(lease) => {
                consume_budget().await;
                lease.execute(&self.text, &self.values)
            }
        }
    }

    /// All rows.
    pub async fn all<T: FromRow>(self, conn: &mut Conn) -> Result<Vec<T>> {
        let mut out = Vec::new();
        self.each(conn, |row| {
            out.push(T::from_row(&row)?);
            Ok(true)
        })
        .await?;
        Ok(out)
    }

    /// The first row, if there is one.
    pub async fn optional<T: FromRow>(self, conn: &mut Conn) -> Result<Option<T>> {
        let mut out = None;
        self.each(conn, |row| {
            out = Some(T::from_row(&row)?);
            Ok(false)
        })
        .await?;
        Ok(out)
    }

    /// The first row, or [`DbError::NotFound`].
    pub async fn one<T: FromRow>(self, conn: &mut Conn) -> Result<T> {
        self.optional(conn).await?.ok_or(DbError::NotFound)
    }

    /// The first column of the first row.
    pub async fn scalar<T: crate::Column>(self, conn: &mut Conn) -> Result<T> {
        Ok(self.one::<(T,)>(conn).await?.0)
    }

    /// Calls `f` for each row without keeping rows. `false` stops.
    pub async fn each(self, conn: &mut Conn, mut f: impl FnMut(Row) -> Result<bool>) -> Result<()> {
        let places = Places::default();
        let _counted = Statement::begins(conn.backend(), &self.text);
        #[cfg(feature = "testing")]
        crate::testing::record(&self);
        match &mut conn.0 {
            Inner::MariaDb(lease) => {
                let args = mysql(&self.values)?;
                let mut rows = sqlx::query_with::<MySql, _>(AssertSqlSafe(self.text), args).fetch(lease.conn());
                let read = loop {
                    match answered(rows.try_next()).await {
                        Ok(Some(row)) => match f(Row::maria_db(&row, &places)) {
                            Ok(true) => {}
                            Ok(false) => break Ok(()),
                            Err(error) => break Err(error),
                        },
                        Ok(None) => break Ok(()),
                        Err(error) => break Err(error),
                    }
                };
                drop(rows);
                lease.settle(read)
            }
            Inner::Sqlite(lease) => {
                // A task whose statements never wait would block other tasks.
                consume_budget().await;
                lease.each(&self.text, &self.values, |row| f(Row::sqlite(row, &places)))
            }
        }
    }
}

fn mysql(values: &[Value]) -> Result<MySqlArguments> {
    let mut args = MySqlArguments::default();
    for value in values {
        match value {
            Value::Null => args.add(None::<i64>),
            Value::Int(v) => args.add(*v),
            Value::Float(v) => args.add(*v),
            Value::Text(v) => args.add(v.as_str()),
            Value::Bytes(v) => args.add(v.as_slice()),
        }
        .map_err(encode)?;
    }
    Ok(args)
}

fn encode(error: sqlx::error::BoxDynError) -> DbError {
    DbError::Other(error)
}
