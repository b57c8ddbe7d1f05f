//! Reading jobs and acting on them.

use crate::support;
use crate::support::{World, on_both};
use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_jobs::{End, Failure, NewJob, Retry};
use serde_json::json;
use uuid::Uuid;

async fn enqueue(w: &World, queue: &str, kind: &str) -> String {
    let mut tx = w.app.db.begin().await.unwrap();
    let id = afpi_jobs::enqueue(&mut tx, &NewJob::new(queue, kind, json!({"secret": "payload"})).correlation("req-1"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    w.app.jobs.drain().await.unwrap();
    id.to_string()
}

#[tokio::test]
async fn jobs_are_listed_counted_and_leafed_through_without_their_payload() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        for kind in ["a", "b", "a"] {
            enqueue(&w, "mail", kind).await;
        }
        let all = admin.get("/api/jobs?queue=mail").await.expect(200);
        assert_eq!((&all["meta"]["total"], all["data"].as_array().unwrap().len()), (&json!(3), 3));
        assert_eq!(
            (&all["data"][0]["state"], &all["data"][0]["correlationId"], &all["data"][0]["attempt"]),
            (&json!("waiting"), &json!("req-1"), &json!(0))
        );
        assert!(!all.to_string().contains("payload"));
        assert_eq!(admin.get("/api/jobs?kind=a").await.expect(200)["meta"]["total"], 2);
        assert_eq!(admin.get("/api/jobs?state=dead").await.expect(200)["meta"]["total"], 0);
        let first = admin.get("/api/jobs?queue=mail&limit=2").await.expect(200);
        let next = first["meta"]["next"].as_str().expect("another page");
        let second = admin.get(&format!("/api/jobs?queue=mail&limit=2&cursor={next}")).await.expect(200);
        assert_eq!((second["data"].as_array().unwrap().len(), &second["data"][0]["id"]), (1, &all["data"][2]["id"]));
        let id = all["data"][1]["id"].as_str().unwrap();
        assert_eq!(admin.get(&format!("/api/jobs/{id}")).await.expect(200), all["data"][1]);
        let counts = admin.get("/api/jobs/counts").await.expect(200);
        let mail = counts["queues"].as_array().unwrap().iter().find(|q| q["queue"] == "mail").unwrap().clone();
        assert_eq!((&mail["waiting"], &mail["paused"]), (&json!(3), &json!(false)));
        for (query, code) in [
            ("state=x", "bad-parameter"),
            ("limit=0", "bad-parameter"),
            ("cursor=x", "bad-cursor"),
            ("colour=red", "bad-parameter"),
        ] {
            admin.get(&format!("/api/jobs?{query}")).await.refused(400, code);
        }
    })
    .await;
}

#[tokio::test]
async fn a_dead_job_is_sent_back_and_a_queue_paused() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let id = enqueue(&w, "mail", "mail").await;
        admin.post(&format!("/api/jobs/{id}/retry"), json!({})).await.refused(409, "conflict");
        let claim = w.app.queue.claim("mail", 1, "test").await.unwrap().pop().unwrap();
        w.app
            .queue
            .end(&claim.lease, End::Failed(Failure { message: "no such address".into(), retry: Retry::Never }))
            .await
            .unwrap();
        let dead = admin.get(&format!("/api/jobs/{id}")).await.expect(200);
        assert_eq!((&dead["state"], &dead["error"]), (&json!("dead"), &json!("no such address")));
        admin.post(&format!("/api/jobs/{id}/retry"), json!({})).await.expect(204);
        assert_eq!(admin.get(&format!("/api/jobs/{id}")).await.expect(200)["state"], "waiting");

        admin.post("/api/jobs/queues/mail/pause", json!({})).await.expect(204);
        assert!(w.app.queue.is_paused("mail").await.unwrap());
        assert!(w.app.queue.claim("mail", 1, "test").await.unwrap().is_empty());
        admin.post("/api/jobs/queues/mail/resume", json!({})).await.expect(204);
        assert_eq!(w.app.queue.claim("mail", 1, "test").await.unwrap().len(), 1);
        for (queue, _) in afpi::workers::LANES {
            admin.post(&format!("/api/jobs/queues/{queue}/pause"), json!({})).await.expect(204);
        }
        admin.post("/api/jobs/queues/none/pause", json!({})).await.refused(404, "not-found");
        admin.get(&format!("/api/jobs/{}", Uuid::now_v7())).await.refused(404, "not-found");
        admin.post(&format!("/api/jobs/{}/retry", Uuid::now_v7()), json!({})).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn the_responsable_looks_and_only_the_admin_acts() {
    on_both(|w| async move {
        let id = enqueue(&w, "mail", "mail").await;
        let acts = [
            format!("/api/jobs/{id}/retry"),
            "/api/jobs/queues/mail/pause".into(),
            "/api/jobs/queues/mail/resume".into(),
        ];
        let looks = ["/api/jobs".to_owned(), "/api/jobs/counts".into(), format!("/api/jobs/{id}")];
        for role in Role::ALL {
            let client = w.as_role(role).await;
            let may_look = matches!(role, Role::Admin | Role::ResponsableCommercial);
            for path in &looks {
                let reply = client.get(path).await;
                if may_look {
                    reply.expect(200)
                } else {
                    reply.refused(403, "forbidden")
                };
            }
            for path in acts.iter().filter(|_| role != Role::Admin) {
                client.post(path, json!({})).await.refused(403, "forbidden");
            }
        }
        for path in looks {
            w.nobody().get(&path).await.refused(401, "unauthenticated");
        }
    })
    .await;
}

