//! The demo's data.

mod support;

use std::time::Duration;

use afpi_db::{sql, testing};

/// SQLite's statements may run on any thread: the filling is cut off wherever it happens to be.
#[tokio::test(flavor = "multi_thread")]
async fn filling_that_was_interrupted_goes_on_at_the_next_start() {
    let dir = tempfile::tempdir().expect("temporary directory");
    let app = support::demo(dir.path(), testing::sqlite(&dir).await).await;
    let count = async |what: &'static str| sql(what).scalar::<i64>(&mut app.db.read().await.expect("connection")).await.expect("count");

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
    assert!(filling.await.is_err_and(|ended| ended.is_cancelled()), "it was cut off");
    let before = count("SELECT COUNT(*) FROM opportunites").await;
    assert!((5..60).contains(&before), "{before} were there");

    for _ in 0..2 {
        let _simulation = afpi::demo::fill(&app).await.expect("the filling goes on, or has nothing to do");
        assert_eq!(count("SELECT COUNT(*) FROM opportunites").await, 60);
        assert_eq!(count("SELECT COUNT(DISTINCT numero) FROM opportunites").await, 60);
        assert_eq!(count("SELECT COUNT(*) FROM entreprises").await, 200);
        assert_eq!(count("SELECT COUNT(*) FROM users").await, 20);
        assert_eq!(count("SELECT COUNT(*) FROM formateurs").await, 42);
    }
}
