//! Connections and transactions of either engine.

use std::ops::{Deref, DerefMut};

use sqlx::{MySql, Sqlite, Transaction, pool::PoolConnection};

use crate::{Backend, Result};

/// A connection: queries take `&mut Conn`, so the same function serves inside and outside a transaction.
pub struct Conn(pub(crate) Inner);

pub(crate) enum Inner {
    MariaDb(PoolConnection<MySql>),
    Sqlite(PoolConnection<Sqlite>),
    MariaDbTx(Transaction<'static, MySql>),
    SqliteTx(Transaction<'static, Sqlite>),
}

impl Conn {
    /// Which engine answers.
    pub fn backend(&self) -> Backend {
        match self.0 {
            Inner::MariaDb(_) | Inner::MariaDbTx(_) => Backend::MariaDb,
            Inner::Sqlite(_) | Inner::SqliteTx(_) => Backend::Sqlite,
        }
    }
}

/// A transaction; dropped without [`Tx::commit`] it is rolled back.
pub struct Tx(pub(crate) Conn);

impl Tx {
    /// Makes everything done in it durable, or nothing.
    pub async fn commit(self) -> Result<()> {
        match self.0.0 {
            Inner::MariaDbTx(tx) => tx.commit().await?,
            Inner::SqliteTx(tx) => tx.commit().await?,
            Inner::MariaDb(_) | Inner::Sqlite(_) => {}
        }
        Ok(())
    }

    /// Gives everything done in it up, now.
    pub async fn rollback(self) -> Result<()> {
        match self.0.0 {
            Inner::MariaDbTx(tx) => tx.rollback().await?,
            Inner::SqliteTx(tx) => tx.rollback().await?,
            Inner::MariaDb(_) | Inner::Sqlite(_) => {}
        }
        Ok(())
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
