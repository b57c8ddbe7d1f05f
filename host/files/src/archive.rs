//! Several files as one ZIP, written while it is sent.

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};

use bytes::Bytes;
use futures::{Stream, TryStreamExt, stream};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Sender};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::name::tidy;
use crate::store::{Files, Key};

/// Bytes in one piece of the answer, and pieces that wait for a slow reader.
const PIECE: usize = 64 << 10;
const WAITING: usize = 4;

/// A file of an archive.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The folder, if it is in one.
    pub folder: Option<String>,
    pub name: String,
    pub content: Content,
}

/// What a file of an archive contains.
#[derive(Debug, Clone)]
pub enum Content {
    /// A kept file.
    Kept(Key),
    /// A small file that was made for the archive.
    Made(Bytes),
}

impl Files {
    /// A ZIP of these files. Names lead nowhere outside the archive, and of several equal ones each gets a number. An
    /// error ends the stream with an error, so that nobody takes a part for the whole.
    pub fn archive(&self, entries: Vec<Entry>) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (files, runtime) = (self.clone(), Handle::current());
        tokio::task::spawn_blocking(move || {
            if let Err(error) = write(&files, &entries, &sender, &runtime) {
                tracing::warn!(error.cause = %error, "an archive was not sent to its end");
                // The reader may be gone: then nobody waits for the error.
                let _ = sender.blocking_send(Err(error));
            }
        });
        stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) })
    }
}

fn write(files: &Files, entries: &[Entry], sender: &Sender<io::Result<Bytes>>, runtime: &Handle) -> io::Result<()> {
    let mut zip = ZipWriter::new_stream(BufWriter::with_capacity(PIECE, Pieces(sender)));
    // Most files are compressed already.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, entry) in named(entries) {
        zip.start_file(name, options)?;
        let key = match &entry.content {
            Content::Kept(key) => key,
            Content::Made(bytes) => {
                zip.write_all(bytes)?;
                continue;
            }
        };
        let mut content = runtime.block_on(files.read(key)).map_err(io::Error::other)?;
        while let Some(bytes) = runtime.block_on(content.try_next()).map_err(io::Error::other)? {
            zip.write_all(&bytes)?;
        }
    }
    zip.finish()?.into_inner().flush()
}

/// The entries with their paths in the archive.
fn named(entries: &[Entry]) -> Vec<(String, &Entry)> {
    let mut taken = HashSet::new();
    let path = |entry: &Entry, name: &str| match &entry.folder {
        Some(folder) => format!("{}/{name}", tidy(folder)),
        None => name.to_owned(),
    };
    let mut named = Vec::with_capacity(entries.len());
    for entry in entries {
        let name = tidy(&entry.name);
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) => (stem, format!(".{ending}")),
            None => (name.as_str(), String::new()),
        };
        let numbered = (2..).map(|number| format!("{stem} ({number}){ending}"));
        let mut paths = std::iter::once(name.clone()).chain(numbered).map(|name| path(entry, &name));
        // Some systems take names that differ in case for equal.
        let free = paths.find(|path| taken.insert(path.to_lowercase())).unwrap_or_default();
        named.push((free, entry));
    }
    named
}

/// Sends what is written.
struct Pieces<'a>(&'a Sender<io::Result<Bytes>>);

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(folder: Option<&str>, name: &str) -> Entry {
        let key = Key::read(&format!("{}-{}", "0".repeat(64), "0".repeat(8))).unwrap();
        Entry { folder: folder.map(str::to_owned), name: name.to_owned(), content: Content::Kept(key) }
    }

    #[test]
    fn paths_stay_inside_and_are_distinct() {
        let entries = [
            entry(None, "../../etc/passwd"),
            entry(Some("../.."), "a.pdf"),
            entry(Some("devis"), "Devis.pdf"),
            entry(Some("devis"), "devis.PDF"),
            entry(Some("devis"), "devis (2).PDF"),
            entry(Some("devis"), "sans fin"),
            entry(Some("devis"), "sans fin"),
        ];
        let paths: Vec<String> = named(&entries).into_iter().map(|(path, _)| path).collect();
        assert_eq!(
            paths,
            [
                "passwd",
                "fichier/a.pdf",
                "devis/Devis.pdf",
                "devis/devis (2).PDF",
                "devis/devis (2) (2).PDF",
                "devis/sans fin",
                "devis/sans fin (2)"
            ]
        );
    }
}
