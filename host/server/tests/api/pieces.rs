//! The host freezes issued documents: no later decision changes them, whatever the workflow plugin answers.

use crate::support;
use std::collections::BTreeSet;
use std::time::Duration;

use crate::support::{Client, HOME, Reply, World, on_both, on_both_filled, opportunite};
use afpi_core::clock::{Day, Instant};
use afpi_core::rights::Role;
use afpi_crm::pieces;
use afpi_db::sql;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

async fn files(client: &Client) -> Vec<Value> {
    let found = client.get("/api/opportunites?limit=100").await.expect(200);
    let mut files = Vec::new();
    for file in found["data"].as_array().unwrap() {
        files.push(read(client, file).await);
    }
    files
}

async fn read(client: &Client, file: &Value) -> Value {
    client.get(&format!("/api/opportunites/{}", file["id"].as_str().unwrap())).await.expect(200)["opportunite"].clone()
}

async fn pieces_of(client: &Client, file: &Value) -> Value {
    client.get(&format!("/api/opportunites/{}/pieces", file["id"].as_str().unwrap())).await.expect(200)
}

/// The issued invoices of an opportunité.
fn issued(file: &Value) -> Vec<Value> {
    let rows = file["data"]["facturation"]["factures"].as_array().cloned().unwrap_or_default();
    rows.into_iter().filter(|row| row["numero"].is_string()).collect()
}

async fn take(client: &Client, file: &Value, name: &str, input: Value) -> Reply {
    let path = format!("/api/opportunites/{}/transitions/{name}", file["id"].as_str().unwrap());
    client.post_at(&path, &file["version"], input).await
}

/// An opportunité with an unpaid invoice.
async fn unpaid(client: &Client) -> Value {
    let all = files(client).await;
    let found = all.into_iter().find(|file| file["status"] == "facture" && !issued(file).is_empty());
    found.expect("a file with an invoice that is not paid")
}

/// Every row of the tables of pieces, without ids and instants.
async fn kept(w: &World) -> BTreeSet<(String, String, String)> {
    let mut conn = w.app.db.read().await.unwrap();
    let pieces =
        sql("SELECT o.numero, p.terms, p.section FROM pieces p JOIN opportunites o ON o.id = p.opportunite_id")
            .all::<(String, String, String)>(&mut conn)
            .await
            .unwrap();
    let paid =
        sql("SELECT o.numero, p.terms, p.paid_on FROM paiements p JOIN opportunites o ON o.id = p.opportunite_id")
            .all::<(String, String, String)>(&mut conn)
            .await
            .unwrap();
    pieces.into_iter().chain(paid).collect()
}

#[tokio::test]
async fn every_number_of_the_demo_is_a_piece_with_its_sums() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let (mut invoices, mut quotes, mut payments) = (0, 0, 0);
        for file in files(&client).await {
            let kept = pieces_of(&client, &file).await;
            let found = kept["data"].as_array().unwrap();
            let of = |number: &Value| found.iter().find(|piece| piece["number"] == *number && !number.is_null());
            for row in issued(&file) {
                let piece = of(&row["numero"]).unwrap_or_else(|| panic!("no piece for {row}"));
                assert_eq!(
                    (&piece["kind"], &piece["total"], &piece["issuedOn"]),
                    (&row["nature"], &row["totalTtc"], &row["emiseLe"])
                );
                assert_eq!(piece["payer"]["name"], row["nom"]);
                assert_eq!(piece["payer"]["company"].is_object(), row["payeur"] == "entreprise", "{piece}");
                let amounts = piece["amounts"].as_array().unwrap();
                assert_eq!(
                    amounts.iter().map(|a| a["net"].as_i64().unwrap()).sum::<i64>(),
                    piece["net"].as_i64().unwrap()
                );
                invoices += 1;
            }
            let devis = &file["data"]["devis"];
            if devis["envoyeLe"].is_string() {
                let piece = of(&devis["numero"]).expect("a piece for the quote");
                assert_eq!((&piece["total"], &piece["vat"]), (&devis["totalTtc"], &devis["totalTva"]));
                assert_eq!(piece["lines"].as_array().map(Vec::len), devis["lignes"].as_array().map(Vec::len));
                quotes += 1;
            }
            let paid = file["data"]["facturation"]["paiements"].as_array().cloned().unwrap_or_default();
            let told: Vec<&Value> = paid.iter().map(|row| &row["montant"]).collect();
            let kept_paid: Vec<&Value> =
                kept["paiements"].as_array().unwrap().iter().map(|row| &row["amount"]).collect();
            assert_eq!(told, kept_paid);
            payments += told.len();
            for piece in found {
                let whole = client.get(&format!("/api/pieces/{}", piece["id"].as_str().unwrap())).await.expect(200);
                let content = whole["content"].as_str().unwrap();
                assert_eq!(format!("{:x}", Sha256::digest(content)), whole["sha256"].as_str().unwrap());
            }
        }
        assert!(
            invoices > 3 && quotes > 10 && payments > 1,
            "{invoices} invoices, {quotes} quotes, {payments} payments"
        );
    })
    .await;
}

