//! Objects as files of a folder.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::fs;
use tokio::io::AsyncWriteExt;
use tokio_util::io::ReaderStream;

use crate::place::{Lost, Object, Place, Writer};

/// Bytes that are read at a time.
const PIECE: usize = 64 << 10;

/// A folder of this machine.
pub struct Folder(PathBuf);

impl From<io::Error> for Lost {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Lost::Missing,
            _ => Lost::Away(error.into()),
        }
    }
}

impl Folder {
    /// Makes it where it is missing.
    pub fn open(folder: PathBuf) -> anyhow::Result<Folder> {
        std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Folder(folder))
    }

    async fn parent(path: &Path) -> io::Result<()> {
        match path.parent() {
            Some(parent) => fs::create_dir_all(parent).await,
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Place for Folder {
    async fn write(&self, path: &str) -> Result<Box<dyn Writer>, Lost> {
        let path = self.0.join(path);
        Folder::parent(&path).await?;
        let file = fs::File::create_new(&path).await?;
        Ok(Box::new(Open { file: Some(file), path }))
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), Lost> {
        let to = self.0.join(to);
        Folder::parent(&to).await?;
        fs::rename(self.0.join(from), &to).await?;
        sync_parent(&to).await?;
        Ok(())
    }

    async fn read(&self, path: &str) -> Result<BoxStream<'static, Result<Bytes, Lost>>, Lost> {
        let file = fs::File::open(self.0.join(path)).await?;
        Ok(ReaderStream::with_capacity(file, PIECE).map_err(Lost::from).boxed())
    }

    async fn remove(&self, path: &str) -> Result<(), Lost> {
        Ok(fs::remove_file(self.0.join(path)).await?)
    }

    fn list(&self, below: &str) -> BoxStream<'static, Result<Object, Lost>> {
        let root = self.0.clone();
        // One folder at a time: its entries are in memory together.
        let walk = stream::try_unfold(vec![below.to_owned()], move |mut open| {
            let root = root.clone();
            async move {
                let Some(next) = open.pop() else { return Ok::<_, Lost>(None) };
                let found = tokio::task::spawn_blocking(move || entries(&root, &next)).await;
                let (folders, objects) = found.map_err(|error| Lost::Away(error.into()))??;
                open.extend(folders);
                Ok(Some((stream::iter(objects.into_iter().map(Ok)), open)))
            }
        });
        walk.try_flatten().boxed()
    }
}

/// The folders and the files in a folder. One that is missing is empty, and a file that has just gone is left out.
fn entries(root: &Path, below: &str) -> io::Result<(Vec<String>, Vec<Object>)> {
    let (mut folders, mut objects) = (Vec::new(), Vec::new());
    let listed = match std::fs::read_dir(root.join(below)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((folders, objects)),
        listed => listed?,
    };
    for entry in listed {
        let entry = entry?;
        let path = format!("{below}/{}", entry.file_name().to_string_lossy());
        match entry.metadata() {
            Ok(about) if about.is_dir() => folders.push(path),
            Ok(about) => objects.push(Object { path, modified: about.modified()? }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok((folders, objects))
}

/// A file that is being written.
struct Open {
    /// Until it is finished.
    file: Option<fs::File>,
    path: PathBuf,
}

#[async_trait]
impl Writer for Open {
    async fn put(&mut self, bytes: Bytes) -> Result<(), Lost> {
        match &mut self.file {
            Some(file) => Ok(file.write_all(&bytes).await?),
            None => Err(Lost::Missing),
        }
    }

    async fn finish(&mut self) -> Result<(), Lost> {
        let Some(file) = &mut self.file else { return Err(Lost::Missing) };
        file.flush().await?;
        file.sync_all().await?;
        sync_parent(&self.path).await?;
        self.file = None;
        Ok(())
    }

    async fn abort(&mut self) {
        if self.file.take().is_some()
            && let Err(error) = fs::remove_file(&self.path).await
        {
            tracing::debug!(error.cause = %error, "a temporary object stays until it is swept");
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // Whatever stays is swept.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// A new name is safe from a loss of power once its folder is written.
async fn sync_parent(path: &Path) -> io::Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    fs::File::open(parent).await?.sync_all().await
}
