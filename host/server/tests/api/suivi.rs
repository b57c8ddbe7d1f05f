//! What happened around a record, as one list.

use crate::support::{AWAY, World, on_both, opportunite};
use afpi_core::rights::Role;
use serde_json::{Value, json};

fn of(record: &Value, kind: &str) -> String {
    format!("/api/suivi/{kind}/{}", record["id"].as_str().unwrap())
}

/// The entries as `kind text`.
fn told(list: &Value) -> Vec<String> {
    let text = |entry: &Value| {
        let told = [&entry["note"]["text"], &entry["tache"]["title"], &entry["act"]["act"]];
        told.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned()
    };
    let line = |entry: &Value| format!("{} {}", entry["kind"].as_str().unwrap(), text(entry));
    list["data"].as_array().unwrap().iter().map(line).collect()
}

/// All pages of two entries, one after another.
async fn by_two(w: &World, role: Role, path: &str) -> Vec<String> {
    let reader = w.as_role(role).await;
    let (mut all, mut at) = (vec![], format!("{path}?limit=2"));
    loop {
        let page = reader.get(&at).await.expect(200);
        let rows = told(&page);
        assert_eq!(page["meta"]["total"], json!(rows.len()));
        all.extend(rows);
        match page["meta"]["next"].as_str() {
            Some(next) => at = format!("{path}?limit=2&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn notes_tasks_moves_and_changes_are_one_list() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let id = file["id"].as_str().unwrap();
        let path = format!("/api/opportunites/{id}");
        let (sales, reader) = (w.as_role(Role::Commercial).await, w.as_role(Role::Assistante).await);
        let edit = async |version: &Value, change: Value| {
            sales.patch(&path, version, change).await.expect(200)["opportunite"]["version"].clone()
        };
        let first = edit(&file["version"], json!({"title": "Caces R489"})).await;
        let second = edit(&first, json!({"title": "Caces R490", "budget": 120_000})).await;
        let record = json!({"kind": "opportunites", "id": id});
        let task = reader.post("/api/taches", json!({"title": "Rappeler", "about": record})).await.expect(201);
        reader.post(&format!("/api/notes/opportunites/{id}"), json!({"text": "Vu avec eux."})).await.expect(201);
        let done = format!("/api/taches/{}", task["id"].as_str().unwrap());
        reader.patch(&done, &task["version"], json!({"done": true})).await.expect(200);
        edit(&second, json!({"title": "Caces R491"})).await;

        let list = reader.get(&of(&file, "opportunites")).await.expect(200);
        // The two changes before the task are one act; the lines of note and task are not told twice.
        let expected =
            ["modification edited", "tache Rappeler", "note Vu avec eux.", "modification edited", "mouvement created"];
        assert_eq!(told(&list), expected);
        assert_eq!((&list["meta"]["exact"], &list["meta"]["total"]), (&json!(true), &json!(5)));
        let act = &list["data"][3]["act"];
        let title = act["changes"].as_array().unwrap().iter().find(|change| change["field"] == "/title").unwrap();
        assert_eq!(
            (&title["from"], &title["to"], &title["label"]["en"]),
            (&json!("Caces"), &json!("Caces R490"), &json!("Title"))
        );
        assert_eq!(act["changes"].as_array().unwrap().len(), 2);
        assert_eq!(act["actor"]["name"], "Test commercial");

        assert_eq!(by_two(&w, Role::Assistante, &of(&file, "opportunites")).await, expected);
        for (kind, expected) in [
            ("note", &["note Vu avec eux."][..]),
            ("tache", &["tache Rappeler"]),
            ("mouvement", &["mouvement created"]),
            // With nothing between, all changes are one act.
            ("modification", &["modification edited"]),
            ("mail", &[]),
        ] {
            let list = reader.get(&format!("{}?of={kind}", of(&file, "opportunites"))).await.expect(200);
            assert_eq!(told(&list), expected);
        }
        reader.get(&format!("{}?of=autre", of(&file, "opportunites"))).await.refused(400, "bad-parameter");
        let next = reader.get(&format!("{}?limit=1", of(&file, "opportunites"))).await.expect(200);
        let next = next["meta"]["next"].as_str().unwrap();
        let other = format!("{}?limit=1&of=note&cursor={next}", of(&file, "opportunites"));
        reader.get(&other).await.refused(400, "bad-cursor");
    })
    .await;
}

#[tokio::test]
async fn a_company_tells_of_its_contacts_and_opportunites() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let company = file["entreprise"].clone();
        let sales = w.as_role(Role::Commercial).await;
        let company = sales.get(&format!("/api/entreprises/{}", company["id"].as_str().unwrap())).await.expect(200);
        let path = format!("/api/entreprises/{}", company["id"].as_str().unwrap());
        let contact = json!({"firstName": "Zoé", "lastName": "Petit"});
        let company = sales
            .patch(&path, &company["version"], json!({"contacts": [contact], "notes": "Client fidèle"}))
            .await
            .expect(200);
        let contact = company["contacts"][0].clone();
        let note = |record: &Value, kind: &str| format!("/api/notes/{kind}/{}", record["id"].as_str().unwrap());
        sales.post(&note(&contact, "contacts"), json!({"text": "Préfère le matin."})).await.expect(201);
        sales.post(&note(&file, "opportunites"), json!({"text": "Urgent."})).await.expect(201);
        let list = sales.get(&of(&company, "entreprises")).await.expect(200);
        assert_eq!(
            told(&list),
            ["note Urgent.", "note Préfère le matin.", "modification edited", "mouvement created", "mouvement created"]
        );
        let about = |at: usize| (&list["data"][at]["about"]["kind"], &list["data"][at]["about"]["label"]);
        assert_eq!(about(0), (&json!("opportunites"), &file["numero"]));
        assert_eq!(about(1), (&json!("contacts"), &json!("Petit")));
        assert_eq!(list["data"][1]["about"]["opens"], company["id"]);
        assert_eq!(list["data"][3]["act"]["subject"]["name"]["fr"], "Caces");
        let alone = sales.get(&of(&contact, "contacts")).await.expect(200);
        assert_eq!(told(&alone), ["note Préfère le matin."]);
        assert_eq!(alone["data"][0]["about"], Value::Null);
        // Who may not change companies reads no history of one, and the notes.
        let reader = w.as_role(Role::Planificateur).await;
        let read = reader.get(&of(&company, "entreprises")).await.expect(200);
        assert!(told(&read).iter().all(|line| !line.starts_with("modification")));
        assert!(told(&read).contains(&"note Préfère le matin.".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn who_does_not_see_the_record_reads_nothing() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let away = w.as_user(w.another(Role::Manager, "loin", &[AWAY]).await).await;
        away.get(&of(&file, "opportunites")).await.refused(404, "not-found");
        w.nobody().get(&of(&file, "opportunites")).await.refused(401, "unauthenticated");
        let reader = w.as_role(Role::Commercial).await;
        reader.get("/api/suivi/opportunites/x").await.refused(404, "not-found");
        reader.get(&of(&file, "salles")).await.refused(404, "not-found");
    })
    .await;
}
