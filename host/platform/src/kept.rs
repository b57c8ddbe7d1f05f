//! What crates above this one keep in the memory of the process: one value of each type.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::Extensions;

#[derive(Debug, Default)]
pub struct Kept(Mutex<Extensions>);

impl Kept {
    /// The value of this type. The first caller makes it.
    pub fn get<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_or_insert_default::<Arc<T>>().clone()
    }
}
