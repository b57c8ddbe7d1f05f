//! The bin: what goes into it disappears everywhere, comes back as it was, and goes for good when its time has come.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::fusions::dump;
use crate::support::{AWAY, Client, HOME, Reply, World, on_both, on_both_filled};
use afpi_core::clock::Instant;
use afpi_core::rights::Role;
use afpi_crm::corbeille::{Kind, parts, purge};
use afpi_db::{catalogue, sql};
use serde_json::{Value, json};
use uuid::Uuid;

const SIRET: &str = "73282932000074";
const DAY: Duration = Duration::from_secs(24 * 3600);

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an id")
}

async fn bin(client: &Client, kind: &str, record: &Value) -> Reply {
    let body = json!({"reason": "Saisie par erreur"});
    client.post_at(&format!("/api/corbeille/{kind}/{}", id(record)), &record["version"], body).await
}

/// What the bin says of it.
async fn told(client: &Client, kind: &str, record: &Value) -> Value {
    client.get(&format!("/api/{kind}/{}", id(record))).await.refused(410, "in-bin")["corbeille"].clone()
}

async fn restore(client: &Client, kind: &str, record: &Value) -> Reply {
    client.post(&format!("/api/corbeille/{kind}/{}/restaurer", id(record)), json!({})).await
}

async fn company(client: &Client, body: Value) -> Value {
    client.post("/api/entreprises", body).await.expect(201)
}

async fn file(client: &Client, w: &World, company: &Value, title: &str) -> Value {
    let body =
        json!({"entrepriseId": company["id"], "title": title, "budget": 100_000, "localisationId": w.site(HOME)});
    client.post("/api/opportunites", body).await.expect(201)["opportunite"].clone()
}

/// A note that mentions somebody, a task and a file.
async fn surround(w: &World, client: &Client, kind: &str, record: &str) {
    let mentioned = w.person(Role::Admin);
    let note = json!({"text": "Vu", "mentions": [mentioned]});
    client.post(&format!("/api/notes/{kind}/{record}"), note).await.expect(201);
    client.post("/api/taches", json!({"title": "Rappeler", "about": {"kind": kind, "id": record}})).await.expect(201);
    let mut tx = w.app.db.begin().await.unwrap();
    let mail = sql(
        "INSERT INTO courriels (id, user_id, record_kind, record_id, forwarded, sender, recipients, subject, text, cut, \
         sent_at, received_at) VALUES (?, ?, ?, ?, 0, 'a@afpi.test', 'b@client.test', 'Vu', 'Vu', 0, 1, 1)",
    );
    let (mail_id, record_id) = (Uuid::now_v7(), record.parse::<Uuid>().unwrap());
    mail.bind(mail_id).bind(mentioned).bind(kind.to_owned()).bind(record_id).execute(&mut tx).await.unwrap();
    let file = sql("INSERT INTO courriel_files (courriel_id, position, name) VALUES (?, 0, 'a.txt')");
    file.bind(mail_id).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let headers = [("content-type", "application/octet-stream".to_owned())];
    let upload =
        client.file("/api/uploads?name=a.txt", format!("{kind} {record}").into_bytes(), &headers).await.expect(200);
    client.post(&format!("/api/attachments/{kind}/{record}"), json!({"uploadId": upload["id"]})).await.expect(201);
}

async fn total(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(200)["meta"]["total"].clone()
}

