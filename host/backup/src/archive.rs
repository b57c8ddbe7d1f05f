//! A place that is one file: a ZIP. It is written once, and is there when it is complete.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use afpi_files::{Folder, Lost, Object, Place, Writer};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use tempfile::{NamedTempFile, TempDir};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Bytes that are read at a time.
const PIECE: usize = 64 << 10;

/// An archive that is being written. Each object waits in a file of its own until it is complete.
pub struct Archive {
    to: PathBuf,
    waiting: Folder,
    folder: TempDir,
    zip: Arc<Mutex<Option<ZipWriter<NamedTempFile>>>>,
}

impl Archive {
    /// Begins one beside where it will be.
    pub fn create(to: &Path) -> anyhow::Result<Archive> {
        let beside = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(beside)?;
        let folder = tempfile::Builder::new().prefix(".afpi-backup").tempdir_in(beside)?;
        let zip = ZipWriter::new(NamedTempFile::new_in(folder.path())?);
        Ok(Archive {
            to: to.to_owned(),
            waiting: Folder::open(folder.path().to_owned())?,
            folder,
            zip: Arc::new(Mutex::new(Some(zip))),
        })
    }

    /// Completes it. It replaces an older file of its name.
    pub fn finish(&self) -> io::Result<()> {
        let zip = self.zip.lock().unwrap_or_else(PoisonError::into_inner).take();
        let file = zip.ok_or_else(|| io::Error::other("the archive is complete"))?.finish()?;
        file.as_file().sync_all()?;
        file.persist(&self.to)?;
        Ok(())
    }
}

#[async_trait]
impl Place for Archive {
    async fn write(&self, path: &str) -> Result<Box<dyn Writer>, Lost> {
        self.waiting.write(path).await
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), Lost> {
        let (from, to, zip) = (self.folder.path().join(from), to.to_owned(), self.zip.clone());
        let added = tokio::task::spawn_blocking(move || {
            let mut zip = zip.lock().unwrap_or_else(PoisonError::into_inner);
            let zip = zip.as_mut().ok_or_else(|| io::Error::other("the archive is complete"))?;
            // Everything is compressed already.
            let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
            zip.start_file(to, options)?;
            io::copy(&mut File::open(&from)?, zip)?;
            std::fs::remove_file(from)
        });
        Ok(added.await.map_err(|error| Lost::Away(error.into()))??)
    }

    /// Nothing can be read before the archive is complete.
    async fn read(&self, _: &str) -> Result<BoxStream<'static, Result<Bytes, Lost>>, Lost> {
        Err(Lost::Missing)
    }

    async fn remove(&self, _: &str) -> Result<(), Lost> {
        Ok(())
    }

    fn list(&self, _: &str) -> BoxStream<'static, Result<Object, Lost>> {
        stream::empty().boxed()
    }
}

/// A complete archive.
pub struct ZipArchive {
    path: PathBuf,
    /// Where each object begins, and its length.
    objects: BTreeMap<String, (u64, u64)>,
}

impl ZipArchive {
    pub fn open(path: &Path) -> anyhow::Result<ZipArchive> {
        let mut zip = zip::ZipArchive::new(io::BufReader::new(File::open(path)?))?;
        let mut objects = BTreeMap::new();
        for place in 0..zip.len() {
            let object = zip.by_index_raw(place)?;
            let start = object.data_start().ok_or_else(|| io::Error::other("an object has no place in the archive"))?;
            objects.insert(object.name()?.into_owned(), (start, object.compressed_size()));
        }
        Ok(ZipArchive { path: path.to_owned(), objects })
    }
}

#[async_trait]
impl Place for ZipArchive {
    async fn write(&self, _: &str) -> Result<Box<dyn Writer>, Lost> {
        Err(written())
    }

    async fn rename(&self, _: &str, _: &str) -> Result<(), Lost> {
        Err(written())
    }

    async fn read(&self, path: &str) -> Result<BoxStream<'static, Result<Bytes, Lost>>, Lost> {
        let (start, length) = *self.objects.get(path).ok_or(Lost::Missing)?;
        let mut file = tokio::fs::File::open(&self.path).await?;
        file.seek(io::SeekFrom::Start(start)).await?;
        Ok(ReaderStream::with_capacity(file.take(length), PIECE).map_err(Lost::from).boxed())
    }

    async fn remove(&self, _: &str) -> Result<(), Lost> {
        Err(written())
    }

    fn list(&self, below: &str) -> BoxStream<'static, Result<Object, Lost>> {
        let below = format!("{below}/");
        let found: Vec<_> = self.objects.keys().filter(|path| path.starts_with(&below)).cloned().collect();
        let object = |path| Ok(Object { path, modified: SystemTime::UNIX_EPOCH });
        stream::iter(found.into_iter().map(object)).boxed()
    }
}

fn written() -> Lost {
    Lost::Away("an archive is written once: choose another name, or a folder for several backups".into())
}
