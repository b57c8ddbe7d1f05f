//! How long personal data is kept: what is due, what erases it, and what holds it back.

use crate::personnes::{Known, found, known};
use crate::support::{Client, World, on_both};
use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_crm::personnes::conservation::keep;
use afpi_db::sql;
use serde_json::{Value, json};
use std::time::Duration;

const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an id")
}

/// The rule of this id as the page shows it.
async fn rule(client: &Client, id: &str) -> Value {
    let all = client.get("/api/conservation").await.expect(200);
    all["regles"].as_array().unwrap().iter().find(|regle| regle["id"] == id).expect("the rule").clone()
}

async fn due(client: &Client) -> [i64; 3] {
    let mut all = [0; 3];
    for (at, id) in ["contacts", "stagiaires", "formateurs"].into_iter().enumerate() {
        all[at] = rule(client, id).await["due"].as_i64().unwrap();
        let page = client.get(&format!("/api/conservation/{id}/echeances")).await.expect(200);
        assert_eq!(page["data"].as_array().unwrap().len(), all[at] as usize, "{id}");
    }
    all
}

/// Everything of this table was last written so many years ago.
async fn aged(w: &World, tables: &[&'static str], years: u32) {
    let mut tx = w.app.db.begin().await.unwrap();
    for table in tables {
        let mut query = sql("UPDATE ");
        query.push(table).push(" SET updated_at = ?").arg(Instant::now() - YEAR * years);
        query.execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// The opportunité is over: this is all that the rules look at.
async fn over(w: &World, outcome: &'static str) {
    let mut tx = w.app.db.begin().await.unwrap();
    sql("UPDATE opportunites SET outcome = ?").bind(outcome).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn resting(w: &World, admin: &Client, known: &Known) {
    let formateur = admin.get(&format!("/api/formateurs/{}", id(&known.formateur))).await.expect(200);
    let path = format!("/api/formateurs/{}", id(&formateur));
    admin.patch(&path, &formateur["version"], json!({"active": false})).await.expect(200);
    over(w, "lost").await;
    aged(w, &["entreprises", "opportunites", "formateurs"], 6).await;
}

#[tokio::test]
async fn what_is_due_is_told_and_erased_by_hand_and_nothing_before() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let known = known(&w, &admin).await;
        assert_eq!(due(&admin).await, [0, 0, 0]);
        resting(&w, &admin, &known).await;
        // Both contacts of the company, the trainee, the trainer. The account is no record that a rule erases.
        assert_eq!(due(&admin).await, [2, 1, 1]);
        // What is written or planned later starts the time again.
        let note = format!("/api/notes/entreprises/{}", id(&known.company));
        let note = admin.post(&note, json!({"text": "Rappelés"})).await.expect(201);
        over(&w, "won").await;
        assert_eq!(due(&admin).await, [0, 0, 1]);
        over(&w, "done").await;
        aged(&w, &["notes"], 4).await;
        assert_eq!(due(&admin).await, [2, 1, 1], "{note}");
        let task = json!({"title": "Relancer", "about": {"kind": "contacts", "id": id(&known.company["contacts"][0])}});
        admin.post("/api/taches", task).await.expect(201);
        aged(&w, &["taches"], 4).await;
        assert_eq!(due(&admin).await, [1, 1, 1], "an open task keeps its contact");
        // A longer time.
        let wanted = json!({"years": 10, "automatic": false});
        admin.put("/api/conservation/stagiaires", wanted).await.expect(200);
        assert_eq!(due(&admin).await, [1, 0, 1]);
        admin.put("/api/conservation/stagiaires", json!({"years": 5, "automatic": false})).await.expect(200);

        for rule in ["contacts", "stagiaires", "formateurs"] {
            let done = admin.post(&format!("/api/conservation/{rule}/application"), Value::Null).await.expect(200);
            assert_eq!(done, json!({"erased": 1, "due": 0}), "{rule}");
        }
        let left = found(&admin, "goff").await;
        let kept = [format!("contact:{}", id(&known.company["contacts"][0])), format!("user:{}", id(&known.user))];
        assert_eq!(left, kept);
        assert_eq!(due(&admin).await, [0, 0, 0]);
        let lines = admin.get("/api/journal?act=edited").await.expect(200);
        let told = |line: &&Value| line["changes"].to_string().contains("/conservation");
        assert_eq!(lines["data"].as_array().unwrap().iter().filter(told).count(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_rule_erases_by_itself_only_when_it_is_switched_on() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let known = known(&w, &admin).await;
        resting(&w, &admin, &known).await;
        keep(&w.app, Instant::now()).await.unwrap();
        assert_eq!(due(&admin).await, [2, 1, 1]);
        let shown = admin.put("/api/conservation/stagiaires", json!({"years": 7, "automatic": true})).await.expect(200);
        assert_eq!((&shown["years"], &shown["automatic"], &shown["due"]), (&json!(7), &json!(true), &json!(0)));
        keep(&w.app, Instant::now()).await.unwrap();
        assert_eq!(found(&admin, "goff").await.len(), 4, "six of seven years are over");
        keep(&w.app, Instant::now() + YEAR).await.unwrap();
        let left = found(&admin, "goff").await;
        assert!(left.len() == 3 && left.iter().all(|record| !record.starts_with("stagiaire")), "{left:?}");
        let lines = admin.get("/api/journal?act=edited").await.expect(200);
        let line =
            lines["data"].as_array().unwrap().iter().find(|line| line["changes"].to_string().contains("/conservation"));
        assert_eq!(line.expect("a line")["actor"]["kind"], "system");
    })
    .await;
}

#[tokio::test]
async fn a_connector_keeps_its_contacts_and_a_planned_session_its_trainees() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let known = known(&w, &admin).await;
        resting(&w, &admin, &known).await;
        let contact: uuid::Uuid = id(&known.company["contacts"][0]).parse().unwrap();
        let mut tx = w.app.db.begin().await.unwrap();
        sql("INSERT INTO external_ids (source, entity, external_id, record_id, digest, synced_at) VALUES ('x', 'contact', '1', ?, ?, 1)")
            .bind(contact)
            .bind(vec![0u8; 32])
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let session = json!({"numero": "S-1", "title": "Soudage", "localisationId": w.site(crate::support::AWAY)});
        let session = admin.post("/api/sessions", session).await.expect(201);
        let mut tx = w.app.db.begin().await.unwrap();
        sql("INSERT INTO session_stagiaires (session_id, stagiaire_id) VALUES (?, ?)")
            .bind(id(&session).parse::<uuid::Uuid>().unwrap())
            .bind(id(&known.stagiaire).parse::<uuid::Uuid>().unwrap())
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(&admin).await, [1, 0, 1]);
        let last = async |day: afpi_core::clock::Day| {
            let mut tx = w.app.db.begin().await.unwrap();
            sql("UPDATE sessions SET first_day = ?, last_day = ?").bind(day).bind(day).execute(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        };
        last((Instant::now() - YEAR * 4).day()).await;
        assert_eq!(due(&admin).await, [1, 0, 1]);
        last((Instant::now() - YEAR * 6).day()).await;
        assert_eq!(due(&admin).await, [1, 1, 1]);
    })
    .await;
}

