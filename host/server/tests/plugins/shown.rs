//! `/api/plugins`: visibility, switching on and off, and settings site by site.

use crate::support::{AWAY, HOME, on_both};
use afpi_core::rights::Role;
use serde_json::{Value, json};

const WORKFLOW: &str = "workflow-afpi";

#[tokio::test]
async fn plugins_are_shown_with_what_they_may_do_and_the_sites_in_scope() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let list = admin.get("/api/plugins").await.expect(200);
        let ids: Vec<&str> = list["data"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect();
        assert_eq!(
            ids,
            ["annuaire", "coherence", "documents-afpi", "notifications-afpi", "objectifs-afpi", WORKFLOW, "ypareo"]
        );
        let of = |id: &str| list["data"].as_array().unwrap().iter().find(|p| p["id"] == id).cloned().unwrap();
        let ypareo = of("ypareo");
        assert_eq!(
            (&ypareo["kind"], &ypareo["level"], ypareo["sha256"].as_str().unwrap().len()),
            (&json!("connector"), &json!("core"), 64)
        );
        assert_eq!(
            (&ypareo["sites"][0]["localisation"]["code"], &ypareo["sites"][0]["state"]),
            (&json!("AFPI"), &json!("disabled"))
        );
        let http = ypareo["capabilities"].as_array().unwrap().iter().find(|c| c["id"] == "http-client").unwrap();
        assert_eq!(
            (&http["sentence"]["fr"], &http["params"][0]),
            (&json!("Appelle les adresses web déclarées."), &json!("config:baseUrl"))
        );
        assert_eq!(of(WORKFLOW)["sites"].as_array().unwrap().len(), 14);
        assert!(of(WORKFLOW)["size"].as_i64().unwrap() > 10_000);
        let read: Vec<_> = of(WORKFLOW)["capabilities"].as_array().unwrap().iter().map(|c| c["id"].clone()).collect();
        assert_eq!(read, ["limits"], "it may do nothing, and has limits of its own");
        assert_eq!(admin.get("/api/plugins?q=YPAREO%20entreprises").await.expect(200)["meta"]["total"], 1);
        admin.get("/api/plugins?level=core").await.refused(400, "bad-parameter");

        let manager = world.as_role(Role::Manager).await;
        let seen = manager.get(&format!("/api/plugins/{WORKFLOW}")).await.expect(200);
        assert_eq!(
            seen["sites"]
                .as_array()
                .unwrap()
                .iter()
                .map(|s| s["localisation"]["code"].as_str().unwrap())
                .collect::<Vec<_>>(),
            [HOME]
        );
        assert_eq!(seen["configSchema"]["type"], "object");
        assert_eq!(manager.get("/api/plugins/ypareo").await.expect(200)["sites"], json!([]));
        admin.get("/api/plugins/nothing").await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn calls_are_counted_and_shown() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let calls = async || {
            admin.get(&format!("/api/plugins/{WORKFLOW}")).await.expect(200)["stats"]["calls"].as_i64().unwrap()
        };
        let before = calls().await;
        crate::quarantine::call_workflow(&world).await;
        assert!(calls().await > before);
    })
    .await;
}

