//! What every request and job works with: settings, storage, keys and the parts that run beside the server.

use std::ops::Deref;
use std::sync::Arc;

use afpi_db::Db;

use crate::auth::tokens::Tokens;
use crate::config::Config;
use crate::ops::metrics::Metrics;

/// The running application; cloning shares it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// Its parts.
pub struct Parts {
    pub config: Config,
    pub db: Db,
    pub tokens: Tokens,
    pub metrics: Metrics,
}

impl App {
    pub fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