#[tokio::test]
async fn what_is_in_the_bin_is_nowhere_else_and_comes_back() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        let body = json!({"name": "Chaudronnerie Valois", "siret": SIRET, "contacts": [{"lastName": "Marchand"}]});
        let of = company(&manager, body.clone()).await;
        let one = file(&manager, &w, &of, "Soudage").await;
        manager
            .post(
                &format!("/api/opportunites/{}/stagiaires", id(&one)),
                json!({"lastName": "Le Goff", "firstName": "Zoé"}),
            )
            .await
            .expect(201);
        surround(&w, &manager, "opportunites", id(&one)).await;
        let one = manager.get(&format!("/api/opportunites/{}", id(&one))).await.expect(200)["opportunite"].clone();
        let numero = one["numero"].as_str().unwrap();

        // A company with files stays.
        let refused = bin(&manager, "entreprises", &of).await.refused(409, "conflict");
        assert_eq!(refused["blockers"][0]["code"], "opportunites");
        bin(&manager, "opportunites", &one).await.expect(204);
        let binned = told(&manager, "opportunites", &one).await;
        assert_eq!(
            (&binned["label"], &binned["reason"], &binned["by"]),
            (&json!(numero), &json!("Saisie par erreur"), &json!("Test manager"))
        );
        let gone = manager.get(&format!("/api/opportunites/{}", id(&one))).await.refused(410, "in-bin");
        assert_eq!(gone["corbeille"], binned);
        bin(&manager, "opportunites", &one).await.refused(410, "in-bin");
        let (at, purge_at) =
            (gone["corbeille"]["at"].as_str().unwrap(), gone["corbeille"]["purgeAt"].as_str().unwrap());
        assert_eq!(
            chrono::DateTime::parse_from_rfc3339(purge_at).unwrap() - chrono::DateTime::parse_from_rfc3339(at).unwrap(),
            chrono::TimeDelta::days(30)
        );
        // No list, search, board, figure, timeline or task knows it.
        assert_eq!(total(&manager, "/api/opportunites?count=exact").await, 0);
        assert_eq!(total(&manager, "/api/stagiaires").await, 0);
        assert_eq!(total(&manager, &format!("/api/entreprises/{}/opportunites", id(&of))).await, 0);
        let found = manager.get(&format!("/api/search?q={numero}")).await.expect(200);
        assert!(!found.to_string().contains(id(&one)), "{found}");
        assert!(!manager.get("/api/taches").await.expect(200).to_string().contains("Rappeler"));
        manager.get(&format!("/api/suivi/opportunites/{}", id(&one))).await.refused(404, "not-found");

        bin(&manager, "entreprises", &of).await.expect(204);
        let binned = told(&manager, "entreprises", &of).await;
        assert_eq!(binned["label"], "Chaudronnerie Valois");
        assert_eq!(total(&manager, "/api/entreprises?q=Valois").await, 0);
        manager.get(&format!("/api/entreprises/{}", id(&of))).await.refused(410, "in-bin");
        let list = manager.get("/api/corbeille").await.expect(200);
        assert_eq!((list["meta"]["total"].as_i64(), &list["data"][0]), (Some(2), &binned));
        assert_eq!(total(&manager, "/api/corbeille?kind=opportunites").await, 1);
        let away = w.as_user(w.another(Role::Manager, "loin", &[AWAY]).await).await;
        assert_eq!(total(&away, "/api/corbeille").await, 0);
        away.get(&format!("/api/entreprises/{}", id(&of))).await.refused(404, "not-found");
        restore(&away, "entreprises", &of).await.refused(404, "not-found");

        // The file needs its company, and the SIRET must be free.
        restore(&manager, "opportunites", &one).await.refused(409, "conflict");
        let other = company(&manager, body).await;
        assert_eq!(
            restore(&manager, "entreprises", &of).await.refused(409, "duplicate")["existing"]["id"],
            other["id"]
        );
        bin(&manager, "entreprises", &other).await.expect(204);
        restore(&manager, "entreprises", &of).await.expect(204);
        assert_eq!(manager.get(&format!("/api/entreprises/{}", id(&of))).await.expect(200), of);
        restore(&manager, "opportunites", &one).await.expect(204);
        restore(&manager, "opportunites", &one).await.refused(404, "not-found");
        assert_eq!(manager.get(&format!("/api/opportunites/{}", id(&one))).await.expect(200)["opportunite"], one);
        assert_eq!(total(&manager, "/api/opportunites?count=exact").await, 1);
        assert_eq!(total(&manager, "/api/stagiaires").await, 1);
        assert!(manager.get(&format!("/api/search?q={numero}")).await.expect(200).to_string().contains(id(&one)));
        // The journal tells each act.
        let lines =
            manager.get(&format!("/api/journal?subjectKind=opportunite&subjectId={}", id(&one))).await.expect(200);
        let acts: Vec<&str> =
            lines["data"].as_array().unwrap().iter().map(|line| line["act"].as_str().unwrap()).collect();
        assert_eq!(&acts[..2], ["restored", "binned"]);
    })
    .await;
}

/// Tables that tell what happened, or follow it.
const ACTS: [&str; 6] = ["journal", "search_changes", "outbox", "jobs", "idempotency_keys", "plugin_health"];

