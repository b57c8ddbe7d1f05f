//! Fills an empty database with the rows of another one, whichever engine that was on.

use sqlx::raw_sql;

use crate::catalogue::{self, list, quoted};
use crate::conn::Inner;
use crate::snapshot::Values;
use crate::{Backend, Conn, Db, Result, migrations, sql};

/// Rows of one `INSERT`: most statements then have one of two texts.
const ROWS: usize = 100;
/// Placeholders of one statement. SQLite takes 32 766.
const PLACES: usize = 30_000;
/// While this table exists, the others are not whole.
const UNFINISHED: &str = "_unfinished_load";

/// A connection that fills a database. References are not followed meanwhile, so that tables come in any order.
pub struct Loader {
    conn: Conn,
    db: Db,
}

/// What a database holds before it is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// No table.
    Nothing,
    /// What a load that did not end has left.
    Unfinished,
    /// Tables that are in use.
    Tables,
}

impl Db {
    pub async fn content(&self) -> Result<Content> {
        let conn = &mut self.read().await?;
        if is_unfinished(conn).await? {
            return Ok(Content::Unfinished);
        }
        let empty =
            catalogue::tables(conn).await?.is_empty() && !catalogue::has_table(conn, "_sqlx_migrations").await?;
        Ok(if empty { Content::Nothing } else { Content::Tables })
    }

    /// Drops all tables and makes those of this migration, empty. Until [`Loader::finish`] no program takes the database.
    pub async fn loader(&self, schema: i64) -> Result<Loader> {
        let mut loader = Loader::open(self).await?;
        if let Inner::MariaDb(lease) = &mut loader.conn.0 {
            migrations::lock(lease).await?;
        }
        loader.run(&format!("CREATE TABLE IF NOT EXISTS {UNFINISHED} (one BIGINT NOT NULL PRIMARY KEY)")).await?;
        let mut tables: Vec<String> =
            catalogue::tables(&mut loader.conn).await?.into_iter().map(|table| table.name).collect();
        tables.push("_sqlx_migrations".to_owned());
        for table in tables {
            loader.run(&format!("DROP TABLE IF EXISTS {}", quoted(&table))).await?;
        }
        // SQLite has one connection that writes.
        loader.close().await;
        self.migrate_to(schema).await?;
        let mut loader = Loader::open(self).await?;
        // Rows that migrations have written are rows of the backup too.
        for table in catalogue::tables(&mut loader.conn).await? {
            loader.run(&format!("DELETE FROM {}", quoted(&table.name))).await?;
        }
        Ok(loader)
    }
}

/// Did a load begin here that has not ended?
pub(crate) async fn is_unfinished(conn: &mut Conn) -> Result<bool> {
    catalogue::has_table(conn, UNFINISHED).await
}

impl Loader {
    async fn open(db: &Db) -> Result<Loader> {
        let mut loader = Loader { conn: db.writer().await?, db: db.clone() };
        match loader.conn.backend() {
            Backend::MariaDb => {
                loader
                    .run(
                        "SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0, SESSION max_statement_time = 0, \
                         SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO')",
                    )
                    .await?;
            }
            Backend::Sqlite => loader.run("PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 5000").await?,
        }
        Ok(loader)
    }

    /// Writes rows of this table, whose values are in the order of these columns.
    pub async fn rows(&mut self, table: &str, columns: &[String], rows: Vec<Values>) -> Result<()> {
        let each = ROWS.min(PLACES / columns.len().max(1)).max(1);
        let group = format!("({})", vec!["?"; columns.len()].join(", "));
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut query = sql("INSERT INTO ");
            query.push_owned(&quoted(table)).push(" (").push_owned(&list(columns)).push(") VALUES ");
            for (nth, row) in rows.by_ref().take(each).enumerate() {
                query.push(if nth == 0 { "" } else { ", " }).push_owned(&group);
                for value in row {
                    query.arg(value);
                }
            }
            query.execute(&mut self.conn).await?;
        }
        if let Inner::Sqlite(lease) = &self.conn.0 {
            lease.fold_when_long();
        }
        Ok(())
    }

    /// The next number that the engine gives out for this table is greater than `last`.
    pub async fn position(&mut self, table: &str, last: i64) -> Result<()> {
        match self.conn.backend() {
            Backend::MariaDb => {
                let next = last.saturating_add(1);
                self.run(&format!("ALTER TABLE {} AUTO_INCREMENT = {next}", quoted(table))).await
            }
            Backend::Sqlite => {
                sql("DELETE FROM sqlite_sequence WHERE name = ?").bind(table).execute(&mut self.conn).await?;
                let insert = sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)").bind(table).bind(last);
                insert.execute(&mut self.conn).await.map(drop)
            }
        }
    }

    /// Brings the tables up to the newest migration. From now on programs take the database.
    pub async fn finish(self) -> Result<()> {
        let db = self.db.clone();
        self.close().await;
        db.migrate_to(migrations::NEWEST).await?;
        let mut loader = Loader::open(&db).await?;
        loader.run(&format!("DROP TABLE {UNFINISHED}")).await?;
        loader.close().await;
        Ok(())
    }

    /// A statement without values and without a time limit.
    async fn run(&mut self, text: &str) -> Result<()> {
        match &mut self.conn.0 {
            Inner::MariaDb(lease) => {
                let done = raw_sql(sqlx::AssertSqlSafe(text.to_owned())).execute(lease.conn()).await;
                lease.settle(done.map(drop).map_err(Into::into))
            }
            Inner::Sqlite(lease) => Ok(lease.conn().execute_batch(text)?),
        }
    }

    /// Ends the connection, and its settings with it.
    async fn close(self) {
        match self.conn.0 {
            Inner::MariaDb(lease) => migrations::unlock(lease).await,
            Inner::Sqlite(lease) => lease.discard(),
        }
    }
}
