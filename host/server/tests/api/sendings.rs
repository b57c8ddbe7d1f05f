//! A document goes to somebody by mail: who may send it, what the mail holds, and what becomes of it.

use crate::support::smtp::{Letter, MailServer};
use crate::support::{self, AWAY, Client, HOME, World, on_both_filled, on_both_with};
use afpi_core::rights::Role;
use afpi_db::sql;
use axum::body::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

/// A quote of an opportunité in this state, as a job leaves it: its path.
async fn document(w: &World, opportunite: &Value, state: &str) -> String {
    let content = futures::stream::iter([Ok::<_, String>(Bytes::from_static(b"%PDF-1.7\n%%EOF\n"))]);
    let received = w.app.files.receive("devis.pdf", content).await.unwrap();
    let key = w.app.files.keep(&received).await.unwrap();
    let mut tx = w.app.db.begin().await.unwrap();
    let mut file = sql("INSERT INTO files (sha256, object_key, size, media_type, seen_at) VALUES ");
    let hash = received.sha256.as_str();
    file.rows([[hash.into(), key.as_str().into(), 15_i64.into(), "application/pdf".into(), 0_i64.into()]]);
    file.execute(&mut tx).await.unwrap();
    let id = Uuid::now_v7();
    let of: Uuid = opportunite["id"].as_str().unwrap().parse().unwrap();
    let composition = json!({"template": "devis.typ", "data": "{}", "title": "Devis D-1", "fileName": "Devis-D-1",
        "mail": {"subject": "Votre devis", "body": "Bonjour,"}});
    let mut row = sql(
        "INSERT INTO documents (id, opportunite_id, localisation_id, kind, section, about, about_id, about_day, number, \
        language, dated, title, file_name, archival, composition, plugin_id, plugin_version, state, sha256, created_at) VALUES ",
    );
    row.rows([[
        id.into(),
        of.into(),
        w.site(HOME).into(),
        "devis".into(),
        "devis".into(),
        "opportunite".into(),
        of.into(),
        "".into(),
        1_i64.into(),
        "fr".into(),
        "2026-11-28".into(),
        "Devis D-1".into(),
        "Devis-D-1".into(),
        true.into(),
        composition.to_string().into(),
        "documents-afpi".into(),
        "1.0.0".into(),
        state.into(),
        hash.into(),
        0_i64.into(),
    ]]);
    row.execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    format!("/api/documents/{id}")
}

fn letter() -> Value {
    json!({"to": ["achats@exemple.fr"], "copy": true, "subject": "Votre devis D-1", "body": "Bonjour,\n\nVoici notre devis."})
}

/// Runs the body with a mail server.
async fn mailing<Fut: Future<Output = ()>>(body: impl Fn(World, MailServer) -> Fut) {
    on_both_with(
        async |config| {
            let server = MailServer::start().await;
            config.smtp_url = Some(server.url());
            server
        },
        body,
    )
    .await;
}

