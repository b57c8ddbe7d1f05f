//! The host migrates documents of sections between two versions of a workflow, in both directions. The later version
//! renames a field.

use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::files::{WORKFLOW, relay};
use crate::support::{Client, HOME, World, on_both, opportunite};

async fn activate(world: &World, version: &str) {
    let admin = world.as_role(Role::Admin).await;
    let staged = admin.upload("/api/plugins", relay(version)).await.expect(201);
    let path = format!("/api/plugins/relais/versions/{version}/activate");
    admin.post(&path, json!({"consent": staged["consent"]})).await.expect(200);
}

async fn roll_back(world: &World) {
    world.as_role(Role::Admin).await.post("/api/plugins/relais/rollback", json!({})).await.expect(200);
}

fn site(world: &World, plugin: &str) -> String {
    format!("/api/plugins/{plugin}/sites/{}", world.site(HOME))
}

/// Activates version 1 of the test workflow at [`HOME`] and writes an opportunité with it.
async fn written_with_version_1(world: &World) -> (Client, Value) {
    let admin = world.as_role(Role::Admin).await;
    activate(world, "1.0.0").await;
    admin.put(&site(world, "relais"), json!({"enabled": true})).await.expect(200);
    admin.put(&site(world, WORKFLOW), json!({"enabled": false})).await.expect(200);
    let commercial = world.as_role(Role::Commercial).await;
    let file = opportunite(world, "Soudure").await;
    let file = put(&commercial, &file, json!({"participants": 4, "besoin": "TIG"})).await;
    (commercial, file)
}

fn path(file: &Value) -> String {
    format!("/api/opportunites/{}", file["id"].as_str().unwrap())
}

async fn put(client: &Client, file: &Value, document: Value) -> Value {
    let sent = client.put_at(&format!("{}/sections/demande", path(file)), &file["version"], document).await;
    sent.expect(200)["opportunite"].clone()
}

async fn get(client: &Client, file: &Value) -> Value {
    client.get(&path(file)).await.expect(200)["opportunite"].clone()
}

async fn stored(world: &World, file: &Value) -> (String, String) {
    let id: Uuid = file["id"].as_str().unwrap().parse().unwrap();
    let mut conn = world.app.db.read().await.unwrap();
    sql("SELECT data, workflow_version FROM opportunites WHERE id = ?").bind(id).one(&mut conn).await.unwrap()
}

#[tokio::test]
async fn a_renamed_field_is_carried_forth_and_back_and_nothing_is_lost() {
    on_both(|world| async move {
        let (commercial, file) = written_with_version_1(&world).await;

        activate(&world, "2.0.0").await;
        let before = stored(&world, &file).await;
        let file = get(&commercial, &file).await;
        assert_eq!(file["data"]["demande"]["participantz"], 4, "it is shown as the running version reads it");
        assert_eq!(stored(&world, &file).await, before, "reading changes nothing");
        let file = put(&commercial, &file, json!({"participantz": 5, "besoin": "MIG"})).await;
        assert_eq!(
            (stored(&world, &file).await.1, &file["data"]["demande"]["participantz"]),
            ("2.0.0".into(), &json!(5))
        );

        // A third version wrote the content that neither of the two versions knows.
        let (data, _) = stored(&world, &file).await;
        let mut data: Value = serde_json::from_str(&data).unwrap();
        data["demande"]["marge"] = json!(12);
        data["bilan"] = json!({"note": 5});
        let mut tx = world.app.db.begin().await.unwrap();
        sql("UPDATE opportunites SET data = ? WHERE id = ?")
            .bind(data.to_string())
            .bind(file["id"].as_str().unwrap().parse::<Uuid>().unwrap())
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let kept = |file: &Value| (file["data"]["demande"]["marge"].clone(), file["data"]["bilan"]["note"].clone());

        roll_back(&world).await;
        let file = get(&commercial, &file).await;
        assert_eq!((&file["data"]["demande"]["participants"], kept(&file)), (&json!(5), (json!(12), json!(5))));
        let file = put(&commercial, &file, json!({"participants": 6, "besoin": "MAG"})).await;
        assert_eq!((&file["data"]["demande"]["participants"], kept(&file)), (&json!(6), (json!(12), json!(5))));

        roll_back(&world).await;
        let file = get(&commercial, &file).await;
        let demande = &file["data"]["demande"];
        assert_eq!(
            (&demande["participantz"], &demande["besoin"], kept(&file)),
            (&json!(6), &json!("MAG"), (json!(12), json!(5)))
        );
        // A value that one version removes does not come back with the other version.
        let file = put(&commercial, &file, json!({"besoin": "MAG"})).await;
        assert_eq!(file["data"]["demande"]["participantz"], Value::Null);
        roll_back(&world).await;
        let file = get(&commercial, &file).await;
        assert_eq!((&file["data"]["demande"]["participants"], kept(&file)), (&Value::Null, (json!(12), json!(5))));
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_changes_nothing_and_is_the_plugins_fault() {
    on_both(|world| async move {
        let (commercial, file) = written_with_version_1(&world).await;
        activate(&world, "2.0.0").await;
        let before = stored(&world, &file).await;
        let faults = || {
            let health = world.app.plugins.registry().health(&world.site(HOME).to_string(), "relais").unwrap().health;
            (health.faults, health.refusals)
        };
        for how in ["trap", "loop", "odd", "refuse"] {
            crate::hooks::settings(&world, "relais", json!({ "mode": how })).await;
            let counted = faults();
            let edit = format!("{}/sections/demande", path(&file));
            let refused = commercial.put_at(&edit, &file["version"], json!({"besoin": "MIG"})).await;
            let refused = refused.refused(502, "plugin-failed");
            assert!(refused["detail"].as_str().unwrap().contains("1.0.0"), "{how}: {refused}");
            let now = faults();
            let expected = if how == "refuse" { (counted.0, counted.1 + 1) } else { (counted.0 + 1, counted.1) };
            assert_eq!(now, expected, "{how}");
            assert_eq!(stored(&world, &file).await, before, "{how}");
        }
        let file = get(&commercial, &file).await;
        assert_eq!(
            (&file["data"]["demande"]["participants"], &file["offers"], &file["editable"]),
            (&json!(4), &json!([]), &json!([]))
        );
        crate::hooks::settings(&world, "relais", json!({})).await;
        let file = put(&commercial, &file, json!({"participantz": 9})).await;
        assert_eq!(file["data"]["demande"]["participantz"], 9);
    })
    .await;
}
