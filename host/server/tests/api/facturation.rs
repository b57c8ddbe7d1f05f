//! What payers owe over all opportunités: the list and its sums, money that pays several pieces, reminders, and the
//! accountant's export.

use std::collections::BTreeSet;

use crate::support::{Client, World, on_both_filled};
use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_crm::pieces;
use afpi_db::sql;
use serde_json::{Value, json};

async fn rows(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/api/creances?limit=200&{query}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

async fn totals(client: &Client, query: &str) -> Value {
    client.get(&format!("/api/creances/totals?{query}")).await.expect(200)
}

fn cents(row: &Value, name: &str) -> i64 {
    row[name].as_i64().unwrap_or_else(|| panic!("{name} of {row}"))
}

fn days_ago(days: u64) -> String {
    Day::from(Day::today().date().checked_sub_days(chrono::Days::new(days)).unwrap()).to_string()
}

/// Unpaid pieces of one legal entity, with those of several opportunités if possible.
async fn open(client: &Client) -> Vec<Value> {
    let mut found = rows(client, "state=open&sort=dueOn").await;
    found.retain(|row| row["balance"].as_i64() > Some(1_000));
    assert!(found.len() >= 2, "{} open pieces", found.len());
    found
}

/// Every row of the table, without what only ids tell.
async fn kept(w: &World) -> BTreeSet<String> {
    let mut conn = w.app.db.read().await.unwrap();
    let mut all = BTreeSet::new();
    sql("SELECT id, opportunite_id, state, kind, number, payer_key, payer_name, total, credited, paid, balance, due_on FROM creances")
        .each(&mut conn, |row| {
            let id: uuid::Uuid = row.get("id")?;
            let texts = ["state", "kind", "number", "payer_key", "payer_name", "due_on"]
                .map(|name| row.get::<String>(name))
                .into_iter()
                .collect::<Result<Vec<_>, _>>()?;
            let sums = ["total", "credited", "paid", "balance"]
                .map(|name| row.get::<i64>(name))
                .into_iter()
                .collect::<Result<Vec<_>, _>>()?;
            all.insert(format!("{id} {texts:?} {sums:?}"));
            Ok(true)
        })
        .await
        .unwrap();
    all
}

#[tokio::test]
async fn every_invoice_is_listed_with_its_balance_and_the_sums_agree() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let all = rows(&client, "sort=issuedOn").await;
        assert!(all.len() > 5, "{}", all.len());
        let mut drafts = 0;
        for row in &all {
            let path = format!("/api/opportunites/{}", row["opportunite"]["id"].as_str().unwrap());
            let file = client.get(&path).await.expect(200)["opportunite"].clone();
            let told = file["data"]["facturation"]["factures"].as_array().unwrap().clone();
            match row["state"].as_str().unwrap() {
                "draft" => {
                    drafts += 1;
                    assert!(row["number"].is_null() && told.iter().any(|t| t["totalTtc"] == row["total"]), "{row}");
                }
                _ => {
                    let told = told.iter().find(|t| t["numero"] == row["number"]).unwrap_or_else(|| panic!("{row}"));
                    let over = told["tropPercu"].as_i64().unwrap_or(0);
                    assert_eq!(cents(row, "balance"), told["solde"].as_i64().unwrap_or(0) - over, "{row}");
                    assert_eq!((&row["total"], &row["payer"]["name"]), (&told["totalTtc"], &told["nom"]));
                }
            }
            let left = cents(row, "total") - cents(row, "credited") - cents(row, "paid");
            assert!(["draft", "credit"].contains(&row["state"].as_str().unwrap()) || left == cents(row, "balance"));
        }
        assert!(drafts > 0, "the demo has drafts");
        let sum = |name: &str, which: fn(&Value) -> bool| -> i64 {
            all.iter().filter(|row| which(row)).map(|row| cents(row, name)).sum()
        };
        let issued: fn(&Value) -> bool = |row| row["state"] != "draft";
        let told = totals(&client, "").await;
        assert_eq!(cents(&told, "count"), all.len() as i64);
        assert_eq!(cents(&told, "total"), sum("total", issued));
        assert_eq!(cents(&told, "vat"), sum("vat", issued));
        assert_eq!(cents(&told, "paid"), sum("paid", |_| true));
        assert_eq!(cents(&told, "balance"), sum("balance", |row| row["balance"].as_i64() > Some(0)));
        assert_eq!(cents(&told, "drafts"), sum("total", |row| row["state"] == "draft"));
        let aged = client.get("/api/creances/balance-agee").await.expect(200);
        let owed: i64 = aged["data"].as_array().unwrap().iter().map(|payer| cents(payer, "total")).sum();
        assert_eq!(owed, cents(&told, "balance"));
        for payer in aged["data"].as_array().unwrap() {
            let ages = ["notDue", "to30", "to60", "to90", "over90"].map(|name| cents(payer, name));
            assert_eq!(ages.iter().sum::<i64>(), cents(payer, "total"), "{payer}");
        }

        // Filters, pages and the file.
        let open = rows(&client, "state=open").await;
        assert!(!open.is_empty() && open.iter().all(|row| row["state"] == "open"));
        let number = open[0]["number"].as_str().unwrap();
        // Each legal entity has its own series, so several pieces may bear this number.
        let named = rows(&client, &format!("q={number}")).await;
        assert!(named.iter().any(|row| row["id"] == open[0]["id"]) && named.len() < all.len(), "{named:?}");
        let first = client.get("/api/creances?limit=2&sort=-balance").await.expect(200);
        let next = first["meta"]["next"].as_str().unwrap();
        let second = client.get(&format!("/api/creances?limit=2&sort=-balance&cursor={next}")).await.expect(200);
        assert!(cents(&first["data"][1], "balance") >= cents(&second["data"][0], "balance"));
        assert_ne!(first["data"][1]["id"], second["data"][0]["id"]);
        let file = client.raw("GET", "/api/creances/export?state=open", None, &[]).await;
        let bytes = axum::body::to_bytes(file.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert_eq!(text.lines().count(), open.len() + 1);
        assert!(text.contains(number) && text.contains("Jours de retard"));

        // Written anew from pieces, payments and documents, the table is the same.
        let before = kept(&w).await;
        let mut tx = w.app.db.begin().await.unwrap();
        sql("DELETE FROM creances").execute(&mut tx).await.unwrap();
        sql("UPDATE pieces SET claims = ?").bind(false).execute(&mut tx).await.unwrap();
        sql("UPDATE opportunites SET creances_kept = ?").bind(false).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let (one, two) = tokio::join!(pieces::adopt(&w.app), pieces::adopt(&w.app));
        one.expect("written");
        two.expect("written by two at once");
        assert_eq!(kept(&w).await, before);
    })
    .await;
}

