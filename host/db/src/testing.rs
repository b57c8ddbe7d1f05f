//! A new, migrated database per test, on both engines. MariaDB is used when `AFPI_TEST_MARIADB_URL` names a server on
//! which databases may be created (`make test` starts one). Each test gets its own database and drops it at the end.

use std::fmt::Write;
use std::future::Future;
use std::hash::{Hash, Hasher};

use sqlx::AssertSqlSafe;
use tokio::sync::OnceCell;

use crate::conn::Inner;
use crate::{Backend, Conn, Db, sql};

/// Runs the test body on SQLite and, if a server is given, on MariaDB.
pub async fn on_both<F, Fut>(body: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    let dir = tempfile::tempdir().expect("temporary directory");
    let db = sqlite(&dir).await;
    body(db.clone()).await;
    db.close().await;

    if let Some(url) = mariadb_url() {
        let database = MariaDb::create(&url).await;
        body(database.db.clone()).await;
        database.drop().await;
    }
}

/// The same on a database in the state after this migration, for tests of later ones.
pub async fn on_both_as_of<F, Fut>(migration: i64, body: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    let dir = tempfile::tempdir().expect("temporary directory");
    let db = open(&dir).await;
    db.migrate_to(migration).await.expect("migrate");
    body(db.clone()).await;
    db.close().await;

    if let Some(url) = mariadb_url() {
        let database = MariaDb::empty(&url).await;
        database.db.migrate_to(migration).await.expect("migrate");
        body(database.db.clone()).await;
        database.drop().await;
    }
}

/// The MariaDB server for tests, e.g. `mysql://root@127.0.0.1:3307`.
pub fn mariadb_url() -> Option<String> {
    std::env::var("AFPI_TEST_MARIADB_URL").ok().filter(|url| !url.is_empty())
}

/// A migrated SQLite database in this directory: a copy of one that each process migrates once.
pub async fn sqlite(dir: &tempfile::TempDir) -> Db {
    static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let migrated = MIGRATED.get_or_init(|| async {
        let first = tempfile::tempdir().expect("temporary directory");
        let db = open(&first).await;
        db.migrate().await.expect("migrate");
        db.close().await;
        std::fs::read(first.path().join("test.db")).expect("the file of the database")
    });
    if dir.path().join("test.db").exists() { open(dir).await } else { sqlite_copy(dir, migrated.await).await }
}

/// A SQLite database in this directory with this content: that of a database's file after its last connection closed.
pub async fn sqlite_copy(dir: &tempfile::TempDir, content: &[u8]) -> Db {
    std::fs::write(dir.path().join("test.db"), content).expect("a copy");
    open(dir).await
}

async fn open(dir: &tempfile::TempDir) -> Db {
    Db::connect(&format!("sqlite://{}", dir.path().join("test.db").display()), 4).await.expect("open")
}

/// A database of its own on the test server.
pub struct MariaDb {
    pub db: Db,
    pub url: String,
    name: String,
    admin: Db,
}

impl MariaDb {
    /// Creates it, migrated: with the tables and rows of a database that the first test on this server migrates.
    /// Running all migrations anew would take longer than most tests.
    pub async fn create(server: &str) -> MariaDb {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        MariaDb::copy(server, TEMPLATE.get_or_init(|| migrated(server)).await).await
    }

    /// Creates it with what these statements make: those of [`MariaDb::copying`].
    pub async fn copy(server: &str, statements: &str) -> MariaDb {
        let database = MariaDb::empty(server).await;
        let mut conn = database.db.read().await.expect("connection");
        raw(&mut conn, statements.to_owned()).await;
        drop(conn);
        database
    }

    /// Statements that copy this database as long as it stands.
    pub async fn copying(&self) -> String {
        copying(&self.db, &self.name).await
    }

    /// Creates it, with no table.
    pub async fn empty(server: &str) -> MariaDb {
        let name = format!("t_{}", uuid::Uuid::now_v7().simple());
        let admin = Db::connect(&format!("{}/mysql", server.trim_end_matches('/')), 1).await.expect("server");
        let mut create = sql("CREATE DATABASE ");
        create.push_owned(&name);
        create.execute_unhurried(&mut admin.read().await.expect("connection")).await.expect("create database");
        let url = format!("{}/{name}", server.trim_end_matches('/'));
        let db = Db::connect(&url, 8).await.expect("open");
        MariaDb { db, url, name, admin }
    }

    /// Drops it.
    pub async fn drop(self) {
        self.db.close().await;
        let mut drop = sql("DROP DATABASE ");
        drop.push_owned(&self.name);
        drop.execute_unhurried(&mut self.admin.read().await.expect("connection")).await.expect("drop database");
        self.admin.close().await;
    }
}

/// The statements that copy the migrated database of this server. Its name says which migrations made it.
async fn migrated(server: &str) -> String {
    let migrations = crate::migrations::of(Backend::MariaDb, crate::migrations::NEWEST).expect("migrations");
    let mut hash = std::hash::DefaultHasher::new();
    migrations.iter().for_each(|migration| migration.checksum.hash(&mut hash));
    let name = format!("t_template_{:016x}", hash.finish());
    let server = server.trim_end_matches('/');
    let admin = Db::connect(&format!("{server}/mysql"), 1).await.expect("server");
    raw(&mut admin.read().await.expect("connection"), format!("CREATE DATABASE IF NOT EXISTS {name}")).await;
    admin.close().await;
    let db = Db::connect(&format!("{server}/{name}"), 2).await.expect("open");
    db.migrate().await.expect("migrate");
    let statements = copying(&db, &name).await;
    db.close().await;
    statements
}

async fn copying(db: &Db, name: &str) -> String {
    let mut conn = db.read().await.expect("connection");
    let tables = sql("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
    let mut copy = "SET foreign_key_checks = 0; ".to_owned();
    for (table,) in tables.all::<(String,)>(&mut conn).await.expect("tables") {
        let mut show = sql("SHOW CREATE TABLE ");
        show.push_owned(&table);
        show.each(&mut conn, |row| {
            let _ = write!(copy, "{}; INSERT INTO {table} SELECT * FROM {name}.{table}; ", row.at::<String>(1)?);
            Ok(true)
        })
        .await
        .expect("a table");
    }
    copy + "SET foreign_key_checks = 1"
}

/// Runs several statements.
async fn raw(conn: &mut Conn, text: String) {
    let Inner::MariaDb(lease) = &mut conn.0 else { panic!("not MariaDB") };
    let done = sqlx::raw_sql(AssertSqlSafe(text)).execute(lease.conn()).await;
    lease.settle(done.map(drop).map_err(crate::DbError::from)).expect("statements");
}

tokio::task_local! {
    static RECORD: std::sync::Mutex<Vec<crate::Sql>>;
}

/// Runs the work, and returns the queries that it made, without those of tasks that it started.
pub async fn recorded<T>(work: impl Future<Output = T>) -> (T, Vec<crate::Sql>) {
    RECORD
        .scope(std::sync::Mutex::default(), async {
            let result = work.await;
            let made = RECORD.with(|made| std::mem::take(&mut *made.lock().expect("nobody panics with it")));
            (result, made)
        })
        .await
}

pub(crate) fn record(query: &crate::Sql) {
    let _ = RECORD.try_with(|made| made.lock().expect("nobody panics with it").push(query.clone()));
}
