//! Documents of a section survive a change of the workflow's version.

use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, World, on_both, opportunite};

/// Stores documents as a later version of the workflow would: with unknown fields, rows and sections.
async fn written_by_a_later_version(world: &World, file: &Value) {
    let mut data = file["data"].clone();
    data["collecte"]["ecoResponsable"] = json!({"niveau": "or"});
    data["collecte"]["contacts"][0]["langue"] = json!("de");
    data["bilan"] = json!({"note": 5});
    let mut tx = world.app.db.begin().await.unwrap();
    sql("UPDATE opportunites SET data = ?, workflow_version = '2.0.0' WHERE id = ?")
        .bind(data.to_string())
        .bind(file["id"].as_str().unwrap().parse::<Uuid>().unwrap())
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn kept(file: &Value) {
    let collecte = &file["data"]["collecte"];
    assert_eq!(
        (&collecte["ecoResponsable"], &collecte["contacts"][0]["langue"], &file["data"]["bilan"]),
        (&json!({"niveau": "or"}), &json!("de"), &json!({"note": 5})),
        "{}",
        file["data"]
    );
}

async fn put(client: &Client, file: &Value, document: Value) -> Value {
    let path = format!("/api/opportunites/{}/sections/collecte", file["id"].as_str().unwrap());
    client.put_at(&path, &file["version"], document).await.expect(200)["opportunite"].clone()
}

#[tokio::test]
async fn rolling_a_workflow_back_keeps_what_only_its_later_version_knows() {
    on_both(|world| async move {
        let commercial = world.as_role(Role::Commercial).await;
        let document = |aims: &str| {
            json!({"contacts": [{"nom": "Anne Leroy", "telephone": "03 23 00 00 00"}], "objectifs": aims,
                "participants": 4, "debutSouhaite": "2027-03-01"})
        };
        let file = put(&commercial, &opportunite(&world, "Soudure").await, document("Souder")).await;
        written_by_a_later_version(&world, &file).await;

        // The running version edits the section, then makes a move. Both results keep all unknown content.
        let file = put(&commercial, &file, document("Souder en sécurité")).await;
        kept(&file);
        assert_eq!(file["data"]["collecte"]["objectifs"], "Souder en sécurité");
        let submit = format!("/api/opportunites/{}/transitions/soumettre", file["id"].as_str().unwrap());
        let moved = commercial.post_at(&submit, &file["version"], json!({})).await;
        kept(&moved.expect(200)["opportunite"]);

        // The running version may remove the fields that it knows.
        let other = put(&commercial, &opportunite(&world, "Usinage").await, document("Usiner")).await;
        written_by_a_later_version(&world, &other).await;
        let other = put(&commercial, &other, json!({"objectifs": "Usiner"})).await;
        let collecte = &other["data"]["collecte"];
        assert_eq!((&collecte["contacts"], &collecte["participants"]), (&Value::Null, &Value::Null), "{collecte}");
        assert_eq!(collecte["ecoResponsable"], json!({"niveau": "or"}));
    })
    .await;
}