#[tokio::test]
async fn one_transfer_pays_several_invoices_or_none() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let open = open(&client).await;
        let (first, last) = (&open[0], &open[1]);
        let ids = [&first["pieceId"], &last["pieceId"]].map(|id| json!({"pieceId": id}));
        let sum = cents(first, "balance") + cents(last, "balance");
        let before = kept(&w).await;

        // More than is owed: refused with the rest, and nothing is written.
        let pay = |amount: i64| json!({"amount": amount, "mode": "virement", "reference": "VIR-778", "pieces": ids});
        let over = client.post("/api/encaissements", pay(sum + 1_952)).await.refused(422, "validation");
        assert_eq!((&over["rest"], &over["fields"][0]["code"]), (&json!(1_952), &json!("surplus")));
        // The second piece is given too much: the first is not paid either.
        let shares = json!([{"pieceId": first["pieceId"], "amount": 100},
            {"pieceId": last["pieceId"], "amount": cents(last, "balance") + 1}]);
        let wrong = json!({"amount": cents(last, "balance") + 101, "mode": "virement", "pieces": shares});
        let wrong = client.post("/api/encaissements", wrong).await.refused(422, "validation");
        assert_eq!(wrong["fields"][0]["field"], "/pieces/1/amount");
        let bad = json!({"amount": 100, "mode": "troc", "pieces": [ids[0]]});
        assert_eq!(
            client.post("/api/encaissements", bad).await.refused(422, "validation")["fields"][0]["field"],
            "/mode"
        );
        let twice = json!({"amount": 100, "mode": "virement", "pieces": [ids[0], ids[0]]});
        client.post("/api/encaissements", twice).await.refused(422, "validation");
        assert_eq!(kept(&w).await, before);

        // 2.40 short: the newer piece keeps them open, and the answer says so.
        let made = client.post("/api/encaissements", pay(sum - 240)).await.expect(200);
        assert_eq!(made["rest"], 0);
        assert_eq!((&made["pieces"][0]["balance"], &made["pieces"][1]["balance"]), (&json!(0), &json!(240)));
        let after = rows(&client, "").await;
        let now = |row: &Value| after.iter().find(|other| other["id"] == row["id"]).cloned().unwrap();
        assert_eq!((&now(first)["state"], &now(last)["balance"]), (&json!("settled"), &json!(240)));
        let mut conn = w.app.db.read().await.unwrap();
        let count = sql("SELECT COUNT(*) FROM paiements WHERE encaissement_id IS NOT NULL").scalar::<i64>(&mut conn);
        assert_eq!(count.await.unwrap(), 2);
        drop(conn);

        // The rest of the second piece, and 19.52 that no piece takes.
        let mut more = json!({"amount": 240 + 1_952, "mode": "virement", "pieces": [ids[1]]});
        more["keepRest"] = json!(true);
        let made = client.post("/api/encaissements", more).await.expect(200);
        assert_eq!(made["rest"], 1_952);
        client.post("/api/encaissements", pay(100)).await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn a_payment_bounces_and_a_part_is_credited_from_the_list() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let row = open(&client).await.remove(0);
        let (piece, balance) = (row["pieceId"].as_str().unwrap(), cents(&row, "balance"));
        let paid = json!({"amount": 1_000, "mode": "cheque", "reference": "CHQ-12", "pieces": [{"pieceId": piece}]});
        client.post("/api/encaissements", paid).await.expect(200);
        let of = format!("/api/opportunites/{}", row["opportunite"]["id"].as_str().unwrap());
        let pieces = client.get(&format!("{of}/pieces")).await.expect(200);
        let position = pieces["paiements"].as_array().unwrap().last().unwrap()["position"].clone();
        let path = format!("{of}/paiements/{position}/contrepassation");
        let wrong = client.post(&path, json!({"reason": "Impayé", "amount": 1_001})).await.refused(422, "validation");
        assert_eq!(wrong["fields"][0]["field"], "/amount");
        let back = client.post(&path, json!({"reason": "Chèque impayé"})).await.expect(200);
        assert_eq!(back["paiements"].as_array().unwrap().last().unwrap()["amount"], -1_000);
        client.post(&path, json!({"reason": "Encore"})).await.refused(422, "validation");
        client.post(&format!("{of}/paiements/99/contrepassation"), json!({"reason": "Rien"})).await.expect(404);
        // Another legal entity may have the same number.
        let now = rows(&client, &format!("q={}", row["number"].as_str().unwrap())).await;
        let now = now.iter().find(|other| other["id"] == row["id"]).unwrap();
        assert_eq!(cents(now, "balance"), balance);

        let amount =
            pieces["data"].as_array().unwrap().iter().find(|p| p["id"] == *piece).unwrap()["amounts"][0].clone();
        let credit = json!({"reason": "Heures non réalisées", "amounts": [{"rate": amount["rate"], "net": 500}]});
        client.post(&format!("/api/pieces/{piece}/avoirs"), credit).await.expect(200);
        let now = rows(&client, &format!("entrepriseId={}", row["entreprise"]["id"].as_str().unwrap())).await;
        let invoice = now.iter().find(|other| other["id"] == row["id"]).unwrap();
        let note = now.iter().find(|other| other["corrects"] == row["pieceId"]).expect("the credit note");
        assert_eq!((&note["state"], cents(invoice, "credited")), (&json!("credit"), -cents(note, "total")));
        let unknown = json!({"reason": "Taux", "amounts": [{"rate": 550, "net": 1}]});
        let refused = client.post(&format!("/api/pieces/{piece}/avoirs"), unknown).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/amounts/0/rate");
    })
    .await;
}

