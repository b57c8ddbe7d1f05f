//! The suite of `host/files` on a real S3 server on loopback.

#[path = "../../tests/suite/mod.rs"]
mod suite;

use std::path::Path;

use afpi_files::Files;
use hyper_util::rt::{TokioExecutor, TokioIo};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;

const USER: &str = "AKAFPITEST";
const SECRET: &str = "loopback-only";
const BUCKET: &str = "afpi";

/// An S3 server over a folder, until the test ends. Its port.
async fn server(folder: &Path) -> u16 {
    std::fs::create_dir_all(folder.join(BUCKET)).unwrap();
    let mut builder = S3ServiceBuilder::new(FileSystem::new(folder).unwrap());
    builder.set_auth(SimpleAuth::from_single(USER, SECRET));
    let service = builder.build();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = service.clone();
            let http = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            tokio::spawn(async move { http.serve_connection(TokioIo::new(stream), service).await.ok() });
        }
    });
    port
}

async fn bucket(dir: &tempfile::TempDir) -> Files {
    let endpoint = format!("http://127.0.0.1:{}", server(dir.path()).await);
    let settings = [
        ("aws_endpoint_url", endpoint.as_str()),
        ("aws_allow_http", "true"),
        ("aws_region", "eu-west-3"),
        ("aws_access_key_id", USER),
        ("aws_secret_access_key", SECRET),
    ];
    Files::bucket(BUCKET, "crm/files", settings).unwrap()
}

#[tokio::test]
async fn a_file_is_kept_under_its_hash_read_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    suite::a_file_is_kept_under_its_hash_read_and_removed(bucket(&dir).await).await;
}

#[tokio::test]
async fn nothing_of_a_refused_file_stays() {
    let dir = tempfile::tempdir().unwrap();
    suite::nothing_of_a_refused_file_stays(bucket(&dir).await).await;
}

#[tokio::test]
async fn what_a_killed_process_left_is_swept() {
    let dir = tempfile::tempdir().unwrap();
    suite::what_a_killed_process_left_is_swept(bucket(&dir).await).await;
}

#[tokio::test]
async fn a_file_that_comes_again_gets_another_object() {
    let dir = tempfile::tempdir().unwrap();
    suite::a_file_that_comes_again_gets_another_object(bucket(&dir).await).await;
}

#[tokio::test]
async fn an_archive_holds_every_file_and_breaks_off_when_one_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    suite::an_archive_holds_every_file_and_breaks_off_when_one_is_missing(bucket(&dir).await).await;
}

#[test]
fn an_address_holds_no_secret() {
    for url in ["s3:///prefix", "s3://user:secret@bucket/x"] {
        assert!(Files::open(Some(url), "nowhere".into(), []).is_err(), "{url}");
    }
}
