//! Batches: what is planned, made and sent at once, each once, however often the job runs.

use crate::support::{AWAY, Client, HOME, World, on_both_filled};
use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};
use uuid::Uuid;

/// Gives the legal entities what every document needs, and empties the folder of mails.
async fn registered(world: &World) {
    let _earlier = std::fs::remove_dir_all(world.app.config.data_dir.join("mail"));
    execute(world, "UPDATE entites_legales SET siret = '78016254300018', nda = '32600012360'").await;
}

async fn execute(world: &World, statement: &'static str) {
    let mut tx = world.app.db.begin().await.unwrap();
    sql(statement).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Enqueues the job of a batch again, as if its process had been killed.
async fn again(world: &World, batch: &Value) {
    let mut tx = world.app.db.begin().await.unwrap();
    let job = afpi_jobs::NewJob::new("documents", "document-batch", json!({"batch": batch["id"]}));
    afpi_jobs::enqueue(&mut tx, &job).await.unwrap();
    tx.commit().await.unwrap();
}

/// The mails with a document: those of notifications have none.
fn mails(world: &World) -> usize {
    let Ok(files) = std::fs::read_dir(world.app.config.data_dir.join("mail")) else { return 0 };
    let texts = files.filter_map(|file| std::fs::read_to_string(file.unwrap().path()).ok());
    texts.filter(|text| text.contains("application/pdf")).count()
}

fn rows(value: &Value) -> &Vec<Value> {
    value["data"].as_array().unwrap()
}

fn ids(items: &[Value]) -> Vec<Value> {
    items.iter().map(|item| json!({"id": item["subjectId"]})).collect()
}

/// The plan of the first session that can send an invitation to three trainees.
async fn planned(boss: &Client) -> (String, Vec<Value>) {
    for session in rows(&boss.get("/api/sessions?limit=100").await.expect(200)) {
        let path = format!("/api/sessions/{}/document-batch", session["id"].as_str().unwrap());
        let plan = boss.get(&format!("{path}?kind=convocation")).await.expect(200);
        let possible: Vec<Value> = rows(&plan).iter().filter(|item| item["missing"] == json!([])).cloned().collect();
        if possible.len() >= 3 {
            return (path, possible);
        }
    }
    panic!("no session with three trainees");
}

#[tokio::test]
async fn the_invitations_of_a_session_are_made_and_sent_once() {
    on_both_filled(|world| async move {
        registered(&world).await;
        execute(&world, "UPDATE stagiaires SET email = 'stagiaire@exemple.fr'").await;
        let boss = world.as_role(Role::Admin).await;
        let (path, items) = planned(&boss).await;
        let mute: Uuid = items[1]["subjectId"].as_str().unwrap().parse().unwrap();
        let mut tx = world.app.db.begin().await.unwrap();
        sql("UPDATE stagiaires SET email = NULL WHERE id = ?").bind(mute).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();

        let kinds = boss.get(&path).await.expect(200);
        let names: Vec<&str> =
            kinds["kinds"].as_array().unwrap().iter().map(|kind| kind["id"].as_str().unwrap()).collect();
        assert_eq!(names, ["contrat", "convocation", "certificat", "attestation"]);
        assert_eq!((&kinds["data"], &kinds["mailServer"]), (&json!([]), &json!(false)));
        let chosen = json!({"kind": "convocation", "subjects": ids(&items[..3])});
        let batch = boss.post(&path, chosen.clone()).await.expect(202);
        assert!(rows(&batch).iter().all(|item| item["state"] == "waiting"), "{batch}");
        // As if several processes were killed and started again.
        again(&world, &batch).await;
        again(&world, &batch).await;
        world.work().await;
        let place = format!("/api/document-batches/{}", batch["id"].as_str().unwrap());
        let done = boss.get(&place).await.expect(200);
        let states: Vec<&str> = rows(&done).iter().map(|item| item["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["filed", "made", "filed"], "{done:#}");
        assert_eq!(rows(&done)[1]["recipients"], json!([]));
        assert_eq!(mails(&world), 2);
        for item in rows(&done) {
            let of = format!("/api/opportunites/{}/documents", item["opportuniteId"].as_str().unwrap());
            let all = boss.get(&of).await.expect(200);
            let own: Vec<&Value> = rows(&all).iter().filter(|one| one["id"] == item["documentId"]).collect();
            let [document] = own[..] else { panic!("{item}") };
            assert_eq!(
                (&document["kind"], &document["number"], &document["state"]),
                (&json!("convocation"), &json!(1), &json!("ready"))
            );
        }
        // The next plan says that they were sent.
        let after = boss.get(&format!("{path}?kind=convocation")).await.expect(200);
        let sent = |item: &&Value| item["lastSentAt"].is_string();
        assert_eq!(rows(&after).iter().filter(sent).count(), 2, "{after}");

        // Only whoever asked for a batch reads it; only who may make the documents may ask; nothing else is planned.
        world.as_role(Role::Manager).await.get(&place).await.refused(404, "not-found");
        let mut wrong = chosen.clone();
        wrong["subjects"] = json!([{"id": Uuid::nil()}]);
        assert_eq!(boss.post(&path, wrong).await.refused(422, "validation")["fields"][0]["field"], "/subjects/0");
        for (field, value) in [("kind", json!("devis")), ("language", json!("de")), ("subjects", json!([]))] {
            let mut wrong = chosen.clone();
            wrong[field] = value;
            boss.post(&path, wrong).await.refused(422, "validation");
        }
        let session = boss.get(path.trim_end_matches("/document-batch")).await.expect(200);
        let home = session["localisation"]["code"].as_str().unwrap().to_owned();
        let biller = world.as_user(world.another(Role::Facturation, "Facture", &[&home]).await).await;
        assert_eq!(biller.get(&path).await.expect(200)["kinds"], json!([]));
        biller.post(&path, chosen.clone()).await.refused(422, "validation");
        let other = if home == AWAY { HOME } else { AWAY };
        let stranger = world.as_user(world.another(Role::Assistante, "Ailleurs", &[other]).await).await;
        stranger.get(&path).await.refused(404, "not-found");
        stranger.post(&path, chosen).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_at_the_moment_is_refused_with_its_reason_and_the_rest_is_made() {
    on_both_filled(|world| async move {
        registered(&world).await;
        execute(&world, "UPDATE stagiaires SET email = 'stagiaire@exemple.fr'").await;
        let boss = world.as_role(Role::Admin).await;
        let (path, items) = planned(&boss).await;
        let chosen = json!({"kind": "convocation", "subjects": ids(&items[..2])});
        let batch = boss.post(&path, chosen).await.expect(202);
        // Meanwhile nobody knows the version of the internal rules any more.
        execute(&world, "UPDATE localisations SET rules_version = NULL").await;
        world.work().await;
        let place = format!("/api/document-batches/{}", batch["id"].as_str().unwrap());
        let done = boss.get(&place).await.expect(200);
        for item in rows(&done) {
            assert_eq!((&item["state"], &item["documentId"]), (&json!("refused"), &Value::Null), "{done:#}");
            assert!(item["problem"]["fr"].as_str().unwrap().starts_with("Il manque"), "{item}");
        }
        assert_eq!(mails(&world), 0);
    })
    .await;
}

#[tokio::test]
async fn reminders_are_sent_once_and_marked() {
    on_both_filled(|world| async move {
        registered(&world).await;
        world.work().await;
        let boss = world.as_role(Role::Admin).await;
        let late = Day::from(Day::today().date().checked_sub_days(chrono::Days::new(20)).unwrap());
        for statement in [
            "UPDATE creances SET due_on = ? WHERE due_on <> ''",
            "UPDATE pieces SET terms = REPLACE(terms, due_on, ?) WHERE due_on IS NOT NULL",
            "UPDATE pieces SET due_on = ? WHERE due_on IS NOT NULL",
        ] {
            let mut tx = world.app.db.begin().await.unwrap();
            sql(statement).bind(late).execute(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        let path = "/api/relances/document-batch";
        // Nobody knows where a funder reads its mail until somebody has written to it.
        let plan = boss.get(path).await.expect(200);
        assert!(rows(&plan).iter().all(|item| item["recipients"] == json!([])), "{plan:#}");
        let first = rows(&plan).first().expect("an invoice that is late");
        let of = format!("/api/opportunites/{}/documents", first["opportuniteId"].as_str().unwrap());
        let all = boss.get(&of).await.expect(200);
        let invoice = rows(&all).iter().find(|one| one["kind"] == "facture" && one["aboutId"] == first["subjectId"]);
        let invoice = invoice.expect("the document of the invoice")["id"].as_str().unwrap();
        let letter = json!({"to": ["compta@opco.exemple.fr"], "subject": "Votre facture", "body": "Bonjour,"});
        boss.post(&format!("/api/documents/{invoice}/sendings"), letter).await.expect(202);
        world.work().await;
        let plan = boss.get(path).await.expect(200);
        let ready: Vec<Value> = rows(&plan)
            .iter()
            .filter(|item| item["missing"] == json!([]) && item["recipients"] != json!([]))
            .cloned()
            .collect();
        assert!(!ready.is_empty(), "{plan:#}");
        let before = mails(&world);
        let batch = boss.post(path, json!({"subjects": ids(&ready)})).await.expect(202);
        again(&world, &batch).await;
        world.work().await;
        let done = boss.get(&format!("/api/document-batches/{}", batch["id"].as_str().unwrap())).await.expect(200);
        assert!(rows(&done).iter().all(|item| item["state"] == "filed"), "{done:#}");
        assert_eq!(mails(&world) - before, ready.len());
        // Their steps are marked: they are due no more, and not planned again.
        let due = boss.get(path).await.expect(200);
        let planned = |item: &Value| rows(&due).iter().any(|one| one["subjectId"] == item["subjectId"]);
        assert!(!ready.iter().any(planned), "{due:#}");
        boss.post(path, json!({"subjects": ids(&ready)})).await.refused(422, "validation");

        // A mail that is refused in the end makes its step due again.
        let document: Uuid = rows(&done)[0]["documentId"].as_str().unwrap().parse().unwrap();
        let (sending, step) = (Uuid::now_v7(), ready[0]["reminder"].as_i64().unwrap());
        let mut tx = world.app.db.begin().await.unwrap();
        let mut row = sql(
            "INSERT INTO document_sendings (id, document_id, recipients, copied, subject, body, reminder, state, created_at, created_by) VALUES ",
        );
        row.rows([[
            sending.into(),
            document.into(),
            "[\"pas une adresse\"]".into(),
            false.into(),
            "R".into(),
            "R".into(),
            step.into(),
            "waiting".into(),
            0_i64.into(),
            world.person(Role::Admin).into(),
        ]]);
        row.execute(&mut tx).await.unwrap();
        let job = afpi_jobs::NewJob::new("mail", "document-mail", json!({"sending": sending}));
        afpi_jobs::enqueue(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
        world.work().await;
        let due = boss.get(path).await.expect(200);
        assert!(rows(&due).iter().any(|one| one["subjectId"] == ready[0]["subjectId"]), "{due:#}");

        let assistant = world.as_role(Role::Assistante).await;
        assistant.get(path).await.refused(403, "forbidden");
        assistant.post(path, json!({"subjects": ids(&ready)})).await.refused(403, "forbidden");
    })
    .await;
}
