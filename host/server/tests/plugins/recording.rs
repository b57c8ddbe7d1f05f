//! Recording pure calls: the host records the next calls of a site, stores them, offers them as JSON lines and deletes
//! them.

use std::time::Duration;

use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_platform::plugins::recorder;
use serde_json::{Value, json};

use crate::files::WORKFLOW;
use crate::support::{AWAY, Client, HOME, on_both, opportunite};

/// Waits until there are this many recordings. The host writes them in the background.
async fn lines(client: &Client, path: &str, wanted: usize) -> Vec<Value> {
    for _ in 0..200 {
        let response = client.raw("GET", path, None, &[]).await;
        assert_eq!(response.headers()["content-type"], "application/jsonl");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let lines: Vec<Value> = bytes
            .split(|b| *b == b'\n')
            .filter(|l| !l.is_empty())
            .map(|l| serde_json::from_slice(l).unwrap())
            .collect();
        if lines.len() >= wanted {
            return lines;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{wanted} recordings never came");
}

#[tokio::test]
async fn the_next_calls_of_a_site_are_recorded_and_no_more() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let path = format!("/api/plugins/{WORKFLOW}/sites/{}/recording", world.site(HOME));
        assert_eq!(lines(&admin, &path, 0).await, Vec::<Value>::new());
        let started = admin.put(&path, json!({"calls": 3})).await.expect(200);
        assert_eq!(
            (&started["wanted"], &started["kept"], &started["bytes"], started["startedAt"].is_string()),
            (&json!(3), &json!(0), &json!(0), true)
        );
        admin.get(&format!("/api/workflow?localisationId={}", world.site(AWAY))).await.expect(200);
        opportunite(&world, "Bande").await;
        opportunite(&world, "Magnétique").await;
        let kept = lines(&admin, &path, 3).await;
        assert!(kept.iter().all(|r| r["plugin"] == WORKFLOW && r["site-code"] == HOME), "{kept:#?}");
        assert!(kept.iter().any(|r| r["function"] == "start" && r["result"]["Ok"]["status"].is_string()), "{kept:#?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(lines(&admin, &path, 3).await.len(), 3);

        let listed = admin.get(&format!("/api/plugins/{WORKFLOW}/recordings")).await.expect(200);
        let seat = |code: &str| {
            listed["data"].as_array().unwrap().iter().find(|s| s["localisation"]["code"] == code).cloned().unwrap()
        };
        assert_eq!(
            (&seat(HOME)["wanted"], &seat(HOME)["kept"], seat(HOME)["deletedAt"].is_string()),
            (&json!(3), &json!(3), true),
            "{listed:#}"
        );
        let text: usize = kept.iter().map(|line| line.to_string().len()).sum();
        assert!(
            seat(HOME)["bytes"].as_u64().unwrap() >= text as u64 / 2 && seat(HOME)["startedBy"].is_string(),
            "{listed:#}"
        );
        assert_eq!((&seat(AWAY)["wanted"], &seat(AWAY)["kept"]), (&json!(0), &json!(0)));
        let calls = admin.get(&format!("{path}/calls")).await.expect(200)["data"].as_array().unwrap().clone();
        assert_eq!(
            calls.iter().rev().map(|c| &c["function"]).collect::<Vec<_>>(),
            kept.iter().map(|r| &r["function"]).collect::<Vec<_>>(),
            "newest first"
        );
        assert!(
            calls.iter().all(|c| c["refused"] == false && c["bytes"].as_u64() > Some(100) && c["at"].is_string()),
            "{calls:#?}"
        );
        admin.get("/api/plugins/nothing/recordings").await.refused(404, "not-found");

        world.as_role(Role::Manager).await.put(&path, json!({"calls": 1})).await.refused(403, "forbidden");
        admin.put(&path, json!({"calls": 0})).await.refused(422, "validation");
        admin
            .put(&format!("/api/plugins/notifications-afpi/sites/{}/recording", world.site(HOME)), json!({"calls": 1}))
            .await
            .refused(409, "not-pure");
        assert_eq!(admin.delete(&path).await.status, 204);
        opportunite(&world, "Fin").await;
        assert_eq!(lines(&admin, &path, 0).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn stopped_it_keeps_what_it_has_and_nothing_is_kept_for_ever() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let path = format!("/api/plugins/{WORKFLOW}/sites/{}/recording", world.site(HOME));
        admin.put(&path, json!({"calls": 1000})).await.expect(200);
        opportunite(&world, "Bande").await;
        let before = lines(&admin, &path, 1).await.len();
        let stopped = admin.post(&format!("{path}/stop"), json!({})).await.expect(200);
        assert_eq!(stopped["wanted"], stopped["kept"]);
        opportunite(&world, "Après").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let kept = lines(&admin, &path, before).await.len() as u64;
        assert!(kept <= stopped["kept"].as_u64().unwrap().max(before as u64), "no call is recorded after the stop");

        recorder::expire(&world.app).await.unwrap();
        assert_eq!(lines(&admin, &path, 0).await.len() as u64, kept, "the recordings are too young to be deleted");
        let mut tx = world.app.db.begin().await.unwrap();
        let old = uuid::Builder::from_unix_timestamp_millis(1_000, &[7; 10]).into_uuid();
        sql("INSERT INTO plugin_recordings (id, plugin_id, localisation_id, line) VALUES (?, ?, ?, '{}')")
            .bind(old)
            .bind(WORKFLOW)
            .bind(world.site(HOME))
            .execute(&mut tx)
            .await
            .unwrap();
        sql("UPDATE plugin_recorders SET asked_at = 1000").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        recorder::expire(&world.app).await.unwrap();
        assert_eq!(lines(&admin, &path, 0).await.len() as u64, kept, "only the old recording is deleted");
        let listed = admin.get(&format!("/api/plugins/{WORKFLOW}/recordings")).await.expect(200);
        assert!(listed["data"].as_array().unwrap().iter().all(|s| s["wanted"] == 0), "{listed:#}");
    })
    .await;
}
