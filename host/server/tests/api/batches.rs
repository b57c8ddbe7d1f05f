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

/// What somebody chooses of a plan of reminders.
fn letters(items: &[Value]) -> Value {
    let of = |item: &Value| -> Vec<Value> {
        item["pieces"].as_array().unwrap().iter().map(|piece| piece["id"].clone()).collect()
    };
    json!({"letters": items.iter().map(|item| json!({"pieces": of(item)})).collect::<Vec<_>>()})
}

const REMINDERS: &str = "/api/relances/document-batch";

/// Everything that is owed has been due for twenty days, and nobody was reminded of it.
async fn late(world: &World) {
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
}

#[tokio::test]
async fn reminders_are_sent_once_and_marked() {
    on_both_filled(|world| async move {
        registered(&world).await;
        world.work().await;
        let boss = world.as_role(Role::Admin).await;
        late(&world).await;
        // Nobody knows where a funder reads its mail until somebody has written to it.
        let plan = boss.get(REMINDERS).await.expect(200);
        let funder = |item: &&Value| item["label"] == "OPCO 2i";
        assert!(rows(&plan).iter().filter(funder).all(|item| item["recipients"] == json!([])), "{plan:#}");
        let first = rows(&plan).iter().find(funder).expect("an invoice that is late");
        let of = format!("/api/opportunites/{}/documents", first["opportuniteId"].as_str().unwrap());
        let all = boss.get(&of).await.expect(200);
        let invoice = rows(&all).iter().find(|one| one["kind"] == "facture" && one["aboutId"] == first["subjectId"]);
        let invoice = invoice.expect("the document of the invoice")["id"].as_str().unwrap();
        let letter = json!({"to": ["compta@opco.exemple.fr"], "subject": "Votre facture", "body": "Bonjour,"});
        boss.post(&format!("/api/documents/{invoice}/sendings"), letter).await.expect(202);
        world.work().await;
        let plan = boss.get(REMINDERS).await.expect(200);
        let ready: Vec<Value> = rows(&plan)
            .iter()
            .filter(|item| item["missing"] == json!([]) && item["recipients"] != json!([]))
            .cloned()
            .collect();
        assert!(!ready.is_empty(), "{plan:#}");
        let before = mails(&world);
        let batch = boss.post(REMINDERS, letters(&ready)).await.expect(202);
        again(&world, &batch).await;
        world.work().await;
        let done = boss.get(&format!("/api/document-batches/{}", batch["id"].as_str().unwrap())).await.expect(200);
        assert!(rows(&done).iter().all(|item| item["state"] == "filed"), "{done:#}");
        assert_eq!(mails(&world) - before, ready.len());
        // Their steps are marked: they are due no more, and not planned again.
        let due = boss.get(REMINDERS).await.expect(200);
        let planned = |item: &Value| rows(&due).iter().any(|one| one["subjectId"] == item["subjectId"]);
        assert!(!ready.iter().any(planned), "{due:#}");
        boss.post(REMINDERS, letters(&ready)).await.refused(422, "validation");

        let assistant = world.as_role(Role::Assistante).await;
        assistant.get(REMINDERS).await.refused(403, "forbidden");
        assistant.post(REMINDERS, letters(&ready)).await.refused(403, "forbidden");
    })
    .await;
}

