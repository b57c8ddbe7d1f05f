//! The « bilan pédagogique et financier »: its frames agree with invoices and attendance, and its gaps close.

use crate::support::{Client, on_both_filled};
use afpi_core::clock::Day;
use afpi_core::rights::Role;
use serde_json::{Value, json};

/// Days that hold everything of the demo.
fn year() -> String {
    let today = Day::today();
    format!("from={}&to={}", today.plus(-420), today.plus(300))
}

async fn report(client: &Client, entity: &Value) -> Value {
    client.get(&format!("/api/bpf?entiteLegaleId={}&{}", text(entity), year())).await.expect(200)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn sum(rows: &Value, name: &str) -> i64 {
    rows.as_array().unwrap().iter().map(|row| row[name].as_i64().unwrap()).sum()
}

async fn entities(client: &Client) -> Vec<Value> {
    client.get("/api/entites-legales").await.expect(200)["data"].as_array().unwrap().clone()
}

/// Whether the entity has this site.
fn has(entity: &Value, site: &Value) -> bool {
    entity["localisations"].as_array().unwrap().iter().any(|known| known["id"] == *site)
}

#[tokio::test]
async fn income_agrees_with_the_invoices_and_hours_with_the_attendance() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let issued = admin.get(&format!("/api/creances?limit=200&{}", year())).await.expect(200);
        let issued: Vec<Value> =
            issued["data"].as_array().unwrap().iter().filter(|row| row["pieceId"].is_string()).cloned().collect();
        let sessions = admin.get("/api/sessions?limit=200").await.expect(200)["data"].as_array().unwrap().clone();
        assert!(issued.len() > 5 && sessions.len() > 5);
        let (mut pieces, mut hours, mut taught) = (0, 0, 0);
        for entity in entities(&admin).await {
            let told = report(&admin, &entity["id"]).await;
            assert_eq!(told["complete"], true);
            let mine = issued.iter().filter(|row| has(&entity, &row["localisation"]["id"]));
            assert_eq!(told["total"], mine.clone().map(|row| row["net"].as_i64().unwrap()).sum::<i64>());
            assert_eq!(sum(&told["produits"], "net"), told["total"].as_i64().unwrap());
            assert_eq!(sum(&told["produits"], "pieces"), mine.count() as i64);
            pieces += sum(&told["produits"], "pieces");
            let mut done = 0;
            let mut people = std::collections::BTreeSet::new();
            let held = |session: &&Value| has(&entity, &session["localisationId"]) && session["status"] != "annulee";
            for session in sessions.iter().filter(held) {
                let sheet = admin.get(&format!("/api/sessions/{}/attendance", text(&session["id"]))).await.expect(200);
                for row in sheet["stagiaires"].as_array().unwrap() {
                    let minutes = row["minutesDone"].as_i64().unwrap();
                    done += minutes;
                    if minutes > 0 {
                        people.insert(text(&row["id"]).to_owned());
                    }
                }
            }
            for frame in ["stagiaires", "objectifs", "specialites"] {
                assert_eq!(sum(&told[frame], "minutes"), done, "{frame} of {}", entity["name"]);
                assert_eq!(sum(&told[frame], "people"), people.len() as i64, "{frame} of {}", entity["name"]);
            }
            hours += done;
            taught += sum(&told["formateurs"], "minutes");
        }
        assert!(
            pieces > 0 && hours > 0 && taught > 0 && taught < hours,
            "{pieces} pieces, {hours} and {taught} minutes"
        );
    })
    .await;
}

