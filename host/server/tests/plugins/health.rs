//! The health page: the plugins' calls in all processes, denied capabilities and failures.

use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_platform::plugins::{snapshots, versions};
use serde_json::{Value, json};

use crate::files::{WORKFLOW, hook};
use crate::quarantine::call_workflow;
use crate::support::{Client, HOME, World, on_both, opportunite, process};

const NOTIFIER: &str = "notifications-afpi";

/// The health of the plugin at [`HOME`].
async fn fares(client: &Client, plugin: &str) -> Value {
    let health = client.get(&format!("/api/plugins/{plugin}/health")).await.expect(200);
    health["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["localisation"]["code"] == HOME)
        .cloned()
        .expect("a seat at home")
}

async fn rows(world: &World) -> i64 {
    sql("SELECT COUNT(*) FROM plugin_health").scalar(&mut world.app.db.read().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_page_shows_what_plugins_did_in_other_processes() {
    on_both(|world| async move {
        let dir = tempfile::tempdir().unwrap();
        let worker = world.beside(process(dir.path(), world.app.db.clone()).await);
        let admin = world.as_role(Role::Admin).await;
        let site = world.site(HOME).to_string();

        // Only the worker runs jobs, so only the worker calls the notifier.
        opportunite(&world, "Soudure").await;
        worker.work().await;
        for (world, line) in [(&worker, "from the worker"), (&world, "from the service")] {
            world.app.plugins.logs().push(NOTIFIER, &site, "warn", line, "corr");
        }
        let before = fares(&admin, NOTIFIER).await;
        assert_eq!(
            (&before["calls"], &before["logs"][1]),
            (&json!(0), &Value::Null),
            "the worker has not reported yet"
        );
        snapshots::write(&worker.app).await.unwrap();
        let seen = fares(&admin, NOTIFIER).await;
        let there = worker.app.plugins.registry().health(&site, NOTIFIER).unwrap().health;
        assert!(there.calls > 0, "the notifier was asked");
        assert_eq!((&seen["calls"], &seen["memoryBytes"]), (&json!(there.calls), &json!(there.memory)));
        assert_eq!(seen["p99Micros"], json!(there.durations.p99().unwrap().as_micros() as i64));
        assert_eq!(
            seen["idleInstances"],
            json!(worker.app.plugins.registry().health(&site, NOTIFIER).unwrap().idle_instances)
        );
        let lines: Vec<&str> =
            seen["logs"].as_array().unwrap().iter().map(|l| l["message"].as_str().unwrap()).collect();
        assert!(lines.contains(&"from the worker") && lines.contains(&"from the service"), "{lines:?}");
        let listed = admin.get(&format!("/api/plugins/{NOTIFIER}")).await.expect(200)["stats"]["calls"].clone();
        assert_eq!(listed, json!(there.calls));

        // Both processes have called the workflow. The page of each process shows the sum.
        call_workflow(&world).await;
        call_workflow(&worker).await;
        snapshots::write(&world.app).await.unwrap();
        snapshots::write(&worker.app).await.unwrap();
        let calls = |world: &World| world.app.plugins.registry().health(&site, WORKFLOW).unwrap().health.calls;
        let both = json!(calls(&world) + calls(&worker));
        assert!(calls(&world) > 0 && calls(&worker) > 0);
        assert_eq!(fares(&admin, WORKFLOW).await["calls"], both);
        assert_eq!(fares(&worker.as_role(Role::Admin).await, WORKFLOW).await["calls"], both);
    })
    .await;
}

#[tokio::test]
async fn what_a_process_that_is_gone_has_written_no_longer_counts() {
    on_both(|world| async move {
        let dir = tempfile::tempdir().unwrap();
        let worker = world.beside(process(dir.path(), world.app.db.clone()).await);
        let admin = world.as_role(Role::Admin).await;
        call_workflow(&worker).await;
        snapshots::write(&worker.app).await.unwrap();
        let kept = rows(&world).await;
        assert!(kept > 0 && fares(&admin, WORKFLOW).await["calls"] != 0);

        let mut tx = world.app.db.begin().await.unwrap();
        sql("UPDATE plugin_health SET reported_at = reported_at - 60000").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(fares(&admin, WORKFLOW).await["calls"], 0);
        snapshots::write(&world.app).await.unwrap();
        assert_eq!(rows(&world).await, 0, "its rows are deleted");
        // The other process was only slow. It reports again, although nothing has changed there.
        snapshots::write(&worker.app).await.unwrap();
        assert_eq!(rows(&world).await, kept);

        // A removed plugin leaves no rows of any process.
        admin.delete(&format!("/api/plugins/{WORKFLOW}")).await.expect(204);
        worker.app.plugins.refresh().await.unwrap();
        snapshots::write(&worker.app).await.unwrap();
        assert_eq!(rows(&world).await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_health_page_shows_calls_memory_and_the_last_lines() {
    on_both(|world| async move {
        call_workflow(&world).await;
        let manager = world.as_role(Role::Manager).await;
        let health = manager.get(&format!("/api/plugins/{WORKFLOW}/health")).await.expect(200);
        let seats = health["data"].as_array().unwrap();
        assert_eq!(
            seats.iter().map(|s| s["localisation"]["code"].as_str().unwrap()).collect::<Vec<_>>(),
            [HOME],
            "the page shows only sites in the caller's scope"
        );
        assert!(
            seats[0]["calls"].as_i64().unwrap() >= 1 && seats[0]["memoryBytes"].as_i64().unwrap() > 100_000,
            "{health:#}"
        );
        assert_eq!(
            (&seats[0]["version"], seats[0]["p99Micros"].is_i64(), seats[0]["idleInstances"].is_i64()),
            (&json!("1.0.0"), true, true)
        );
        world.app.plugins.logs().push(WORKFLOW, &world.site(HOME).to_string(), "warn", "hello", "corr");
        let health = manager.get(&format!("/api/plugins/{WORKFLOW}/health")).await.expect(200);
        assert_eq!(
            (&health["data"][0]["logs"][0]["message"], &health["data"][0]["logs"][0]["correlationId"]),
            (&json!("hello"), &json!("corr"))
        );
        manager.get("/api/plugins/nothing/health").await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_and_what_went_wrong_is_shown_and_measured() {
    on_both(|world| async move {
        crate::hooks::seat(&world, "garde", hook("garde"), json!({"announce": true})).await;
        // The test withdraws the consent to announce events while the plugin runs.
        let mut tx = world.app.db.begin().await.unwrap();
        sql("UPDATE plugin_sites SET grants = '[\"kv\"]' WHERE plugin_id = 'garde'").execute(&mut tx).await.unwrap();
        versions::touch(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        world.app.plugins.refresh().await.unwrap();

        let admin = world.as_role(Role::Admin).await;
        let record = opportunite(&world, "Soudure").await;
        let path = format!("/api/opportunites/{}", record["id"].as_str().unwrap());
        let moved = admin
            .post_at(
                &format!("{path}/transitions/annuler"),
                &record["version"],
                json!({"cause": "besoin", "motif": "Le client renonce."}),
            )
            .await;
        moved.expect(200);
        world.work().await;
        let seen = fares(&admin, "garde").await;
        assert_eq!(seen["uses"], json!([{"capability": "events", "calls": 1, "denied": 1}]));
        assert_eq!((&seen["faults"], seen.get("lastError")), (&json!(0), None));
        let calls = |function: &str, outcome: &str| {
            format!(r#"function="{function}",outcome="{outcome}",plugin="garde",site="{HOME}""#)
        };
        let shown = figures(&world).await;
        for (series, value) in [
            (format!(r#"afpi_plugin_denied_total{{capability="events",plugin="garde",site="{HOME}"}}"#), 1),
            (format!("afpi_plugin_calls_total{{{}}}", calls("after", "ok")), 3),
            // One call each for the company, the creation and the move.
            (format!("afpi_plugin_calls_total{{{}}}", calls("before", "ok")), 3),
            // There are no further calls: the host has stored the hook's subscriptions.
            (format!(r#"afpi_plugin_call_duration_seconds_count{{outcome="ok",plugin="garde",site="{HOME}"}}"#), 6),
        ] {
            assert!(
                shown.lines().any(|line| line == format!("{series} {value}")),
                "{series} {value}\n{}",
                of_the_hook(&shown)
            );
        }

        crate::hooks::settings(&world, "garde", json!({"trap": true})).await;
        admin
            .post("/api/entreprises", json!({"name": "Forges", "localisationId": world.site(HOME)}))
            .await
            .refused(409, "hook-failed");
        let seen = fares(&admin, "garde").await;
        assert_eq!((&seen["errors"], &seen["faults"]), (&json!(1), &json!(1)));
        assert!(
            seen["lastError"]["message"].as_str().unwrap().contains("unreachable")
                && seen["lastError"]["at"].is_string(),
            "{seen:#}"
        );
        let series = format!("afpi_plugin_calls_total{{{}}} 1", calls("before", "trap"));
        let shown = figures(&world).await;
        assert!(shown.lines().any(|line| line == series), "{series}\n{}", of_the_hook(&shown));
    })
    .await;
}

/// The text of `/metrics`.
async fn figures(world: &World) -> String {
    let response = world.nobody().raw("GET", "/metrics", None, &[]).await;
    String::from_utf8(axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

/// The lines about the hook, for an error message.
fn of_the_hook(figures: &str) -> String {
    figures.lines().filter(|line| line.contains("garde")).collect::<Vec<_>>().join("\n")
}
