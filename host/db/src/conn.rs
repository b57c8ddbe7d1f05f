//! Connections and transactions of either engine.

use std::ops::{Deref, DerefMut};

use crate::meter::Statement;
use crate::{Backend, Result, embedded, lane};

/// A connection. Queries take `&mut Conn`, so the same function works inside and outside a transaction.
pub struct Conn(pub(crate) Inner);

pub(crate) enum Inner {
    MariaDb(lane::Lease),
    Sqlite(embedded::Lease),
}

impl Conn {
    /// The engine of this connection.
    pub fn backend(&self) -> Backend {
        match self.0 {
            Inner::MariaDb(_) => Backend::MariaDb,
            Inner::Sqlite(_) => Backend::Sqlite,
        }
    }
}

/// A transaction. Dropping it without [`Tx::commit`] rolls it back.
pub struct Tx {
    conn: Conn,
    /// Is the place of its commit wanted?
    placed: bool,
}

impl Tx {
    /// Begins one on this connection.
    pub(crate) async fn begin(mut conn: Conn, placed: bool) -> Result<Tx> {
        let _counted = Statement::begins(conn.backend(), "BEGIN");
        match &mut conn.0 {
            Inner::MariaDb(lease) => lease.begin().await?,
            Inner::Sqlite(lease) => lease.begin().await?,
        }
        Ok(Tx { conn, placed })
    }

    /// Makes all its changes durable, or none.
    pub async fn commit(self) -> Result<()> {
        self.end("COMMIT").await
    }

    /// Rolls all its changes back, now.
    pub async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(self, how: &'static str) -> Result<()> {
        let _counted = Statement::begins(self.conn.backend(), how);
        match self.conn.0 {
            Inner::MariaDb(lease) => lease.end(how, self.placed).await,
            Inner::Sqlite(lease) => lease.end(how),
        }
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
