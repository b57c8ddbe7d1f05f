//! What people get while a database or a queue is away. Everything recovers by itself. The servers are behind proxies
//! that the test can cut. Without `AFPI_TEST_MARIADB_URL` and `AFPI_TEST_REDIS_URL` the tests cover only SQLite.

mod support;

use std::process::Stdio;
use std::time::{Duration, Instant};

use afpi_core::rights::Role;
use afpi_db::{Db, sql, testing};
use afpi_jobs::Redis;
use serde_json::{Value, json};
use support::line::Line;
use support::{Client, World, on_both, opportunite};
use tokio::io::{AsyncBufReadExt, BufReader};

/// Replaces `host:port` in a URL.
fn through(url: &str, line: &str) -> String {
    let mut url = url::Url::parse(url).expect("a URL");
    let (host, port) = line.split_once(':').expect("host:port");
    url.set_host(Some(host)).expect("a host");
    url.set_port(port.parse().ok()).expect("a port");
    url.into()
}

fn authority(url: &str) -> String {
    let url = url::Url::parse(url).expect("a URL");
    format!("{}:{}", url.host_str().expect("a host"), url.port().expect("a port"))
}

/// Repeats the request until its status is this one, because the recovery may take a moment.
async fn until(client: &Client, path: &str, status: u16) -> Value {
    let started = Instant::now();
    loop {
        let reply = client.get(path).await;
        if reply.status == status {
            return reply.body;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{path} still answers {}: {:#}", reply.status, reply.body);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Repeats `/readyz` until its `status` is this word.
async fn until_it_is(client: &Client, word: &str) -> Value {
    let started = Instant::now();
    loop {
        let reply = client.get("/readyz").await;
        if reply.status == 200 && reply.body["status"] == word {
            return reply.body;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "still {}: {:#}", reply.status, reply.body);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn away(reply: support::Reply, component: &str) {
    assert!(reply.headers.contains_key("retry-after"), "{:#}", reply.body);
    assert_eq!(reply.refused(503, "unavailable")["component"], component);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mariadb_goes_away_and_comes_back() {
    let Some(server) = testing::mariadb_url() else { return };
    let database = testing::MariaDb::create(&server).await;
    let line = Line::to(&authority(&server), true).await;
    let db = Db::connect(&through(&database.url, &line.address), 4).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let w = World::new(dir.path(), db.clone()).await;
    let made = opportunite(&w, "Usinage").await;
    let (client, nobody) = (w.as_role(Role::Commercial).await, w.nobody());
    nobody.get("/readyz").await.expect(200);

    line.cut();
    away(client.get("/api/opportunites").await, "database");
    away(
        client
            .post(
                "/api/opportunites",
                json!({"entrepriseId": made["entreprise"]["id"], "title": "Perdue", "budget": 1}),
            )
            .await,
        "database",
    );
    away(nobody.post("/api/auth/login", json!({"email": "a@afpi.test", "password": "x"})).await, "database");
    nobody.get("/healthz").await.expect(200);
    let ready = until(&nobody, "/readyz", 503).await;
    assert_eq!((&ready["database"], &ready["component"]), (&json!("unavailable"), &json!("database")));

    line.mend();
    until(&nobody, "/readyz", 200).await;
    // The session is still valid. The refused changes were not stored.
    assert_eq!(until(&client, "/api/opportunites", 200).await["meta"]["total"], 1);
    w.app.stopping.cancel();
    db.close().await;
    database.drop().await;
}

/// The server is stopped or the network is down: connections exist, but no bytes arrive.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_mariadb_keeps_no_request() {
    let Some(server) = testing::mariadb_url() else { return };
    let database = testing::MariaDb::create(&server).await;
    let line = Line::to(&authority(&server), true).await;
    let db = Db::connect(&through(&database.url, &line.address), 4).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let w = World::new(dir.path(), db.clone()).await;
    let made = opportunite(&w, "Soudage").await;
    let (client, nobody) = (w.as_role(Role::Commercial).await, w.nobody());
    client.get("/api/opportunites").await.expect(200);

    line.freeze();
    let started = Instant::now();
    let body = json!({"entrepriseId": made["entreprise"]["id"], "title": "Perdue", "budget": 1});
    // There are more requests than connections.
    let asked = (0..8).map(|_| {
        let (client, body) = (client.clone(), body.clone());
        tokio::spawn(async move { client.post("/api/opportunites", body).await })
    });
    for answer in asked.collect::<Vec<_>>() {
        away(answer.await.unwrap(), "database");
    }
    let waited = started.elapsed();
    assert!(waited < Duration::from_secs(20), "{waited:?}");
    let started = Instant::now();
    assert_eq!(nobody.get("/readyz").await.refused(503, "unavailable")["database"], "unavailable");
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    nobody.get("/healthz").await.expect(200);

    line.mend();
    until(&nobody, "/readyz", 200).await;
    assert_eq!(until(&client, "/api/opportunites", 200).await["meta"]["total"], 1);
    w.app.stopping.cancel();
    db.close().await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_goes_away_and_jobs_wait_in_the_outbox() {
    let Some(redis) = std::env::var("AFPI_TEST_REDIS_URL").ok().filter(|url| !url.is_empty()) else { return };
    let line = Line::to(&authority(&redis), true).await;
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    let w = World::with(dir.path(), db.clone(), |config| {
        config.redis = Some(Redis::single(&format!("redis://{}", line.address)).unwrap())
    })
    .await;
    let nobody = w.nobody();
    until_it_is(&nobody, "ok").await;
    afpi_platform::ops::gauges::sample_queues(&w.app).await;
    w.work().await;

    line.cut();
    // Writes still succeed, so a load balancer must keep this process.
    let ready = until_it_is(&nobody, "degraded").await;
    assert_eq!((&ready["database"], &ready["queue"]), (&json!("ok"), &json!("unavailable")));
    nobody.get("/healthz").await.expect(200);
    let client = w.as_role(Role::Commercial).await;
    let made = opportunite(&w, "Chaudronnerie").await;
    let waiting = w.app.jobs.backlog().await.unwrap().jobs;
    assert!(waiting > 0, "the event of {} must wait in the outbox", made["numero"]);
    away(w.as_role(Role::Admin).await.get("/api/jobs").await, "queue");
    afpi_platform::ops::gauges::sample_queues(&w.app).await;
    let metrics = figures(&nobody).await;
    assert!(metrics.contains(&format!("afpi_outbox_jobs {waiting}")), "{metrics}");
    assert!(!metrics.contains("afpi_queue_jobs{"), "the metrics leave out values that could not be read");

    line.mend();
    until_it_is(&nobody, "ok").await;
    w.work().await;
    assert_eq!(w.app.jobs.backlog().await.unwrap().jobs, 0);
    client.get("/api/notifications").await.expect(200);
    afpi_platform::ops::gauges::sample_queues(&w.app).await;
    assert!(figures(&nobody).await.contains("afpi_outbox_jobs 0"));
    w.app.stopping.cancel();
    db.close().await;
}

/// A client can invent any method. All unknown methods share one series.
#[tokio::test]
async fn invented_methods_leave_one_series() {
    on_both(|w| async move {
        let nobody = w.nobody();
        for word in ["BREW", "WHEN", "PROPFIND"] {
            assert_eq!(nobody.raw(word, "/api/entreprises", None, &[]).await.status(), 405);
        }
        let text = figures(&nobody).await;
        assert!(text.contains(r#"method="other""#) && !text.contains("BREW"), "{text}");
    })
    .await;
}

async fn figures(client: &Client) -> String {
    let response = client.raw("GET", "/metrics", None, &[]).await;
    String::from_utf8(axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn started_before_its_database_it_says_so_and_waits() {
    let Some(server) = testing::mariadb_url() else { return };
    let database = testing::MariaDb::create(&server).await;
    let line = Line::to(&authority(&server), false).await;
    let dir = tempfile::tempdir().unwrap();
    let mut child = tokio::process::Command::new(env!("CARGO_BIN_EXE_afpi"))
        .arg("migrate")
        .env("AFPI_SECRET", "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu")
        .env("AFPI_PUBLIC_URL", "https://crm.test")
        .env("AFPI_DATA_DIR", dir.path())
        .env("DATABASE_URL", through(&database.url, &line.address))
        .env_remove("RUST_LOG")
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let said = tokio::time::timeout(Duration::from_secs(60), lines.next_line())
        .await
        .expect("a line in time")
        .unwrap()
        .expect("a line");
    assert!(said.contains("MariaDB does not answer yet; trying again"), "{said}");
    line.mend();
    let status = tokio::time::timeout(Duration::from_secs(60), child.wait()).await.expect("an end in time").unwrap();
    assert!(status.success(), "{status}");
    database.drop().await;
}

/// Everything that a refused write could have left.
async fn rows(db: &Db) -> (i64, i64) {
    let mut conn = db.read().await.unwrap();
    (
        sql("SELECT COUNT(*) FROM entreprises").scalar(&mut conn).await.unwrap(),
        sql("SELECT COUNT(*) FROM contacts").scalar(&mut conn).await.unwrap(),
    )
}

fn company(n: usize) -> Value {
    json!({"name": format!("Société {n}"), "notes": "x".repeat(9_000), "contacts": [{"lastName": "Durand"}]})
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing_half_written() {
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    let w = World::new(dir.path(), db.clone()).await;
    let client = w.as_role(Role::Commercial).await;
    // The database file cannot grow any more, so SQLite answers as on a full disk.
    let mut tx = db.begin().await.unwrap();
    sql("PRAGMA max_page_count = 1").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let mut stored = 0;
    let refused = loop {
        let reply = client.post("/api/entreprises", company(stored)).await;
        if reply.status != 201 {
            break reply;
        }
        stored += 1;
        assert!(stored < 200, "the file still grows");
    };
    assert!(refused.body["detail"].as_str().unwrap().contains("disque plein"), "{:#}", refused.body);
    away(refused, "database");
    away(client.post("/api/entreprises", company(stored)).await, "database");
    assert_eq!(rows(&db).await, (stored as i64, stored as i64));
    assert_eq!(client.get("/api/entreprises").await.expect(200)["meta"]["total"], stored, "reading goes on");
    assert_eq!(until(&w.nobody(), "/readyz", 503).await["database"], "not-writable");

    let mut tx = db.begin().await.unwrap();
    sql("PRAGMA max_page_count = 1000000").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    client.post("/api/entreprises", company(stored)).await.expect(201);
    until(&w.nobody(), "/readyz", 200).await;
    w.app.stopping.cancel();
    db.close().await;
}

#[tokio::test]
async fn a_read_only_database_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let db = testing::sqlite(&dir).await;
    let w = World::new(dir.path(), db.clone()).await;
    let client = w.as_role(Role::Commercial).await;
    let mut tx = db.begin().await.unwrap();
    sql("PRAGMA query_only = on").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let reply = client.post("/api/entreprises", company(0)).await;
    assert!(reply.body["detail"].as_str().unwrap().contains("lecture seule"), "{:#}", reply.body);
    away(reply, "database");
    assert_eq!(until(&w.nobody(), "/readyz", 503).await["database"], "not-writable");
    client.get("/api/entreprises").await.expect(200);
    assert_eq!(rows(&db).await, (0, 0));
    w.app.stopping.cancel();
    db.close().await;
}
