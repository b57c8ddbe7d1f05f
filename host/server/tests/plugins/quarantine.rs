//! The host switches off a plugin that keeps failing on a site. The responsible people are told, every process knows
//! it, and a person or a successful call ends it.

use std::time::Duration;

use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_platform::plugins::{hex, quarantine, versions};
use afpi_plugins::{CallContext, Locale, manifest};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::files::{WORKFLOW, variant};
use crate::support::{AWAY, HOME, World, on_both, process};

/// Installs one of the product's plugins under another id and switches it on at [`HOME`]. It worked during activation
/// and now has too little memory to start. If it is a workflow, its id sorts first, so the site uses it.
pub async fn starving(world: &World, source: &str) {
    let admin = world.as_role(Role::Admin).await;
    let staged = admin.upload("/api/plugins", variant(source, |m| m.id = "affame".into())).await.expect(201);
    admin.post("/api/plugins/affame/versions/1.0.0/activate", json!({"consent": staged["consent"]})).await.expect(200);
    let file = variant(source, |m| {
        m.id = "affame".into();
        m.limits.memory_mib = Some(1);
    });
    let manifest = serde_json::to_string(&manifest::extract(&file).unwrap()).unwrap();
    let mut tx = world.app.db.begin().await.unwrap();
    sql("UPDATE plugin_versions SET component = ?, sha256 = ?, manifest = ? WHERE plugin_id = 'affame'")
        .bind(file.as_slice())
        .bind(hex(&Sha256::digest(&file)))
        .bind(manifest)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    past_the_check(world, "affame").await;
}

/// Makes a successful call of the workflow at [`HOME`].
pub async fn call_workflow(world: &World) {
    let site = world.site(HOME).to_string();
    let mut found = world.app.plugins.registry().workflow(&site);
    // A process that has just started may still be loading its plugins.
    for _ in 0..100 {
        if found.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        found = world.app.plugins.registry().workflow(&site);
    }
    let workflow = found.expect("the workflow is enabled");
    workflow.definition(&CallContext::new(Locale::Fr, "test")).await.unwrap();
}