#[tokio::test]
async fn a_payer_is_reminded_at_each_step_once_and_never_of_a_dispute() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let row = open(&client).await.remove(0);
        let piece = row["pieceId"].clone();
        let mut tx = w.app.db.begin().await.unwrap();
        sql("UPDATE creances SET due_on = ? WHERE number = ?")
            .bind(days_ago(20))
            .bind(row["number"].as_str().unwrap())
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let due = || async {
            let all = client.get("/api/relances").await.expect(200);
            let payers = all["data"].as_array().unwrap().clone();
            let pieces = payers.iter().flat_map(|payer| payer["pieces"].as_array().unwrap().clone());
            pieces.into_iter().find(|relance| relance["creance"]["pieceId"] == piece)
        };
        let found = due().await.expect("20 days late");
        assert_eq!((&found["step"], &found["creance"]["daysLate"]), (&json!(2), &json!(20)));
        let late = rows(&client, "overdue=true").await;
        assert!(late.iter().any(|other| other["pieceId"] == piece));

        let litige = format!("/api/pieces/{}/litige", piece.as_str().unwrap());
        client.put(&litige, json!({"reason": "Heures contestées"})).await.expect(204);
        assert!(due().await.is_none());
        assert_eq!(rows(&client, "disputed=true").await[0]["dispute"], "Heures contestées");
        let sent = json!({"pieces": [{"pieceId": piece, "step": 2}]});
        client.post("/api/relances", sent.clone()).await.refused(422, "validation");
        client.delete(&litige).await.expect(204);

        client
            .post("/api/relances", json!({"pieces": [{"pieceId": piece, "step": 9}]}))
            .await
            .refused(422, "validation");
        client.post("/api/relances", sent.clone()).await.expect(204);
        client.post("/api/relances", sent).await.refused(409, "duplicate");
        assert!(due().await.is_none(), "the next step is at 30 days");

        let steps = client.get("/api/relances/etapes").await.expect(200)["data"].clone();
        let days: Vec<i64> =
            steps.as_array().unwrap().iter().filter(|s| s["payerKind"].is_null()).map(|s| cents(s, "days")).collect();
        assert_eq!(days, [7, 15, 30]);
        let step = |days: i64| json!({"days": days, "labelFr": "Rappel", "labelEn": "Reminder"});
        client.put("/api/relances/etapes", json!({"steps": [step(5), step(5)]})).await.refused(422, "validation");
        let facturation = w.as_role(Role::Facturation).await;
        facturation.put("/api/relances/etapes", json!({"steps": [step(5)]})).await.expect(403);
        let set = client.put("/api/relances/etapes", json!({"steps": [step(18), step(5), step(10)]})).await.expect(200);
        assert_eq!((&set["data"][2]["step"], &set["data"][2]["days"]), (&json!(3), &json!(18)));
        assert_eq!(due().await.expect("a third step at 18 days")["step"], 3);
    })
    .await;
}

