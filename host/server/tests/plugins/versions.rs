//! From the upload to the activation: consent, changes, migrated settings, rollback and reload for developers.

use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_plugins::manifest::HttpRequest;
use serde_json::{Value, json};

use crate::files::{NOTIFIER, WORKFLOW, numbered, respelt, variant};
use crate::support::{AWAY, Client, HOME, World, on_both};

/// A separate notifier that asks for HTTP access to these hosts.
fn webhook(version: &str, hosts: &[&str]) -> Vec<u8> {
    variant(NOTIFIER, |m| {
        m.id = "webhook".into();
        m.version = version.parse().unwrap();
        m.capabilities.http = (!hosts.is_empty())
            .then(|| HttpRequest { hosts: hosts.iter().map(|h| h.to_string()).collect(), private_ranges: false });
    })
}

async fn activate(client: &Client, id: &str, staged: &Value) -> Value {
    let path = format!("/api/plugins/{id}/versions/{}/activate", staged["version"].as_str().unwrap());
    client.post(&path, json!({"consent": staged["consent"]})).await.expect(200)
}

async fn grants(world: &World, id: &str) -> Vec<String> {
    let mut conn = world.app.db.read().await.unwrap();
    afpi_db::sql("SELECT DISTINCT grants FROM plugin_sites WHERE plugin_id = ?")
        .bind(id)
        .all::<(String,)>(&mut conn)
        .await
        .unwrap()
        .into_iter()
        .map(|(g,)| g)
        .collect()
}

#[tokio::test]
async fn nothing_runs_before_consent_and_consent_is_for_what_was_read() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let staged = admin.upload("/api/plugins", webhook("1.0.0", &["https://chat.example.fr"])).await.expect(201);
        assert_eq!(
            (&staged["state"], &staged["level"], &staged["changes"]["consentRequired"]),
            (&json!("staged"), &json!("unsigned"), &json!(true))
        );
        let http = staged["capabilities"].as_array().unwrap().iter().find(|c| c["id"] == "http-client").unwrap();
        assert_eq!(http["params"], json!(["https://chat.example.fr"]));
        let shown = admin.get("/api/plugins/webhook").await.expect(200);
        assert_eq!(
            (&shown["state"], &shown["sites"], &shown["configSchema"]),
            (&json!("staged"), &json!([]), &json!({}))
        );
        assert!(world.app.plugins.registry().plugin("webhook").is_none(), "it runs");
        let site = format!("/api/plugins/webhook/sites/{}", world.site(HOME));
        admin.put(&site, json!({"enabled": true})).await.refused(404, "not-found");

        let path = "/api/plugins/webhook/versions/1.0.0/activate";
        admin.post(path, json!({})).await.refused(409, "consent-required");
        admin.post(path, json!({"consent": "0".repeat(64)})).await.refused(409, "consent-stale");
        // Another file with the waiting version number asks for more, so the consent to the first file is no longer
        // valid.
        admin
            .upload("/api/plugins", webhook("1.0.0", &["https://chat.example.fr", "https://evil.example.fr"]))
            .await
            .expect(201);
        admin.post(path, json!({"consent": staged["consent"]})).await.refused(409, "consent-stale");
        let staged = admin.upload("/api/plugins", webhook("1.0.0", &["https://chat.example.fr"])).await.expect(201);
        let active = activate(&admin, "webhook", &staged).await;
        assert_eq!((&active["version"]["state"], active.get("from")), (&json!("active"), None));
        admin.post(path, json!({"consent": staged["consent"]})).await.refused(409, "already-active");
        let shown = admin.get("/api/plugins/webhook").await.expect(200);
        assert_eq!(
            (shown["sites"].as_array().unwrap().len(), &shown["sites"][0]["state"]),
            (14, &json!("disabled")),
            "the plugin is off until a person switches it on"
        );
        assert_eq!(admin.put(&site, json!({"enabled": true})).await.expect(200)["state"], "active");
        assert_eq!(grants(&world, "webhook").await, [r#"["http-client"]"#]);
    })
    .await;
}