#[tokio::test]
async fn restoring_is_the_identity() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        // All companies and opportunités that may go.
        let mut conn = w.app.db.read().await.unwrap();
        let files: Vec<(Uuid,)> = sql("SELECT id FROM opportunites ORDER BY id").all(&mut conn).await.unwrap();
        let companies: Vec<(Uuid,)> = sql("SELECT id FROM entreprises ORDER BY id").all(&mut conn).await.unwrap();
        drop(conn);
        for (company,) in companies.iter().take(3) {
            surround(&w, &admin, "entreprises", &company.to_string()).await;
        }
        for (file,) in files.iter().rev().take(8) {
            surround(&w, &admin, "opportunites", &file.to_string()).await;
        }
        let query = sql("SELECT id, version FROM opportunites ORDER BY id");
        let files: Vec<(Uuid, i64)> = query.all(&mut w.app.db.read().await.unwrap()).await.unwrap();
        let alone = company(&admin, json!({"name": "Seule", "localisationId": w.site(HOME), "contacts": [{"lastName": "Un"}, {"lastName": "Deux"}]})).await;
        surround(&w, &admin, "entreprises", id(&alone)).await;
        surround(&w, &admin, "contacts", id(&alone["contacts"][1])).await;
        let before = dump(&w).await;
        let (mut gone, mut kept) = (Vec::new(), 0);
        for (id, version) in &files {
            let record = json!({"id": id, "version": version});
            match bin(&admin, "opportunites", &record).await {
                reply if reply.status == 204 => gone.push(("opportunites", record)),
                reply => {
                    reply.refused(409, "conflict");
                    kept += 1;
                }
            }
        }
        let fresh = admin.get(&format!("/api/entreprises/{}", id(&alone))).await.expect(200);
        bin(&admin, "entreprises", &fresh).await.expect(204);
        gone.push(("entreprises", fresh));
        assert!(gone.len() > 5 && kept > 5, "{} {kept}", gone.len());
        // What was issued stays, whoever asks.
        let during = dump(&w).await;
        for table in ["pieces", "piece_lines", "paiements", "documents", "ecritures", "encaissements", "reservations"] {
            assert_eq!(before[table], during[table], "{table}");
        }
        // The board counts what is left.
        assert_eq!(total(&admin, "/api/opportunites?count=exact").await, kept);
        // Nothing in the bin is lost meanwhile, and its files are kept.
        afpi_crm::attachments::collect(&w.app, Instant::now() + DAY * 9).await.unwrap();
        purge(&w.app, Instant::now() + DAY * 29).await.unwrap();
        for (kind, record) in gone.iter().rev() {
            restore(&admin, kind, record).await.expect(204);
        }
        assert_eq!(total(&admin, "/api/opportunites?count=exact").await, files.len());
        let after = dump(&w).await;
        for (table, rows) in &before {
            if !ACTS.contains(&table.as_str()) && table != "uploads" {
                let gone: Vec<_> = rows.difference(&after[table]).collect();
                let new: Vec<_> = after[table].difference(rows).collect();
                assert!(gone.is_empty() && new.is_empty(), "{table}: {gone:#?} became {new:#?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_there_long_enough_goes_for_good_with_its_files() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let of = company(
            &admin,
            json!({"name": "Scierie", "localisationId": w.site(HOME), "contacts": [{"lastName": "Un"}]}),
        )
        .await;
        let one = file(&admin, &w, &of, "Sciage").await;
        surround(&w, &admin, "opportunites", id(&one)).await;
        surround(&w, &admin, "contacts", id(&of["contacts"][0])).await;
        let count = async |table: &'static str| {
            let mut query = sql("SELECT COUNT(*) FROM ");
            query.push(table);
            query.scalar::<i64>(&mut w.app.db.read().await.unwrap()).await.unwrap()
        };
        bin(&admin, "opportunites", &one).await.expect(204);
        bin(&admin, "entreprises", &of).await.expect(204);
        purge(&w.app, Instant::now() + DAY * 29).await.unwrap();
        assert_eq!(count("corbeille").await, 2);
        let later = Instant::now() + DAY * 31;
        purge(&w.app, later).await.unwrap();
        purge(&w.app, later).await.unwrap();
        afpi_crm::attachments::collect(&w.app, later).await.unwrap();
        for table in [
            "corbeille",
            "corbeille_files",
            "notes",
            "taches",
            "courriels",
            "courriel_files",
            "attachments",
            "attachment_versions",
            "files",
            "contacts",
        ] {
            assert_eq!(count(table).await, 0, "{table}");
        }
        admin.get(&format!("/api/opportunites/{}", id(&one))).await.refused(404, "not-found");
        restore(&admin, "entreprises", &of).await.refused(404, "not-found");
        let lines = admin.get(&format!("/api/journal?subjectKind=entreprise&subjectId={}", id(&of))).await.expect(200);
        let last = &lines["data"][0];
        assert_eq!((&last["act"], &last["actor"]["kind"]), (&json!("deleted"), &json!("system")));
        assert_eq!(lines["data"].as_array().unwrap().iter().filter(|line| line["act"] == "deleted").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_file_whose_company_was_merged_comes_back_at_the_survivor() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        let (stays, goes) = (
            company(&manager, json!({"name": "Forges"})).await,
            company(&manager, json!({"name": "Forges bis"})).await,
        );
        let one = file(&manager, &w, &goes, "Forge").await;
        bin(&manager, "opportunites", &one).await.expect(204);
        let body = json!({"absorbed": goes["id"], "absorbedVersion": goes["version"]});
        manager.post_at(&format!("/api/entreprises/{}/fusion", id(&stays)), &stays["version"], body).await.expect(200);
        restore(&manager, "opportunites", &one).await.expect(204);
        let back = manager.get(&format!("/api/opportunites/{}", id(&one))).await.expect(200);
        assert_eq!(back["opportunite"]["entreprise"]["id"], stays["id"]);
        assert_eq!(total(&manager, "/api/opportunites?q=Forges").await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_may_not_change_a_record_bins_and_restores_none() {
    on_both(|w| async move {
        let manager = w.as_role(Role::Manager).await;
        let of = company(&manager, json!({"name": "Forges"})).await;
        let one = file(&manager, &w, &of, "Forge").await;
        for role in [Role::Planificateur, Role::Facturation, Role::Assistante] {
            bin(&w.as_role(role).await, "opportunites", &one).await.refused(403, "forbidden");
        }
        // Of a colleague's file a sales rep knows nothing.
        let seller = w.as_role(Role::Commercial).await;
        bin(&seller, "opportunites", &one).await.refused(404, "not-found");
        bin(&manager, "opportunites", &one).await.expect(204);
        assert_eq!(total(&seller, "/api/corbeille").await, 0);
        restore(&seller, "opportunites", &one).await.refused(404, "not-found");
        let own = file(&seller, &w, &of, "À moi").await;
        bin(&seller, "opportunites", &own).await.expect(204);
        assert_eq!(total(&seller, "/api/corbeille").await, 1);
        restore(&seller, "opportunites", &own).await.expect(204);
        // Somebody who has seen an older version, no reason, no such kind.
        let stale = json!({"id": own["id"], "version": own["version"].as_i64().unwrap() + 1});
        bin(&seller, "opportunites", &stale).await.refused(412, "stale");
        let path = format!("/api/corbeille/opportunites/{}", id(&own));
        seller.post_at(&path, &own["version"], json!({"reason": " "})).await.refused(422, "validation");
        seller
            .post_at(&path.replace("opportunites", "salles"), &own["version"], json!({"reason": "X"}))
            .await
            .refused(404, "not-found");
        // Two at once: one of them puts it there.
        let (a, b) = tokio::join!(bin(&seller, "opportunites", &own), bin(&manager, "opportunites", &own));
        let mut answers = [a.status, b.status];
        answers.sort_unstable();
        assert_eq!(answers, [204, 410]);
        let (a, b) = tokio::join!(restore(&seller, "opportunites", &own), restore(&manager, "opportunites", &own));
        let mut answers = [a.status, b.status];
        answers.sort_unstable();
        assert_eq!(answers, [204, 404]);
    })
    .await;
}

/// Tables that refer to a company, an opportunité or what belongs to one, and that the bin does not take: each with the reason.
const STAY: &[(&str, &str)] = &[
    ("pieces", "a blocker"),
    ("paiements", "a blocker"),
    ("documents", "a blocker"),
    ("document_batch_items", "a blocker"),
    ("reservations", "a blocker"),
    ("reservation_shares", "a blocker"),
    ("session_opportunites", "a blocker"),
    ("session_plans", "a blocker"),
    ("session_stagiaires", "a blocker"),
    ("anomalie_opportunites", "goes with it; the next audit writes it again"),
    ("attendance", "a blocker"),
    ("external_ids", "a blocker"),
    ("encaissements", "a blocker"),
    ("journal", "what happened"),
    ("sync_changes", "what a run did"),
    ("search_changes", "a change of a day ago at most"),
    ("preuve_archives", "archives that were asked for, which go after a week"),
    ("corbeille", "the bin itself"),
    ("corbeille_files", "the bin itself"),
];

#[tokio::test]
async fn every_table_that_refers_to_such_a_record_is_known_to_the_bin() {
    on_both(|w| async move {
        let mut conn = w.app.db.read().await.unwrap();
        let refers =
            ["opportunite_id", "entreprise_id", "record_id", "stagiaire_id", "note_id", "attachment_id", "payer_key"];
        let taken = [Kind::Opportunites, Kind::Entreprises].map(|kind| parts(kind, Uuid::nil()));
        let taken = taken.iter().flatten().map(|part| part.table);
        let known: BTreeSet<&str> = taken.chain(STAY.iter().map(|(table, _)| *table)).collect();
        let all = catalogue::tables(&mut conn).await.unwrap();
        let unknown: Vec<&str> = all
            .iter()
            .filter(|table| table.columns.iter().any(|column| refers.contains(&column.as_str())))
            .map(|table| table.name.as_str())
            .filter(|name| !known.contains(name))
            .collect();
        assert!(unknown.is_empty(), "take them in corbeille/parts.rs, or say why not: {unknown:?}");
    })
    .await;
}
