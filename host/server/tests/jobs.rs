//! Looking at jobs and acting on them.

mod support;

use afpi::rights::Role;
use afpi_jobs::{Failure, NewJob, Retry};
use serde_json::json;
use support::{World, on_both};

async fn enqueue(w: &World, queue: &str, kind: &str) -> String {
    let mut tx = w.app.db.begin().await.unwrap();
    let id = afpi_jobs::enqueue(&mut tx, &NewJob::new(queue, kind, json!({"secret": "payload"})).correlation("req-1")).await.unwrap();
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
        assert_eq!((&all["data"][0]["state"], &all["data"][0]["correlationId"], &all["data"][0]["attempt"]), (&json!("waiting"), &json!("req-1"), &json!(0)));
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
        for (query, code) in [("state=x", "bad-parameter"), ("limit=0", "bad-parameter"), ("cursor=x", "bad-cursor"), ("colour=red", "bad-parameter")] {
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
        w.app.queue.fail(&claim.lease, &Failure { message: "no such address".into(), retry: Retry::Never }).await.unwrap();
        let dead = admin.get(&format!("/api/jobs/{id}")).await.expect(200);
        assert_eq!((&dead["state"], &dead["error"]), (&json!("dead"), &json!("no such address")));
        admin.post(&format!("/api/jobs/{id}/retry"), json!({})).await.expect(204);
        assert_eq!(admin.get(&format!("/api/jobs/{id}")).await.expect(200)["state"], "waiting");

        admin.post("/api/jobs/queues/mail/pause", json!({})).await.expect(204);
        assert!(w.app.queue.is_paused("mail").await.unwrap());
        assert!(w.app.queue.claim("mail", 1, "test").await.unwrap().is_empty());
        admin.post("/api/jobs/queues/mail/resume", json!({})).await.expect(204);
        assert_eq!(w.app.queue.claim("mail", 1, "test").await.unwrap().len(), 1);
        for (queue, _) in afpi::platform::workers::LANES {
            admin.post(&format!("/api/jobs/queues/{queue}/pause"), json!({})).await.expect(204);
        }
        admin.post("/api/jobs/queues/none/pause", json!({})).await.refused(404, "not-found");
        admin.get(&format!("/api/jobs/{}", uuid::Uuid::now_v7())).await.refused(404, "not-found");
        admin.post(&format!("/api/jobs/{}/retry", uuid::Uuid::now_v7()), json!({})).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn the_responsable_looks_and_only_the_admin_acts() {
    on_both(|w| async move {
        let id = enqueue(&w, "mail", "mail").await;
        let acts = [format!("/api/jobs/{id}/retry"), "/api/jobs/queues/mail/pause".into(), "/api/jobs/queues/mail/resume".into()];
        let looks = ["/api/jobs".to_owned(), "/api/jobs/counts".into(), format!("/api/jobs/{id}")];
        for role in Role::ALL {
            let client = w.as_role(role).await;
            let may_look = matches!(role, Role::Admin | Role::ResponsableCommercial);
            for path in &looks {
                let reply = client.get(path).await;
                if may_look { reply.expect(200) } else { reply.refused(403, "forbidden") };
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
