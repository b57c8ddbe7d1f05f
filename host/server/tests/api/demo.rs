//! The demo's data.

use crate::support;
use std::time::Duration;

use afpi_db::{sql, testing};
use afpi_platform::state::App;

/// The test stops the filling somewhere in the middle. SQLite's statements may run on any thread.
#[tokio::test(flavor = "multi_thread")]
async fn filling_that_was_interrupted_goes_on_at_the_next_start() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let app = support::demo(dir.path(), testing::sqlite(&dir).await).await;
    let count = async |what: &'static str| {
        sql(what).scalar::<i64>(&mut app.db.read().await.expect("connection")).await.expect("count")
    };

    let filling = tokio::spawn({
        let app = app.clone();
        async move { afpi::demo::fill(&app).await.map(drop) }
    });
    while count("SELECT COUNT(*) FROM opportunites").await < 5 {
        if filling.is_finished() {
            panic!("the filling ended early: {:?}", filling.await);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    filling.abort();
    assert!(filling.await.is_err_and(|ended| ended.is_cancelled()), "the test stopped the filling");
    let before = count("SELECT COUNT(*) FROM opportunites").await;
    assert!((5..60).contains(&before), "{before} opportunités existed");

    for _ in 0..2 {
        let _simulation = afpi::demo::fill(&app).await.expect("the filling continues");
        assert_eq!(count("SELECT COUNT(*) FROM opportunites").await, 60);
        assert_eq!(count("SELECT COUNT(DISTINCT numero) FROM opportunites").await, 60);
        assert_eq!(count("SELECT COUNT(*) FROM entreprises").await, 200);
        assert_eq!(count("SELECT COUNT(*) FROM users").await, 20);
        assert_eq!(count("SELECT COUNT(*) FROM formateurs").await, 42);
    }
}

async fn login(app: &App, password: &str) -> u16 {
    let body = serde_json::json!({"email": "admin@demo.afpi", "password": password});
    support::stranger(app).post("/api/auth/login", body).await.status
}

/// Each start sets the password that it prints and offers. The password of an earlier start no longer works.
#[tokio::test]
async fn the_password_is_that_of_the_latest_start() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let db = testing::sqlite(&dir).await;
    let app = support::demo(dir.path(), db.clone()).await;
    drop(afpi::demo::fill(&app).await.expect("demo data"));
    assert_eq!((login(&app, support::PASSWORD).await, login(&app, "un autre mot de passe").await), (200, 401));
    let app = support::demo_with(dir.path(), db, "un autre mot de passe").await;
    drop(afpi::demo::fill(&app).await.expect("demo data"));
    assert_eq!((login(&app, support::PASSWORD).await, login(&app, "un autre mot de passe").await), (401, 200));
}

/// Each refuses the other's database: the accounts of a demo have a published password, and production must not contain
/// invented people.
#[tokio::test]
async fn demo_and_production_do_not_share_a_database() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let db = testing::sqlite(&dir).await;
    let app = support::demo(dir.path(), db.clone()).await;
    drop(afpi::demo::fill(&app).await.expect("demo data"));
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    let run = |arguments: &'static [&'static str]| {
        let mut afpi = std::process::Command::new(env!("CARGO_BIN_EXE_afpi"));
        afpi.args(arguments).env("DATABASE_URL", &url).env("AFPI_DATA_DIR", dir.path()).env("PORT", "0");
        if arguments[0] != "demo" {
            afpi.env("AFPI_SECRET", "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu").env("AFPI_PUBLIC_URL", "https://crm.test");
        }
        let ended = afpi.output().expect("it runs");
        (ended.status.success(), String::from_utf8_lossy(&ended.stderr).into_owned())
    };
    for refused in [&["serve"][..], &["worker"], &["migrate"], &["admin", "list-users"]] {
        let (well, words) = run(refused);
        assert!(!well && words.contains("filled by `afpi demo`"), "{refused:?}: {words}");
    }
    let mut tx = db.begin().await.expect("transaction");
    sql("UPDATE users SET email = REPLACE(email, '@demo.afpi', '@afpi.test')").execute(&mut tx).await.expect("update");
    tx.commit().await.expect("commit");
    assert!(run(&["admin", "list-users"]).0);
    let (well, words) = run(&["demo"]);
    assert!(!well && words.contains("not a demo's"), "{words}");
}