#[tokio::test]
async fn a_decision_that_contradicts_a_piece_is_refused_and_counted() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let file = unpaid(&client).await;
        let id: Uuid = file["id"].as_str().unwrap().parse().unwrap();
        let (before, shelf) = (issued(&file), kept(&w).await);
        // The test simulates a plugin that changes issued documents: it already gives the plugin wrong documents.
        let honest = file["data"].to_string();
        for (what, change) in [
            ("another amount", json!({"baseExoneree": 1, "totalTtc": 1})),
            ("another payer", json!({"nom": "Quelqu’un d’autre"})),
            ("another day", json!({"emiseLe": "2026-01-01"})),
            ("another number", json!({"numero": "F2026-99999"})),
            ("another order number", json!({"bonCommande": "BC-1"})),
        ] {
            let mut data = file["data"].clone();
            for (field, value) in change.as_object().unwrap() {
                data["facturation"]["factures"][0][field] = value.clone();
            }
            overwrite(&w, id, &data.to_string()).await;
            let credit = json!({"facture": data["facturation"]["factures"][0]["numero"], "motif": "Erreur"});
            let reply = take(&client, &file, "emettre_avoir", credit).await;
            assert_eq!((reply.status, reply.body["code"].as_str()), (502, Some("plugin-failed")), "{what}: {reply:?}");
            assert_eq!(kept(&w).await, shelf, "{what}");
        }
        let mut data = file["data"].clone();
        data["facturation"]["factures"].as_array_mut().unwrap().remove(0);
        overwrite(&w, id, &data.to_string()).await;
        let reply = take(&client, &file, "suspendre", json!({"motif": "Attente"})).await;
        assert_eq!(reply.status, 502, "a row that is gone: {}", reply.body);
        let labels = [file["workflow"]["pluginId"].as_str().unwrap(), file["localisation"]["code"].as_str().unwrap()];
        assert_eq!(
            w.app.metrics.plugin_wrong_decisions.with_label_values(&labels).get(),
            6,
            "the metric counts each of them"
        );

        // With the original documents the move succeeds, and the existing pieces are unchanged.
        overwrite(&w, id, &honest).await;
        let number = before[0]["numero"].clone();
        let moved = take(&client, &file, "emettre_avoir", json!({"facture": number, "motif": "Erreur"})).await;
        assert_eq!(moved.status, 200, "{}", moved.body);
        let after = pieces_of(&client, &file).await;
        let credit = after["data"].as_array().unwrap().iter().find(|piece| piece["kind"] == "avoir").cloned().unwrap();
        let invoice =
            after["data"].as_array().unwrap().iter().find(|piece| piece["number"] == number).cloned().unwrap();
        assert_eq!(credit["corrects"], invoice["id"]);
        assert_eq!(credit["total"].as_i64().unwrap(), -invoice["total"].as_i64().unwrap());
        assert!(kept(&w).await.is_superset(&shelf));
    })
    .await;
}

