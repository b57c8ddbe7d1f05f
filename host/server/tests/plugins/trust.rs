//! Whose files are taken in: unsigned, tampered with, signed by keys that are unknown, trusted or revoked.

use afpi::rights::Role;
use afpi_plugins::manifest::PrivateKey;
use serde_json::json;

use crate::files::{numbered, packed, signed};
use crate::support::{on_both, production};

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
        assert_eq!((&key["name"], &key["level"], &key["id"]), (&json!("Siège AFPI"), &json!("partner"), &json!(ours.public().id().to_string())));
        let refused = admin.post("/api/plugin-keys", json!({"publicKey": ours.to_text().as_str(), "level": "partner"})).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/publicKey");
        admin.post("/api/plugin-keys", json!({"publicKey": line, "level": "core"})).await.refused(422, "wrong-type");

        admin.upload("/api/plugins", signed(file.clone(), &theirs)).await.refused(422, "unknown-key");
        let mut tampered = signed(file.clone(), &ours);
        let middle = tampered.len() / 2;
        tampered[middle] ^= 1;
        let reply = admin.upload("/api/plugins", tampered).await;
        assert!(reply.status == 422 && ["bad-signature", "plugin-refused"].contains(&reply.body["code"].as_str().unwrap()), "{:#}", reply.body);
        let mut followed = signed(file.clone(), &ours);
        afpi_plugins::manifest::sign(&mut signed(packed("ypareo"), &ours), &ours).unwrap_err();
        followed.extend_from_slice(&[0, 5, 1, b'x', 1, 2, 3]);
        admin.upload("/api/plugins", followed).await.refused(422, "bad-signature");
        assert_eq!(admin.get("/api/plugins/notifications-afpi/versions").await.expect(200)["data"].as_array().unwrap().len(), 1, "nothing was kept");

        let staged = admin.upload("/api/plugins", signed(file.clone(), &ours)).await.expect(201);
        assert_eq!((&staged["level"], &staged["key"]["name"], &staged["state"]), (&json!("partner"), &json!("Siège AFPI"), &json!("staged")));
        assert_eq!((&staged["changes"]["from"], &staged["changes"]["levelBefore"]), (&json!("1.0.0"), &json!("core")));

        // Revoked between coming in and consent.
        let path = format!("/api/plugin-keys/{}", ours.public().id());
        assert_eq!(admin.delete(&path).await.status, 204);
        let activate = "/api/plugins/notifications-afpi/versions/9.0.0/activate";
        admin.post(activate, json!({"consent": staged["consent"]})).await.refused(422, "revoked-key");
        admin.upload("/api/plugins", signed(numbered("notifications-afpi", "9.0.1"), &ours)).await.refused(422, "revoked-key");
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
        for file in [vec![], b"not wasm".to_vec(), vec![0, b'a', b's', b'm', 1, 0, 0, 0], packed("ypareo")[..5_000].to_vec()] {
            admin.upload("/api/plugins", file).await.refused(422, "plugin-refused");
        }
        admin.upload("/api/plugins", vec![0; (12 << 20) + 1]).await.refused(413, "too-large");
        admin.post("/api/plugins", json!({})).await.refused(415, "unsupported-media-type");
        // A workflow that says it is a notifier does not link as one.
        let file = crate::files::variant("workflow-afpi", |m| {
            m.id = "autre".into();
            m.kind = afpi_plugins::manifest::Kind::Notifier;
        });
        admin.upload("/api/plugins", file).await.refused(422, "plugin-refused");
        let file = crate::files::variant("objectifs-afpi", |m| m.id = "workflow-afpi".into());
        admin.upload("/api/plugins", file).await.refused(409, "kind-changed");
        assert_eq!(admin.get("/api/plugins").await.expect(200)["meta"]["total"], 4);
    })
    .await;
}
