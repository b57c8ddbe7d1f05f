//! The migration files, built into the binary (read from the folder in development builds).
//!
//! Without sqlx's `migrate!`: its macros compile both drivers, SQLite and the TLS library a second time for the
//! compiler's own use, which adds minutes to every first build.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use rusqlite::params;
use rust_embed::RustEmbed;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use crate::embedded::Lease;
use crate::{Backend, DbError, lane};

#[derive(RustEmbed)]
#[folder = "../../migrations/mariadb"]
#[include = "*.sql"]
struct MariaDb;

#[derive(RustEmbed)]
#[folder = "../../migrations/sqlite"]
#[include = "*.sql"]
struct Sqlite;

/// The number for “all migrations”.
pub(crate) const NEWEST: i64 = i64::MAX;

/// The migrations of an engine up to this number. Fails for a file whose name is not `<number>_<words>.sql`.
pub(crate) fn of(backend: Backend, last: i64) -> Result<Migrator, MigrateError> {
    let mut migrations = match backend {
        Backend::MariaDb => all::<MariaDb>()?,
        Backend::Sqlite => all::<Sqlite>()?,
    };
    migrations.retain(|migration| migration.version <= last);
    Ok(Migrator::with_migrations(migrations))
}

/// Applies missing migrations on MariaDB, one process at a time. sqlx's own lock does not work there: it calls
/// `GET_LOCK(…, -1)`, MariaDB returns NULL, and sqlx does not check the result.
pub(crate) async fn run(mut lease: lane::Lease, last: i64) -> crate::Result<()> {
    let mut migrator = of(Backend::MariaDb, last)?;
    migrator.set_locking(false);
    let locked = lock(&mut lease).await;
    lease.settle(locked)?;
    let done = async {
        let conn = lease.conn();
        // Copying a large table takes long.
        sqlx::raw_sql("SET SESSION max_statement_time = 0").execute(&mut *conn).await?;
        Ok(migrator.run_direct(None, conn, false).await?)
    };
    let done = done.await;
    // Without this the next process would wait until the server notices that we left. The setting, and if this fails
    // the lock, end with the connection.
    let _ = lane::answered(sqlx::raw_sql("DO RELEASE_ALL_LOCKS()").execute(lease.conn())).await;
    lease.discard();
    done
}

/// How long the migrations of another process may take.
const MIGRATING: Duration = Duration::from_secs(30 * 60);

/// Waits for the lock of this database. It lasts as long as the connection.
async fn lock(lease: &mut lane::Lease) -> crate::Result<()> {
    let started = Instant::now();
    loop {
        // A hash, because lock names are short and all databases of a server share them.
        let asked = sqlx::query_scalar("SELECT GET_LOCK(CONCAT('afpi migrations ', MD5(DATABASE())), 2)");
        match lane::answered(asked.fetch_one(lease.conn())).await? {
            Some(1i64) => return Ok(()),
            Some(_) if started.elapsed() < MIGRATING => {
                tracing::info!("another process is bringing the database up to date; waiting for it");
            }
            Some(_) => return Err(DbError::Unavailable("another process has been migrating for too long".into())),
            None => return Err(DbError::Unavailable("the lock for migrations could not be taken".into())),
        }
    }
}

/// The same as sqlx's migrator on MariaDB, for SQLite: the same table and checks, and all missing migrations in one
/// transaction.
pub(crate) async fn run_embedded(mut lease: Lease, last: i64) -> crate::Result<()> {
    lease.begin().await?;
    let conn = lease.conn();
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
         installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)",
    )?;
    let applied: HashMap<i64, Vec<u8>> = conn
        .prepare("SELECT version, checksum FROM _sqlx_migrations")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let migrations = of(Backend::Sqlite, last)?;
    if let Some(version) = applied.keys().find(|version| !migrations.version_exists(**version)) {
        return Err(MigrateError::VersionMissing(*version).into());
    }
    for migration in migrations.iter() {
        match applied.get(&migration.version) {
            Some(checksum) if *checksum == *migration.checksum => {}
            Some(_) => return Err(MigrateError::VersionMismatch(migration.version).into()),
            None => {
                conn.execute_batch(migration.sql.as_str())?;
                conn.execute(
                    "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (?, ?, 1, ?, -1)",
                    params![migration.version, migration.description, &*migration.checksum],
                )?;
            }
        }
    }
    lease.end("COMMIT")
}

fn all<Files: RustEmbed>() -> Result<Vec<Migration>, MigrateError> {
    Files::iter()
        .map(|name| {
            read::<Files>(&name).ok_or_else(|| MigrateError::Source(format!("migration {name} cannot be read").into()))
        })
        .collect()
}

fn read<Files: RustEmbed>(name: &str) -> Option<Migration> {
    let (number, words) = name.strip_suffix(".sql")?.split_once('_')?;
    let text = String::from_utf8(Files::get(name)?.data.into_owned()).ok()?;
    let words = Cow::Owned(words.replace('_', " "));
    Some(Migration::new(number.parse().ok()?, words, MigrationType::Simple, AssertSqlSafe(text).into_sql_str(), false))
}
