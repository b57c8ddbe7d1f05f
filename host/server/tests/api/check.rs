//! `afpi check` and `afpi health`.

use std::net::SocketAddr;
use std::time::Duration;

use afpi::check::{Level, Report, check};
use afpi_db::{sql, testing};
use afpi_platform::config::Vars;
use tokio::net::TcpListener;

use crate::support::clamd::Scanner;
use crate::support::smtp::MailServer;
use crate::support::{World, on_both, process};

const SECRET: &str = "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu";

async fn report(set: &[(&str, &str)]) -> Report {
    let good = [("AFPI_SECRET", SECRET), ("AFPI_PUBLIC_URL", "https://crm.example.fr")];
    let missing = good.into_iter().filter(|(name, _)| !set.iter().any(|(set, _)| set == name));
    check(Vars::of(missing.chain(set.iter().copied()).map(|(name, value)| (name.into(), value.into())))).await
}

/// The levels of what was said of a part.
fn of(report: &Report, subject: &str) -> Vec<Level> {
    report.findings.iter().filter(|finding| finding.subject == subject).map(|finding| finding.level).collect()
}

/// An address where nobody listens.
async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("address")
}

#[tokio::test]
async fn a_configuration_is_checked_as_a_whole_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let url = format!("sqlite://{}", data.join("afpi.db").display());
    let (mails, scanner) = (MailServer::start().await, Scanner::start().await);
    let afpi_files::Clamd::Tcp(clamd) = &scanner.address else { panic!("a port") };
    let set = [
        ("DATABASE_URL", url.as_str()),
        ("AFPI_DATA_DIR", data.to_str().unwrap()),
        ("SMTP_URL", &mails.url()),
        ("AFPI_CLAMD", clamd),
    ];
    let fine = report(&set).await;
    for part in ["database", "mail", "clamd", "files", "folder"] {
        assert_eq!(of(&fine, part), [Level::Ok], "{part}\n{}", fine.table());
    }
    assert!(!data.exists(), "a check makes nothing");
    assert!(fine.level <= Level::Warning && fine.exit_code() == std::process::ExitCode::SUCCESS);

    let nobody = nobody().await.to_string();
    let (smtp, redis) = (format!("smtp://{nobody}"), format!("redis://{nobody}"));
    let away = report(&[set[0], set[1], ("SMTP_URL", &smtp), ("AFPI_CLAMD", &nobody), ("REDIS_URL", &redis)]).await;
    for part in ["mail", "clamd", "redis"] {
        assert_eq!(of(&away, part), [Level::Away], "{part}\n{}", away.table());
    }
    assert_eq!(away.exit_code(), 3.into());

    let wrong = report(&[
        ("AFPI_SECRET", "short"),
        ("DATABASE_URL", &url),
        ("AFPI_DATA_DIR", "/dev/null/afpi"),
        ("AFPI_FILES_URL", "file:///proc/afpi"),
        ("AFPI_TYPESET", "/no/such/program"),
        ("AFPI_DB_CONECTIONS", "3"),
    ])
    .await;
    for subject in ["AFPI_SECRET", "folder", "documents", "AFPI_DB_CONECTIONS"] {
        assert_eq!(of(&wrong, subject), [Level::Error], "{subject}\n{}", wrong.table());
    }
    assert_eq!(wrong.exit_code(), 1.into());
    let json = serde_json::to_value(&wrong).unwrap();
    assert_eq!((&json["level"], &json["findings"][0]["level"]), (&"error".into(), &"error".into()));
}

#[tokio::test]
async fn a_wrong_password_is_not_a_server_that_is_away() {
    let Some(server) = testing::mariadb_url() else { return };
    let database = testing::MariaDb::create(&server).await;
    let fine = report(&[("DATABASE_URL", &database.url)]).await;
    assert!(of(&fine, "database").contains(&Level::Ok), "{}", fine.table());
    assert_eq!(of(&fine, "tables"), [Level::Ok], "{}", fine.table());

    let wrong = database.url.replace("root@", "nobody:wrong@");
    let refused = report(&[("DATABASE_URL", &wrong)]).await;
    assert_eq!(of(&refused, "database"), [Level::Error], "{}", refused.table());
    assert!(!refused.table().contains("wrong"), "no password is printed: {}", refused.table());
    let nobody = format!("mysql://root@{}/afpi", nobody().await);
    let away = report(&[("DATABASE_URL", &nobody)]).await;
    assert_eq!(of(&away, "database"), [Level::Away], "{}", away.table());
    assert_eq!(away.exit_code(), 3.into());

    // The same server is no replica, and neither is one that replicates nothing.
    let itself = report(&[("DATABASE_URL", &database.url), ("DATABASE_REPLICA_URL", &database.url)]).await;
    assert_eq!(of(&itself, "replica"), [Level::Warning], "{}", itself.table());

    if let Some(redis) = std::env::var("AFPI_TEST_REDIS_URL").ok().filter(|url| !url.is_empty()) {
        let good = report(&[("DATABASE_URL", &database.url), ("REDIS_URL", &redis)]).await;
        assert!(of(&good, "redis").contains(&Level::Ok), "{}", good.table());
        let wrong = redis.replace("redis://", "redis://:wrong@");
        let refused = report(&[("DATABASE_URL", &database.url), ("REDIS_URL", &wrong)]).await;
        assert_eq!(of(&refused, "redis"), [Level::Error], "{}", refused.table());
    }
    database.drop().await;
}

