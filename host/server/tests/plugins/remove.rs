//! Removal: records stay readable, settings stay, and a purge deletes them. The product's own plugins can be installed
//! again.

use afpi_core::rights::Role;
use serde_json::json;

use crate::files::WORKFLOW;
use crate::support::{HOME, on_both, opportunite};

#[tokio::test]
async fn a_plugin_that_is_gone_leaves_readable_records_behind() {
    on_both(|world| async move {
        let record = opportunite(&world, "Mémoire").await;
        let admin = world.as_role(Role::Admin).await;
        let config = format!("/api/plugins/{WORKFLOW}/sites/{}/config", world.site(HOME));
        let now = admin.get(&config).await.expect(200);
        admin.put_at(&config, &now["version"], json!({"config": {"validiteDevisJours": 21}})).await.expect(200);

        assert_eq!(admin.delete(&format!("/api/plugins/{WORKFLOW}")).await.status, 204);
        let shown = admin.get(&format!("/api/plugins/{WORKFLOW}")).await.expect(200);
        assert_eq!((&shown["state"], &shown["name"]["en"], &shown["sites"]), (&json!("removed"), &json!("AFPI relay in six sections"), &json!([])));
        let commercial = world.as_role(Role::Commercial).await;
        let id = record["id"].as_str().unwrap();
        let read = commercial.get(&format!("/api/opportunites/{id}")).await.expect(200);
        assert_eq!((&read["opportunite"]["status"], &read["opportunite"]["offers"]), (&record["status"], &json!([])));
        assert_eq!(read["opportunite"]["statusLabel"]["fr"], "Collecte en cours");
        let history = commercial.get(&format!("/api/opportunites/{id}/historique")).await.expect(200);
        assert_eq!(history["data"][0]["labels"]["target"]["fr"], "Collecte en cours", "{history:#}");
        assert_eq!(commercial.get("/api/opportunites").await.expect(200)["data"][0]["statusLabel"]["en"], "Gathering");

        // The next start does not install it. An administrator can activate it again, and its settings are as before.
        world.app.plugins.install_bundled().await.unwrap();
        world.app.plugins.refresh().await.unwrap();
        assert!(world.app.plugins.registry().plugin(WORKFLOW).is_none());
        let kept = admin.get(&format!("/api/plugins/{WORKFLOW}/versions")).await.expect(200)["data"][0].clone();
        let path = format!("/api/plugins/{WORKFLOW}/versions/{}/activate", kept["version"].as_str().unwrap());
        admin.post(&path, json!({})).await.refused(409, "consent-required");
        admin.post(&path, json!({"consent": kept["consent"]})).await.expect(200);
        assert_eq!(admin.get(&config).await.expect(200)["config"]["validiteDevisJours"], 21);
        assert_eq!(admin.get(&format!("/api/plugins/{WORKFLOW}")).await.expect(200)["sites"][0]["enabled"], false, "the administrator must switch it on at each site");

        assert_eq!(admin.delete(&format!("/api/plugins/{WORKFLOW}?purge=true")).await.status, 204);
        let kept = admin.get(&format!("/api/plugins/{WORKFLOW}")).await.expect(200);
        assert_eq!(kept["state"], "staged", "the product's own file stays available");
        admin.post(&path, json!({"consent": admin.get(&format!("/api/plugins/{WORKFLOW}/versions")).await.expect(200)["data"][0]["consent"]})).await.expect(200);
        assert_eq!(admin.get(&config).await.expect(200)["config"], json!({}));
        admin.delete("/api/plugins/nothing").await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_foreign_plugin_is_forgotten_when_it_is_purged() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let file = crate::files::variant("notifications-afpi", |m| m.id = "passant".into());
        let staged = admin.upload("/api/plugins", file).await.expect(201);
        admin
            .post("/api/plugins/passant/versions/1.0.0/activate", json!({"consent": staged["consent"]}))
            .await
            .expect(200);
        assert_eq!(admin.delete("/api/plugins/passant?purge=true").await.status, 204);
        admin.get("/api/plugins/passant").await.refused(404, "not-found");
        let mut conn = world.app.db.read().await.unwrap();
        for rows in [
            afpi_db::sql("SELECT COUNT(*) FROM plugin_sites WHERE plugin_id = 'passant'"),
            afpi_db::sql("SELECT COUNT(*) FROM plugin_versions WHERE plugin_id = 'passant'"),
        ] {
            assert_eq!(rows.scalar::<i64>(&mut conn).await.unwrap(), 0);
        }
    })
    .await;
}
