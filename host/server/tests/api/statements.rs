//! How much a request asks of the database. Each statement is a way to the server and back, on every node: these are
//! limits.

use crate::support::{Client, on_both_filled};
use afpi_core::rights::Role;
use afpi_db::{Usage, metered};
use serde_json::{Value, json};

/// The most statements of the request that creates or moves an opportunité: eight, `BEGIN` and `COMMIT`.
const MOST: u32 = 10;
/// Moves that issue a document.
const ISSUES: [&str; 1] = ["envoyer_devis"];

/// The least of several tries: now and then one reads the people again, or takes a block of numbers.
fn least(tries: Vec<Usage>) -> Usage {
    tries.into_iter().min_by_key(|usage| usage.statements).expect("a try")
}

#[tokio::test]
async fn a_creation_asks_little() {
    on_both_filled(|w| async move {
        let seller = w.as_role(Role::Commercial).await;
        let found = seller.get("/api/entreprises?active=true&limit=1").await.expect(200);
        let company = found["data"][0]["id"].clone();
        let mut tries = Vec::new();
        for n in 0..5 {
            let body = json!({"entrepriseId": company, "title": format!("Soudage {n}"), "budget": 100_000});
            let (made, usage) = metered(seller.post("/api/opportunites", body)).await;
            let made = made.expect(201)["opportunite"].clone();
            // Built from what was written, and the same as what is read.
            let path = format!("/api/opportunites/{}", made["id"].as_str().unwrap());
            assert_eq!(seller.get(&path).await.expect(200)["opportunite"], made);
            tries.push(usage);
        }
        let usage = least(tries);
        assert!(usage.statements <= MOST && usage.commits == 1, "{usage:?}");
    })
    .await;
}

/// Files of the demo with a move that needs no words, each with the name of the move, once per name.
async fn ready(client: &Client) -> Vec<(Value, String)> {
    let all = client.get("/api/opportunites?limit=100&outcome=open").await.expect(200);
    let mut found: Vec<(Value, String)> = Vec::new();
    for item in all["data"].as_array().unwrap() {
        let path = format!("/api/opportunites/{}", item["id"].as_str().unwrap());
        let file = client.get(&path).await.expect(200)["opportunite"].clone();
        let offers = file["offers"].as_array().unwrap();
        let plain =
            |offer: &&Value| offer["allowed"] == true && offer["direction"] == "forward" && offer["form"].is_null();
        for offer in offers.iter().filter(plain) {
            let name = offer["transition"].as_str().unwrap().to_owned();
            if found.iter().all(|(_, known)| *known != name) {
                found.push((file.clone(), name));
            }
        }
    }
    found
}

#[tokio::test]
async fn a_move_asks_little() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let mut within = Vec::new();
        for (file, name) in ready(&admin).await {
            let path = format!("/api/opportunites/{}", file["id"].as_str().unwrap());
            let transition = format!("{path}/transitions/{name}");
            let (moved, usage) = metered(admin.post_at(&transition, &file["version"], json!({}))).await;
            // A move before this one has changed the file.
            if moved.status == 412 {
                continue;
            }
            let moved = moved.expect(200)["opportunite"].clone();
            assert_eq!(admin.get(&path).await.expect(200)["opportunite"], moved);
            assert_eq!(usage.commits, 1, "{name}");
            // The move of a document also numbers, freezes and sets it.
            if !ISSUES.contains(&&*name) {
                // It may have read the people again.
                assert!(usage.statements <= MOST + 2, "{name}: {usage:?}");
                within.push(usage);
            }
        }
        assert!(within.len() >= 2, "too few kinds of moves: {within:?}");
        let usage = least(within);
        assert!(usage.statements <= MOST, "{usage:?}");
    })
    .await;
}
