//! What somebody who checks an installation wants to know of its database.

use crate::{Backend, Db, Result, sql};

/// What a MariaDB server says of itself.
#[derive(Debug, Clone)]
pub struct Server {
    pub version: String,
    /// Host, port and number: equal for two addresses of one server.
    pub identity: String,
    pub read_only: bool,
    /// The place in the primary's sequence of transactions; empty for a server that never was a replica.
    pub replicated: String,
    pub max_connections: u32,
    /// Is each commit on the disk before it is acknowledged?
    pub durable: bool,
}

impl Db {
    /// Asks the server. `None` for SQLite, which has none.
    pub async fn server(&self) -> Result<Option<Server>> {
        if self.backend() == Backend::Sqlite {
            return Ok(None);
        }
        let asked =
            sql("SELECT VERSION(), CONCAT(@@hostname, ':', @@port, ' ', @@server_id), CAST(@@read_only AS SIGNED), \
             CAST(@@gtid_slave_pos AS CHAR), CAST(@@max_connections AS SIGNED), \
             CAST(@@innodb_flush_log_at_trx_commit AS SIGNED)");
        let row = asked.one::<(String, String, i64, String, i64, i64)>(&mut self.read().await?).await?;
        let (version, identity, read_only, replicated, max_connections, flush) = row;
        let max_connections = u32::try_from(max_connections).unwrap_or(u32::MAX);
        Ok(Some(Server {
            version,
            identity,
            read_only: read_only != 0,
            replicated,
            max_connections,
            durable: flush == 1,
        }))
    }
}
