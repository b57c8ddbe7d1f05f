//! Which files the host accepts: unsigned ones, changed ones, and files signed by unknown, trusted or revoked keys.

use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_plugins::manifest::PrivateKey;
use axum::body::to_bytes;
use serde_json::{Value, json};

use crate::files::{NOTIFIER, WORKFLOW, numbered, packed, signed, variant};
use crate::support::{Client, HOME, on_both, process, production};

#[tokio::test]
async fn a_file_is_as_good_as_its_signature() {
    on_both(|world| async move {
        let (ours, theirs) = (PrivateKey::generate("Siège AFPI").unwrap(), PrivateKey::generate("Ailleurs").unwrap());
        let admin = production(&world).await;
        let file = numbered("notifications-afpi", "9.0.0");
        admin.upload("/api/plugins", file.clone()).await.refused(422, "unsigned");
        admin.upload("/api/plugins", signed(file.clone(), &ours)).await.refused(422, "unknown-key");

        let line = ours.public().to_string();
        let key = admin.post("/api/plugin-keys", json!({"publicKey": line, "level": "partner"})).await.expect(201);
        assert_eq!(
            (&key["name"], &key["level"], &key["id"]),
            (&json!("Siège AFPI"), &json!("partner"), &json!(ours.public().id().to_string()))
        );
        let refused = admin
            .post("/api/plugin-keys", json!({"publicKey": ours.to_text().as_str(), "level": "partner"}))
            .await
            .refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/publicKey");
        admin.post("/api/plugin-keys", json!({"publicKey": line, "level": "core"})).await.refused(422, "wrong-type");

        admin.upload("/api/plugins", signed(file.clone(), &theirs)).await.refused(422, "unknown-key");
        let mut tampered = signed(file.clone(), &ours);
        let middle = tampered.len() / 2;
        tampered[middle] ^= 1;
        let reply = admin.upload("/api/plugins", tampered).await;
        assert!(
            reply.status == 422 && ["bad-signature", "plugin-refused"].contains(&reply.body["code"].as_str().unwrap()),
            "{:#}",
            reply.body
        );
        let mut followed = signed(file.clone(), &ours);
        afpi_plugins::manifest::sign(&mut signed(packed("ypareo"), &ours), &ours).unwrap_err();
        followed.extend_from_slice(&[0, 5, 1, b'x', 1, 2, 3]);
        admin.upload("/api/plugins", followed).await.refused(422, "bad-signature");
        assert_eq!(
            admin.get("/api/plugins/notifications-afpi/versions").await.expect(200)["data"].as_array().unwrap().len(),
            1,
            "the host has not stored the file"
        );

        let staged = admin.upload("/api/plugins", signed(file.clone(), &ours)).await.expect(201);
        assert_eq!(
            (&staged["level"], &staged["key"]["name"], &staged["state"]),
            (&json!("partner"), &json!("Siège AFPI"), &json!("staged"))
        );
        assert_eq!((&staged["changes"]["from"], &staged["changes"]["levelBefore"]), (&json!("1.0.0"), &json!("core")));

        // The key is revoked between the upload and the consent.
        let path = format!("/api/plugin-keys/{}", ours.public().id());
        assert_eq!(admin.delete(&path).await.status, 204);
        let activate = "/api/plugins/notifications-afpi/versions/9.0.0/activate";
        admin.post(activate, json!({"consent": staged["consent"]})).await.refused(422, "revoked-key");
        admin
            .upload("/api/plugins", signed(numbered("notifications-afpi", "9.0.1"), &ours))
            .await
            .refused(422, "revoked-key");
        let keys = admin.get("/api/plugin-keys").await.expect(200);
        assert!(keys["data"][0]["revokedAt"].is_string());
        assert_eq!(admin.delete("/api/plugin-keys/none").await.status, 404);

        admin.post("/api/plugin-keys", json!({"publicKey": line, "level": "private"})).await.expect(201);
        let active = admin.post(activate, json!({"consent": staged["consent"]})).await.expect(200);
        assert_eq!((&active["version"]["state"], &active["from"]), (&json!("active"), &json!("1.0.0")));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_plugin_is_refused_in_words() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let before = admin.get("/api/plugins").await.expect(200);
        for file in
            [vec![], b"not wasm".to_vec(), vec![0, b'a', b's', b'm', 1, 0, 0, 0], packed("ypareo")[..5_000].to_vec()]
        {
            admin.upload("/api/plugins", file).await.refused(422, "plugin-refused");
        }
        admin.upload("/api/plugins", vec![0; (12 << 20) + 1]).await.refused(413, "too-large");
        admin.post("/api/plugins", json!({})).await.refused(415, "unsupported-media-type");
        // A workflow that declares itself a notifier does not link.
        let file = crate::files::variant("workflow-afpi", |m| {
            m.id = "autre".into();
            m.kind = afpi_plugins::manifest::Kind::Notifier;
        });
        admin.upload("/api/plugins", file).await.refused(422, "plugin-refused");
        let file = crate::files::variant("objectifs-afpi", |m| m.id = "workflow-afpi".into());
        admin.upload("/api/plugins", file).await.refused(409, "kind-changed");
        // People read the name before they consent, so two plugins may not have similar names.
        let file = crate::files::variant("objectifs-afpi", |m| {
            m.id = "jumeau".into();
            m.name.fr = m.name.fr.to_uppercase();
        });
        admin.upload("/api/plugins", file).await.refused(409, "name-taken");
        assert_eq!(admin.get("/api/plugins").await.expect(200)["meta"], before["meta"]);
    })
    .await;
}

