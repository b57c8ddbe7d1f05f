//! Where objects lie: what a folder and a bucket have in common. An object appears as a whole or not at all.

use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

/// Why an object cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    #[error("the store of files has no such object")]
    Missing,
    #[error("the store of files does not answer as it should: {0}")]
    Away(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Lost {
    /// Does the store refuse the account? Waiting does not help.
    pub fn is_refusal(&self) -> bool {
        let Lost::Away(error) = self else { return false };
        #[cfg(feature = "s3")]
        if let Some(error) = error.downcast_ref::<object_store::Error>() {
            use object_store::Error as E;
            return matches!(error, E::PermissionDenied { .. } | E::Unauthenticated { .. });
        }
        let io = error.downcast_ref::<std::io::Error>();
        io.is_some_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
    }
}

/// A listed object.
#[derive(Debug, Clone)]
pub struct Object {
    pub path: String,
    pub modified: SystemTime,
}

impl Object {
    /// The last part of its path.
    pub fn name(&self) -> Option<&str> {
        self.path.rsplit('/').next()
    }
}

/// Paths have parts separated by `/`, each of letters, digits and dashes.
#[async_trait]
pub trait Place: Send + Sync {
    /// Begins an object. It appears when its writer is finished.
    async fn write(&self, path: &str) -> Result<Box<dyn Writer>, Lost>;

    /// Gives an object another path, where there is none.
    async fn rename(&self, from: &str, to: &str) -> Result<(), Lost>;

    async fn read(&self, path: &str) -> Result<BoxStream<'static, Result<Bytes, Lost>>, Lost>;

    async fn remove(&self, path: &str) -> Result<(), Lost>;

    /// The objects below this path, unfinished ones included where they can be seen.
    fn list(&self, below: &str) -> BoxStream<'static, Result<Object, Lost>>;
}

/// Writes one object. Nothing of it stays when it is dropped unfinished, or at most what is swept later.
#[async_trait]
pub trait Writer: Send {
    async fn put(&mut self, bytes: Bytes) -> Result<(), Lost>;

    /// Makes the object appear, safe from a loss of power.
    async fn finish(&mut self) -> Result<(), Lost>;

    /// Drops what was written.
    async fn abort(&mut self);
}
