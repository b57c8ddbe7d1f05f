//! Hooks before a change of owner: the opportunités of a person who leaves, and half-days.

use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};

use super::{history, seated, settings};
use crate::files::hook;
use crate::support::{HOME, on_both, on_both_filled, opportunite};

#[tokio::test]
async fn a_veto_keeps_the_files_of_somebody_who_leaves_where_they_are() {
    on_both(|world| async move {
        seated(&world, "garde", json!({})).await;
        let (admin, heir) =
            (world.as_role(Role::Admin).await, world.another(Role::Commercial, "relais", &[HOME]).await);
        let records = [opportunite(&world, "Soudage").await, opportunite(&world, "Tournage").await];
        settings(&world, "garde", json!({"veto": "opportunite.assigned"})).await;
        let leaver = format!("/api/users/{}", world.person(Role::Commercial));
        let leaves = json!({"active": false, "successorId": heir});
        let refused = admin.patch(&leaver, &json!(1), leaves.clone()).await.refused(409, "hook-veto");
        let detail = refused["detail"].as_str().unwrap();
        assert!(detail.ends_with(" : Pas de admin ici."), "{detail}");
        let named = records.iter().filter(|record| detail.starts_with(record["numero"].as_str().unwrap())).count();
        assert_eq!((&refused["plugin"], named), (&json!("garde"), 1), "{detail}");
        // The person is still active, and no opportunité has a new owner. The history of the refused opportunité shows
        // the veto.
        assert_eq!(admin.get(&leaver).await.expect(200)["active"], true);
        let mut told = 0;
        for record in &records {
            let path = format!("/api/opportunites/{}", record["id"].as_str().unwrap());
            let now = admin.get(&path).await.expect(200)["opportunite"].clone();
            assert_eq!((&now["commercial"], &now["version"]), (&record["commercial"], &record["version"]));
            told += usize::from(history(&admin, record).await[0]["kind"] == "refused");
        }
        assert_eq!(told, 1);
        settings(&world, "garde", json!({})).await;
        assert_eq!(admin.patch(&leaver, &json!(1), leaves).await.expect(200)["active"], false);
        for record in &records {
            let line = history(&admin, record).await[0].clone();
            assert_eq!(
                (&line["kind"], &line["hooks"][0]["answer"]),
                (&json!("assigned"), &json!("allowed")),
                "{line:#}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn hooks_are_asked_before_half_days_change_hands() {
    on_both_filled(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let mut query = sql("SELECT r.resource_id, o.id, o.localisation_id FROM reservations r JOIN opportunites o ON o.id = r.opportunite_id \
             JOIN formateurs f ON f.active = ? WHERE r.kind = 'formateur' AND r.day > ? ORDER BY r.day, r.resource_id")
            .bind(true)
            .bind(Day::today());
        query.limit(1);
        let (trainer, file, site): (String, uuid::Uuid, uuid::Uuid) =
            query.one(&mut world.app.db.read().await.unwrap()).await.unwrap();
        let staged = admin.upload("/api/plugins", hook("garde")).await.expect(201);
        let activate = "/api/plugins/garde/versions/1.0.0/activate";
        admin.post(activate, json!({"consent": staged["consent"]})).await.expect(200);
        let seat = format!("/api/plugins/garde/sites/{site}");
        let says = async |config: Value| {
            let path = format!("{seat}/config");
            let now = admin.get(&path).await.expect(200);
            admin.put_at(&path, &now["version"], json!({"config": config})).await.expect(200);
        };
        says(json!({"veto": "opportunite.edited"})).await;
        admin.put(&seat, json!({"enabled": true})).await.expect(200);

        let of = |id: &str| format!("/api/formateurs/{id}");
        let leaving = admin.get(&of(&trainer)).await.expect(200);
        let body = json!({"name": "Reprise", "kind": "permanent", "localisationId": site});
        let heir = admin.post("/api/formateurs", body).await.expect(201);
        let path = format!("/api/opportunites/{file}");
        let before = admin.get(&path).await.expect(200)["opportunite"].clone();
        assert!(before["data"].to_string().contains(&trainer), "{before:#}");
        let leaves = json!({"active": false, "successorId": heir["id"]});
        let refused =
            admin.patch(&of(&trainer), &leaving["version"], leaves.clone()).await.refused(409, "hook-veto");
        assert!(refused["detail"].as_str().unwrap().ends_with(" : Pas de admin ici."), "{refused:#}");
        assert_eq!(admin.get(&of(&trainer)).await.expect(200), leaving);
        let now = admin.get(&path).await.expect(200)["opportunite"].clone();
        assert_eq!((&now["data"], &now["bookings"]), (&before["data"], &before["bookings"]));

        says(json!({})).await;
        admin.patch(&of(&trainer), &leaving["version"], leaves).await.expect(200);
        let now = admin.get(&path).await.expect(200)["opportunite"].clone();
        assert!(now["data"].to_string().contains(heir["id"].as_str().unwrap()), "{now:#}");
        let line = history(&admin, &json!({"id": file})).await[0].clone();
        assert_eq!((&line["kind"], &line["hooks"][0]["answer"]), (&json!("edited"), &json!("allowed")), "{line:#}");
        world.work().await;
        let lines = world.app.plugins.logs().of("garde", &site.to_string());
        assert!(lines.iter().any(|line| line.message == "heard opportunite.edited"));
    })
    .await;
}
