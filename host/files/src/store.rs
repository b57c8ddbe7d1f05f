//! What the files are for the rest of the program: kept under their hash, read, removed, swept.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::folder::Folder;
use crate::place::{Lost, Object, Place, Writer};
use crate::receive::{Received, Refusal, hex};

/// Temporary objects.
pub(crate) const INCOMING: &str = "incoming";
/// Files, in 256 folders by the first two digits of their hash.
const KEPT: &str = "sha256";
/// Objects on a page of [`Files::kept`].
const PAGE: usize = 500;

/// The files of an installation. Clones share them.
#[derive(Clone)]
pub struct Files(Arc<dyn Place>);

/// The name of a kept object: `<sha256>-<eight digits>`. A file that was removed and comes again gets other digits:
/// who still removes the old object cannot hit the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    fn new(sha256: &str) -> Key {
        let word = Uuid::new_v4().simple().to_string();
        Key(format!("{sha256}-{}", &word[..8]))
    }

    /// The key that a table holds. `None` when it is none.
    pub fn read(text: &str) -> Option<Key> {
        let (hash, word) = text.split_once('-')?;
        let digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit());
        (digits(hash, 64) && digits(word, 8)).then(|| Key(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The SHA-256 of the content in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.0[..64]
    }

    fn path(&self) -> String {
        format!("{KEPT}/{}/{}", &self.0[..2], self.0)
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Files")
    }
}

impl Files {
    /// At `url`: `file:///folder` or `s3://bucket/prefix` with the settings of the client in `AWS_…` variables; without
    /// one in `folder`, which is made. `account` goes before these variables.
    pub fn open<'a>(
        url: Option<&str>,
        folder: PathBuf,
        account: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Files> {
        match url {
            None => Ok(Files(Arc::new(Folder::open(folder)?))),
            Some(url) => Ok(Files(place(url, account)?)),
        }
    }

    /// In a bucket of S3. `settings` go before the `AWS_…` variables of the environment.
    #[cfg(feature = "s3")]
    pub fn bucket<'a>(
        bucket: &str,
        prefix: &str,
        settings: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Files> {
        Ok(Files(Arc::new(crate::bucket::Bucket::open(bucket, prefix, settings)?)))
    }

    /// Writes a file of a backup under the key that it had. `false`: it is not what its key says, and nothing of it stays.
    pub async fn put_back<E>(
        &self,
        key: &Key,
        mut content: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<bool, Refusal<E>> {
        let path = format!("{INCOMING}/{}", Uuid::now_v7());
        let mut to = self.write(&path).await?;
        let mut hash = Sha256::new();
        while let Some(bytes) = content.next().await {
            match bytes {
                Ok(bytes) => {
                    hash.update(&bytes);
                    to.put(bytes).await?;
                }
                Err(error) => {
                    to.abort().await;
                    return Err(Refusal::Broken(error));
                }
            }
        }
        if hex(&hash.finalize()) != key.sha256() {
            to.abort().await;
            return Ok(false);
        }
        to.finish().await?;
        self.0.rename(&path, &key.path()).await?;
        Ok(true)
    }

    pub(crate) async fn write(&self, path: &str) -> Result<Box<dyn Writer>, Lost> {
        self.0.write(path).await
    }

    /// Gives a received file its place. Its temporary object is gone afterwards.
    pub async fn keep(&self, received: &Received) -> Result<Key, Lost> {
        let key = Key::new(&received.sha256);
        self.0.rename(&received.path, &key.path()).await?;
        Ok(key)
    }

    /// Drops a received file that another one equals, or that nobody wants any more.
    pub async fn discard(&self, received: &Received) {
        if let Err(error) = self.remove_path(&received.path).await {
            tracing::debug!(error.cause = %error, "a temporary object stays until it is swept");
        }
    }

    /// The content, piece by piece.
    pub async fn read(&self, key: &Key) -> Result<BoxStream<'static, Result<Bytes, Lost>>, Lost> {
        self.0.read(&key.path()).await
    }

    /// Removes an object. One that is gone already is no error.
    pub async fn remove(&self, key: &Key) -> Result<(), Lost> {
        self.remove_path(&key.path()).await
    }

    async fn remove_path(&self, path: &str) -> Result<(), Lost> {
        match self.0.remove(path).await {
            Ok(()) | Err(Lost::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Does the store answer? Asks for an object that never exists.
    pub async fn ping(&self) -> Result<(), Lost> {
        match self.0.read(&format!("{KEPT}/00/ping")).await {
            Ok(_) | Err(Lost::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Is the content what its key says?
    pub async fn is_sound(&self, key: &Key) -> Result<bool, Lost> {
        let mut hash = Sha256::new();
        let mut content = self.read(key).await?;
        while let Some(bytes) = content.try_next().await? {
            hash.update(&bytes);
        }
        Ok(hex(&hash.finalize()) == key.sha256())
    }

    /// Kept objects that are older than this, a page at a time.
    pub fn kept(&self, age: Duration) -> BoxStream<'static, Result<Vec<Key>, Lost>> {
        let old = self.0.list(KEPT).try_filter_map(move |object| {
            let key = object.name().and_then(Key::read).filter(|_| is_older(&object, age));
            std::future::ready(Ok(key))
        });
        Box::pin(old.try_chunks(PAGE).map_err(|error| error.1))
    }

    /// Removes temporary objects that are older than this: of uploads whose process was killed. In a bucket, parts of
    /// unfinished uploads are removed by a rule of the bucket (`AbortIncompleteMultipartUpload`).
    pub async fn sweep(&self, age: Duration) -> Result<usize, Lost> {
        let mut objects = self.0.list(INCOMING);
        let mut swept = 0;
        while let Some(object) = objects.try_next().await? {
            if is_older(&object, age) {
                self.remove_path(&object.path).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

fn is_older(object: &Object, age: Duration) -> bool {
    SystemTime::now().checked_sub(age).is_some_and(|before| object.modified <= before)
}

/// Objects at `file:///folder` or `s3://bucket/prefix`. `account` goes before the `AWS_…` variables.
pub fn place<'a>(url: &str, account: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Arc<dyn Place>> {
    let parsed = url::Url::parse(url).context("no address, e.g. s3://bucket/prefix")?;
    match parsed.scheme() {
        "file" => match parsed.to_file_path() {
            Ok(folder) => Ok(Arc::new(Folder::open(folder)?)),
            Err(()) => bail!("no folder of this machine, e.g. file:///srv/afpi"),
        },
        "s3" => bucket(&parsed, account),
        other => bail!("{other}: is none of file:, s3:"),
    }
}

#[cfg(feature = "s3")]
fn bucket<'a>(url: &url::Url, account: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Arc<dyn Place>> {
    let bucket = url.host_str().context("no bucket, e.g. s3://bucket/prefix")?;
    anyhow::ensure!(
        url.username().is_empty() && url.password().is_none() && url.query().is_none(),
        "only bucket and prefix; credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    );
    Ok(Arc::new(crate::bucket::Bucket::open(bucket, url.path(), account)?))
}

#[cfg(not(feature = "s3"))]
fn bucket<'a>(_: &url::Url, _: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Arc<dyn Place>> {
    bail!("this build has no client for S3: build with `--features s3`, as `make serve` does")
}