async fn overwrite(w: &World, id: Uuid, data: &str) {
    let mut tx = w.app.db.begin().await.unwrap();
    sql("UPDATE opportunites SET data = ? WHERE id = ?").bind(data).bind(id).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_was_issued_before_there_were_pieces_is_brought_over_once() {
    on_both_filled(|w| async move {
        let before = kept(&w).await;
        let mut tx = w.app.db.begin().await.unwrap();
        for table in
            ["DELETE FROM creances", "DELETE FROM piece_amounts", "DELETE FROM piece_lines", "DELETE FROM paiements"]
        {
            sql(table).execute(&mut tx).await.unwrap();
        }
        sql("UPDATE pieces SET corrects_id = NULL").execute(&mut tx).await.unwrap();
        sql("DELETE FROM pieces").execute(&mut tx).await.unwrap();
        sql("UPDATE opportunites SET pieces_kept = ?").bind(false).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();

        let (first, second) = tokio::join!(pieces::adopt(&w.app), pieces::adopt(&w.app));
        first.expect("brought over");
        second.expect("the second of two parallel runs succeeds");
        let after = kept(&w).await;
        // For quotes that were reworked, only the total is kept, so these rows may be missing.
        let missing: Vec<_> = before.difference(&after).filter(|(_, terms, _)| !terms.contains("\"devis\"")).collect();
        assert!(missing.is_empty(), "{missing:#?}");
        assert_eq!(after.len(), before.len());
    })
    .await;
}

#[tokio::test]
async fn of_two_payments_at_once_one_is_recorded() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let file = unpaid(&client).await;
        let rows = issued(&file);
        let invoice = rows.iter().find(|row| row["solde"].as_i64().unwrap_or_default() > 200).expect("an open invoice");
        let pay = || {
            take(
                &client,
                &file,
                "enregistrer_paiement",
                json!({"facture": invoice["numero"], "montant": 100, "mode": "cheque"}),
            )
        };
        // The test holds the row until both requests have read the opportunité, so that neither writes first.
        let mut held = w.app.db.begin().await.unwrap();
        let id: Uuid = file["id"].as_str().unwrap().parse().unwrap();
        sql("UPDATE opportunites SET title = title WHERE id = ?").bind(id).execute(&mut held).await.unwrap();
        let let_go = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            drop(held);
        };
        let (one, two, ()) = tokio::join!(pay(), pay(), let_go);
        let mut answers = [one.status, two.status];
        answers.sort_unstable();
        assert_eq!(answers, [200, 412]);
        let count = |file: &Value| file["data"]["facturation"]["paiements"].as_array().map_or(0, Vec::len);
        let after = read(&client, &file).await;
        assert_eq!(count(&after), count(&file) + 1);
        assert_eq!(after["version"].as_i64(), file["version"].as_i64().map(|version| version + 1));
        assert_eq!(pieces_of(&client, &file).await["paiements"].as_array().unwrap().len(), count(&after));
    })
    .await;
}

#[tokio::test]
async fn pieces_of_another_site_do_not_exist() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let home = w.site(HOME);
        let mut piece = None;
        for file in files(&admin).await {
            if file["localisation"]["id"] != json!(home) {
                piece = piece.or(pieces_of(&admin, &file).await["data"].get(0).cloned());
            }
        }
        let piece = piece.expect("a piece of another site");
        let assistante = w.as_role(Role::Assistante).await;
        let mine = assistante.get("/api/opportunites?limit=1").await.expect(200)["data"][0].clone();
        assert_ne!(mine["id"], piece["opportuniteId"]);
        assistante.get(&format!("/api/opportunites/{}/pieces", mine["id"].as_str().unwrap())).await.expect(200);
        assistante.get(&format!("/api/pieces/{}", piece["id"].as_str().unwrap())).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn opportunites_created_at_once_by_two_processes_have_numbers_of_their_own() {
    on_both(|w| async move {
        let first = opportunite(&w, "Une").await;
        let other = support::process(&w.app.config.data_dir.join("other"), w.app.db.clone()).await;
        let year = Day::today().year();
        let mut numbers = BTreeSet::from([first["numero"].as_str().unwrap().to_owned()]);
        let mut jobs = tokio::task::JoinSet::new();
        for n in 0..60 {
            let app = if n % 2 == 0 { w.app.clone() } else { other.clone() };
            jobs.spawn(async move { app.numeros.next(&app.db, Instant::now()).await.expect("a number") });
        }
        while let Some(number) = jobs.join_next().await {
            let number = number.unwrap();
            assert!(number.starts_with(&format!("OPP-{year}-")), "{number}");
            assert!(numbers.insert(number.clone()), "{number} twice");
        }
        assert_eq!(numbers.len(), 61);
    })
    .await;
}

