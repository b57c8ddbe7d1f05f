//! Connections and transactions of either engine.

use std::ops::{Deref, DerefMut};

use crate::{Backend, Result, embedded, lane};

/// A connection: queries take `&mut Conn`, so the same function serves inside and outside a transaction.
pub struct Conn(pub(crate) Inner);

pub(crate) enum Inner {
    MariaDb(lane::Lease),
    Sqlite(embedded::Lease),
}

impl Conn {
    /// Which engine answers.
    pub fn backend(&self) -> Backend {
        match self.0 {
            Inner::MariaDb(_) => Backend::MariaDb,
            Inner::Sqlite(_) => Backend::Sqlite,
        }
    }
}

/// A transaction; dropped without [`Tx::commit`] it is rolled back.
pub struct Tx(Conn);

impl Tx {
    /// Begins one on this connection.
    pub(crate) async fn begin(mut conn: Conn) -> Result<Tx> {
        match &mut conn.0 {
            Inner::MariaDb(lease) => lease.begin().await?,
            Inner::Sqlite(lease) => lease.begin().await?,
        }
        Ok(Tx(conn))
    }

    /// Makes everything done in it durable, or nothing.
    pub async fn commit(self) -> Result<()> {
        self.end("COMMIT").await
    }

    /// Gives everything done in it up, now.
    pub async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(self, how: &'static str) -> Result<()> {
        match self.0.0 {
            Inner::MariaDb(lease) => lease.end(how).await,
            Inner::Sqlite(lease) => lease.end(how),
        }
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