#[tokio::test]
async fn a_manager_switches_plugins_of_his_own_site_only() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let path = |code: &str| format!("/api/plugins/{WORKFLOW}/sites/{}", world.site(code));
        let off = manager.put(&path(HOME), json!({"enabled": false})).await.expect(200);
        assert_eq!(
            (&off["enabled"], &off["state"], off["since"].is_string()),
            (&json!(false), &json!("disabled"), true)
        );
        // The plugin is off for everybody at once, and only at this site.
        let admin = world.as_role(Role::Admin).await;
        admin.get(&format!("/api/workflow?localisationId={}", world.site(HOME))).await.refused(503, "unavailable");
        admin.get(&format!("/api/workflow?localisationId={}", world.site(AWAY))).await.expect(200);
        assert_eq!(manager.put(&path(HOME), json!({"enabled": true})).await.expect(200)["state"], "active");

        world.work().await;
        let told = admin.get("/api/notifications").await.expect(200);
        let titles: Vec<&str> =
            told["data"].as_array().unwrap().iter().filter_map(|n| n["title"]["en"].as_str()).collect();
        assert!(
            titles.len() == 2 && titles.contains(&"Plugin AFPI relay in six sections (AFPI-02) disabled"),
            "{titles:?}"
        );

        manager.put(&path(AWAY), json!({"enabled": false})).await.refused(404, "not-found");
        manager
            .put(&format!("/api/plugins/ypareo/sites/{}", uuid::Uuid::nil()), json!({"enabled": true}))
            .await
            .refused(403, "forbidden");
        manager.put(&path(HOME), json!({"enabled": 1})).await.refused(422, "wrong-type");
        manager
            .put(&format!("/api/plugins/{WORKFLOW}/sites/none"), json!({"enabled": true}))
            .await
            .refused(404, "not-found");
        manager
            .put(&format!("/api/plugins/nothing/sites/{}", world.site(HOME)), json!({"enabled": true}))
            .await
            .refused(404, "not-found");
        // A connector without its address cannot be switched on.
        let network = format!("/api/plugins/ypareo/sites/{}", uuid::Uuid::nil());
        let refused = admin.put(&network, json!({"enabled": true})).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/config/baseUrl");
    })
    .await;
}

#[tokio::test]
async fn settings_of_a_site_have_versions_and_fit_the_schema() {
    on_both(|world| async move {
        let manager = world.as_role(Role::Manager).await;
        let path = format!("/api/plugins/{WORKFLOW}/sites/{}/config", world.site(HOME));
        let now = manager.get(&path).await.expect(200);
        let body = json!({"config": now["config"]});
        manager.put(&path, body.clone()).await.refused(428, "version-required");
        let saved = manager.put_at(&path, &now["version"], body.clone()).await.expect(200);
        assert_eq!(saved["version"].as_i64(), now["version"].as_i64().map(|v| v + 1));
        manager.put_at(&path, &now["version"], body).await.refused(412, "stale");
        let refused = manager
            .put_at(&path, &saved["version"], json!({"config": {"thereIsNoSuchSetting": 1}}))
            .await
            .refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/config/thereIsNoSuchSetting");
        let away = format!("/api/plugins/{WORKFLOW}/sites/{}/config", world.site(AWAY));
        manager.get(&away).await.refused(404, "not-found");
        manager.get(&format!("/api/plugins/ypareo/sites/{}/config", uuid::Uuid::nil())).await.refused(403, "forbidden");
        let responsable = world.as_role(Role::ResponsableCommercial).await;
        responsable.get(&away).await.expect(200);
        responsable
            .get(&format!("/api/plugins/ypareo/sites/{}/config", uuid::Uuid::nil()))
            .await
            .refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn every_endpoint_refuses_nobody_and_the_roles_without_plugins() {
    on_both(|world| async move {
        let site = world.site(HOME);
        let endpoints = [
            ("GET", "/api/plugins".to_owned(), None),
            ("GET", format!("/api/plugins/{WORKFLOW}"), None),
            ("PUT", format!("/api/plugins/{WORKFLOW}/sites/{site}"), Some(json!({"enabled": false}))),
            ("GET", format!("/api/plugins/{WORKFLOW}/sites/{site}/config"), None),
            ("PUT", format!("/api/plugins/{WORKFLOW}/sites/{site}/config"), Some(json!({"config": {}}))),
        ];
        for (method, path, body) in endpoints {
            let headers = [("if-match", "\"1\"".to_owned())];
            world.nobody().send(method, &path, body.clone(), &headers).await.refused(401, "unauthenticated");
            for role in [Role::Commercial, Role::Planificateur, Role::Assistante, Role::Facturation] {
                let reply = world.as_role(role).await.send(method, &path, body.clone(), &headers).await;
                assert_eq!(
                    (reply.status, reply.body["code"].as_str()),
                    (403, Some("forbidden")),
                    "{} {method} {path}",
                    role.id()
                );
            }
        }
        let site_off: Value = world
            .as_role(Role::Admin)
            .await
            .get(&format!("/api/plugins/{WORKFLOW}"))
            .await
            .expect(200)["sites"][0]["enabled"]
            .clone();
        assert_eq!(site_off, true);
    })
    .await;
}