/// More than the signed part of the training is billed only with a reason, which stays on the invoice and in the
/// journal.
#[tokio::test]
async fn what_is_billed_beyond_attendance_needs_a_reason() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let mut found = None;
        for file in files(&client).await {
            let sessions = client.get(&format!("/api/sessions?opportuniteId={}", file["id"].as_str().unwrap())).await;
            let sessions = sessions.expect(200)["data"].as_array().cloned().unwrap();
            let paid = file["data"]["facturation"]["paiements"].as_array().is_some_and(|rows| !rows.is_empty());
            if file["status"] == "facture" && !paid && !sessions.is_empty() {
                found = Some((file, sessions));
                break;
            }
        }
        // An unpaid invoice is credited, and a draft replaces it.
        let (file, sessions) = found.expect("a file with an unpaid invoice and sessions");
        let back = json!({"facture": issued(&file)[0]["numero"], "motif": "À refaire"});
        let file = take(&client, &file, "emettre_avoir", back).await.expect(200)["opportunite"].clone();
        let people = format!("/api/opportunites/{}/stagiaires", file["id"].as_str().unwrap());
        if client.get(&people).await.expect(200)["data"].as_array().unwrap().is_empty() {
            client.post(&people, json!({"lastName": "Ali", "firstName": "Zoé"})).await.expect(201);
        }
        // Everybody misses the first half-day, and signs the others.
        let mut first = true;
        for session in &sessions {
            let to = format!("/api/sessions/{}/attendance", session["id"].as_str().unwrap());
            let grid = client.get(&to).await.expect(200);
            let mut cells = Vec::new();
            for half in grid["halfDays"].as_array().unwrap() {
                let state = if std::mem::take(&mut first) { "absent" } else { "present" };
                for person in grid["stagiaires"].as_array().unwrap() {
                    if person["opportuniteId"] == file["id"] {
                        cells.push(json!({
                            "stagiaireId": person["id"], "day": half["day"], "half": half["half"], "state": state
                        }));
                    }
                }
            }
            client.put(&to, json!({"cells": cells})).await.expect(200);
        }
        let early = "Solde à la commande";
        let file = read(&client, &file).await;
        let refused =
            take(&client, &file, "emettre_facture", json!({"motifAvance": early})).await.refused(422, "validation");
        assert_eq!(
            (&refused["fields"][0]["field"], &refused["fields"][0]["code"]),
            (&json!("/motifPresence"), &json!("beyond-attendance"))
        );
        assert_eq!(issued(&read(&client, &file).await), issued(&file), "nothing is numbered");
        let reason = "Absence prise en charge par l’entreprise";
        let input = json!({"motifAvance": early, "motifPresence": reason});
        let after = take(&client, &file, "emettre_facture", input).await.expect(200)["opportunite"].clone();
        let kept = pieces_of(&client, &file).await;
        let earlier = issued(&file).len();
        assert!(issued(&after).len() > earlier);
        for invoice in issued(&after).iter().filter(|row| row["motifPresence"].is_string()) {
            let of = |piece: &&Value| piece["number"] == invoice["numero"];
            let piece = kept["data"].as_array().unwrap().iter().find(of).unwrap();
            let whole = client.get(&format!("/api/pieces/{}", piece["id"].as_str().unwrap())).await.expect(200);
            assert!(whole.to_string().contains(reason), "{whole}");
        }
        let told = format!("/api/journal?subjectKind=opportunite&subjectId={}", file["id"].as_str().unwrap());
        assert!(client.get(&told).await.expect(200).to_string().contains(reason));
    })
    .await;
}
