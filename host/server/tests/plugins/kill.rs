//! A process that ends in the middle of a change leaves the plugin as it was or as it shall be: version, settings and grants
//! belong together at every instant, and the next process carries on from there.

use std::time::Duration;

use afpi::rights::Role;
use afpi_db::sql;
use serde_json::json;

use crate::files::{WORKFLOW, numbered};
use crate::support::{HOME, World, on_both, process};

const DEATHS: u64 = 60;

/// Active version and the home site's settings, read as one.
async fn state(world: &World) -> (String, String) {
    let mut conn = world.app.db.read().await.unwrap();
    sql("SELECT p.version, s.config FROM plugins p JOIN plugin_sites s ON s.plugin_id = p.id WHERE p.id = ? AND s.localisation_id = ?")
        .bind(WORKFLOW).bind(world.site(HOME)).one(&mut conn).await.unwrap()
}

async fn set_days(world: &World, days: i64) {
    let admin = world.as_role(Role::Admin).await;
    let path = format!("/api/plugins/{WORKFLOW}/sites/{}/config", world.site(HOME));
    let now = admin.get(&path).await.expect(200);
    admin.put_at(&path, &now["version"], json!({"config": {"validiteDevisJours": days}})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_switch_that_dies_anywhere_has_happened_or_not() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        set_days(&world, 20).await;
        admin.upload("/api/plugins", numbered(WORKFLOW, "2.0.0")).await.expect(201);
        admin.post(&format!("/api/plugins/{WORKFLOW}/versions/2.0.0/activate"), json!({})).await.expect(200);
        set_days(&world, 40).await;
        let (mut old, mut new) = (0, 0);
        for death in 0..DEATHS {
            let client = admin.clone();
            let switch = tokio::spawn(async move { client.post(&format!("/api/plugins/{WORKFLOW}/rollback"), json!({})).await.status });
            // From before it begins to after it has ended, in growing steps.
            tokio::time::sleep(Duration::from_micros(death * death * 20)).await;
            switch.abort();
            let _ended_or_not = switch.await;
            match state(&world).await {
                (version, config) if version == "1.0.0" && config.contains("20") => old += 1,
                (version, config) if version == "2.0.0" && config.contains("40") => new += 1,
                torn => panic!("after death {death}: {torn:?}"),
            }
        }
        assert_eq!(old + new, DEATHS);
        assert!(old > 0 && new > 0, "{old} {new}: the deaths came too early");
        // Whoever starts next runs what the tables say.
        let dir = tempfile::tempdir().unwrap();
        let next = process(dir.path(), world.app.db.clone()).await;
        let running = next.plugins.registry().plugin(WORKFLOW).unwrap().manifest().version.to_string();
        assert_eq!(running, state(&world).await.0);
        world.app.plugins.refresh().await.unwrap();
        admin.get(&format!("/api/workflow?localisationId={}", world.site(HOME))).await.expect(200);
    })
    .await;
}
