//! Storage on two engines with one SQL text per query: MariaDB in production, SQLite as the embedded default.
//!
//! A [`Db`] gives [`Conn`]s for reading and [`Tx`]s for writing. A query is a [`sql`] text with `?` placeholders and
//! bound [`Value`]s, and runs on both. The few differences between the engines are in [`dialect`]. This crate knows no
//! table: queries are beside the domain functions that need them.

pub mod catalogue;
mod conn;
pub mod dialect;
mod embedded;
mod error;
mod inspect;
mod lane;
mod load;
mod meter;
mod migrations;
mod pool;
mod query;
mod refusals;
mod replica;
mod row;
mod snapshot;
mod standing;
pub mod stored;
#[cfg(feature = "testing")]
pub mod testing;
mod value;

pub use catalogue::Table;
pub use conn::{Conn, Tx};
pub use error::DbError;
pub use inspect::Server;
pub use load::{Content, Loader};
pub use meter::{Usage, metered, metered_alike};
pub use pool::{AsContention, Backend, Db, PoolStats, retry};
pub use query::{Sql, rounded, sql};
pub use replica::{NoPosition, Position, ReadDb};
pub use row::{Column, FromRow, Json, Newtype, Row, Unreadable};
pub use snapshot::{Pages, Snapshot, Values};
pub use standing::Standing;
pub use value::Value;

/// How long a statement may take. Longer work must be split into smaller steps. A waiting caller would be gone by then,
/// and a silent server must not block requests.
pub(crate) const STATEMENT: std::time::Duration = std::time::Duration::from_secs(5);

/// Result of everything that talks to the database.
pub type Result<T, E = DbError> = std::result::Result<T, E>;
