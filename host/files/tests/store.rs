//! Files in a folder.

mod suite;

use afpi_files::Files;
use suite::{PDF, pdf};

fn folder(dir: &tempfile::TempDir) -> Files {
    Files::open(None, dir.path().join("files"), []).unwrap()
}

#[tokio::test]
async fn a_file_is_kept_under_its_hash_read_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    suite::a_file_is_kept_under_its_hash_read_and_removed(folder(&dir)).await;
}

#[tokio::test]
async fn nothing_of_a_refused_file_stays() {
    let dir = tempfile::tempdir().unwrap();
    suite::nothing_of_a_refused_file_stays(folder(&dir)).await;
}

#[tokio::test]
async fn what_a_killed_process_left_is_swept() {
    let dir = tempfile::tempdir().unwrap();
    suite::what_a_killed_process_left_is_swept(folder(&dir)).await;
}

#[tokio::test]
async fn a_file_that_comes_again_gets_another_object() {
    let dir = tempfile::tempdir().unwrap();
    suite::a_file_that_comes_again_gets_another_object(folder(&dir)).await;
}

#[tokio::test]
async fn an_archive_holds_every_file_and_breaks_off_when_one_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    suite::an_archive_holds_every_file_and_breaks_off_when_one_is_missing(folder(&dir)).await;
}

#[tokio::test]
async fn a_changed_object_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let files = Files::open(None, dir.path().to_owned(), []).unwrap();
    let key = files.keep(&files.receive("a.pdf", pdf(PDF.len())).await.unwrap()).await.unwrap();
    let place = dir.path().join("sha256").join(&key.as_str()[..2]).join(key.as_str());
    std::fs::write(place, b"%PDF-1.6\n").unwrap();
    assert!(!files.is_sound(&key).await.unwrap());
}

#[test]
fn an_address_that_is_none_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for url in ["s3:///prefix", "s3://user:secret@bucket/x", "https://bucket", "bucket", "ftp://a/b"] {
        assert!(Files::open(Some(url), dir.path().to_owned(), []).is_err(), "{url}");
    }
    let url = format!("file://{}", dir.path().join("elsewhere").display());
    Files::open(Some(&url), dir.path().to_owned(), []).unwrap();
    assert!(dir.path().join("elsewhere").is_dir());
}
