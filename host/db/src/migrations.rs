//! The migration files, built into the binary (read from the folder in development builds).
//!
//! Without sqlx's `migrate!`: its macros compile both drivers, SQLite and the TLS library a second time for the
//! compiler's own use, which adds minutes to every first build.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
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

/// The numbers of an engine's migrations.
pub(crate) fn numbers(backend: Backend) -> Result<BTreeSet<i64>, MigrateError> {
    Ok(of(backend, NEWEST)?.iter().map(|migration| migration.version).collect())
}

/// Applies missing migrations on MariaDB, one process at a time. sqlx's own lock does not work there: it calls
/// `GET_LOCK(…, -1)`, MariaDB returns NULL, and sqlx does not check the result.
pub(crate) async fn run(mut lease: lane::Lease, last: i64) -> crate::Result<()> {
    let mut migrator = of(Backend::MariaDb, last)?;
    migrator.set_locking(false);
    lock(&mut lease).await?;
    let done = async {
        let conn = lease.conn();
        // Copying a large table takes long.
        sqlx::raw_sql("SET SESSION max_statement_time = 0").execute(&mut *conn).await?;
        Ok(migrator.run_direct(None, conn, false).await?)
    };
    let done = done.await;
    unlock(lease).await;
    done
}

/// Ends the connection that has the lock. Without the first line the next process would wait until the server notices
/// that we left. Settings, and if it fails the lock, end with the connection.
pub(crate) async fn unlock(mut lease: lane::Lease) {
    let _ = lane::answered(sqlx::raw_sql("DO RELEASE_ALL_LOCKS()").execute(lease.conn())).await;
    lease.discard();
}

/// How long the migrations of another process may take.
const MIGRATING: Duration = Duration::from_secs(30 * 60);

/// Waits for the lock of this database. It lasts as long as the connection. Whoever migrates has it, also one whose
/// program was killed and whose last statements the server still works on.
pub(crate) async fn lock(lease: &mut lane::Lease) -> crate::Result<()> {
    let started = Instant::now();
    loop {
        // A hash, because lock names are short and all databases of a server share them.
        let asked = sqlx::query_scalar("SELECT GET_LOCK(CONCAT('afpi migrations ', MD5(DATABASE())), 2)");
        let answer = lane::answered(asked.fetch_one(lease.conn())).await;
        match lease.settle(answer)? {
            Some(1i64) => return Ok(()),
            Some(_) if started.elapsed() < MIGRATING => {
                tracing::info!("another process is bringing the database up to date; waiting for it");
            }
            Some(_) => return Err(DbError::Unavailable("another process has been migrating for too long".into())),
            None => return Err(DbError::Unavailable("the lock for migrations could not be taken".into())),
        }
    }
}

/// What sqlx's migrator does on MariaDB, for SQLite: the same table and checks, and everything that is missing in one
/// transaction. References are not followed meanwhile, so that a migration can build a table anew; they are checked
/// before the commit. The connection is not used again.
pub(crate) async fn run_embedded(mut lease: Lease, last: i64) -> crate::Result<()> {
    // Inside a transaction the engine would ignore this.
    lease.conn().pragma_update(None, "foreign_keys", false)?;
    lease.begin().await?;
    let done = of(Backend::Sqlite, last).map_err(Into::into).and_then(|all| apply_missing(lease.conn(), &all));
    lease.discard();
    done
}

fn apply_missing(conn: &Connection, migrations: &Migrator) -> crate::Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
         installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)",
    )?;
    let applied: HashMap<i64, Vec<u8>> = conn
        .prepare("SELECT version, checksum FROM _sqlx_migrations")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    if let Some(version) = applied.keys().find(|version| !migrations.version_exists(**version)) {
        return Err(MigrateError::VersionMissing(*version).into());
    }
    let mut last = None;
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
                last = Some(migration.version);
            }
        }
    }
    if let Some(version) = last {
        let dangling =
            conn.query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| row.get::<_, i64>(0))?;
        if dangling > 0 {
            return Err(DbError::ForeignKey(format!("{dangling} rows point nowhere after migration {version}")));
        }
    }
    Ok(conn.execute_batch("COMMIT")?)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Brings a database up to this migration, as [`run_embedded`] does.
    fn up_to(conn: &Connection, last: i64) -> crate::Result<()> {
        conn.pragma_update(None, "foreign_keys", false)?;
        conn.execute_batch("BEGIN")?;
        apply_missing(conn, &of(Backend::Sqlite, last)?)?;
        Ok(conn.pragma_update(None, "foreign_keys", true)?)
    }

    #[test]
    fn a_table_that_is_built_anew_keeps_its_rows_and_what_refers_to_them() {
        let conn = Connection::open_in_memory().unwrap();
        up_to(&conn, 32).unwrap();
        conn.execute_batch(
            "INSERT INTO entites_legales (id, name) VALUES (x'01', 'AFPI');
             INSERT INTO localisations (id, code, name, city, region, entite_legale_id) VALUES (x'02', 'A', 'A', 'A', 'A', x'01');
             INSERT INTO users (id, email, name, role, password_hash, active, locale, tokens_from, created_at, version, name_key)
                 VALUES (x'03', 'a@b.fr', 'A', 'manager', 'h', 1, 'fr', 5, 6, 7, x'61');
             INSERT INTO user_localisations (user_id, localisation_id) VALUES (x'03', x'02');
             UPDATE roles SET version = 4 WHERE id = 'manager';",
        )
        .unwrap();
        up_to(&conn, 33).unwrap();
        let one = |text: &str| conn.query_row(text, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(
            one(
                "SELECT role_id || role || email || password_hash || tokens_from || created_at || version || hex(name_key) FROM users"
            ),
            "managermanagera@b.frh56761"
        );
        assert_eq!(one("SELECT COUNT(*) || '' FROM user_localisations"), "1");
        assert_eq!(one("SELECT stands_on || version FROM roles WHERE id = 'manager'"), "manager4");
        assert_eq!(
            one("SELECT COUNT(*) || '' FROM role_actions WHERE role_id = 'manager' AND action = 'users:read'"),
            "1"
        );
        // The references hold as before: what hangs on a person goes with him, and his role stays.
        assert!(conn.execute("DELETE FROM roles WHERE id = 'manager'", []).is_err());
        assert!(conn.execute("UPDATE users SET role = 'admin'", []).is_err());
        conn.execute("DELETE FROM users", []).unwrap();
        assert_eq!(one("SELECT COUNT(*) || '' FROM user_localisations"), "0");
    }

    #[test]
    fn a_migration_that_leaves_rows_pointing_nowhere_is_refused() {
        let conn = Connection::open_in_memory().unwrap();
        up_to(&conn, 33).unwrap();
        let text = AssertSqlSafe("DELETE FROM roles WHERE id = 'manager'".to_owned()).into_sql_str();
        let wrong = Migration::new(99, "wrong".into(), MigrationType::Simple, text, false);
        let all = of(Backend::Sqlite, 33).unwrap();
        let all = Migrator::with_migrations(all.iter().cloned().chain([wrong]).collect());
        conn.pragma_update(None, "foreign_keys", false).unwrap();
        conn.execute_batch("BEGIN").unwrap();
        let refused = apply_missing(&conn, &all).unwrap_err();
        assert!(matches!(refused, DbError::ForeignKey(_)), "{refused}");
    }
}