async fn text_of(client: &Client, path: &str) -> String {
    let file = client.raw("GET", path, None, &[]).await;
    assert_eq!(file.status(), 200);
    let bytes = axum::body::to_bytes(file.into_body(), usize::MAX).await.unwrap();
    bytes.iter().map(|byte| *byte as char).collect()
}

#[tokio::test]
async fn an_entry_is_exported_once_and_a_repeat_is_marked() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let open = open(&client).await;
        let paid = cents(&open[0], "balance");
        let pay = json!({"amount": paid + 500, "mode": "virement", "reference": "VIR|778", "keepRest": true,
            "pieces": [{"pieceId": open[0]["pieceId"]}]});
        client.post("/api/encaissements", pay).await.expect(200);
        let entities = client.get("/api/comptes-comptables").await.expect(200)["data"].clone();
        let today = Day::today().to_string();
        let mut exported = 0;
        for entity in entities.as_array().unwrap() {
            let ask = |repeat: bool| {
                json!({"entiteLegaleId": entity["id"], "from": "2020-01-01", "to": today, "repeat": repeat})
            };
            let (one, two) = tokio::join!(
                client.post("/api/exports-comptables", ask(false)),
                client.post("/api/exports-comptables", ask(false))
            );
            let made = if one.status == 201 { one } else { two };
            if made.status == 409 {
                continue;
            }
            let made = made.expect(201);
            client.post("/api/exports-comptables", ask(false)).await.refused(409, "conflict");
            let path = format!("/api/exports-comptables/{}", made["id"].as_str().unwrap());
            let text = text_of(&client, &format!("{path}?separator=pipe")).await;
            check(&text, cents(&made, "entries"), cents(&made, "debit"));
            assert_eq!(text_of(&client, &format!("{path}?separator=pipe")).await, text, "the file stays the same");

            let again = client.post("/api/exports-comptables", ask(true)).await.expect(201);
            assert_eq!((&again["repeated"], &again["debit"]), (&made["entries"], &made["debit"]));
            let path = format!("/api/exports-comptables/{}", again["id"].as_str().unwrap());
            let marked = text_of(&client, &format!("{path}?separator=pipe")).await;
            assert!(marked.lines().skip(1).all(|line| line.split('|').nth(10).unwrap().contains("(d")), "{marked}");
            exported += cents(&made, "entries");
            let xlsx = [("accept", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned())];
            let book = client.raw("GET", &path, None, &xlsx).await;
            let bytes = axum::body::to_bytes(book.into_body(), usize::MAX).await.unwrap();
            assert!(bytes.starts_with(b"PK"));
        }
        assert!(exported > 5, "{exported}");
        let accounts = format!("/api/comptes-comptables/{}", entities[0]["id"].as_str().unwrap());
        let wrong = json!({"accounts": [{"key": "ventes:0", "number": "7A", "label": "Ventes"}]});
        assert_eq!(client.put(&accounts, wrong).await.refused(422, "validation")["fields"][0]["field"], "/accounts/0/number");
        let own = json!({"accounts": [{"key": "banque:cheque", "number": "51120000", "label": "Chèques"}]});
        let set = client.put(&accounts, own).await.expect(200);
        assert!(set["data"].as_array().unwrap().iter().any(|account| account["number"] == "51120000"));
        let late = json!({"entiteLegaleId": entities[0]["id"], "from": "2020-01-01", "to": "2999-12-31"});
        client.post("/api/exports-comptables", late).await.refused(422, "validation");
    })
    .await;
}

