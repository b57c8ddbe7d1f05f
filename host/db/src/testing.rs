//! A new, migrated database per test, on both engines. MariaDB is used when `AFPI_TEST_MARIADB_URL` names a server on
//! which databases may be created (`make test` starts one). Each test gets its own database and drops it at the end.

use std::future::Future;

use crate::{Db, sql};

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

/// A migrated SQLite database in this directory.
pub async fn sqlite(dir: &tempfile::TempDir) -> Db {
    let db = open(dir).await;
    db.migrate().await.expect("migrate");
    db
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
    /// Creates and migrates it.
    pub async fn create(server: &str) -> MariaDb {
        let database = MariaDb::empty(server).await;
        database.db.migrate().await.expect("migrate");
        database
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
