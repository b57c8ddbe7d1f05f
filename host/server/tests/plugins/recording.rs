//! Recording pure calls: the next so many of one site, kept, downloaded as JSON lines, deleted.

use std::time::Duration;

use afpi::rights::Role;
use serde_json::{Value, json};

use crate::files::WORKFLOW;
use crate::support::{AWAY, Client, HOME, on_both, opportunite};

/// The recordings once there are so many: they are written beside the calls.
async fn lines(client: &Client, path: &str, wanted: usize) -> Vec<Value> {
    for _ in 0..200 {
        let response = client.raw("GET", path, None, &[]).await;
        assert_eq!(response.headers()["content-type"], "application/jsonl");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let lines: Vec<Value> = bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).unwrap()).collect();
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
        assert_eq!(admin.put(&path, json!({"calls": 3})).await.expect(200), json!({"wanted": 3, "kept": 0}));
        admin.get(&format!("/api/workflow?localisationId={}", world.site(AWAY))).await.expect(200);
        opportunite(&world, "Bande").await;
        opportunite(&world, "Magnétique").await;
        let kept = lines(&admin, &path, 3).await;
        assert!(kept.iter().all(|r| r["plugin"] == WORKFLOW && r["site-code"] == HOME), "{kept:#?}");
        assert!(kept.iter().any(|r| r["function"] == "start" && r["result"]["Ok"]["status"].is_string()), "{kept:#?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(lines(&admin, &path, 3).await.len(), 3);

        world.as_role(Role::Manager).await.put(&path, json!({"calls": 1})).await.refused(403, "forbidden");
        admin.put(&path, json!({"calls": 0})).await.refused(422, "validation");
        admin.put(&format!("/api/plugins/notifications-afpi/sites/{}/recording", world.site(HOME)), json!({"calls": 1})).await.refused(409, "not-pure");
        assert_eq!(admin.delete(&path).await.status, 204);
        opportunite(&world, "Fin").await;
        assert_eq!(lines(&admin, &path, 0).await.len(), 0);
    })
    .await;
}
