//! Erasing a person: afterwards no table names this person, except what the law or its purpose keeps.

use crate::fusions::dump;
use crate::personnes::{EMAIL, Known, found, known};
use crate::support::{AWAY, Client, HOME, World, on_both};
use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_platform::journal;
use serde_json::{Value, json};
use uuid::Uuid;

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an id")
}

/// Tables that may name an erased person: the journal, for which `keeps` has the reason, and the jobs of the day.
const KEPT: [&str; 3] = ["journal", "jobs", "outbox"];

/// The tables that name her, also in the normal form of searches.
async fn naming(w: &World) -> Vec<String> {
    let named = |row: &String| {
        let row = row.to_lowercase();
        [
            "le goff",
            "le gof",
            "legof",
            "zoé le",
            "zoe.legoff",
            "0611223344",
            "+33611223344",
            "06 11 22 33 44",
            "1990-02-03",
            "magnétique",
        ]
        .iter()
        .any(|mark| row.contains(mark))
    };
    let tables = dump(w).await.into_iter();
    tables
        .filter(|(table, rows)| !KEPT.contains(&table.as_str()) && rows.iter().any(named))
        .map(|(table, _)| table)
        .collect()
}

/// Writes about her wherever people can.
async fn surround(w: &World, admin: &Client, of: &Known) {
    let company = id(&of.company);
    for (kind, record, text) in [
        ("contacts", id(&of.company["contacts"][0]), "Préfère le mardi"),
        ("entreprises", company, "Vu ZOE LE GOFF hier, rappeler au 06 11 22 33 44"),
        ("opportunites", id(&of.opportunite), "Le Goff Zoé a confirmé"),
        ("formateurs", id(&of.formateur), "Disponible en mai"),
    ] {
        admin.post(&format!("/api/notes/{kind}/{record}"), json!({"text": text})).await.expect(201);
        let about = json!({"title": format!("Écrire à {EMAIL}"), "about": {"kind": kind, "id": record}});
        admin.post("/api/taches", about).await.expect(201);
    }
    // An auditor has found something about her.
    let mut tx = w.app.db.begin().await.unwrap();
    let mut finding = sql(
        "INSERT INTO anomalies (id, localisation_id, plugin_id, rule, fault_key, severity, severity_rank, subject_kind, \
         subject_id, subjects, field, message_fr, message_en, search, found_at, seen_at, accepted_at, accepted_by, reason) VALUES ",
    );
    let said = "Zoé Le Goff est à deux endroits";
    finding.row(vec![
        Uuid::now_v7().into(),
        w.site(HOME).into(),
        "notifications-afpi".into(),
        "deux-lieux".into(),
        "k".into(),
        "fault".into(),
        3i64.into(),
        "opportunite".into(),
        id(&of.opportunite).parse::<Uuid>().unwrap().into(),
        afpi_db::Value::json(&json!([{"kind": "formateur", "id": id(&of.formateur), "label": "Le Goff Zoé"}])),
        "".into(),
        said.into(),
        said.into(),
        afpi_crm::search::index([said], 1000).into(),
        1i64.into(),
        1i64.into(),
        1i64.into(),
        w.person(Role::Admin).into(),
        "Vu avec Zoé Le Goff".into(),
    ]);
    finding.execute(&mut tx).await.unwrap();
    // Somebody has shared mails with her, and about her.
    let contact = id(&of.company["contacts"][0]).parse::<Uuid>().unwrap();
    for (kind, record) in [("contacts", contact), ("opportunites", id(&of.opportunite).parse().unwrap())] {
        let mail = Uuid::now_v7();
        let mut insert = sql(
            "INSERT INTO courriels (id, user_id, record_kind, record_id, forwarded, sender, recipients, subject, text, \
             cut, sent_at, received_at) VALUES ",
        );
        insert.row(vec![
            mail.into(),
            w.person(Role::Admin).into(),
            kind.into(),
            record.into(),
            true.into(),
            format!("Zoé Le Goff <{EMAIL}>").into(),
            format!("Paul <paul@afpi.test>\nZoé Le Goff <{EMAIL}>").into(),
            "Réponse de Zoé Le Goff".into(),
            format!("Bonjour,\nZoé Le Goff\n06 11 22 33 44\n{EMAIL}").into(),
            false.into(),
            1i64.into(),
            1i64.into(),
        ]);
        insert.execute(&mut tx).await.unwrap();
        let mut file = sql("INSERT INTO courriel_files (courriel_id, position, name) VALUES ");
        file.row(vec![mail.into(), 0i64.into(), "CV Zoé Le Goff.pdf".into()]);
        file.execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    let headers = [("content-type", "application/octet-stream".to_owned())];
    let upload = admin.file("/api/uploads?name=cv.txt", b"cv".to_vec(), &headers).await.expect(200);
    let body = json!({"uploadId": upload["id"]});
    admin.post(&format!("/api/attachments/formateurs/{}", id(&of.formateur)), body).await.expect(201);
    // Another file of hers is in the bin.
    let body =
        json!({"entrepriseId": company, "title": "Plan de Zoé Le Goff", "budget": 100, "localisationId": w.site(AWAY)});
    let other = admin.post("/api/opportunites", body).await.expect(201)["opportunite"].clone();
    let trainee = json!({"firstName": "Zoé", "lastName": "Le Goff", "email": EMAIL});
    admin.post(&format!("/api/opportunites/{}/stagiaires", id(&other)), trainee).await.expect(201);
    let other = admin.get(&format!("/api/opportunites/{}", id(&other))).await.expect(200)["opportunite"].clone();
    let reason = json!({"reason": "Saisie par erreur"});
    admin.post_at(&format!("/api/corbeille/opportunites/{}", id(&other)), &other["version"], reason).await.expect(204);
}

fn records(of: &Known) -> String {
    format!(
        "contact:{},stagiaire:{},formateur:{}",
        id(&of.company["contacts"][0]),
        id(&of.stagiaire),
        id(&of.formateur)
    )
}

/// The same for a body.
fn listed(records: &str) -> Vec<Value> {
    let one = |record: &str| record.split_once(':').map(|(kind, id)| json!({"kind": kind, "id": id})).unwrap();
    records.split(',').map(one).collect()
}

async fn preview(client: &Client, records: &str) -> Value {
    client.get(&format!("/api/personnes/effacement?records={records}")).await.expect(200)
}

fn rows(of: &Value, label: &str) -> Option<i64> {
    of.as_array()
        .unwrap()
        .iter()
        .find(|place| place["label"]["fr"] == label)
        .map(|place| place["rows"].as_i64().unwrap())
}

#[tokio::test]
async fn after_an_erasure_no_table_names_the_person() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let of = known(&w, &admin).await;
        surround(&w, &admin, &of).await;
        // Her account goes by another name: it is kept, as the refusal says.
        let mut tx = w.app.db.begin().await.unwrap();
        sql("UPDATE users SET name = 'Autre Nom' WHERE email = 'zlg@afpi.test'").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let records = records(&of);

        // What has to be done first is told, and nothing goes meanwhile.
        let told = preview(&admin, &records).await;
        assert_eq!(told["blockers"][0]["code"], "active");
        let body = json!({"records": listed(&records), "reason": "Demande écrite du 30 novembre"});
        let refused = admin.post("/api/personnes/effacement", body.clone()).await.refused(409, "conflict");
        assert_eq!(refused["blockers"], told["blockers"]);
        let inactive = json!({"active": false});
        admin
            .patch(&format!("/api/formateurs/{}", id(&of.formateur)), &of.formateur["version"], inactive)
            .await
            .expect(200);

        let told = preview(&admin, &records).await;
        assert_eq!(told["blockers"], json!([]));
        assert_eq!(
            [
                rows(&told["erases"], "Fiches de contact"),
                rows(&told["erases"], "Fiches de stagiaire"),
                rows(&told["erases"], "Fiches de formateur")
            ],
            [Some(1); 3]
        );
        assert_eq!(
            (rows(&told["erases"], "Notes"), rows(&told["erases"], "Fichiers"), rows(&told["erases"], "Corbeille")),
            (Some(4), Some(1), Some(1))
        );
        assert!(rows(&told["keeps"], "Lignes du journal").unwrap() >= 3);
        assert!(told["keeps"].to_string().contains("RGPD, art. 17.3.e"));
        assert!(!naming(&w).await.is_empty());

        admin.post("/api/personnes/effacement", body.clone()).await.expect(200);
        assert_eq!(naming(&w).await, [] as [String; 0]);
        assert_eq!(found(&admin, "le%20goff").await, [] as [String; 0]);
        assert_eq!(found(&admin, EMAIL).await, [] as [String; 0]);
        for path in ["entreprises", "stagiaires", "formateurs"] {
            let page = admin.get(&format!("/api/{path}?q=goff")).await.expect(200);
            assert_eq!(page["meta"]["total"], 0, "{path}");
        }
        let search = admin.get("/api/search?q=zoe%20le%20goff").await.expect(200).to_string();
        assert!(!search.contains(id(&of.company)) && !search.contains(id(&of.stagiaire)), "{search}");
        // What is not hers is as it was, and texts still say the rest.
        let company = admin.get(&format!("/api/entreprises/{}", id(&of.company))).await.expect(200);
        assert_eq!(company["contacts"].as_array().unwrap().len(), 1);
        assert_eq!(company["contacts"][0]["lastName"], "Autre");
        let notes = admin.get(&format!("/api/notes/entreprises/{}", id(&of.company))).await.expect(200);
        assert_eq!(notes["data"][0]["text"], "Vu Personne effacée hier, rappeler au ");
        let trainee = admin.get(&format!("/api/stagiaires/{}", id(&of.stagiaire))).await.expect(200);
        assert_eq!(
            (&trainee["name"], &trainee["birthDate"], &trainee["needs"]),
            (&json!("Personne effacée"), &Value::Null, &Value::Null)
        );
        // The act is in the journal with its reason and without the name, and its chain holds.
        let path = format!("/api/journal?subjectKind=stagiaire&subjectId={}&limit=1", id(&of.stagiaire));
        let line = admin.get(&path).await.expect(200)["data"][0].to_string();
        assert!(line.contains("Demande écrite du 30 novembre") && !line.contains("Goff"), "{line}");
        assert_eq!(journal::verify(&w.app.db).await.unwrap().1, []);
        // What came back from the bin no longer names her, and a second erasure finds her contact gone.
        let bin = admin.get("/api/corbeille").await.expect(200);
        admin
            .post(&format!("/api/corbeille/opportunites/{}/restaurer", id(&bin["data"][0])), json!({}))
            .await
            .expect(204);
        assert_eq!(naming(&w).await, [] as [String; 0]);
        admin.post("/api/personnes/effacement", body).await.refused(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn who_is_still_needed_is_not_erased() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let of = known(&w, &admin).await;
        let code = async |records: String| preview(&admin, &records).await["blockers"][0]["code"].clone();
        assert_eq!(code(format!("user:{}", id(&of.user))).await, "account");
        let (contact, stagiaire) = (id(&of.company["contacts"][0]), id(&of.stagiaire));
        assert_eq!(code(format!("contact:{contact},stagiaire:{stagiaire}")).await, Value::Null);

        let session = json!({"numero": "S-1", "title": "Soudage", "localisationId": w.site(HOME)});
        let session = admin.post("/api/sessions", session).await.expect(201);
        let uuid = |id: &str| uuid::Uuid::parse_str(id).unwrap();
        let mut tx = w.app.db.begin().await.unwrap();
        let enrol = sql("INSERT INTO session_stagiaires (session_id, stagiaire_id) VALUES (?, ?)");
        enrol.bind(uuid(id(&session))).bind(uuid(stagiaire)).execute(&mut tx).await.unwrap();
        sql("UPDATE sessions SET first_day = '2999-01-04', last_day = '2999-01-05'").execute(&mut tx).await.unwrap();
        let link = sql("INSERT INTO external_ids (source, entity, external_id, record_id, digest, synced_at) VALUES ('ypareo', 'contact', 'C1', ?, ?, 0)");
        link.bind(uuid(contact)).bind(vec![0u8; 32]).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(code(format!("contact:{contact}")).await, "connector");
        assert_eq!(code(format!("stagiaire:{stagiaire}")).await, "session");
        let body = json!({"records": [{"kind": "contact", "id": contact}], "reason": "Demande"});
        admin.post("/api/personnes/effacement", body).await.refused(409, "conflict");
        // It is gone over there.
        let mut tx = w.app.db.begin().await.unwrap();
        sql("UPDATE external_ids SET missing_since = 1").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let body = json!({"records": [{"kind": "contact", "id": contact}], "reason": ""});
        admin.post("/api/personnes/effacement", body).await.refused(422, "validation");
        let body = json!({"records": [{"kind": "contact", "id": contact}], "reason": "Demande"});
        admin.post("/api/personnes/effacement", body).await.expect(200);
        w.as_role(Role::ResponsableCommercial)
            .await
            .get(&format!("/api/personnes/effacement?records=stagiaire:{stagiaire}"))
            .await
            .refused(403, "forbidden");
    })
    .await;
}