#[tokio::test]
async fn a_session_gets_its_objective_and_its_speciality() {
    on_both_filled(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let (mut entity, mut before) = (Value::Null, Value::Null);
        for one in entities(&admin).await {
            let told = report(&admin, &one["id"]).await;
            if sum(&told["stagiaires"], "minutes") > 0 {
                (entity, before) = (one, told);
                break;
            }
        }
        let sessions = admin.get("/api/sessions?limit=200").await.expect(200);
        let today = Day::today().to_string();
        let over = |one: &&Value| one["lastDay"].as_str().is_some_and(|day| day < today.as_str());
        let mine =
            sessions["data"].as_array().unwrap().iter().filter(over).filter(|one| has(&entity, &one["localisationId"]));
        let mut changed = 0;
        for session in mine {
            let path = format!("/api/sessions/{}", text(&session["id"]));
            let wrong = json!({"specialite": "999"});
            let refused = admin.patch(&path, &session["version"], wrong).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], "/specialite");
            let words = json!({"objectif": "rncp_3", "specialite": "254"});
            let saved = admin.patch(&path, &session["version"], words).await.expect(200);
            assert_eq!((&saved["objectif"], &saved["specialite"]), (&json!("rncp_3"), &json!("254")));
            let told = admin.get(&format!("/api/journal?subjectKind=session&subjectId={}", text(&session["id"]))).await;
            let line = told.expect(200)["data"][0]["changes"].to_string();
            assert!(line.contains("objectif") && line.contains("rncp_3"), "{line}");
            changed += 1;
        }
        assert!(changed > 0);
        let after = report(&admin, &entity["id"]).await;
        let minutes = |told: &Value| -> i64 {
            let rows = told["objectifs"].as_array().unwrap();
            rows.iter()
                .filter(|row| text(&row["label"]["en"]) == "RNCP, level 3")
                .map(|row| row["minutes"].as_i64().unwrap())
                .sum()
        };
        assert!(minutes(&after) > minutes(&before));
        assert!(after["manques"]["objectif"].as_i64() <= before["manques"]["objectif"].as_i64());
        let cleared = admin.get("/api/sessions?limit=1").await.expect(200)["data"][0].clone();
        let path = format!("/api/sessions/{}", text(&cleared["id"]));
        let saved =
            admin.patch(&path, &cleared["version"], json!({"objectif": null, "specialite": null})).await.expect(200);
        assert!(saved["objectif"].is_null() && saved["specialite"].is_null());
    })
    .await;
}

#[tokio::test]
async fn it_is_for_who_keeps_the_books_and_says_when_sites_are_missing() {
    on_both_filled(|w| async move {
        let facturation = w.as_role(Role::Facturation).await;
        let seen = entities(&facturation).await;
        let all = entities(&w.as_role(Role::Admin).await).await;
        assert!(seen.len() < all.len());
        let mine = facturation.get("/api/auth/me").await.expect(200)["localisations"].as_array().unwrap().clone();
        for entity in &all {
            let path = format!("/api/bpf?entiteLegaleId={}&{}", text(&entity["id"]), year());
            let reply = facturation.get(&path).await;
            if seen.iter().any(|known| known["id"] == entity["id"]) {
                let told = reply.expect(200);
                let sites = entity["localisations"].as_array().unwrap();
                let covered = sites.iter().all(|site| mine.iter().any(|known| known["id"] == site["id"]));
                assert_eq!(told["complete"], covered, "{}", entity["name"]);
            } else {
                reply.refused(404, "not-found");
            }
        }
        let entity = text(&seen[0]["id"]);
        let commercial = w.as_role(Role::Commercial).await;
        commercial.get(&format!("/api/bpf?entiteLegaleId={entity}&{}", year())).await.refused(403, "forbidden");
        for (days, field) in [("from=2026-02-01&to=2026-01-01", "/to"), ("from=2020-01-01&to=2026-01-01", "/to")] {
            let path = format!("/api/bpf?entiteLegaleId={entity}&{days}");
            let refused = facturation.get(&path).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], field);
        }
        let words = facturation.get("/api/bpf/nomenclature").await.expect(200);
        assert!(words["objectifs"].as_array().unwrap().iter().any(|one| one["code"] == "rncp_5"));

        // The file has a line for each of the form, in whole euros.
        let told = report(&facturation, &seen[0]["id"]).await;
        let path = format!("/api/bpf/export?entiteLegaleId={entity}&{}", year());
        let file = facturation
            .raw("GET", &path, None, &[("accept", "text/csv".into()), ("accept-language", "fr".into())])
            .await;
        let bytes = axum::body::to_bytes(file.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let euros = (told["total"].as_i64().unwrap() + 50) / 100;
        let line = text.lines().find(|line| line.contains("Total des produits")).unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains(&euros.to_string()), "{line} has not {euros}");
        assert!(text.lines().any(|line| line.contains("F1a")), "{text}");
    })
    .await;
}