/// The demo has two late invoices of one funder at one site, of two opportunités.
#[tokio::test]
async fn one_letter_and_one_mail_remind_of_all_invoices_of_a_payer() {
    on_both_filled(|world| async move {
        registered(&world).await;
        world.work().await;
        let boss = world.as_role(Role::Admin).await;
        let plan = boss.get(REMINDERS).await.expect(200);
        let several = |item: &&Value| item["pieces"].as_array().unwrap().len() > 1;
        let item = rows(&plan).iter().find(several).unwrap_or_else(|| panic!("{plan:#}")).clone();
        let pieces = item["pieces"].as_array().unwrap().clone();
        assert_eq!(item["enclosures"].as_array().unwrap().len(), pieces.len(), "{item:#}");
        assert!(item["mail"]["subject"].as_str().unwrap().contains(&format!("{} factures", pieces.len())), "{item:#}");
        let listed = boss.get("/api/relances").await.expect(200);
        let of_payer = rows(&listed).iter().find(|payer| payer["pieces"].as_array().unwrap().len() == pieces.len());
        let payer = of_payer.expect("the payer")["payer"]["key"].as_str().unwrap().to_owned();
        let only = boss.get(&format!("{REMINDERS}?payer={}", payer.replace(' ', "%20"))).await.expect(200);
        assert!(rows(&only).iter().all(|one| one["label"] == item["label"]), "{only:#}");

        // What is asked is of one payer and due.
        let mut wrong = letters(std::slice::from_ref(&item));
        let stranger = rows(&plan).iter().find(|other| other["label"] != item["label"]).expect("another payer");
        wrong["letters"][0]["pieces"].as_array_mut().unwrap().push(stranger["pieces"][0]["id"].clone());
        let refused = boss.post(REMINDERS, wrong).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], format!("/letters/0/pieces/{}", pieces.len()));
        boss.post(REMINDERS, json!({"letters": [{"pieces": []}]})).await.refused(422, "validation");
        boss.post(REMINDERS, json!({"letters": []})).await.refused(422, "validation");

        let mut chosen = letters(std::slice::from_ref(&item));
        chosen["letters"][0]["to"] = json!(["compta@opco.exemple.fr"]);
        chosen["letters"][0]["mail"] = json!({"subject": "Vos factures", "body": "Bonjour,\n\nComme convenu."});
        let batch = boss.post(REMINDERS, chosen.clone()).await.expect(202);
        again(&world, &batch).await;
        world.work().await;
        let done = boss.get(&format!("/api/document-batches/{}", batch["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(rows(&done)[0]["state"], "filed", "{done:#}");
        // One mail, as it was written, with the letter and a copy of each invoice.
        let folder = std::fs::read_dir(world.app.config.data_dir.join("mail")).unwrap();
        let texts = folder.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let sent: Vec<String> = texts.filter(|text| text.contains("Vos factures")).collect();
        let [mail] = &sent[..] else { panic!("{} mails", sent.len()) };
        assert!(mail.contains("Comme convenu.") && mail.contains("To: compta@opco.exemple.fr"), "{mail}");
        assert_eq!(mail.matches("Content-Type: application/pdf").count(), pieces.len() + 1);

        // Each invoice is marked with its own step, and each of their opportunités tells of it.
        let due = boss.get(REMINDERS).await.expect(200);
        assert!(!rows(&due).iter().any(|one| one["subjectId"] == item["subjectId"]), "{due:#}");
        let mut conn = world.app.db.read().await.unwrap();
        let mut places: Vec<Uuid> = Vec::new();
        for piece in &pieces {
            let id: Uuid = piece["id"].as_str().unwrap().parse().unwrap();
            let marked: Vec<(i64,)> =
                sql("SELECT step FROM relances WHERE piece_id = ?").bind(id).all(&mut conn).await.unwrap();
            assert_eq!(marked, [(piece["step"].as_i64().unwrap(),)]);
            let (place,): (Uuid,) =
                sql("SELECT opportunite_id FROM pieces WHERE id = ?").bind(id).one(&mut conn).await.unwrap();
            places.push(place);
        }
        drop(conn);
        let document = rows(&done)[0]["documentId"].clone();
        for (place, piece) in places.iter().zip(&pieces) {
            let history = boss.get(&format!("/api/opportunites/{place}/historique")).await.expect(200).to_string();
            let number = piece["number"].as_str().unwrap();
            assert!(history.contains(&format!("relance/{number}")), "{number}: {history}");
            let all = boss.get(&format!("/api/opportunites/{place}/documents")).await.expect(200);
            let letter = rows(&all).iter().find(|one| one["id"] == document).expect("the letter");
            let enclosed = letter["lastSending"]["enclosures"].as_array().unwrap();
            assert_eq!(enclosed.len(), pieces.len(), "{letter:#}");
        }
        // The same letter is not sent twice: another person's batch comes too late.
        boss.post(REMINDERS, chosen).await.refused(422, "validation");

        // A mail that is refused in the end makes all its steps due again.
        let document: Uuid = document.as_str().unwrap().parse().unwrap();
        let mut tx = world.app.db.begin().await.unwrap();
        let failing = sql("UPDATE document_sendings SET state = 'waiting', recipients = ? WHERE document_id = ?");
        failing.bind("[\"pas une adresse\"]").bind(document).execute(&mut tx).await.unwrap();
        let query = sql("SELECT id FROM document_sendings WHERE document_id = ?").bind(document);
        let (sending,): (Uuid,) = query.one(&mut tx).await.unwrap();
        let job = afpi_jobs::NewJob::new("mail", "document-mail", json!({"sending": sending}));
        afpi_jobs::enqueue(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
        world.work().await;
        let due = boss.get(REMINDERS).await.expect(200);
        let back = rows(&due).iter().find(|one| one["subjectId"] == item["subjectId"]);
        assert_eq!(back.expect("due again")["pieces"], item["pieces"]);
    })
    .await;
}

/// The dialog of a letter proposes copies of its invoices, and a mail takes no document of somebody else.
#[tokio::test]
async fn a_mail_takes_further_documents_in_scope() {
    on_both_filled(|world| async move {
        registered(&world).await;
        world.work().await;
        let boss = world.as_role(Role::Admin).await;
        let plan = boss.get(REMINDERS).await.expect(200);
        let item = rows(&plan).first().expect("a late invoice").clone();
        let mut chosen = letters(std::slice::from_ref(&item));
        chosen["letters"][0]["to"] = json!([]);
        let batch = boss.post(REMINDERS, chosen).await.expect(202);
        world.work().await;
        let done = boss.get(&format!("/api/document-batches/{}", batch["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(rows(&done)[0]["state"], "made", "nobody gets it: {done:#}");
        // It is made, not sent: its step is due still, and sending it by hand marks it.
        let planned = boss.get(REMINDERS).await.expect(200);
        assert!(rows(&planned).iter().any(|one| one["subjectId"] == item["subjectId"]));
        let place = format!("/api/documents/{}/sendings", rows(&done)[0]["documentId"].as_str().unwrap());
        let proposal = boss.get(&place).await.expect(200)["proposal"].clone();
        let copies = proposal["enclosures"].as_array().unwrap();
        assert_eq!(copies.len(), item["pieces"].as_array().unwrap().len());
        let mut letter = json!({"to": ["a@exemple.fr"], "subject": "Rappel", "body": "Bonjour,", "enclosures": []});
        letter["enclosures"] = json!([Uuid::nil()]);
        assert_eq!(
            boss.post(&place, letter.clone()).await.refused(422, "validation")["fields"][0]["field"],
            "/enclosures/0"
        );
        letter["enclosures"] = copies.iter().map(|copy| copy["id"].clone()).collect();
        let sent = boss.post(&place, letter).await.expect(202);
        assert_eq!(sent["enclosures"].as_array().unwrap().len(), copies.len());
        world.work().await;
        let planned = boss.get(REMINDERS).await.expect(200);
        assert!(!rows(&planned).iter().any(|one| one["subjectId"] == item["subjectId"]));
    })
    .await;
}
