//! Tasks: given, done, due; told to whom they concern, and seen by nobody else.

use crate::support::{AWAY, Client, on_both, opportunite};
use afpi_core::clock::{Day, Instant};
use afpi_core::rights::Role;
use afpi_crm::taches::remind;
use serde_json::{Value, json};

async fn told(client: &Client) -> Vec<String> {
    let list = client.get("/api/notifications").await.expect(200);
    let line = |n: &Value| n["title"]["fr"].as_str().unwrap().to_owned();
    list["data"].as_array().unwrap().iter().map(line).collect()
}

fn titles(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap()).collect()
}

fn at(task: &Value) -> String {
    format!("/api/taches/{}", task["id"].as_str().unwrap())
}

/// Noon of a day in Paris.
fn noon(day: Day) -> Instant {
    Instant(day.start().millis() + 12 * 3_600_000)
}

#[tokio::test]
async fn a_task_is_given_seen_done_and_told() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let (id, numero) = (file["id"].as_str().unwrap(), file["numero"].as_str().unwrap());
        let (giver, owner) = (w.as_role(Role::Manager).await, w.as_role(Role::Assistante).await);
        let today = Day::today();
        let body = json!({"title": "Relancer l'OPCO", "about": {"kind": "opportunites", "id": id},
            "ownerId": w.person(Role::Assistante), "dueOn": today.plus(2).to_string()});
        let task = giver.post("/api/taches", body).await.expect(201);
        assert_eq!(
            (&task["about"]["label"], &task["about"]["opens"], &task["late"]),
            (&json!(numero), &json!(id), &json!(false))
        );
        owner.post("/api/taches", json!({"title": "Sans date"})).await.expect(201);
        owner.post("/api/taches", json!({"title": "En retard", "dueOn": today.plus(-1).to_string()})).await.expect(201);
        let mine = owner.get("/api/taches").await.expect(200);
        assert_eq!(titles(&mine), ["En retard", "Relancer l'OPCO", "Sans date"]);
        assert_eq!(mine["data"][0]["late"], true);
        assert_eq!(titles(&giver.get("/api/taches?given=true").await.expect(200)), ["Relancer l'OPCO"]);
        assert!(titles(&giver.get("/api/taches").await.expect(200)).is_empty());
        // Who sees the record sees its tasks.
        let seller = w.as_role(Role::Commercial).await;
        let of_file = format!("/api/taches?kind=opportunites&record={id}");
        assert_eq!(titles(&seller.get(&of_file).await.expect(200)), ["Relancer l'OPCO"]);
        // Only its owner and who gave it change it.
        seller.patch(&at(&task), &task["version"], json!({"done": true})).await.refused(404, "not-found");
        w.work().await;
        assert_eq!(told(&owner).await, ["Tâche confiée : Relancer l'OPCO"]);
        let done = owner.patch(&at(&task), &task["version"], json!({"done": true})).await.expect(200);
        assert_eq!(done["doneBy"]["name"], "Test assistante");
        w.work().await;
        assert_eq!(told(&giver).await, ["Tâche faite : Relancer l'OPCO"]);
        assert_eq!(titles(&owner.get("/api/taches?state=done").await.expect(200)), ["Relancer l'OPCO"]);
        assert!(titles(&seller.get(&of_file).await.expect(200)).is_empty());
        assert_eq!(titles(&seller.get(&format!("{of_file}&state=all")).await.expect(200)).len(), 1);
        let open = owner.patch(&at(&task), &done["version"], json!({"done": false})).await.expect(200);
        assert_eq!((&open["doneAt"], &open["doneBy"]), (&Value::Null, &Value::Null));
        owner.patch(&at(&task), &done["version"], json!({"title": "Trop tard"})).await.refused(412, "stale");
        let gone = giver.send("DELETE", &at(&task), None, &[("if-match", format!("\"{}\"", open["version"]))]).await;
        gone.expect(204);
        assert_eq!(titles(&owner.get("/api/taches").await.expect(200)), ["En retard", "Sans date"]);
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_a_task_about_a_record_that_he_does_not_see() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let about = json!({"kind": "opportunites", "id": file["id"]});
        let away = w.another(Role::Manager, "loin", &[AWAY]).await;
        let manager = w.as_role(Role::Manager).await;
        let body = json!({"title": "Voir", "about": about, "ownerId": away});
        assert_eq!(
            manager.post("/api/taches", body).await.refused(422, "validation")["fields"][0]["field"],
            "/ownerId"
        );
        let stranger = w.as_user(away).await;
        stranger.post("/api/taches", json!({"title": "Voir", "about": about})).await.refused(404, "not-found");
        let of_file = format!("/api/taches?kind=opportunites&record={}", file["id"].as_str().unwrap());
        stranger.get(&of_file).await.refused(404, "not-found");
        manager.get("/api/taches?kind=opportunites").await.refused(400, "bad-parameter");
        // A task of somebody else does not exist.
        let task = manager.post("/api/taches", json!({"title": "À moi"})).await.expect(201);
        stranger.patch(&at(&task), &task["version"], json!({"done": true})).await.refused(404, "not-found");
        stranger.send("DELETE", &at(&task), None, &[("if-match", "\"1\"".to_owned())]).await.refused(404, "not-found");
        // Nor can one about this record be passed on to who does not see it.
        let own = manager.post("/api/taches", json!({"title": "Voir", "about": about})).await.expect(201);
        manager.patch(&at(&own), &own["version"], json!({"ownerId": away})).await.refused(422, "validation");
        // One about nothing can.
        let given = manager.patch(&at(&task), &task["version"], json!({"ownerId": away})).await.expect(200);
        assert_eq!(given["owner"]["id"], json!(away));
        w.work().await;
        assert_eq!(told(&stranger).await, ["Tâche confiée : À moi"]);
        // Who passes on what somebody else gave him loses sight of it; the next one is told.
        let next = w.another(Role::Commercial, "ensuite", &[AWAY]).await;
        let passed = stranger.patch(&at(&task), &given["version"], json!({"ownerId": next})).await.expect(200);
        assert_eq!(passed["owner"]["id"], json!(next));
        stranger.patch(&at(&task), &passed["version"], json!({"done": true})).await.refused(404, "not-found");
        w.work().await;
        assert_eq!(told(&w.as_user(next).await).await, ["Tâche confiée : À moi"]);
    })
    .await;
}