/// A signed notifier with a secret. Every version makes the same requests.
fn letters(version: &str, key: &PrivateKey) -> Vec<u8> {
    let file = variant(NOTIFIER, |m| {
        m.id = "lettres".into();
        m.version = version.parse().unwrap();
        m.capabilities.http = Some(afpi_plugins::manifest::HttpRequest {
            hosts: vec!["https://chat.example.fr".into()],
            private_ranges: false,
        });
        m.capabilities.secrets = vec![afpi_plugins::manifest::SecretRequest {
            name: "token".into(),
            label: afpi_plugins::manifest::Text { fr: "Jeton".into(), en: "Token".into() },
        }];
    });
    signed(file, key)
}

async fn trust(admin: &Client, key: &PrivateKey) {
    admin
        .post("/api/plugin-keys", json!({"publicKey": key.public().to_string(), "level": "partner"}))
        .await
        .expect(201);
}

fn activate(version: &Value) -> String {
    format!("/api/plugins/lettres/versions/{}/activate", version["version"].as_str().unwrap())
}

#[tokio::test]
async fn another_signer_needs_consent_and_inherits_no_secret() {
    on_both(|world| async move {
        let (ours, theirs) = (PrivateKey::generate("Siège AFPI").unwrap(), PrivateKey::generate("Éditeur").unwrap());
        let admin = world.as_role(Role::Admin).await;
        trust(&admin, &ours).await;
        trust(&admin, &theirs).await;
        let first = admin.upload("/api/plugins", letters("1.0.0", &ours)).await.expect(201);
        assert_eq!(first["changes"]["signerChanged"], false);
        admin.post(&activate(&first), json!({"consent": first["consent"]})).await.expect(200);
        let config = format!("/api/plugins/lettres/sites/{}/config", world.site(HOME));
        let enter = async || {
            let now = admin.get(&config).await.expect(200);
            let saved = admin
                .put_at(&config, &now["version"], json!({"config": {}, "secrets": {"token": "0123456789"}}))
                .await
                .expect(200);
            assert_eq!(saved["secrets"][0]["set"], true);
        };
        let is_set = async || admin.get(&config).await.expect(200)["secrets"][0]["set"].clone();
        enter().await;
        // The signer and the requests are the same: the activation needs no consent, and the secret stays.
        let second = admin.upload("/api/plugins", letters("1.1.0", &ours)).await.expect(201);
        assert_eq!(
            (&second["changes"]["consentRequired"], &second["changes"]["signerChanged"]),
            (&json!(false), &json!(false))
        );
        admin.post(&activate(&second), json!({})).await.expect(200);
        assert_eq!(is_set().await, true);

        let foreign = admin.upload("/api/plugins", letters("1.2.0", &theirs)).await.expect(201);
        assert_eq!(
            (&foreign["changes"]["consentRequired"], &foreign["changes"]["signerChanged"], &foreign["changes"]["more"]),
            (&json!(true), &json!(true), &json!([]))
        );
        admin.post(&activate(&foreign), json!({})).await.refused(409, "consent-required");
        assert_eq!(is_set().await, true);
        admin.post(&activate(&foreign), json!({"consent": foreign["consent"]})).await.expect(200);
        assert_eq!(is_set().await, false);

        // The same holds for a removed plugin.
        enter().await;
        assert_eq!(admin.delete("/api/plugins/lettres").await.status, 204);
        let back = admin.upload("/api/plugins", letters("1.3.0", &ours)).await.expect(201);
        assert_eq!(back["changes"]["signerChanged"], true);
        admin.post(&activate(&back), json!({"consent": back["consent"]})).await.expect(200);
        assert_eq!(is_set().await, false);
        let mut conn = world.app.db.read().await.unwrap();
        assert_eq!(
            sql("SELECT COUNT(*) FROM plugin_secrets WHERE plugin_id = 'lettres'")
                .scalar::<i64>(&mut conn)
                .await
                .unwrap(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn consent_is_for_one_file() {
    on_both(|world| async move {
        let key = PrivateKey::generate("Siège AFPI").unwrap();
        let admin = world.as_role(Role::Admin).await;
        trust(&admin, &key).await;
        let read = admin.upload("/api/plugins", letters("1.0.0", &key)).await.expect(201);
        // Another file replaces the waiting file of the same version. It makes the same requests, but nobody has
        // consented to it.
        let mut file = afpi_plugins::manifest::bare(&letters("1.0.0", &key)).unwrap();
        let mut manifest = afpi_plugins::manifest::extract(&letters("1.0.0", &key)).unwrap();
        manifest.license = Some("MIT".into());
        afpi_plugins::manifest::embed(&mut file, &manifest).unwrap();
        let replaced = admin.upload("/api/plugins", signed(file, &key)).await.expect(201);
        assert_ne!(replaced["sha256"], read["sha256"]);
        let stale =
            admin.post(&activate(&read), json!({"consent": read["consent"]})).await.refused(409, "consent-stale");
        assert_eq!(stale["consent"], replaced["consent"]);
        admin.post(&activate(&read), json!({"consent": replaced["consent"]})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_stored_file_is_judged_again_before_it_runs() {
    on_both(|world| async move {
        let key = PrivateKey::generate("Siège AFPI").unwrap();
        let admin = world.as_role(Role::Admin).await;
        trust(&admin, &key).await;
        let first = admin.upload("/api/plugins", letters("1.0.0", &key)).await.expect(201);
        admin.post(&activate(&first), json!({"consent": first["consent"]})).await.expect(200);
        let unsigned = admin.upload("/api/plugins", variant(NOTIFIER, |m| m.id = "libre".into())).await.expect(201);
        admin
            .post("/api/plugins/libre/versions/1.0.0/activate", json!({"consent": unsigned["consent"]}))
            .await
            .expect(200);
        let dir = tempfile::tempdir().unwrap();
        let loaded = async || {
            let app = process(dir.path(), world.app.db.clone()).await;
            ["lettres", "libre"].map(|id| app.plugins.registry().plugin(id).is_some())
        };
        assert_eq!(loaded().await, [true, true]);

        // If unsigned plugins are no longer allowed, an active unsigned plugin does not start, and its page shows the
        // reason.
        let strict = production(&world).await;
        let shown = strict.get("/api/plugins/libre").await.expect(200);
        assert!(shown["trouble"]["en"].as_str().unwrap().contains("not signed"), "{shown:#}");
        assert_eq!(shown["sites"][0]["enabled"], false);
        assert_eq!(strict.get("/api/plugins/lettres").await.expect(200).get("trouble"), None);
        // The node stays in service: one plugin is silent, and the metric says so.
        let ready = strict.get("/readyz").await.expect(200);
        assert_eq!((&ready["status"], &ready["plugins"]), (&json!("degraded"), &json!("unavailable")));
        assert_eq!(ready["workflow"], "ok");
        let answer = strict.raw("GET", "/metrics", None, &[]).await.into_body();
        let metrics = String::from_utf8(to_bytes(answer, usize::MAX).await.unwrap().to_vec()).unwrap();
        assert!(metrics.contains("afpi_component_up{component=\"plugins\"} 0"), "{metrics}");
        assert!(metrics.contains("afpi_component_up{component=\"workflow\"} 1"), "{metrics}");

        // A revoked key does not stop a running plugin, but the host refuses new files with it.
        assert_eq!(admin.delete(&format!("/api/plugin-keys/{}", key.public().id())).await.status, 204);
        assert_eq!(loaded().await, [true, true]);
        let newer = admin.upload("/api/plugins", letters("1.1.0", &key)).await;
        newer.refused(422, "revoked-key");

        // Somebody replaces the file in the database. With the stored checksum the file does not match it; with a new
        // checksum the signature does not match.
        let other = letters("1.0.0", &PrivateKey::generate("Ailleurs").unwrap());
        let sum = afpi_platform::plugins::hex(&<sha2::Sha256 as sha2::Digest>::digest(&other));
        for (file, sum) in [(other.clone(), first["sha256"].as_str().unwrap().to_owned()), (other, sum)] {
            let mut tx = world.app.db.begin().await.unwrap();
            sql("UPDATE plugin_versions SET component = ?, sha256 = ? WHERE plugin_id = 'lettres'")
                .bind(file)
                .bind(sum)
                .execute(&mut tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            assert_eq!(loaded().await, [false, true]);
        }

        // Without its workflow a site cannot work: such a node takes no requests.
        world.app.plugins.registry().remove(WORKFLOW).unwrap();
        let problem = world.nobody().get("/readyz").await.refused(503, "unavailable");
        assert_eq!((&problem["component"], &problem["database"]), (&json!("workflow"), &json!("ok")));
    })
    .await;
}
