//! Storage on two engines with one SQL text per query: MariaDB in production, SQLite as the embedded default.
//!
//! A [`Db`] hands out [`Conn`]s for reading and [`Tx`]s for writing; a query is a [`sql`] text with `?` placeholders
//! and bound [`Value`]s that runs on either. The few things the engines say differently stand in [`dialect`]. This
//! crate knows no table: queries live beside the domain functions that need them.

mod conn;
pub mod dialect;
mod embedded;
mod error;
mod lane;
mod migrations;
mod pool;
mod query;
mod refusals;
mod row;
#[cfg(feature = "testing")]
pub mod testing;
mod value;

pub use conn::{Conn, Tx};
pub use error::DbError;
pub use pool::{AsContention, Backend, Db, PoolStats, retry};
pub use query::{Sql, sql};
pub use row::{Column, FromRow, Json, Row};
pub use value::Value;

/// How long a statement may take. What needs longer belongs into smaller steps; a caller who waits has gone by then,
/// and a server that does not answer must not keep requests.
pub(crate) const STATEMENT: std::time::Duration = std::time::Duration::from_secs(5);

/// Result of everything that talks to the database.
pub type Result<T, E = DbError> = std::result::Result<T, E>;
