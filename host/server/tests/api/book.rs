//! The book of figures: what it holds after any acts is what the tables hold.

use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_crm::book;
use afpi_crm::figures::memory::Memory;
use chrono::Datelike;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::support::{Client, World, on_both_filled, process};

/// Random acts of one run; `AFPI_TEST_ACTS=10000` tries more.
fn acts() -> usize {
    std::env::var("AFPI_TEST_ACTS").ok().and_then(|acts| acts.parse().ok()).unwrap_or(60)
}

/// One random act of an administrator. Returns whether it changed something.
async fn act(admin: &Client, people: &[Value], rng: &mut StdRng) -> bool {
    let files = admin.get("/api/opportunites?limit=200&sort=-updatedAt").await.expect(200);
    let item = files["data"].as_array().unwrap().choose(rng).unwrap().clone();
    let path = format!("/api/opportunites/{}", item["id"].as_str().unwrap());
    match rng.random_range(0..10) {
        0 => {
            let body = json!({"entrepriseId": item["entreprise"]["id"], "title": "Un dossier de plus", "budget": 12_000,
                "commercialId": people.choose(rng).unwrap()["id"], "localisationId": item["localisation"]["id"]});
            admin.post("/api/opportunites", body).await.status == 201
        }
        1 => {
            admin
                .patch(&path, &item["version"], json!({"commercialId": people.choose(rng).unwrap()["id"]}))
                .await
                .status
                == 200
        }
        2 => {
            let budget = rng.random_range(1_000..90_000_000);
            admin.patch(&path, &item["version"], json!({"title": "Autre titre", "budget": budget})).await.status == 200
        }
        _ => {
            let file = admin.get(&path).await.expect(200)["opportunite"].clone();
            let offers: Vec<&Value> =
                file["offers"].as_array().unwrap().iter().filter(|o| o["allowed"] == true).collect();
            let Some(offer) = offers.choose(rng) else { return false };
            let to = format!("{path}/transitions/{}", offer["transition"].as_str().unwrap());
            let required = offer["form"]["required"].as_array().into_iter().flatten();
            let words = required.map(|field| (field.as_str().unwrap().to_owned(), json!("Un bon motif")));
            admin.post_at(&to, &file["version"], Value::Object(words.collect())).await.status == 200
        }
    }
}

/// What the figures of past months are remembered as is what a new calculation gives.
async fn remembers(w: &World, admin: &Client, after: usize) {
    let memory = w.app.kept.get::<Memory>();
    let (year, last) = (Day::today().date().year(), Day::today().date().year() - 1);
    for period in [format!("{year}"), format!("{last}"), format!("{last}-Q4"), format!("{year}-01")] {
        let path = format!("/api/dashboard?period={period}");
        let warm = admin.get(&path).await.expect(200);
        assert!(!memory.is_empty());
        assert_eq!(warm, admin.get(&path).await.expect(200), "{period} once more, after {after} acts");
        memory.clear();
        assert_eq!(warm, admin.get(&path).await.expect(200), "{period} after {after} acts");
    }
}

async fn agrees(w: &World, other: &World, after: usize) {
    let (kept, rebuilt) = (book::read(&w.app).await.unwrap(), book::rebuilt(&w.app).await.unwrap());
    let (kept, rebuilt) = (kept.lines(), rebuilt.lines());
    let differs = kept.iter().zip(&rebuilt).find(|(a, b)| a != b);
    assert!(kept == rebuilt, "after {after} acts: {} and {} lines, {differs:?}", kept.len(), rebuilt.len());
    assert!(book::read(&other.app).await.unwrap().lines() == rebuilt, "another process, after {after} acts");
}

#[tokio::test]
async fn what_is_kept_is_what_a_new_reading_gives() {
    on_both_filled(|w| async move {
        let folder = tempfile::tempdir().unwrap();
        let other = w.beside(process(folder.path(), w.app.db.clone()).await);
        let admin = w.as_role(Role::Admin).await;
        let people = admin.get("/api/users?role=commercial&active=true&limit=50").await.expect(200);
        let people = people["data"].as_array().unwrap();
        let mut rng = StdRng::seed_from_u64(14);
        agrees(&w, &other, 0).await;
        let (mut done, mut tried) = (0, 0);
        while tried < acts() {
            tried += 1;
            done += usize::from(act(&admin, people, &mut rng).await);
            if tried % 10 == 0 {
                agrees(&w, &other, tried).await;
                remembers(&w, &admin, tried).await;
            }
        }
        assert!(done > tried / 4, "only {done} of {tried} acts did something");
    })
    .await;
}

/// Boards, inboxes, figures and lists count the same records.
#[tokio::test]
async fn every_count_is_the_lists() {
    on_both_filled(|w| async move {
        for role in [Role::Admin, Role::Manager, Role::Commercial, Role::Planificateur] {
            let client = w.as_role(role).await;
            for filters in [
                "",
                "section=devis",
                "late=true",
                "outcome=won",
                "waiting=me",
                "minAmount=500000&late=false",
                "kind=intra-entreprise",
                "q=soudage",
                "section=inconnue",
            ] {
                let list = client.get(&format!("/api/opportunites?limit=200&{filters}")).await.expect(200);
                let rows = list["data"].as_array().unwrap();
                assert_eq!(list["meta"]["total"], rows.len(), "{role:?} {filters}");
                assert_eq!(list["meta"]["exact"], true);
                for by in ["section", "status", "localisation", "commercial"] {
                    let path = format!("/api/opportunites/kanban?groupBy={by}&{filters}");
                    let board = client.get(&path).await.expect(200);
                    let columns = board["columns"].as_array().unwrap();
                    let sum = |name: &str| columns.iter().map(|column| column[name].as_i64().unwrap()).sum::<i64>();
                    let said = format!("{role:?} {by} {filters}");
                    assert_eq!(sum("count"), rows.len() as i64, "{said}");
                    assert_eq!(
                        sum("amount"),
                        rows.iter().map(|row| row["amount"].as_i64().unwrap()).sum::<i64>(),
                        "{said}"
                    );
                    assert_eq!(sum("late"), rows.iter().filter(|row| row["late"] == true).count() as i64, "{said}");
                    // A site or an owner has a name, and its column holds exactly the files that name it.
                    for column in columns.iter().filter(|_| ["localisation", "commercial"].contains(&by)) {
                        let here = rows.iter().filter(|row| row[by]["id"] == column["id"]);
                        assert!(here.clone().all(|row| row[by]["name"] == column["label"]), "{said}");
                        assert_eq!(column["count"], here.count(), "{said}");
                    }
                }
            }
            let inbox = client.get("/api/dashboard/inbox").await.expect(200);
            let waiting = client.get("/api/opportunites?waiting=me").await.expect(200);
            assert_eq!(inbox["counts"]["waiting"], waiting["meta"]["total"], "{role:?}");
            let late = client.get("/api/opportunites?waiting=me&late=true").await.expect(200);
            assert_eq!(inbox["counts"]["late"], late["meta"]["total"], "{role:?}");
            let recent = client.get("/api/opportunites?limit=10").await.expect(200);
            assert_eq!(inbox["recent"], recent["data"], "{role:?}");
        }
    })
    .await;
}
