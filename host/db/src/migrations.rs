//! The migration files, built into the binary (read from the folder in development builds).
//!
//! Not by sqlx's `migrate!`: its macros compile both drivers, SQLite and the TLS library a second time for the compiler's own
//! use, which is minutes of every first build.

use std::borrow::Cow;

use rust_embed::RustEmbed;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use crate::Backend;

#[derive(RustEmbed)]
#[folder = "../../migrations/mariadb"]
#[include = "*.sql"]
struct MariaDb;

#[derive(RustEmbed)]
#[folder = "../../migrations/sqlite"]
#[include = "*.sql"]
struct Sqlite;

/// The migrations of an engine, ready to be run. Fails for a file whose name is not `<number>_<words>.sql`.
pub(crate) fn of(backend: Backend) -> Result<Migrator, MigrateError> {
    let migrations = match backend {
        Backend::MariaDb => all::<MariaDb>()?,
        Backend::Sqlite => all::<Sqlite>()?,
    };
    Ok(Migrator::with_migrations(migrations))
}

fn all<Files: RustEmbed>() -> Result<Vec<Migration>, MigrateError> {
    Files::iter().map(|name| read::<Files>(&name).ok_or_else(|| MigrateError::Source(format!("migration {name} cannot be read").into()))).collect()
}

fn read<Files: RustEmbed>(name: &str) -> Option<Migration> {
    let (number, words) = name.strip_suffix(".sql")?.split_once('_')?;
    let text = String::from_utf8(Files::get(name)?.data.into_owned()).ok()?;
    let words = Cow::Owned(words.replace('_', " "));
    Some(Migration::new(number.parse().ok()?, words, MigrationType::Simple, AssertSqlSafe(text).into_sql_str(), false))
}
