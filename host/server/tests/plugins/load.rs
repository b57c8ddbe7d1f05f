//! Versions change while people work. No request fails, and no decision of one version is stored under the other
//! version.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use afpi_core::rights::Role;
use serde_json::json;

use crate::files::{WORKFLOW, respelt};
use crate::support::{HOME, on_both};

/// The first status of new opportunités, and its spelling in the other version.
const BEGINS: &str = "en_cours_collecte";
const RESPELT: &str = "en_cours_c0llecte";
const SWAPS: usize = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_swaps_under_load_fail_nobody_and_mix_nothing() {
    on_both(|world| async move {
        let admin = world.as_role(Role::Admin).await;
        let staged = admin.upload("/api/plugins", respelt(WORKFLOW, BEGINS, RESPELT, |m| m.version = "2.0.0".parse().unwrap())).await.expect(201);
        admin.post(&format!("/api/plugins/{WORKFLOW}/versions/2.0.0/activate"), json!({"consent": staged["consent"]})).await.expect(200);
        let company = admin.post("/api/entreprises", json!({"name": "Charge", "localisationId": world.site(HOME)})).await.expect(201);
        let stop = Arc::new(AtomicBool::new(false));
        let mut people = Vec::new();
        for n in 0..3 {
            let (client, stop, company, site) = (world.as_role(Role::Admin).await, stop.clone(), company["id"].clone(), world.site(HOME));
            people.push(tokio::spawn(async move {
                let (mut made, mut mixed) = (0, Vec::new());
                while !stop.load(Relaxed) {
                    let body = json!({"entrepriseId": company, "title": format!("Charge {n}"), "budget": 100, "localisationId": site});
                    client.post("/api/opportunites", body).await.expect(201);
                    // All parts of a definition come from the same version.
                    let shown = client.get(&format!("/api/workflow?localisationId={site}")).await.expect(200);
                    let words = shown["statuses"].to_string();
                    let fits = match shown["version"].as_str() {
                        Some("2.0.0") => words.contains(RESPELT) && !words.contains(BEGINS),
                        _ => words.contains(BEGINS) && !words.contains(RESPELT),
                    };
                    if !fits {
                        mixed.push(shown["version"].to_string());
                    }
                    made += 1;
                }
                (made, mixed)
            }));
        }
        for _ in 0..SWAPS {
            admin.post(&format!("/api/plugins/{WORKFLOW}/rollback"), json!({})).await.expect(200);
        }
        stop.store(true, Relaxed);
        let mut made = 0;
        for person in people {
            let (count, mixed) = person.await.expect("no request failed");
            assert_eq!(mixed, Vec::<String>::new());
            made += count;
        }
        let mut conn = world.app.db.read().await.unwrap();
        let rows = afpi_db::sql("SELECT workflow_version, status, COUNT(*) FROM opportunites GROUP BY workflow_version, status ORDER BY workflow_version")
            .all::<(String, String, i64)>(&mut conn).await.unwrap();
        let kinds: Vec<(&str, &str)> = rows.iter().map(|(v, s, _)| (v.as_str(), s.as_str())).collect();
        assert_eq!(kinds, [("1.0.0", BEGINS), ("2.0.0", RESPELT)], "both versions have served, each with its own spelling");
        assert_eq!(rows.iter().map(|r| r.2).sum::<i64>(), made);
    })
    .await;
}