/// The checks of `documents.md` 3: 18 fields, entries balanced, gapless numbers per journal and year, days not after today.
fn check(text: &str, entries: i64, debit: i64) {
    let amount = |field: &str| field.replace(',', "").parse::<i64>().unwrap();
    let lines: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split('|').collect()).collect();
    let mut sums: std::collections::BTreeMap<&str, (i64, i64)> = Default::default();
    let today = Day::today().to_string().replace('-', "");
    for line in &lines {
        assert_eq!(line.len(), 18, "{line:?}");
        assert!(line[3] <= &*today && line[15] <= &*today && line[15] >= line[3], "{line:?}");
        assert!(!line[10].is_empty() && line[6].is_empty() == line[7].is_empty(), "{line:?}");
        let (debit, credit) = (amount(line[11]), amount(line[12]));
        assert!((debit == 0) != (credit == 0) && debit >= 0 && credit >= 0, "{line:?}");
        let sum = sums.entry(line[2]).or_default();
        *sum = (sum.0 + debit, sum.1 + credit);
    }
    assert!(sums.values().all(|(debit, credit)| debit == credit), "{sums:?}");
    assert_eq!((sums.len() as i64, sums.values().map(|sum| sum.0).sum::<i64>()), (entries, debit));
    let mut series: std::collections::BTreeMap<&str, Vec<i64>> = Default::default();
    for number in sums.keys() {
        series.entry(&number[..6]).or_default().push(number[6..].parse().unwrap());
    }
    for (name, numbers) in series {
        assert_eq!(numbers, (1..=numbers.len() as i64).collect::<Vec<_>>(), "{name}");
    }
}

