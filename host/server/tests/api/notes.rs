//! Notes about records: written, changed and pinned; seen by who sees the record; mentions are told.

use crate::support::{AWAY, World, on_both, opportunite};
use afpi_core::rights::Role;
use serde_json::{Value, json};

fn of(record: &Value, kind: &str) -> String {
    format!("/api/notes/{kind}/{}", record["id"].as_str().unwrap())
}

fn at(record: &str, note: &Value) -> String {
    format!("{record}/{}", note["id"].as_str().unwrap())
}

/// The notifications of somebody, as `kind: title`.
async fn told(w: &World, role: Role) -> Vec<String> {
    let list = w.as_role(role).await.get("/api/notifications").await.expect(200);
    let line = |n: &Value| format!("{}: {}", n["kind"].as_str().unwrap(), n["title"]["fr"].as_str().unwrap());
    list["data"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn a_note_is_written_changed_pinned_and_deleted() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let record = of(&file, "opportunites");
        let (author, other) = (w.as_role(Role::Assistante).await, w.as_role(Role::Manager).await);
        let call =
            json!({"kind": "appel", "text": " Rappeler **jeudi**.\n\n- devis\n", "at": "2026-11-20T09:30:00.000Z"});
        let made = author.post(&record, call).await.expect(201);
        assert_eq!(
            (&made["kind"], &made["text"], &made["at"], &made["pinned"]),
            (
                &json!("appel"),
                &json!("Rappeler **jeudi**.\n\n- devis"),
                &json!("2026-11-20T09:30:00.000Z"),
                &json!(false)
            )
        );
        assert_eq!(made["author"]["name"], "Test assistante");
        let second = other.post(&record, json!({"text": "Vu avec eux."})).await.expect(201);
        let list = other.get(&record).await.expect(200);
        // The newest first: the call was earlier.
        assert_eq!(list["data"], json!([second, made]));
        // Whoever reads along pins; only the author changes the text.
        let pinned = other.patch(&at(&record, &made), &made["version"], json!({"pinned": true})).await.expect(200);
        assert_eq!((&pinned["pinned"], &pinned["version"]), (&json!(true), &json!(2)));
        assert_eq!(other.get(&record).await.expect(200)["data"][0]["id"], made["id"]);
        other.patch(&at(&record, &made), &pinned["version"], json!({"text": "Autre"})).await.refused(403, "forbidden");
        author.patch(&at(&record, &made), &made["version"], json!({"text": "Vieux"})).await.refused(412, "stale");
        let changed = author.patch(&at(&record, &made), &pinned["version"], json!({"text": "Fait."})).await.expect(200);
        assert_eq!((&changed["text"], &changed["pinned"]), (&json!("Fait."), &json!(true)));
        let delete = |client: crate::support::Client, version: Value| {
            let path = at(&record, &made);
            async move { client.send("DELETE", &path, None, &[("if-match", format!("\"{version}\""))]).await }
        };
        delete(other.clone(), changed["version"].clone()).await.refused(403, "forbidden");
        delete(author.clone(), json!(1)).await.refused(412, "stale");
        delete(author.clone(), changed["version"].clone()).await.expect(204);
        delete(author, changed["version"].clone()).await.refused(404, "not-found");
        assert_eq!(other.get(&record).await.expect(200)["meta"]["total"], 1);
        // The journal says what stood there.
        let history =
            other.get(&format!("/api/opportunites/{}/historique", file["id"].as_str().unwrap())).await.expect(200);
        let notes: Vec<&Value> = history["data"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|line| line["changes"].as_array().into_iter().flatten())
            .filter(|change| change["field"].as_str().is_some_and(|field| field.trim_start_matches('/') == "note"))
            .collect();
        assert_eq!(notes[0]["from"], "Fait.");
        assert_eq!(notes[0]["label"]["fr"], "Note");
        assert_eq!(notes.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn who_does_not_see_the_record_neither_reads_nor_writes_notes() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let record = of(&file, "opportunites");
        let made = w.as_role(Role::Manager).await.post(&record, json!({"text": "Interne"})).await.expect(201);
        let away = w.as_user(w.another(Role::Manager, "loin", &[AWAY]).await).await;
        away.get(&record).await.refused(404, "not-found");
        away.post(&record, json!({"text": "Coucou"})).await.refused(404, "not-found");
        away.patch(&at(&record, &made), &made["version"], json!({"pinned": true})).await.refused(404, "not-found");
        // A note of another record does not exist here.
        let other = of(&opportunite(&w, "Soudage").await, "opportunites");
        let manager = w.as_role(Role::Manager).await;
        manager.patch(&at(&other, &made), &made["version"], json!({"pinned": true})).await.refused(404, "not-found");
        for path in ["/api/notes/opportunites/x", "/api/notes/factures/00000000-0000-0000-0000-000000000001"] {
            manager.get(path).await.refused(404, "not-found");
        }
        w.nobody().get(&record).await.refused(401, "unauthenticated");
        for wrong in
            [json!({"text": "  "}), json!({"text": "a".repeat(10_001)}), json!({"text": "x", "kind": "fax"}), json!({})]
        {
            let status = manager.post(&record, wrong.clone()).await.status;
            assert!(matches!(status, 400 | 422), "{wrong} {status}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_mention_is_told_once_and_only_to_who_sees_the_record() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let record = of(&file, "opportunites");
        let author = w.as_role(Role::Commercial).await;
        let (manager, planner) = (w.person(Role::Manager), w.person(Role::Planificateur));
        let away = w.another(Role::Manager, "loin", &[AWAY]).await;
        let refused =
            author.post(&record, json!({"text": "@loin ?", "mentions": [away]})).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/mentions");
        let made = author
            .post(&record, json!({"text": "@Manager, une idée ?", "mentions": [manager, manager]}))
            .await
            .expect(201);
        assert_eq!(made["mentions"].as_array().unwrap().len(), 1);
        w.work().await;
        let numero = file["numero"].as_str().unwrap();
        assert_eq!(told(&w, Role::Manager).await, [format!("mentions: Test commercial vous mentionne : {numero}")]);
        // A correction tells only who is new.
        let more = json!({"text": "@Manager @Planif, une idée ?", "mentions": [manager, planner]});
        author.patch(&at(&record, &made), &made["version"], more).await.expect(200);
        w.work().await;
        assert_eq!(told(&w, Role::Manager).await.len(), 1);
        assert_eq!(told(&w, Role::Planificateur).await.len(), 1);
        assert_eq!(told(&w, Role::Commercial).await.len(), 0);
    })
    .await;
}