/// Switches a plugin on at [`HOME`] without checking its settings, because the plugin would fail the check.
async fn past_the_check(world: &World, plugin: &str) {
    let mut tx = world.app.db.begin().await.unwrap();
    let switch =
        sql("UPDATE plugin_sites SET enabled = ? WHERE plugin_id = ? AND localisation_id = ?").bind(true).bind(plugin);
    switch.bind(world.site(HOME)).execute(&mut tx).await.unwrap();
    versions::touch(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    world.app.plugins.refresh().await.unwrap();
}

async fn titles(world: &World) -> Vec<String> {
    world.work().await;
    let told = world.as_role(Role::Admin).await.get("/api/notifications").await.expect(200);
    told["data"].as_array().unwrap().iter().map(|n| n["title"]["en"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn faults_switch_a_plugin_off_there_and_an_administrator_lets_it_try_again() {
    on_both(|world| async move {
        starving(&world, WORKFLOW).await;
        let admin = world.as_role(Role::Admin).await;
        let here = format!("/api/workflow?localisationId={}", world.site(HOME));
        for _ in 0..5 {
            let failed = admin.get(&here).await;
            assert!(failed.headers.get("retry-after").is_none());
            failed.refused(502, "plugin-failed");
        }
        let held = admin.get(&here).await;
        assert!(held.headers.get("retry-after").is_some(), "it is not even called");
        held.refused(502, "plugin-failed");
        admin.get(&format!("/api/workflow?localisationId={}", world.site(AWAY))).await.expect(200);

        quarantine::settle(&world.app).await;
        let health = admin.get("/api/plugins/affame/health").await.expect(200);
        let seat = |health: &Value, code: &str| {
            health["data"].as_array().unwrap().iter().find(|s| s["localisation"]["code"] == code).cloned().unwrap()
        };
        let home = seat(&health, HOME);
        assert_eq!(
            (&home["state"], &home["faults"], &home["quarantine"]["relapses"]),
            (&json!("quarantined"), &json!(5), &json!(1))
        );
        assert!(
            home["quarantine"]["nextTry"].as_str() > home["quarantine"]["since"].as_str()
                && home["quarantine"]["reason"].as_str().unwrap().contains("1 MiB")
        );
        assert_eq!(seat(&health, AWAY)["state"], "disabled");
        let told = titles(&world).await;
        assert!(told.iter().any(|t| t.contains("affame") && t.contains(HOME)), "{told:?}");

        let dir = tempfile::tempdir().unwrap();
        let other = process(dir.path(), world.app.db.clone()).await;
        let site = world.site(HOME).to_string();
        let known = || other.plugins.registry().health(&site, "affame").unwrap().health.quarantined;
        assert!(known().is_some(), "another process knows about the quarantine");

        let release = format!("/api/plugins/affame/sites/{}/release", world.site(HOME));
        let manager = world.as_role(Role::Manager).await;
        manager
            .post(&format!("/api/plugins/affame/sites/{}/release", world.site(AWAY)), json!({}))
            .await
            .refused(404, "not-found");
        assert_eq!(manager.post(&release, json!({})).await.expect(200)["state"], "active");
        other.plugins.refresh().await.unwrap();
        assert!(known().is_none(), "another process knows that the quarantine has ended");
        let tried = admin.get(&here).await;
        assert!(tried.headers.get("retry-after").is_none(), "it is called again");
        assert_eq!(titles(&world).await.len(), told.len() + 1);
    })
    .await;
}

#[tokio::test]
async fn a_good_call_after_the_pause_ends_it_everywhere() {
    on_both(|world| async move {
        let site = world.site(HOME);
        let mut tx = world.app.db.begin().await.unwrap();
        sql("INSERT INTO plugin_quarantines (plugin_id, localisation_id, reason, since_at, until_at, relapses) VALUES (?, ?, 'trap', 1, 2, 3)")
            .bind(WORKFLOW).bind(site).execute(&mut tx).await.unwrap();
        versions::touch(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        // This is the state after a restart: the pause is over, and the plugin is on probation.
        world.app.plugins.refresh().await.unwrap();
        assert_eq!(world.app.plugins.registry().health(&site.to_string(), WORKFLOW).unwrap().health.relapses, 3);
        call_workflow(&world).await;
        quarantine::settle(&world.app).await;
        let mut conn = world.app.db.read().await.unwrap();
        assert!(quarantine::of(&mut conn, Some(WORKFLOW)).await.unwrap().is_empty());
        drop(conn);
        let told = titles(&world).await;
        assert_eq!(told.len(), 1, "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_plugin_that_is_taken_out_leaves_no_series_behind() {
    on_both(|world| async move {
        starving(&world, WORKFLOW).await;
        let admin = world.as_role(Role::Admin).await;
        for _ in 0..5 {
            admin
                .get(&format!("/api/workflow?localisationId={}", world.site(HOME)))
                .await
                .refused(502, "plugin-failed");
        }
        let series = async || {
            afpi_platform::ops::gauges::sample_plugins(&world.app);
            let shown = world.nobody().raw("GET", "/metrics", None, &[]).await;
            let text = axum::body::to_bytes(shown.into_body(), usize::MAX).await.unwrap();
            String::from_utf8_lossy(&text)
                .lines()
                .filter(|line| line.contains("plugin=\"affame\""))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let held = format!("afpi_plugin_quarantined{{plugin=\"affame\",site=\"{HOME}\"}} 1");
        let before = series().await;
        assert!(
            before.contains(&held) && before.iter().any(|line| line.starts_with("afpi_plugin_calls_total{")),
            "{before:#?}"
        );
        assert_eq!(admin.delete("/api/plugins/affame").await.status, 204);
        assert_eq!(series().await, [""; 0]);
    })
    .await;
}