#[tokio::test]
async fn an_upgrade_that_asks_for_more_asks_again() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let first = admin.upload("/api/plugins", webhook("1.0.0", &[])).await.expect(201);
        activate(&admin, "webhook", &first).await;
        assert_eq!(grants(&world, "webhook").await, ["[]"]);
        // A version that asks for nothing more needs no consent.
        admin.upload("/api/plugins", webhook("1.1.0", &[])).await.expect(201);
        admin.post("/api/plugins/webhook/versions/1.1.0/activate", json!({})).await.expect(200);
        // A version that asks for more needs consent.
        let more = admin.upload("/api/plugins", webhook("1.2.0", &["https://a.example.fr"])).await.expect(201);
        assert_eq!(more["changes"]["more"], json!(["/capabilities/http"]));
        assert_eq!(more["changes"]["capabilitiesAdded"][0]["id"], "http-client");
        admin.post("/api/plugins/webhook/versions/1.2.0/activate", json!({})).await.refused(409, "consent-required");
        assert_eq!(admin.get("/api/plugins/webhook").await.expect(200)["version"], "1.1.0");
        activate(&admin, "webhook", &more).await;
        assert_eq!(grants(&world, "webhook").await, [r#"["http-client"]"#]);
        // A new address is an additional request too. Only the rollback may return to an older version, and it restores
        // the old grants.
        let other = admin.upload("/api/plugins", webhook("1.3.0", &["https://b.example.fr"])).await.expect(201);
        assert_eq!(other["changes"]["more"], json!(["/capabilities/http/hosts"]));
        let old = admin.upload("/api/plugins", webhook("0.9.0", &[])).await.expect(201);
        admin
            .post("/api/plugins/webhook/versions/0.9.0/activate", json!({"consent": old["consent"]}))
            .await
            .refused(409, "downgrade");
        let back = admin.post("/api/plugins/webhook/rollback", json!({})).await.expect(200);
        assert_eq!((&back["version"]["version"], &back["from"]), (&json!("1.1.0"), &json!("1.2.0")));
        assert_eq!(grants(&world, "webhook").await, ["[]"]);
        let states: Vec<String> = admin.get("/api/plugins/webhook/versions").await.expect(200)["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| format!("{} {}", v["version"].as_str().unwrap(), v["state"].as_str().unwrap()))
            .collect();
        assert!(
            states.contains(&"1.1.0 active".into())
                && states.contains(&"1.2.0 previous".into())
                && states.contains(&"1.3.0 staged".into()),
            "{states:?}"
        );
        assert!(!states.iter().any(|s| s.starts_with("1.0.0")), "the host deletes superseded versions");
        admin.delete("/api/plugins/webhook/versions/1.2.0").await.refused(409, "version-in-use");
        assert_eq!(admin.delete("/api/plugins/webhook/versions/1.3.0").await.status, 204);
        admin.delete("/api/plugins/webhook/versions/1.3.0").await.refused(404, "not-found");
        admin
            .upload(
                "/api/plugins",
                variant(NOTIFIER, |m| {
                    m.id = "webhook".into();
                    m.version = "1.1.0".parse().unwrap();
                    m.license = Some("MIT".into());
                }),
            )
            .await
            .refused(409, "version-taken");
    })
    .await;
}

#[tokio::test]
async fn settings_come_along_and_go_back() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let path = format!("/api/plugins/{WORKFLOW}/sites/{}/config", world.site(HOME));
        let days = async || admin.get(&path).await.expect(200)["config"]["validiteDevisJours"].clone();
        let set = async |days: i64| {
            let now = admin.get(&path).await.expect(200);
            admin.put_at(&path, &now["version"], json!({"config": {"validiteDevisJours": days}})).await.expect(200);
        };
        set(20).await;
        // The next version renames this setting without a migration, so the site would lose its value.
        let broken =
            respelt(WORKFLOW, "validiteDevisJours", "validiteDevisTours", |m| m.version = "2.0.0".parse().unwrap());
        let staged = admin.upload("/api/plugins", broken).await.expect(201);
        let refused = admin
            .post(&format!("/api/plugins/{WORKFLOW}/versions/2.0.0/activate"), json!({"consent": staged["consent"]}))
            .await
            .refused(409, "settings-refused");
        assert!(refused["detail"].as_str().unwrap().starts_with(HOME), "{refused:#}");
        assert_eq!(refused["fields"][0]["field"], "/config/validiteDevisJours");
        let now = admin.get(&format!("/api/plugins/{WORKFLOW}")).await.expect(200);
        assert_eq!((&now["version"], &now["staged"]), (&json!("1.0.0"), &json!(["2.0.0"])));
        assert_eq!(days().await, 20);
        admin.get(&format!("/api/workflow?localisationId={}", world.site(AWAY))).await.expect(200);

        let staged = admin.upload("/api/plugins", numbered(WORKFLOW, "2.1.0")).await.expect(201);
        admin
            .post(&format!("/api/plugins/{WORKFLOW}/versions/2.1.0/activate"), json!({"consent": staged["consent"]}))
            .await
            .expect(200);
        assert_eq!(
            admin.get(&format!("/api/workflow?localisationId={}", world.site(HOME))).await.expect(200)["version"],
            "2.1.0"
        );
        set(40).await;
        admin.post(&format!("/api/plugins/{WORKFLOW}/rollback"), json!({})).await.expect(200);
        assert_eq!(days().await, 20, "the value of that version is back");
        admin.post(&format!("/api/plugins/{WORKFLOW}/rollback"), json!({})).await.expect(200);
        assert_eq!(days().await, 40, "the rollback of the rollback restores the later value");
        // A site without its own settings does not block a renamed setting.
        let mut conn = world.app.db.begin().await.unwrap();
        afpi_db::sql("UPDATE plugin_sites SET config = '{}', version = version + 1 WHERE plugin_id = ?")
            .bind(WORKFLOW)
            .execute(&mut conn)
            .await
            .unwrap();
        conn.commit().await.unwrap();
        let renamed =
            respelt(WORKFLOW, "validiteDevisJours", "validiteDevisTours", |m| m.version = "2.2.0".parse().unwrap());
        let staged = admin.upload("/api/plugins", renamed).await.expect(201);
        let switched = admin
            .post(&format!("/api/plugins/{WORKFLOW}/versions/2.2.0/activate"), json!({"consent": staged["consent"]}))
            .await
            .expect(200);
        let mut named: Vec<String> = switched["settings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| format!("{} {}", s["change"].as_str().unwrap(), s["name"].as_str().unwrap()))
            .collect();
        named.sort();
        assert_eq!(named, ["added validiteDevisTours", "removed validiteDevisJours"]);
    })
    .await;
}

