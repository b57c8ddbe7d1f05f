//! Trainees of an opportunité: who may edit and read what, duplicates, pasted rows, the journal.

use crate::support;
use crate::support::{World, on_both, opportunite};
use afpi_core::rights::Role;
use serde_json::{Value, json};

fn path(stagiaire: &Value) -> String {
    format!("/api/stagiaires/{}", stagiaire["id"].as_str().unwrap())
}

fn below(opportunite: &Value, rest: &str) -> String {
    format!("/api/opportunites/{}/stagiaires{rest}", opportunite["id"].as_str().unwrap())
}

async fn lines(w: &World, id: &Value) -> Vec<Value> {
    let path = format!("/api/journal?subjectKind=stagiaire&subjectId={}", id.as_str().unwrap());
    w.as_role(Role::Admin).await.get(&path).await.expect(200)["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_trainee_is_added_found_changed_and_removed() {
    on_both(|w| async move {
        let file = opportunite(&w, "Soudage").await;
        let assistante = w.as_role(Role::Assistante).await;
        let new = json!({"lastName": " Le Goff ", "firstName": "Zoé", "birthDate": "1990-01-02", "email": "z@example.fr",
            "phone": "06 12 34 56 78", "function": "Soudeuse", "status": "salarie", "needs": "Poste assis"});
        let reply = assistante.post(&below(&file, ""), new).await;
        let location = reply.headers["location"].to_str().unwrap().to_owned();
        let made = reply.expect(201);
        assert_eq!(
            (&made["name"], &made["company"], &made["needs"], &made["editable"], &made["version"]),
            (&json!("Le Goff Zoé"), &json!("Société Soudage"), &json!("Poste assis"), &json!(true), &json!(1))
        );
        assert_eq!(assistante.get(&location).await.expect(200), made);
        for (query, found) in [("q=le%20gof", 1), ("q=zoe", 1), ("q=durand", 0), ("status=salarie", 1), ("status=autre", 0)] {
            let list = assistante.get(&format!("/api/stagiaires?{query}")).await.expect(200);
            assert_eq!(list["meta"]["total"], found, "{query}");
            assert!(!list.to_string().contains("Poste assis"), "{list}");
        }
        let change = json!({"firstName": "Zoë", "email": null, "needs": "Poste debout"});
        let changed = assistante.patch(&path(&made), &json!(1), change).await.expect(200);
        assert_eq!((&changed["name"], &changed["email"]), (&json!("Le Goff Zoë"), &Value::Null));
        let lost =
            assistante.patch(&path(&made), &json!(1), json!({"firstName": "Z"})).await.refused(412, "stale");
        assert_eq!((&lost["changed"], &lost["current"]["version"]), (&json!(["firstName"]), &json!(2)));
        // The journal says that the needs changed, and not which they are.
        let told = lines(&w, &made["id"]).await;
        assert_eq!(told.len(), 2);
        let text = json!(told).to_string();
        assert!(text.contains("/needs") && !text.contains("Poste"), "{text}");
        let gone = assistante.send("DELETE", &path(&made), None, &[("if-match", "\"2\"".into())]).await;
        assert_eq!(gone.status, 204);
        assistante.get(&path(&made)).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn special_needs_are_for_who_may_edit() {
    on_both(|w| async move {
        let file = opportunite(&w, "Soudage").await;
        let commercial = w.as_role(Role::Commercial).await;
        let new = json!({"lastName": "Le Goff", "firstName": "Zoé", "needs": "Poste assis"});
        let made = commercial.post(&below(&file, ""), new).await.expect(201);
        let facturation = w.as_role(Role::Facturation).await;
        let read = facturation.get(&path(&made)).await.expect(200);
        assert_eq!((read.get("needs"), &read["editable"]), (None, &json!(false)));
        facturation.patch(&path(&made), &json!(1), json!({"needs": null})).await.refused(403, "forbidden");
        let files = w.as_role(Role::Admin).await;
        let sheet = files.raw("GET", "/api/stagiaires/export", None, &[]).await;
        let bytes = axum::body::to_bytes(sheet.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains("Le Goff") && !text.contains("Poste"), "{text}");
        facturation.get("/api/stagiaires/export").await.refused(403, "forbidden");
        // Nothing personal leaves with events.
        let sent = afpi_db::sql("SELECT payload FROM outbox WHERE payload LIKE '%stagiaire.added%'")
            .all::<(String,)>(&mut w.app.db.read().await.unwrap())
            .await
            .unwrap();
        assert!(sent.len() == 1 && !sent[0].0.contains("Goff"), "{sent:?}");
    })
    .await;
}

#[tokio::test]
async fn a_sales_rep_edits_trainees_until_the_file_is_handed_over() {
    on_both(|w| async move {
        let file = opportunite(&w, "Soudage").await;
        let commercial = w.as_role(Role::Commercial).await;
        let new = || json!({"lastName": "Le Goff", "firstName": "Zoé"});
        let made = commercial.post(&below(&file, ""), new()).await.expect(201);
        let mut tx = w.app.db.begin().await.unwrap();
        afpi_db::sql("UPDATE opportunites SET section = 'devis' WHERE id = ?")
            .bind(file["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap())
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        commercial.post(&below(&file, ""), new()).await.refused(403, "forbidden");
        commercial.patch(&path(&made), &json!(1), json!({"email": null})).await.refused(403, "forbidden");
        let list = commercial.get(&below(&file, "")).await.expect(200);
        assert_eq!((&list["editable"], list["data"].as_array().unwrap().len()), (&json!(false), 1));
        w.as_role(Role::Planificateur).await.post(&below(&file, ""), new()).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn pasted_rows_are_previewed_and_added_together() {
    on_both(|w| async move {
        let file = opportunite(&w, "Soudage").await;
        let planner = w.as_role(Role::Planificateur).await;
        planner.post(&below(&file, ""), json!({"lastName": "Martin", "firstName": "Zoé"})).await.expect(201);
        let text = "Nom\tPrénom\tNé(e) le\tE-mail\tStatut\n\
            MARTIN\tZoe\t02/01/1990\tz@example.fr\tsalariée\n\
            Ben\tAli\t31/02/1990\tali\tinconnu\n\
            \tSeul\t\t\t\n\
            Petit\tAnne\t2/1/85\tanne@example.fr\tCDI\n";
        let seen = planner.post(&below(&file, "/preview"), json!({"text": text})).await.expect(200);
        assert_eq!(seen["header"], true);
        let fields: Vec<&Value> = seen["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
        assert_eq!(json!(fields), json!(["lastName", "firstName", "birthDate", "email", "status"]));
        let rows = seen["rows"].as_array().unwrap();
        let problems = |row: &Value| -> Vec<String> {
            row["problems"].as_array().unwrap().iter().map(|p| p["field"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((&rows[0]["line"], &rows[0]["duplicate"]), (&json!(2), &json!("Martin Zoé")));
        assert_eq!((&rows[0]["birthDate"], &rows[0]["status"]), (&json!("1990-01-02"), &json!("salarie")));
        assert_eq!(problems(&rows[1]), ["birthDate", "status", "email"]);
        assert_eq!(problems(&rows[2]), ["lastName"]);
        assert!(problems(&rows[3]).is_empty());
        assert_eq!(rows[3]["birthDate"], "1985-01-02");

        // All of them or none.
        let person = |last: &str, email: &str| json!({"lastName": last, "firstName": "X", "email": email});
        let body = json!({"stagiaires": [person("Ben", "a@example.fr"), person("Petit", "anne")]});
        let refused = planner.post(&below(&file, "/bulk"), body).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/stagiaires/1/email");
        let body = json!({"stagiaires": [person("Ben", "a@example.fr"), person("Ben", "A@example.fr")]});
        assert_eq!(planner.post(&below(&file, "/bulk"), body).await.expect(200)["added"], 2);
        let list = planner.get(&below(&file, "")).await.expect(200);
        let data = list["data"].as_array().unwrap();
        assert_eq!((data.len(), &data[2]["duplicateOf"]), (3, &data[1]["id"]));
        assert_eq!(data[1].get("duplicateOf"), None);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_person_is_refused_at_its_field() {
    on_both(|w| async move {
        let file = opportunite(&w, "Soudage").await;
        let admin = w.as_role(Role::Admin).await;
        for (at, value) in [
            ("lastName", json!("42")),
            ("lastName", json!("a\u{202e}b")),
            ("birthDate", json!("1812-01-01")),
            ("birthDate", json!("2999-01-01")),
            ("email", json!("zoe")),
        ] {
            let mut body = json!({"lastName": "Le Goff", "firstName": "Zoé"});
            body[at] = value;
            let refused = admin.post(&below(&file, ""), body).await;
            assert_eq!((refused.status, &refused.body["fields"][0]["field"]), (422, &json!(format!("/{at}"))));
        }
        let elsewhere = w.as_user(w.another(Role::Assistante, "ailleurs", &[support::AWAY]).await).await;
        elsewhere.get(&below(&file, "")).await.refused(404, "not-found");
        elsewhere.post(&below(&file, ""), json!({"lastName": "A", "firstName": "B"})).await.refused(404, "not-found");
    })
    .await;
}