#[tokio::test]
async fn a_mail_server_that_refuses_the_account_is_not_away() {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://me:s3cret@{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (mut stream, mut line) = (BufReader::new(stream), String::new());
        stream.write_all(b"220 mail.test\r\n").await.unwrap();
        while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
            let reply = match line.get(..4) {
                Some("EHLO") => "250-mail.test\r\n250 AUTH PLAIN LOGIN\r\n",
                Some("AUTH") => "535 5.7.8 no\r\n",
                _ => "221 bye\r\n",
            };
            stream.write_all(reply.as_bytes()).await.unwrap();
            line.clear();
        }
    });
    let found = report(&[("DATABASE_URL", "sqlite://none.db"), ("SMTP_URL", &url)]).await;
    assert_eq!(of(&found, "mail"), [Level::Error], "{}", found.table());
    assert!(found.table().contains("535") && !found.table().contains("s3cret"), "{}", found.table());
}

#[tokio::test]
async fn a_receiver_of_traces_is_asked_with_what_it_wants_to_know() {
    use axum::http::{HeaderMap, StatusCode};
    let take = async |headers: HeaderMap| match headers.get("x-key").is_some_and(|key| key == "word") {
        true => StatusCode::OK,
        false => StatusCode::UNAUTHORIZED,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let receiver = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/v1/traces", axum::routing::post(take));
    tokio::spawn(axum::serve(listener, router).into_future());
    let nobody = format!("http://{}", nobody().await);
    for (endpoint, key, level) in [
        (&receiver, "x-key=word", Level::Ok),
        (&receiver, "x-key=guess", Level::Error),
        (&nobody, "x-key=word", Level::Away),
    ] {
        let set = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("OTEL_EXPORTER_OTLP_HEADERS", key)];
        let found = report(&[set[0], set[1], ("DATABASE_URL", "sqlite://none.db")]).await;
        assert_eq!(of(&found, "traces"), [level], "{}", found.table());
        assert!(!found.table().contains("word") && !found.table().contains("guess"), "{}", found.table());
    }
}

#[tokio::test]
async fn the_tables_of_another_version_and_a_demo_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    let tables = async || report(&[("DATABASE_URL", &url)]).await;
    assert_eq!(of(&tables().await, "tables"), [Level::Ok]);
    let run = async |text: &'static str| {
        let mut tx = db.begin().await.unwrap();
        sql(text).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    };
    run("UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)").await;
    assert_eq!(of(&tables().await, "tables"), [Level::Error], "newer tables");
    run("DELETE FROM _sqlx_migrations WHERE version = 9999").await;
    assert_eq!(of(&tables().await, "tables"), [Level::Warning], "a migration is missing");
    db.close().await;
}

#[tokio::test]
async fn health_asks_the_service_over_loopback() {
    on_both(|w: World| async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = w.app.clone();
        let service = afpi::router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(axum::serve(listener, service).into_future());
        afpi::health::ask(address).await.unwrap();
        // As a container listens.
        afpi::health::ask(SocketAddr::from(([0, 0, 0, 0], address.port()))).await.unwrap();

        serving.abort();
        let _ = serving.await;
        let gone = afpi::health::ask(address).await.unwrap_err();
        assert!(format!("{gone:#}").contains("does not answer"), "{gone:#}");
    })
    .await;
}

#[tokio::test]
async fn health_says_which_part_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    let app = process(dir.path(), db.clone()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = afpi::router::worker(app).into_make_service();
    tokio::spawn(axum::serve(listener, service).into_future());
    db.close().await;
    tokio::time::sleep(Duration::from_millis(10)).await;
    let unready = format!("{:#}", afpi::health::ask(address).await.unwrap_err());
    assert!(unready.contains("not ready (503)") && unready.contains("database"), "{unready}");
}