/// Makes every job that waits for a later moment due.
pub async fn hurry(w: &World) {
    let mut tx = w.app.db.begin().await.unwrap();
    sql("UPDATE jobs SET due_at = 0 WHERE state = 'delayed'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn states(client: &Client, document: &str) -> Vec<Value> {
    let found = client.get(&format!("{document}/sendings")).await.expect(200);
    found["data"].as_array().unwrap().iter().map(|sending| sending["state"].clone()).collect()
}

/// The letters with a document.
fn documents(server: &MailServer) -> Vec<Letter> {
    server.letters().into_iter().filter(|letter| letter.text.contains("application/pdf")).collect()
}

#[tokio::test]
async fn a_document_goes_from_the_site_and_answers_come_to_the_sender() {
    mailing(|w, server| async move {
        let opportunite = support::opportunite(&w, "Soudage").await;
        let document = document(&w, &opportunite, "ready").await;
        let path = format!("{document}/sendings");
        let boss = w.as_role(Role::Admin).await;
        let site = format!("/api/localisations/{}", w.site(HOME));
        let before = boss.get(&site).await.expect(200);
        let closing = json!({"mailClosingFr": "AFPI, depuis 1958"});
        boss.patch(&site, &before["version"], closing).await.expect(200);
        let company = opportunite["entreprise"]["id"].as_str().unwrap();
        let contact = json!({"lastName": "Roy", "firstName": "Léa", "email": "lea@exemple.fr"});
        let company = format!("/api/entreprises/{company}");
        let known = boss.get(&company).await.expect(200);
        boss.patch(&company, &known["version"], json!({"contacts": [contact]})).await.expect(200);

        let commercial = w.as_role(Role::Commercial).await;
        let proposal = commercial.get(&path).await.expect(200)["proposal"].clone();
        assert_eq!(
            (&proposal["subject"], &proposal["body"], &proposal["mailServer"], &proposal["size"]),
            (&json!("Votre devis"), &json!("Bonjour,\n\nAFPI, depuis 1958"), &json!(true), &json!(15))
        );
        assert_eq!(proposal["recipients"], json!([{"name": "Léa Roy", "email": "lea@exemple.fr", "usual": true}]));

        let sending = commercial.post(&path, letter()).await.expect(202);
        assert_eq!(
            (&sending["state"], &sending["copy"], &sending["sentAt"]),
            (&json!("waiting"), &json!(true), &Value::Null)
        );
        w.work().await;
        let letters = documents(&server);
        let [letter] = letters.as_slice() else { panic!("{letters:?}") };
        assert_eq!(
            (letter.from.as_str(), letter.to.as_slice()),
            ("crm@afpi.test", ["achats@exemple.fr", "commercial@afpi.test"].map(String::from).as_slice())
        );
        let head = letter.head();
        let name = before["name"].as_str().unwrap();
        for line in [
            "To: achats@exemple.fr",
            "Reply-To: \"Test commercial\" <commercial@afpi.test>",
            "Cc: \"Test commercial\" <commercial@afpi.test>",
            "Subject: Votre devis D-1",
        ] {
            assert!(head.iter().any(|sent| sent == line), "{line} in {head:#?}");
        }
        assert!(head.iter().any(|line| line.starts_with("From: ") && line.contains(name)), "{name} in {head:#?}");
        assert!(letter.text.contains("Devis-D-1.pdf") && letter.text.contains("JVBERi0xLjcK"), "{}", letter.text);

        let after = commercial.get(&path).await.expect(200)["data"][0].clone();
        assert_eq!((&after["id"], &after["state"], &after["problem"]), (&sending["id"], &json!("sent"), &Value::Null));
        assert!(after["sentAt"].is_string(), "{after}");
        let of = format!("/api/opportunites/{}", opportunite["id"].as_str().unwrap());
        let listed = commercial.get(&format!("{of}/documents")).await.expect(200);
        assert_eq!(listed["data"][0]["lastSending"]["state"], "sent", "{listed}");
        let told = commercial.get(&format!("{of}/historique")).await.expect(200);
        let lines = told["data"].as_array().unwrap().iter().map(|line| line["changes"][0].clone());
        let lines: Vec<Value> = lines.filter(|change| change["to"] == "Devis D-1 → achats@exemple.fr").collect();
        let labels: Vec<&str> = lines.iter().filter_map(|change| change["label"]["fr"].as_str()).collect();
        assert_eq!(labels, ["E-mail envoyé", "Envoi demandé"], "{told:#}");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused() {
    mailing(|w, server| async move {
        let opportunite = support::opportunite(&w, "Soudage").await;
        let document = document(&w, &opportunite, "ready").await;
        let path = format!("{document}/sendings");
        let commercial = w.as_role(Role::Commercial).await;
        for (field, value, at) in [
            ("to", json!([]), "/to"),
            ("to", json!(vec!["a@exemple.fr"; 21]), "/to"),
            ("to", json!(["pas une adresse"]), "/to/0"),
            ("to", json!(["a@exemple.fr\r\nBcc: b@exemple.fr"]), "/to/0"),
            ("subject", json!(""), "/subject"),
            ("subject", json!("Devis\r\nBcc: b@exemple.fr"), "/subject"),
            ("body", json!("x".repeat(10_001)), "/body"),
        ] {
            let mut wrong = letter();
            wrong[field] = value;
            let refused = commercial.post(&path, wrong).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], at, "{refused}");
        }
        // The plugin says who may make a quote, and so who may send it.
        w.as_role(Role::Planificateur).await.post(&path, letter()).await.refused(403, "forbidden");
        let stranger = w.as_user(w.another(Role::Manager, "loin", &[AWAY]).await).await;
        stranger.get(&path).await.refused(404, "not-found");
        stranger.post(&path, letter()).await.refused(404, "not-found");
        w.nobody().post(&path, letter()).await.refused(401, "unauthenticated");

        let mut tx = w.app.db.begin().await.unwrap();
        sql("UPDATE files SET size = 8000000").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        commercial.post(&path, letter()).await.refused(413, "too-large");
        let mut tx = w.app.db.begin().await.unwrap();
        sql("UPDATE documents SET state = 'failed'").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        commercial.post(&path, letter()).await.refused(409, "conflict");
        w.work().await;
        assert_eq!(states(&commercial, &document).await, Vec::<Value>::new());
        assert!(documents(&server).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_request_that_is_repeated_sends_one_mail() {
    mailing(|w, server| async move {
        let opportunite = support::opportunite(&w, "Soudage").await;
        let document = document(&w, &opportunite, "ready").await;
        let path = format!("{document}/sendings");
        let commercial = w.as_role(Role::Commercial).await;
        let key = [("idempotency-key", "once".to_owned())];
        let first = commercial.send("POST", &path, Some(letter()), &key).await.expect(202);
        assert_eq!(commercial.send("POST", &path, Some(letter()), &key).await.expect(202), first);
        w.work().await;
        assert_eq!((states(&commercial, &document).await, documents(&server).len()), (vec![json!("sent")], 1));
        // A job that runs again, as after a crash, finds nothing to do.
        let mut tx = w.app.db.begin().await.unwrap();
        let job = afpi_jobs::NewJob::new("mail", "document-mail", json!({"sending": first["id"]}));
        afpi_jobs::enqueue(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
        w.work().await;
        assert!(documents(&server).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_that_was_away_gets_the_mail_later() {
    mailing(|w, server| async move {
        let opportunite = support::opportunite(&w, "Soudage").await;
        let document = document(&w, &opportunite, "ready").await;
        let path = format!("{document}/sendings");
        let commercial = w.as_role(Role::Commercial).await;
        let address = server.address;
        drop(server);
        commercial.post(&path, letter()).await.expect(202);
        w.work().await;
        let waits = commercial.get(&path).await.expect(200)["data"][0].clone();
        assert_eq!((&waits["state"], &waits["sentAt"]), (&json!("retrying"), &Value::Null));
        assert!(
            waits["problem"]["fr"].as_str().unwrap().contains("ne répond pas") && waits["nextAt"].is_string(),
            "{waits}"
        );

        let server = MailServer::at(address).await;
        server.refuse(Some("450 4.2.1 later"));
        hurry(&w).await;
        w.work().await;
        let waits = commercial.get(&path).await.expect(200)["data"][0].clone();
        assert!(waits["problem"]["fr"].as_str().unwrap().contains("demande d'attendre"), "{waits}");

        server.refuse(None);
        hurry(&w).await;
        w.work().await;
        assert_eq!((states(&commercial, &document).await, documents(&server).len()), (vec![json!("sent")], 1));
        let settled = commercial.get(&path).await.expect(200)["data"][0].clone();
        assert_eq!((&settled["problem"], &settled["nextAt"]), (&Value::Null, &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn a_mail_refused_for_good_is_not_tried_again_and_says_why() {
    mailing(|w, server| async move {
        let opportunite = support::opportunite(&w, "Soudage").await;
        let document = document(&w, &opportunite, "ready").await;
        let path = format!("{document}/sendings");
        let commercial = w.as_role(Role::Commercial).await;
        server.refuse(Some("550 5.1.1 unknown"));
        commercial.post(&path, letter()).await.expect(202);
        w.work().await;
        let failed = commercial.get(&path).await.expect(200)["data"][0].clone();
        assert_eq!((&failed["state"], &failed["nextAt"]), (&json!("failed"), &Value::Null));
        assert!(failed["problem"]["fr"].as_str().unwrap().starts_with("Une adresse est refusée"), "{failed}");
        let of = format!("/api/opportunites/{}/historique", opportunite["id"].as_str().unwrap());
        let told = commercial.get(&of).await.expect(200)["data"][0]["changes"][0].clone();
        assert_eq!(told["label"]["fr"], "E-mail refusé", "{told}");

        server.refuse(None);
        hurry(&w).await;
        w.work().await;
        assert!(documents(&server).is_empty());
        // The corrected mail is another one; the failed one stays in sight.
        let mut again = letter();
        again["to"] = json!(["compta@exemple.fr"]);
        commercial.post(&path, again).await.expect(202);
        w.work().await;
        assert_eq!(states(&commercial, &document).await, [json!("sent"), json!("failed")]);
        assert_eq!(documents(&server)[0].to[0], "compta@exemple.fr");
    })
    .await;
}

#[tokio::test]
async fn a_document_that_is_still_being_made_is_sent_once_it_is_ready() {
    on_both_filled(|world| async move {
        let folder = world.app.config.data_dir.join("mail");
        let _earlier = std::fs::remove_dir_all(&folder);
        let boss = world.as_role(Role::Admin).await;
        let (file, subject) = quoted(&boss).await;
        let path = format!("/api/opportunites/{file}/documents");
        let made = boss.post(&path, json!({"kind": "devis", "subjects": [{"id": subject}]})).await.expect(202);
        let document = format!("/api/documents/{}", made["data"][0]["id"].as_str().unwrap());
        let proposal = boss.get(&format!("{document}/sendings")).await.expect(200)["proposal"].clone();
        assert!(
            proposal["recipients"][0]["usual"] == true && proposal["subject"].as_str().unwrap().starts_with("Devis")
        );
        assert_eq!(proposal["mailServer"], false);

        // A site words its mails itself. Documents that are made from now on carry its words.
        let site =
            boss.get(&format!("/api/opportunites/{file}")).await.expect(200)["opportunite"]["localisation"]["id"]
                .clone();
        let settings = format!("/api/plugins/documents-afpi/sites/{}/config", site.as_str().unwrap());
        let version = boss.get(&settings).await.expect(200)["version"].clone();
        let own = |texte: &str| {
            let mail = json!({"document": "devis", "langue": "fr", "objet": "Notre offre {numero}", "texte": texte});
            json!({"config": {"courriels": [mail]}})
        };
        let refused = boss.put_at(&settings, &version, own("Voici {montant}.")).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/config/courriels/0/texte", "{refused}");
        boss.put_at(&settings, &version, own("Merci de votre visite à l’atelier.")).await.expect(200);
        let other = boss.post(&path, json!({"kind": "devis", "subjects": [{"id": subject}]})).await.expect(202);
        let other = format!("/api/documents/{}/sendings", other["data"][0]["id"].as_str().unwrap());
        let worded = boss.get(&other).await.expect(200)["proposal"].clone();
        assert!(worded["subject"].as_str().unwrap().starts_with("Notre offre D"), "{worded}");
        assert!(worded["body"].as_str().unwrap().contains("Merci de votre visite à l’atelier."), "{worded}");

        boss.post(&format!("{document}/sendings"), letter()).await.expect(202);
        world.work().await;
        // Without a mail server it is a file, and says so.
        assert_eq!(states(&boss, &document).await, ["filed"]);
        let written =
            std::fs::read_dir(folder).unwrap().filter_map(|file| std::fs::read_to_string(file.unwrap().path()).ok());
        assert_eq!(written.filter(|text| text.contains("To: achats@exemple.fr")).count(), 1);
    })
    .await;
}

/// An opportunité whose quote waits for an answer: its id, and that of the piece.
pub async fn quoted(boss: &Client) -> (String, String) {
    let found = boss.get("/api/opportunites?status=devis_envoye&limit=50").await.expect(200);
    for file in found["data"].as_array().unwrap() {
        let id = file["id"].as_str().unwrap().to_owned();
        let pieces = boss.get(&format!("/api/opportunites/{id}/pieces")).await.expect(200);
        let newest = pieces["data"].as_array().unwrap().iter().rfind(|piece| piece["kind"] == "devis");
        if let Some(piece) = newest {
            return (id, piece["id"].as_str().unwrap().to_owned());
        }
    }
    panic!("no quote that waits for an answer");
}
