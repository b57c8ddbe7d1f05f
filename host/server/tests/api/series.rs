//! Numbers follow the order of their days, whatever the server's clock says.

use std::time::Duration;

use crate::support::{Client, World, on_both_filled};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind};
use afpi_core::rights::Role;
use afpi_core::text::Locale;
use afpi_crm::opportunites;
use afpi_db::sql;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::roles::Held;
use serde_json::{Map, Value, json};
use uuid::Uuid;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The administrator as the caller, with a clock that the test sets.
fn admin(w: &World) -> Caller {
    Caller {
        id: w.person(Role::Admin).into(),
        name: "Admin".into(),
        email: String::new(),
        role: Held::built_in(Role::Admin),
        sites: vec![],
        locale: Locale::Fr,
        session: Uuid::nil(),
    }
}

async fn issue_at(w: &World, file: &Value, now: Instant) -> Result<(), Error> {
    let id = file["id"].as_str().unwrap().parse().unwrap();
    let input: Map<String, Value> = json!({"motifAvance": "Facturation à la commande", "motifPresence": "Forfait"})
        .as_object()
        .cloned()
        .unwrap_or_default();
    let version = file["version"].as_i64().unwrap();
    let act = Act { app: &w.app, caller: &admin(w), correlation_id: "test", now };
    opportunites::take(act, id, version, "emettre_facture", input).await
}

async fn read(client: &Client, file: &Value) -> Value {
    client.get(&format!("/api/opportunites/{}", file["id"].as_str().unwrap())).await.expect(200)["opportunite"].clone()
}

fn numbers(file: &Value) -> Vec<String> {
    let rows = file["data"]["facturation"]["factures"].as_array().cloned().unwrap_or_default();
    rows.iter().filter_map(|row| row["numero"].as_str().map(String::from)).collect()
}

async fn counters(w: &World) -> Vec<(String, i64, i64, String)> {
    sql("SELECT serie, year, value, last_day FROM compteurs ORDER BY serie, scope, year")
        .all(&mut w.app.db.read().await.unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn no_invoice_is_dated_before_the_last_one_of_its_series() {
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let found = client.get("/api/opportunites?status=en_cours_facturation&limit=50").await.expect(200);
        let mut ready = Vec::new();
        for file in found["data"].as_array().unwrap() {
            let file = read(&client, file).await;
            let offers = file["offers"].as_array().unwrap();
            if offers.iter().any(|offer| offer["transition"] == "emettre_facture" && offer["allowed"] == true) {
                ready.push(file);
            }
        }
        let [first, second, ..] = &ready[..] else { panic!("two files to bill") };
        let now = Instant::now();
        issue_at(&w, first, now).await.expect("the clock is right");
        let (issued, kept) = (numbers(&read(&client, first).await), counters(&w).await);

        // The clock is set back by a day, and then into an earlier year. The server issues no number and writes
        // nothing.
        for back in [DAY, DAY * 400] {
            let refused = issue_at(&w, second, now - back).await.expect_err("the clock is behind");
            assert_eq!(refused.kind(), ErrorKind::SeriesDate);
            let told = format!("{refused:?}");
            assert!(told.contains(&now.day().to_string()) && told.contains(&(now - back).day().to_string()), "{told}");
        }
        assert_eq!(counters(&w).await, kept);
        assert_eq!(read(&client, second).await["version"], second["version"]);

        // The clock is right again: the series continues on the same day without a gap.
        issue_at(&w, second, now).await.expect("the clock is right again");
        let next = numbers(&read(&client, second).await);
        let count = |number: &String| number[number.len() - 5..].parse::<i64>().unwrap();
        assert_eq!(count(&next[0]), count(issued.last().unwrap()) + 1, "{issued:?}, then {next:?}");
    })
    .await;
}

/// The demo's own history is in order, as in production.
#[tokio::test]
async fn the_numbers_of_the_demo_follow_its_days() {
    on_both_filled(|w| async move {
        let files = sql("SELECT l.entite_legale_id, o.created_at, o.data FROM opportunites o \
             JOIN localisations l ON l.id = o.localisation_id ORDER BY o.numero")
        .all::<(Uuid, i64, String)>(&mut w.app.db.read().await.unwrap())
        .await
        .unwrap();
        assert!(files.is_sorted_by_key(|(_, created, _)| *created));
        let mut invoices: Vec<(Uuid, String, String)> = Vec::new();
        for (entity, _, data) in files {
            let data: Value = serde_json::from_str(&data).unwrap();
            for row in data["facturation"]["factures"].as_array().into_iter().flatten() {
                if let (Some(number), Some(day)) = (row["numero"].as_str(), row["emiseLe"].as_str()) {
                    assert!(row["nom"].is_string() && row["motifAvance"].is_null(), "{row}");
                    invoices.push((entity, number.into(), day.into()));
                }
            }
        }
        assert!(invoices.len() > 3);
        // Each legal entity has its own series.
        invoices.sort();
        assert!(invoices.is_sorted_by_key(|(entity, _, day)| (*entity, day.clone())), "{invoices:?}");
    })
    .await;
}