#[tokio::test]
async fn a_developer_reloads_what_asks_for_no_more() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let reload = "/api/plugins?reload=true";
        assert_eq!(
            admin.upload(reload, webhook("1.0.0", &[])).await.expect(201)["state"],
            "staged",
            "the first version waits for consent"
        );
        let first = admin.get("/api/plugins/webhook/versions").await.expect(200)["data"][0].clone();
        activate(&admin, "webhook", &first).await;
        let file = variant(NOTIFIER, |m| {
            m.id = "webhook".into();
            m.version = "1.0.0".parse().unwrap();
            m.license = Some("MIT".into());
        });
        let again = admin.upload(reload, file).await.expect(201);
        assert_eq!(again["state"], "active");
        assert_ne!(again["sha256"], first["sha256"]);
        admin.upload(reload, webhook("1.0.0", &["https://a.example.fr"])).await.refused(409, "consent-required");
        assert_eq!(admin.get("/api/plugins/webhook").await.expect(200)["sha256"], again["sha256"]);
        let production = crate::support::production(&world).await;
        production.upload(reload, webhook("1.0.0", &[])).await.refused(409, "developer-mode");
    })
    .await;
}

#[tokio::test]
async fn a_file_handed_in_again_under_its_key_is_taken_in_once() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let key = [("idempotency-key", "file".to_owned())];
        let first = admin.upload_with("/api/plugins", numbered(NOTIFIER, "1.0.9"), &key).await;
        assert!(!first.headers.contains_key("idempotency-replayed"));
        let again = admin.upload_with("/api/plugins", numbered(NOTIFIER, "1.0.9"), &key).await;
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert_eq!(again.headers["location"], first.headers["location"]);
        assert_eq!(again.expect(201), first.expect(201));
        admin
            .upload_with("/api/plugins", numbered(NOTIFIER, "1.0.10"), &key)
            .await
            .refused(422, "idempotency-key-reused");
        // The answer was lost, and the lease of the request has run out. Sending the same file again changes nothing.
        let mut tx = world.app.db.begin().await.unwrap();
        sql("UPDATE idempotency_keys SET done_at = NULL, answered_at = NULL, answer = NULL, lease_until = 0")
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        admin.upload_with("/api/plugins", numbered(NOTIFIER, "1.0.9"), &key).await.expect(201);
        let versions = admin.get(&format!("/api/plugins/{NOTIFIER}/versions")).await.expect(200);
        let staged = versions["data"].as_array().unwrap().iter().filter(|v| v["state"] == "staged").count();
        assert_eq!(staged, 1, "{versions:#}");
        // If the caller may not upload plugins, the host does not read such a large body.
        let manager = world.as_role(Role::Manager).await;
        manager.upload_with("/api/plugins", vec![0; 2 << 20], &key).await.refused(403, "forbidden");
    })
    .await;
}