#[tokio::test]
async fn who_may_see_what_is_owed() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let facturation = w.as_role(Role::Facturation).await;
        w.as_role(Role::Planificateur).await.get("/api/creances").await.expect(403);
        w.as_role(Role::Assistante).await.get("/api/creances").await.expect(200);
        let mine = rows(&facturation, "").await;
        let me = facturation.get("/api/auth/me").await.expect(200);
        let sites: Vec<&Value> = me["localisations"].as_array().unwrap().iter().map(|site| &site["id"]).collect();
        let at_home = |row: &Value| sites.contains(&&row["localisation"]["id"]);
        assert!(!mine.is_empty() && mine.iter().all(at_home), "{mine:?}");
        let all = rows(&admin, "").await;
        let other = all.iter().find(|row| !at_home(row) && row["state"] == "open");
        let other = other.expect("an open piece of another site");
        let pay = json!({"amount": 100, "mode": "virement", "pieces": [{"pieceId": other["pieceId"]}]});
        let refused = facturation.post("/api/encaissements", pay).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["code"], "unknown");
        let credit = format!("/api/pieces/{}/avoirs", other["pieceId"].as_str().unwrap());
        facturation.post(&credit, json!({"reason": "Ailleurs"})).await.expect(404);
        let own: i64 = mine.iter().map(|row| cents(row, "balance").max(0)).sum();
        assert_eq!(cents(&totals(&facturation, "").await, "balance"), own);
        let modes = |site: &Value| format!("/api/encaissements/modes?localisationId={}", site.as_str().unwrap());
        let known = facturation.get(&modes(sites[0])).await.expect(200);
        assert!(known["data"].as_array().unwrap().iter().any(|mode| mode["word"] == "cheque"));
        facturation.get(&modes(&other["localisation"]["id"])).await.expect(404);
    })
    .await;
}

/// Case 15 of the worked amounts through the host: the deposit and the final invoice are billed once together, and the
/// books take both.
#[tokio::test]
async fn a_deposit_is_deducted_and_counted_once() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        // An unpaid invoice is credited: the draft that replaces it bills the same.
        let unpaid = open(&client).await.into_iter().find(|row| row["balance"] == row["total"]).expect("an unpaid one");
        let path = format!("/api/opportunites/{}", unpaid["opportunite"]["id"].as_str().unwrap());
        let before = cents(&totals(&client, "").await, "total");
        let take = async |name: &str, version: &Value, input: Value| {
            client.post_at(&format!("{path}/transitions/{name}"), version, input).await.expect(200)["opportunite"]
                .clone()
        };
        let file = client.get(&path).await.expect(200)["opportunite"].clone();
        let back = json!({"facture": unpaid["number"], "motif": "Acompte demandé"});
        let file = take("emettre_avoir", &file["version"], back).await;
        let all = file["data"]["facturation"]["factures"].as_array().unwrap();
        let draft = all.iter().position(|row| row["emiseLe"].is_null()).expect("a draft");
        let file = take("emettre_acompte", &file["version"], json!({"rang": draft + 1, "pourcentage": 30})).await;
        let reasons = json!({"motifAvance": "Solde à la commande", "motifPresence": "Accord du client"});
        let file = take("emettre_facture", &file["version"], reasons).await;
        let own: Vec<Value> =
            rows(&client, "").await.into_iter().filter(|row| row["opportunite"]["id"] == file["id"]).collect();
        assert_eq!(cents(&totals(&client, "").await, "total"), before, "{own:#?}");
        let deposit = own.iter().find(|row| row["kind"] == "acompte").expect("the deposit");
        let last = &file["data"]["facturation"]["factures"][draft];
        assert_eq!(last["acomptes"][0]["numero"], deposit["number"]);
        let claim = own.iter().find(|row| row["number"] == last["numero"]).expect("the final invoice");
        assert_eq!(cents(claim, "balance"), cents(last, "totalTtc") - cents(deposit, "total"));
        assert_eq!(cents(claim, "balance"), cents(last, "solde"));
        assert_eq!(cents(last, "deduit"), cents(deposit, "total"));
        let entities = client.get("/api/comptes-comptables").await.expect(200);
        let mut taken = 0;
        for entity in entities["data"].as_array().unwrap() {
            let today = Day::today().to_string();
            let body = json!({"entiteLegaleId": entity["id"], "from": today, "to": today});
            let reply = client.post("/api/exports-comptables", body).await;
            assert!(reply.status < 500, "{}", reply.body);
            if reply.status == 201 {
                let export = format!("/api/exports-comptables/{}", reply.body["id"].as_str().unwrap());
                taken += usize::from(text_of(&client, &export).await.contains("41910000"));
            }
        }
        assert_eq!(taken, 1, "one legal entity has the deposit in its books");
    })
    .await;
}
