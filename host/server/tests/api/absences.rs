//! A person is absent, and a deputy stands in.

use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{AWAY, HOME, World, on_both, opportunite};

/// A colleague of the commercial at [`HOME`] who sees own files only.
async fn colleague(w: &World) -> Uuid {
    w.another(Role::Commercial, "colleague", &[HOME]).await
}

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_deputy_sees_the_files_and_tasks_of_the_absent_person_until_the_last_day() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let (id, path) = (file["id"].as_str().unwrap(), format!("/api/opportunites/{}", file["id"].as_str().unwrap()));
        let other = colleague(&w).await;
        let (me, deputy) = (w.as_role(Role::Commercial).await, w.as_user(other).await);
        let task = me.post("/api/taches", json!({"title": "Rappeler"})).await.expect(201);
        deputy.get(&path).await.expect(404);

        // An absence that begins tomorrow opens nothing yet.
        let today = Day::today();
        let absence = |from: Day, until: Day| json!({"from": from, "until": until, "deputyId": other});
        let said = me.put("/api/auth/absence", absence(today.plus(1), today.plus(7))).await.expect(200);
        assert_eq!(said["absence"]["deputy"]["id"], other.to_string());
        deputy.get(&path).await.expect(404);
        assert_eq!(deputy.get("/api/auth/absence").await.expect(200)["standsInFor"], json!([]));

        me.put("/api/auth/absence", absence(today, today)).await.expect(200);
        let standing = deputy.get("/api/auth/absence").await.expect(200);
        assert_eq!(standing["standsInFor"][0]["id"], w.person(Role::Commercial).to_string());
        deputy.get(&path).await.expect(200);
        assert!(ids(&deputy.get("/api/opportunites").await.expect(200)).contains(&id));
        assert_eq!(
            deputy.get(&format!("/api/opportunites?q={}", file["numero"].as_str().unwrap())).await.expect(200)["data"]
                [0]["id"],
            id
        );
        let why = deputy.get(&format!("{path}/access")).await.expect(200);
        assert_eq!(why["reads"][0]["code"], "absence", "{why}");
        // The deputy does the absent person's tasks.
        assert_eq!(ids(&deputy.get("/api/taches").await.expect(200)), [task["id"].as_str().unwrap()]);
        let done = deputy
            .patch(&format!("/api/taches/{}", task["id"].as_str().unwrap()), &json!(1), json!({"done": true}))
            .await;
        assert_eq!(done.expect(200)["doneBy"]["id"], other.to_string());
        // The workflow takes the deputy for the owner.
        let actions = deputy.get(&path).await.expect(200)["actions"].clone();
        assert_eq!(actions, me.get(&path).await.expect(200)["actions"]);

        // The day after the last one, everything is as before.
        let update = sql("UPDATE absences SET from_on = ?, until_on = ?").bind(today.plus(-2)).bind(today.plus(-1));
        let mut tx = w.app.db.begin().await.unwrap();
        update.execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        w.app.people.changed();
        deputy.get(&path).await.expect(404);
        assert_eq!(ids(&deputy.get("/api/taches").await.expect(200)), Vec::<&str>::new());
        assert_eq!(me.get("/api/auth/absence").await.expect(200)["absence"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_deputy_gets_the_messages_and_is_told_about_it() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let other = colleague(&w).await;
        let (me, deputy) = (w.as_role(Role::Commercial).await, w.as_user(other).await);
        let today = Day::today();
        let absence = json!({"from": today, "until": today.plus(3), "deputyId": other});
        me.put("/api/auth/absence", absence.clone()).await.expect(200);
        // Saying the same again tells nobody.
        me.put("/api/auth/absence", absence).await.expect(200);
        let told = deputy.get("/api/notifications").await.expect(200);
        assert_eq!(ids(&told).len(), 1, "{told}");
        assert!(told["data"][0]["title"].to_string().contains("Vous remplacez Test commercial"), "{told}");

        let assistante = w.as_role(Role::Assistante).await;
        let task = json!({"title": "Rappeler", "ownerId": w.person(Role::Commercial),
            "about": {"kind": "opportunites", "id": file["id"]}});
        assistante.post("/api/taches", task).await.expect(201);
        w.work().await;
        for (who, absent) in [(&me, false), (&deputy, true)] {
            let list = who.get("/api/notifications").await.expect(200);
            let given =
                list["data"].as_array().unwrap().iter().find(|one| one["kind"] != "absence").expect("a message");
            assert_eq!(given["body"].to_string().contains("En l'absence de Test commercial."), absent, "{given}");
        }
        // What the deputy does is no news for the deputy.
        let before = ids(&deputy.get("/api/notifications").await.expect(200)).len();
        let own = json!({"title": "Écrire", "ownerId": w.person(Role::Commercial),
            "about": {"kind": "opportunites", "id": file["id"]}});
        deputy.post("/api/taches", own).await.expect(201);
        w.work().await;
        assert_eq!(ids(&deputy.get("/api/notifications").await.expect(200)).len(), before);
    })
    .await;
}

#[tokio::test]
async fn only_a_colleague_stands_in_and_only_for_days_that_come() {
    on_both(|w| async move {
        let stranger = w.another(Role::Commercial, "stranger", &[AWAY]).await;
        let me = w.as_role(Role::Commercial).await;
        let today = Day::today();
        let refused = |body: Value, at: &'static str| {
            let me = me.clone();
            async move {
                let problem = me.put("/api/auth/absence", body).await.expect(422);
                assert_eq!(problem["fields"][0]["field"], at, "{problem}");
            }
        };
        let days = json!({"from": today, "until": today.plus(1)});
        let with = |deputy: Uuid| json!({"from": today, "until": today.plus(1), "deputyId": deputy});
        refused(with(stranger), "/deputyId").await;
        refused(with(w.person(Role::Commercial)), "/deputyId").await;
        refused(with(Uuid::now_v7()), "/deputyId").await;
        refused(json!({"from": today, "until": today.plus(-1)}), "/until").await;
        refused(json!({"from": today.plus(-5), "until": today.plus(-1)}), "/until").await;
        refused(json!({"from": today, "until": today.plus(2000)}), "/until").await;
        me.put("/api/auth/absence", with(w.person(Role::Admin))).await.expect(200);
        me.put("/api/auth/absence", days.clone()).await.expect(200);
        me.delete("/api/auth/absence").await.expect(204);
        assert_eq!(me.get("/api/auth/absence").await.expect(200)["absence"], Value::Null);

        // A manager says it for somebody of the site who is ill, and nobody else does.
        let path = format!("/api/users/{}/absence", w.person(Role::Commercial));
        w.as_role(Role::Manager).await.put(&path, days.clone()).await.expect(200);
        assert_eq!(me.get("/api/auth/absence").await.expect(200)["absence"]["until"], json!(today.plus(1)));
        w.as_role(Role::Assistante).await.put(&path, days.clone()).await.expect(403);
        let away = w.another(Role::Manager, "away", &[AWAY]).await;
        w.as_user(away).await.put(&path, days).await.expect(404);
        let journal = w.as_role(Role::Admin).await.get("/api/journal").await.expect(200).to_string();
        assert!(journal.contains("absence") && journal.contains("deputy"), "{journal}");
    })
    .await;
}
