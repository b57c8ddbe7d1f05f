//! Objects in a bucket of S3.

use std::sync::Arc;
use std::time::SystemTime;

use anyhow::Context;
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::io::AsyncWriteExt;

use crate::place::{Lost, Object, Place, Writer};

/// Bytes that an upload holds in memory, at most twice. S3 accepts no smaller part.
const PART: usize = 5 << 20;

pub struct Bucket(Arc<dyn ObjectStore>);

impl From<object_store::Error> for Lost {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Lost::Missing,
            other => Lost::Away(other.into()),
        }
    }
}

impl Bucket {
    /// `settings` go before the `AWS_…` variables of the environment.
    pub fn open<'a>(
        bucket: &str,
        prefix: &str,
        settings: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> anyhow::Result<Bucket> {
        // The client takes the process's TLS provider. Later calls do nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        for (name, value) in settings {
            builder = builder.with_config(name.to_ascii_lowercase().parse()?, value);
        }
        let prefix = Path::parse(prefix.trim_matches('/')).context("the prefix")?;
        Ok(Bucket(Arc::new(PrefixStore::new(builder.build()?, prefix))))
    }
}

#[async_trait]
impl Place for Bucket {
    async fn write(&self, path: &str) -> Result<Box<dyn Writer>, Lost> {
        let to = BufWriter::with_capacity(self.0.clone(), Path::from(path), PART).with_max_concurrency(1);
        Ok(Box::new(Open(Some(to))))
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), Lost> {
        Ok(self.0.rename(&Path::from(from), &Path::from(to)).await?)
    }

    async fn read(&self, path: &str) -> Result<BoxStream<'static, Result<Bytes, Lost>>, Lost> {
        Ok(self.0.get(&Path::from(path)).await?.into_stream().map_err(Lost::from).boxed())
    }

    async fn remove(&self, path: &str) -> Result<(), Lost> {
        Ok(self.0.delete(&Path::from(path)).await?)
    }

    fn list(&self, below: &str) -> BoxStream<'static, Result<Object, Lost>> {
        let object = |object: object_store::ObjectMeta| Object {
            path: object.location.to_string(),
            modified: SystemTime::from(object.last_modified),
        };
        self.0.list(Some(&Path::from(below))).map_ok(object).map_err(Lost::from).boxed()
    }
}

/// An object that is being written.
struct Open(Option<BufWriter>);

#[async_trait]
impl Writer for Open {
    async fn put(&mut self, bytes: Bytes) -> Result<(), Lost> {
        match &mut self.0 {
            Some(to) => Ok(to.put(bytes).await?),
            None => Err(Lost::Missing),
        }
    }

    async fn finish(&mut self) -> Result<(), Lost> {
        let Some(mut to) = self.0.take() else { return Err(Lost::Missing) };
        to.shutdown().await.map_err(|error| Lost::Away(error.into()))
    }

    async fn abort(&mut self) {
        if let Some(mut to) = self.0.take()
            && let Err(error) = to.abort().await
        {
            tracing::debug!(error.cause = %error, "parts of an upload stay until the bucket removes them");
        }
    }
}
