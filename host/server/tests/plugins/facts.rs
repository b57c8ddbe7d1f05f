//! The host checks the declarations of a plugin when it becomes active, and stores them. Later it reads them without
//! running the plugin.

use std::time::Duration;

use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_plugins::Pause;
use afpi_plugins::manifest::{self, Manifest};
use serde_json::{Value, json};

use crate::files::{NOTIFIER, hook, respell, respelt, variant};
use crate::hooks::seat;
use crate::support::{Client, HOME, World, on_both, opportunite, process};

const PREFERENCES: &str = "/api/notifications/preferences";

/// How often this process called this function of plugins.
async fn asked(world: &World, function: &str) -> u64 {
    let answer = world.nobody().raw("GET", "/metrics", None, &[]).await;
    let text = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8(text.to_vec()).unwrap();
    let calls = text.lines().filter(|line| line.starts_with("afpi_plugin_calls_total"));
    let of = calls.filter(|line| line.contains(&format!("function=\"{function}\"")));
    of.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

async fn activated(admin: &Client, file: Vec<u8>) -> crate::support::Reply {
    let staged = admin.upload("/api/plugins", file).await.expect(201);
    let (id, version) = (staged["pluginId"].as_str().unwrap(), staged["version"].as_str().unwrap());
    admin.post(&format!("/api/plugins/{id}/versions/{version}/activate"), json!({"consent": staged["consent"]})).await
}

async fn kept(world: &World, plugin: &str, topic: &str) -> i64 {
    let query = sql("SELECT COUNT(*) FROM plugin_facts WHERE plugin_id = ? AND topic = ?").bind(plugin).bind(topic);
    query.scalar(&mut world.app.db.read().await.unwrap()).await.unwrap()
}

async fn forget(world: &World) {
    let mut tx = world.app.db.begin().await.unwrap();
    sql("DELETE FROM plugin_facts").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn looking_at_plugins_runs_none_of_them() {
    on_both(|world| async move {
        assert!(
            kept(&world, "workflow-afpi", "config-schema").await == 1
                && kept(&world, "workflow-afpi", "definition").await == 1
                && kept(&world, "objectifs-afpi", "measures").await == 1
        );
        seat(&world, "garde", hook("garde"), json!({})).await;
        assert_eq!(kept(&world, "garde", "subscriptions").await, 1);
        // A second process on the same database, which has not called any plugin yet.
        let other = world.beside(process(&world.app.config.data_dir, world.app.db.clone()).await);
        let admin = other.as_role(Role::Admin).await;
        for path in [
            "/api/plugins".to_owned(),
            "/api/plugins/ypareo".to_owned(),
            "/api/plugins/workflow-afpi".to_owned(),
            "/api/plugins/workflow-afpi/versions".to_owned(),
            "/api/plugins/workflow-afpi/health".to_owned(),
            "/api/connecteurs/ypareo/config".to_owned(),
            format!("/api/workflow?localisationId={}", world.site(HOME)),
            PREFERENCES.to_owned(),
            "/api/objectifs/metrics".to_owned(),
        ] {
            admin.get(&path).await.expect(200);
        }
        assert_eq!(asked(&other, "calculate").await, 0, "the host already knows the metrics");
        // The host asks the hook about this change and tells it afterwards.
        opportunite(&other, "Soudage").await;
        other.work().await;
        admin.get("/api/dashboard").await.expect(200);
        assert!(asked(&other, "before").await > 0 && asked(&other, "after").await > 0);
        for function in ["config-schema", "definition", "kinds", "metrics", "subscriptions"] {
            assert_eq!(asked(&other, function).await, 0, "{function}");
        }
        // A process asks once for a declaration that is not stored.
        forget(&world).await;
        let other = world.beside(process(&world.app.config.data_dir, world.app.db.clone()).await);
        let admin = other.as_role(Role::Admin).await;
        for _ in 0..3 {
            admin.get("/api/plugins/ypareo").await.expect(200);
            admin.get(PREFERENCES).await.expect(200);
            admin.get("/api/objectifs/metrics").await.expect(200);
        }
        for function in ["config-schema", "kinds", "metrics"] {
            assert_eq!(asked(&other, function).await, 1, "{function}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_schema_the_host_cannot_use_is_refused_when_the_plugin_becomes_active() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let plain = r#"{"type":"object"}"#;
        for (schema, why) in [
            (r##"{"$ref":"#"     }"##, "refers to itself"),
            (r#"{"$ref":"http:x"}"#, "`http:x` is not in the schema"),
            (r#"{"type":"objectx}"#, ""),
            (r#"{"pattern":"(?="}"#, ""),
        ] {
            let file = respell(hook("garde"), plain, schema);
            let refused = activated(&admin, file).await.refused(422, "plugin-refused");
            let detail = refused["detail"].as_str().unwrap();
            assert!(detail.starts_with("Schéma des réglages : ") && detail.contains(why), "{detail}");
            let standing = admin.get("/api/plugins/garde").await.expect(200);
            assert_eq!((&standing["state"], &standing["configSchema"]), (&json!("staged"), &json!({})));
        }
        activated(&admin, hook("garde")).await.expect(200);
        assert_eq!(admin.get("/api/plugins/garde").await.expect(200)["configSchema"], json!({"type": "object"}));
    })
    .await;
}

/// The product's notifier under another id, with one additional kind.
fn annonceur() -> Vec<u8> {
    respelt(NOTIFIER, "synchronisation", "synchronisatiox", |m: &mut Manifest| m.id = "annonceur".into())
}

fn kinds(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|kind| kind["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_broken_notifier_keeps_nobody_from_the_preferences() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let mine = world.as_role(Role::Manager).await;
        let before = kinds(&mine.get(PREFERENCES).await.expect(200));
        activated(&admin, annonceur()).await.expect(200);
        admin
            .put(&format!("/api/plugins/annonceur/sites/{}", world.site(HOME)), json!({"enabled": true}))
            .await
            .expect(200);
        let both = mine.get(PREFERENCES).await.expect(200);
        let own: Vec<String> = kinds(&both).into_iter().filter(|kind| !before.contains(kind)).collect();
        assert_eq!(own.len(), 1, "{own:?}");
        let choice =
            |list: &Value| list["data"].as_array().unwrap().iter().find(|k| k["kind"] == own[0].as_str()).cloned();
        let mut wanted = both.clone();
        for kind in wanted["data"].as_array_mut().unwrap() {
            kind["channels"] = json!({"app": false, "email": true});
        }
        mine.put(PREFERENCES, wanted).await.expect(200);

        // The plugin fails. The host still offers its last known kinds.
        let pause = Pause { length: Duration::from_secs(600), relapses: 0 };
        world.app.plugins.registry().quarantine(&world.site(HOME).to_string(), "annonceur", pause);
        assert_eq!(choice(&mine.get(PREFERENCES).await.expect(200)).unwrap()["channels"]["email"], true);

        // If the kinds are unknown as well, the list leaves them out. The stored choices stay.
        admin
            .put(&format!("/api/plugins/annonceur/sites/{}", world.site(HOME)), json!({"enabled": false}))
            .await
            .expect(200);
        let without = mine.get(PREFERENCES).await.expect(200);
        assert!(choice(&without).is_none() && kinds(&without) == before);
        mine.put(PREFERENCES, without).await.expect(200);
        admin
            .put(&format!("/api/plugins/annonceur/sites/{}", world.site(HOME)), json!({"enabled": true}))
            .await
            .expect(200);
        assert_eq!(choice(&mine.get(PREFERENCES).await.expect(200)).unwrap()["channels"]["email"], true);
    })
    .await;
}

#[tokio::test]
async fn an_icon_is_judged_when_the_file_comes_in() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let named = variant(NOTIFIER, |m| m.id = "annonceur".into());
        let mut file = manifest::bare(&named).unwrap();
        let m = manifest::extract(&named).unwrap();
        manifest::embed(&mut file, &m).unwrap();
        // The test adds the icon by hand, because the tool refuses this one.
        let section = b"\x09afpi:icon<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>";
        file.push(0);
        file.push(section.len() as u8);
        file.extend_from_slice(section);
        let refused = admin.upload("/api/plugins", file).await.refused(422, "plugin-refused");
        assert!(refused["detail"].as_str().unwrap().contains("`<script>` is not allowed"), "{refused:#}");
    })
    .await;
}

#[tokio::test]
async fn what_a_plugin_measures_or_waits_for_is_judged_before_it_counts() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        seat(&world, "garde", hook("garde"), json!({})).await;
        let path = format!("/api/plugins/garde/sites/{}/config", world.site(HOME));
        let now = admin.get(&path).await.expect(200);
        let mute = json!({"config": {"mute": true}});
        let refused = admin.put_at(&path, &now["version"], mute).await.refused(422, "plugin-refused");
        assert!(refused["detail"].as_str().unwrap().starts_with("Événements attendus : "), "{refused:#}");
        assert_eq!(admin.get(&path).await.expect(200), now);

        // Two metrics have the same id.
        let file = respelt("objectifs-afpi", "ca_signe", "pipeline", |m: &mut Manifest| m.id = "kpi".into());
        let refused = activated(&admin, file).await.refused(422, "plugin-refused");
        assert_eq!(refused["detail"], "Indicateurs : `pipeline` stands there twice.");
    })
    .await;
}