#[tokio::test]
async fn the_owner_is_reminded_once_on_the_day() {
    on_both(|w| async move {
        let owner = w.as_role(Role::Planificateur).await;
        let day = Day::today().plus(10);
        let body = |title: &str, day: Day| json!({"title": title, "dueOn": day.to_string()});
        let task = owner.post("/api/taches", body("Réserver la salle", day)).await.expect(201);
        let done = owner.post("/api/taches", body("Déjà fait", day)).await.expect(201);
        owner.patch(&at(&done), &done["version"], json!({"done": true})).await.expect(200);
        owner.post("/api/taches", body("Plus tard", day.plus(1))).await.expect(201);
        // Not in the night, not the day before, and once however many processes look.
        for now in [noon(day.plus(-1)), Instant(day.start().millis() + 3_600_000)] {
            remind(&w.app, now).await.unwrap();
        }
        w.work().await;
        assert!(told(&owner).await.is_empty());
        for _ in 0..2 {
            let (a, b) = tokio::join!(remind(&w.app, noon(day)), remind(&w.app, noon(day)));
            a.and(b).unwrap();
        }
        w.work().await;
        assert_eq!(told(&owner).await, ["À faire aujourd’hui : Réserver la salle"]);
        // Put off, it is told again.
        owner.patch(&at(&task), &task["version"], json!({"dueOn": day.plus(2).to_string()})).await.expect(200);
        remind(&w.app, noon(day.plus(2))).await.unwrap();
        w.work().await;
        assert_eq!(told(&owner).await.len(), 3, "the task and the later one");
    })
    .await;
}