/// The first column of a query's rows, sorted.
async fn left(w: &World, query: &'static str) -> Vec<String> {
    let mut rows: Vec<String> = sql(query)
        .all::<(String,)>(&mut w.app.db.read().await.unwrap())
        .await
        .unwrap()
        .into_iter()
        .map(|(word,)| word)
        .collect();
    rows.sort();
    rows
}

#[tokio::test]
async fn housekeeping_throws_away_what_is_old_and_nothing_else() {
    on_both(|w| async move {
        let (now, day) = (Instant::now().millis(), 86_400_000);
        for role in [Role::Admin, Role::Manager] {
            w.as_role(role).await;
        }
        let waiting: Uuid = enqueue(&w, "plugins", "plugin-job").await.parse().unwrap();
        let dead: Uuid = enqueue(&w, "mail", "plugin-job").await.parse().unwrap();
        let claim = w.app.queue.claim("mail", 1, "test").await.unwrap().pop().unwrap();
        w.app.queue.end(&claim.lease, End::Failed(Failure { message: "crashed".into(), retry: Retry::Never })).await.unwrap();
        let mut tx = w.app.db.begin().await.unwrap();
        // This job is committed, but the queue does not have it yet.
        let outbox = afpi_jobs::enqueue(&mut tx, &NewJob::new("plugins", "plugin-job", json!({}))).await.unwrap();
        for (key, id) in [("waiting", waiting), ("dead", dead), ("gone", Uuid::now_v7()), ("outbox", outbox)] {
            let ticket = sql("INSERT INTO plugin_jobs (id, plugin_id, localisation_id, kind, dedupe_key, created_at) VALUES (?, 'notifications-afpi', ?, 'x', ?, ?)");
            ticket.bind(id).bind(w.site(support::HOME)).bind(key).bind(now - 3_600_000).execute(&mut tx).await.unwrap();
        }
        for (key, first, until) in [("old", now - 2 * day, 0), ("blocked", now - 2 * day, now + 1000), ("young", now - 1000, 0)] {
            let failure = sql("INSERT INTO login_failures (bucket, failures, first_at, blocked_until) VALUES (?, 1, ?, ?)");
            failure.bind(key).bind(first).bind(until).execute(&mut tx).await.unwrap();
        }
        for (kind, written, read) in [("ancient", 401, None), ("read", 100, Some(91)), ("unread", 100, None), ("fresh", 1, Some(1))] {
            let query = sql("INSERT INTO notifications (id, user_id, kind, title_fr, title_en, body_fr, body_en, link, dedupe_key, app, created_at, read_at) \
                             VALUES (?, ?, ?, '', '', '', '', '/', ?, ?, ?, ?)");
            let query = query.bind(Uuid::now_v7()).bind(w.person(Role::Manager)).bind(kind).bind(kind).bind(true).bind(now - written * day);
            query.bind(read.map(|days: i64| now - days * day)).execute(&mut tx).await.unwrap();
        }
        sql("UPDATE refresh_tokens SET family_expires_at = ? WHERE user_id = ?").bind(now - 1).bind(w.person(Role::Manager)).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let sessions = async || sql("SELECT COUNT(*) FROM refresh_tokens").scalar::<i64>(&mut w.app.db.read().await.unwrap()).await.unwrap();
        let before = sessions().await;
        afpi::housekeeping::keep(&w.app).await;
        assert_eq!(left(&w, "SELECT dedupe_key FROM plugin_jobs").await, ["outbox", "waiting"]);
        assert_eq!(left(&w, "SELECT bucket FROM login_failures").await, ["blocked", "young"]);
        assert_eq!(left(&w, "SELECT kind FROM notifications").await, ["fresh", "unread"]);
        assert_eq!(sessions().await, before - 1);
    })
    .await;
}