#[tokio::test]
async fn only_who_may_sees_the_rules_and_years_are_within_limits() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
            let client = w.as_role(role).await;
            client.get("/api/conservation").await.refused(403, "forbidden");
            client.get("/api/conservation/contacts/echeances").await.refused(403, "forbidden");
            client.post("/api/conservation/contacts/application", Value::Null).await.refused(403, "forbidden");
        }
        for (years, pointer) in [(6, "/years"), (0, "/years"), (31, "/years")] {
            let wrong = json!({"years": years, "automatic": false});
            let reply = admin.put("/api/conservation/contacts", wrong).await;
            assert_eq!(reply.refused(422, "validation")["fields"][0]["field"], pointer);
        }
        let right = json!({"years": 2, "automatic": true});
        admin.put("/api/conservation/salles", right.clone()).await.refused(404, "not-found");
        admin.get("/api/conservation/salles/echeances").await.refused(404, "not-found");
        admin.post("/api/conservation/salles/application", Value::Null).await.refused(404, "not-found");
        admin.put("/api/conservation/contacts", right.clone()).await.expect(200);
        let line = admin.get("/api/journal?subjectKind=conservation").await.expect(200)["data"][0].clone();
        assert_eq!(line["subject"]["id"], "contacts");
        // The same again is no act.
        admin.put("/api/conservation/contacts", right).await.expect(200);
        let lines = admin.get("/api/journal?subjectKind=conservation").await.expect(200);
        assert_eq!(lines["data"].as_array().unwrap().len(), 1);
    })
    .await;
}
