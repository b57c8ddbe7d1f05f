//! Numbers follow the order of their days, whatever the server's clock says.

use std::time::Duration;

use crate::support::deaths::up_to;
use crate::support::{Client, World, on_both_filled};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind};
use afpi_core::rights::Role;
use afpi_core::text::Locale;
use afpi_crm::opportunites::{self, numbers};
use afpi_db::{Backend, Db, sql, testing};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::roles::Held;
use rand::Rng;
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
        absent: vec![],
        locale: Locale::Fr,
        session: Uuid::nil(),
        must_set_up: false,
    }
}

async fn issue_at(w: &World, file: &Value, now: Instant) -> Result<(), Error> {
    let id = file["id"].as_str().unwrap().parse().unwrap();
    let input: Map<String, Value> = json!({"motifAvance": "Facturation à la commande", "motifPresence": "Forfait"})
        .as_object()
        .cloned()
        .unwrap_or_default();
    let version = file["version"].as_i64().unwrap();
    let act = Act { app: &w.app, caller: &admin(w), correlation_id: "test", import: None, now };
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

/// Transactions that die while they take a number.
const DEATHS: usize = 10_000;

/// Takes the next number and stores it, as a move does.
async fn take_number(db: &Db) -> afpi_core::error::Result<()> {
    let mut tx = db.begin().await?;
    let number = numbers::next(&mut tx, "facture", "entity", Instant::now()).await?;
    sql("INSERT INTO taken (number) VALUES (?)").bind(number).execute(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// The numbers of the transactions that committed are one series without gaps, wherever the others died.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_transactions_that_die_anywhere_leave_no_gap() {
    testing::on_both(|db| async move {
        let mut tx = db.begin().await.unwrap();
        sql("CREATE TABLE taken (number BIGINT NOT NULL PRIMARY KEY)").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        // The embedded database works on the calling thread and waits for its turn only.
        let longest = if db.backend() == Backend::MariaDb { 12 } else { 2 };
        let lane = |db: Db| async move {
            let mut died = 0;
            while died < DEATHS / LANES {
                let waits = rand::rng().random_range(0..longest);
                // A transaction that loses against another lane gives its number back as well.
                died += usize::from(up_to(waits, take_number(&db)).await.is_none());
            }
        };
        let lanes: Vec<_> = (0..LANES).map(|_| tokio::spawn(lane(db.clone()))).collect();
        for lane in lanes {
            lane.await.unwrap();
        }
        take_number(&db).await.unwrap();
        let (count, first, last): (i64, i64, i64) = sql("SELECT COUNT(*), MIN(number), MAX(number) FROM taken")
            .one(&mut db.read().await.unwrap())
            .await
            .unwrap();
        assert!(count > 100, "only {count} numbers were taken");
        assert_eq!((first, last), (1, count));
    })
    .await;
}

/// Ended moves of one run. `AFPI_KILLS` asks for more.
const KILLS: u32 = 60;

/// Lanes that issue at the same time, each with files of its own.
const LANES: usize = 4;

/// The next move of a file that is billed and credited in turns.
fn turn(file: &Value) -> (&'static str, Value) {
    let rows = file["data"]["facturation"]["factures"].as_array().cloned().unwrap_or_default();
    let left = rows.iter().find(|row| {
        row["nature"] == "facture" && row["emiseLe"].is_string() && row["netTtc"].as_i64().is_some_and(|left| left > 0)
    });
    match left {
        Some(row) => ("emettre_avoir", json!({"facture": row["numero"], "motif": "À refaire", "remplacement": "oui"})),
        None => ("emettre_facture", json!({"motifAvance": "À la commande", "motifPresence": "Forfait"})),
    }
}

/// Bills and credits the files in turns. Each move ends at a random wait, as when its process dies. Returns how many
/// ended early.
async fn bill_and_die(w: World, files: Vec<Value>, kills: u32) -> u32 {
    let mut client = w.as_role(Role::Admin).await;
    let (mut ended, mut longest) = (0, 8);
    for (at, file) in files.iter().cycle().take(kills as usize * 3).enumerate() {
        if ended == kills {
            break;
        }
        // A long run outlives an access token.
        if at % 200 == 199 {
            client = w.as_role(Role::Admin).await;
        }
        let file = read(&client, file).await;
        let (name, input) = turn(&file);
        let path = format!("/api/opportunites/{}/transitions/{name}", file["id"].as_str().unwrap());
        let waits = rand::rng().random_range(0..longest);
        match up_to(waits, client.post_at(&path, &file["version"], input)).await {
            // On a busy machine a plugin may run out of time (502). It changes nothing then.
            Some(reply) => {
                assert!([200, 502].contains(&reply.status), "{name}: {} {:#}", reply.status, reply.body);
                longest = waits.max(2);
            }
            None => {
                ended += 1;
                longest = longest.max(waits + 8);
            }
        }
    }
    ended
}

/// CGI, ann. II, art. 242 nonies A: the numbers of invoices and credit notes are one chronological series without gaps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_series_has_no_gap_after_moves_that_died_anywhere() {
    let kills = std::env::var("AFPI_KILLS").map_or(KILLS, |n| n.parse().expect("a number"));
    on_both_filled(|w| async move {
        let client = w.as_role(Role::Admin).await;
        let found = client.get("/api/opportunites?status=facture&limit=50").await.expect(200);
        let mut lanes = vec![Vec::new(); LANES];
        for (at, file) in found["data"].as_array().unwrap().iter().enumerate() {
            let file = read(&client, file).await;
            let paid = file["data"]["facturation"]["paiements"].as_array().is_some_and(|rows| !rows.is_empty());
            if !paid && turn(&file).0 == "emettre_avoir" {
                lanes[at % LANES].push(file);
            }
        }
        lanes.retain(|files| !files.is_empty());
        let share = kills.div_ceil(lanes.len() as u32);
        let deaths = lanes.into_iter().map(|files| tokio::spawn(bill_and_die(w.clone(), files, share)));
        let mut ended = 0;
        for lane in deaths.collect::<Vec<_>>() {
            ended += lane.await.unwrap();
        }
        assert!(ended > 0, "no move died");
        let pieces = sql("SELECT entite_legale_id, series, number, issued_on, opportunite_id FROM pieces \
             WHERE kind IN ('facture', 'avoir', 'acompte') ORDER BY entite_legale_id, series, number")
        .all::<(Uuid, String, String, String, Uuid)>(&mut w.app.db.read().await.unwrap())
        .await
        .unwrap();
        // A series begins anew with each year, which is a part of the number.
        for series in pieces.chunk_by(|a, b| (a.0, &a.1, &a.2[..5]) == (b.0, &b.1, &b.2[..5])) {
            let last = |number: &str| number[number.len() - 5..].parse::<i64>().unwrap();
            let first = last(&series[0].2);
            for (at, (_, _, number, ..)) in series.iter().enumerate() {
                assert_eq!(last(number), first + at as i64, "{number} comes after a gap, or twice");
            }
            assert!(series.is_sorted_by_key(|(_, _, _, day, _)| day), "{series:?}");
        }
        // The files name the same numbers as the pieces, and the counters give the next ones.
        let mut named = Vec::new();
        for id in pieces.iter().map(|piece| piece.4).collect::<std::collections::BTreeSet<_>>() {
            named.extend(numbers(&read(&client, &json!({"id": id.to_string()})).await));
        }
        let mut kept: Vec<String> = pieces.into_iter().map(|piece| piece.2).collect();
        named.sort();
        kept.sort();
        assert_eq!(named, kept);
        println!("{ended} moves ended early, {} pieces stand", kept.len());
    })
    .await;
}
