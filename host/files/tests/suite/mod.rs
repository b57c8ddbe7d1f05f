//! What holds for files wherever they lie. `tests/store.rs` runs it on a folder, `s3-test/` on an S3 server.
#![allow(dead_code)] // the tests of a folder use some of it alone

use std::path::Path;
use std::time::Duration;

use afpi_files::{Files, MAX_FILE, Received, Refusal};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream};

pub const PDF: &[u8] = b"%PDF-1.7\n";

/// A file of this many bytes that begins like a PDF, in pieces.
pub fn pdf(size: usize) -> impl Stream<Item = Result<Bytes, String>> + Unpin {
    let piece = Bytes::from(vec![b'.'; 64 << 10]);
    let rest = size - PDF.len();
    let pieces =
        (0..rest.div_ceil(piece.len())).map(move |at| Ok(piece.slice(..piece.len().min(rest - at * piece.len()))));
    stream::iter([Ok(Bytes::from_static(PDF))].into_iter().chain(pieces))
}

fn bytes(content: &'static [u8]) -> impl Stream<Item = Result<Bytes, String>> + Unpin {
    stream::iter([Ok(Bytes::from_static(content))])
}

async fn content(files: &Files, key: &afpi_files::Key) -> Vec<u8> {
    let pieces: Vec<Bytes> = files.read(key).await.unwrap().try_collect().await.unwrap();
    pieces.concat()
}

/// Objects of any age that are kept, and temporary ones.
async fn left(files: &Files) -> (usize, usize) {
    let kept: Vec<_> = files.kept(Duration::ZERO).try_concat().await.unwrap();
    (kept.len(), files.sweep(Duration::ZERO).await.unwrap())
}

pub async fn a_file_is_kept_under_its_hash_read_and_removed(files: Files) {
    // In one piece, and in parts that the store puts together.
    for size in [PDF.len(), 12 << 20] {
        let received = files.receive("a.pdf", pdf(size)).await.unwrap();
        assert_eq!((received.size, received.media.mime), (size as u64, "application/pdf"));
        let key = files.keep(&received).await.unwrap();
        assert_eq!(key.sha256(), received.sha256);
        let stored = content(&files, &key).await;
        assert_eq!((stored.len(), &stored[..PDF.len()]), (size, PDF));
        assert!(files.is_sound(&key).await.unwrap());
        assert_eq!(left(&files).await, (1, 0));
        files.remove(&key).await.unwrap();
        files.remove(&key).await.unwrap();
        assert!(matches!(files.read(&key).await.err(), Some(afpi_files::Lost::Missing)));
    }
}

pub async fn nothing_of_a_refused_file_stays(files: Files) {
    let refused = |result: Result<Received, Refusal<String>>| result.unwrap_err().to_string();
    assert_eq!(refused(files.receive("a.pdf", bytes(b"")).await), "the file is empty");
    assert_eq!(refused(files.receive("a.exe", bytes(b"MZ\x90\0")).await), "files of this type are not taken");
    let lying = files.receive("photo.png", bytes(PDF)).await;
    assert_eq!(refused(lying), "the content is application/pdf, the name says something else");
    let large = files.receive("a.pdf", pdf(MAX_FILE as usize + 1)).await;
    assert_eq!(refused(large), format!("the file has more than {MAX_FILE} bytes"));
    // The connection breaks after 12 MiB, when parts are already with the store.
    let cut = pdf(12 << 20).chain(stream::iter([Err("reset".to_owned())]));
    assert_eq!(refused(files.receive("a.pdf", cut).await), "the file did not come to its end");
    let zero = stream::iter([Ok(Bytes::from(vec![b'a'; 10_000])), Ok(Bytes::from_static(b"\0"))]);
    assert_eq!(refused(files.receive("a.txt", zero).await), "files of this type are not taken");
    assert_eq!(left(&files).await, (0, 0));
}

pub async fn what_a_killed_process_left_is_swept(files: Files) {
    let received = files.receive("a.pdf", pdf(PDF.len())).await.unwrap();
    assert_eq!(files.sweep(Duration::from_secs(3600)).await.unwrap(), 0, "it is young");
    assert_eq!(left(&files).await, (0, 1));
    files.discard(&received).await;
    assert!(matches!(files.keep(&received).await, Err(afpi_files::Lost::Missing)));
}

pub async fn a_file_that_comes_again_gets_another_object(files: Files) {
    let first = files.keep(&files.receive("a.pdf", pdf(PDF.len())).await.unwrap()).await.unwrap();
    let again = files.keep(&files.receive("b.pdf", pdf(PDF.len())).await.unwrap()).await.unwrap();
    assert_eq!(first.sha256(), again.sha256());
    files.remove(&first).await.unwrap();
    assert_eq!(content(&files, &again).await, PDF);
}

pub async fn an_archive_holds_every_file_and_breaks_off_when_one_is_missing(files: Files) {
    let long = files.keep(&files.receive("a.pdf", pdf(3 << 20)).await.unwrap()).await.unwrap();
    let short = files.keep(&files.receive("b.txt", bytes(b"bonjour")).await.unwrap()).await.unwrap();
    let entry = |folder: Option<&str>, name: &str, key: &afpi_files::Key| afpi_files::Entry {
        folder: folder.map(str::to_owned),
        name: name.to_owned(),
        content: afpi_files::Content::Kept(key.clone()),
    };
    let entries =
        vec![entry(Some("devis"), "é.pdf", &long), entry(None, "../b.txt", &short), entry(None, "b.txt", &short)];
    let pieces: Vec<Bytes> = files.archive(entries.clone()).try_collect().await.unwrap();
    assert!(pieces.iter().all(|piece| piece.len() <= 1 << 20), "in bounded pieces");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(pieces.concat())).unwrap();
    let mut found = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let size = std::io::copy(&mut file, &mut std::io::sink()).unwrap();
        assert_eq!(file.enclosed_name().as_deref(), Some(Path::new(&name)), "leads nowhere else");
        found.push((name, size));
    }
    let wanted = [("devis/é.pdf", 3 << 20), ("b.txt", 7), ("b (2).txt", 7)];
    assert_eq!(found, wanted.map(|(name, size)| (name.to_owned(), size)));
    files.remove(&short).await.unwrap();
    let broken: Result<Vec<Bytes>, _> = files.archive(entries).try_collect().await;
    assert!(broken.is_err());
}
