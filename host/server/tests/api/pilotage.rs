//! Where opportunités come from, why they are lost, and what the dashboard tells of it.

use crate::support::{AWAY, Client, HOME, World, on_both, on_both_filled, opportunite};
use afpi_core::clock::Day;
use afpi_core::rights::Role;
use axum::body::to_bytes;
use serde_json::{Value, json};

fn path(file: &Value, rest: &str) -> String {
    format!("/api/opportunites/{}{rest}", file["id"].as_str().unwrap())
}

async fn count(client: &Client, filter: &str) -> i64 {
    let found = client.get(&format!("/api/opportunites?count=exact&limit=200&{filter}")).await.expect(200);
    let rows = found["data"].as_array().unwrap().len() as i64;
    assert_eq!(found["meta"]["total"], json!(rows), "{filter}: the index and the book agree");
    rows
}

/// Gives a file up.
async fn cancel(client: &Client, file: &Value, cause: &str) -> Value {
    let input = json!({"cause": cause, "motif": "Le client renonce."});
    client.post_at(&path(file, "/transitions/annuler"), &file["version"], input).await.expect(200)["opportunite"]
        .clone()
}

#[tokio::test]
async fn where_an_opportunite_comes_from_is_said_changed_and_found() {
    on_both(|w| async move {
        let seller = w.as_role(Role::Commercial).await;
        let company = seller.post("/api/entreprises", json!({"name": "Ateliers du Port"})).await.expect(201);
        let body =
            |origine: Value| json!({"entrepriseId": company["id"], "title": "TIG", "budget": 100, "origine": origine});
        let made = seller.post("/api/opportunites", body(json!("salon"))).await.expect(201)["opportunite"].clone();
        let silent = seller.post("/api/opportunites", body(Value::Null)).await.expect(201)["opportunite"].clone();
        assert_eq!((&made["origine"], &silent["origine"]), (&json!("salon"), &Value::Null));
        let wrong = seller.post("/api/opportunites", body(json!("hasard"))).await.refused(422, "wrong-type");
        assert_eq!(wrong["fields"][0]["field"], "/origine");
        for (filter, found) in
            [("origine=salon", 1), ("origine=none", 1), ("origine=partenaire", 0), ("lostReason=none", 2)]
        {
            assert_eq!(count(&seller, filter).await, found, "{filter}");
        }
        let board = seller.get("/api/opportunites/kanban?groupBy=section&origine=salon").await.expect(200);
        let cards: i64 =
            board["columns"].as_array().unwrap().iter().map(|column| column["count"].as_i64().unwrap()).sum();
        assert_eq!(cards, 1, "{board:#}");

        let now =
            seller.patch(&path(&silent, ""), &silent["version"], json!({"origine": "site-web"})).await.expect(200);
        assert_eq!(now["opportunite"]["origine"], "site-web");
        assert_eq!((count(&seller, "origine=none").await, count(&seller, "origine=site-web").await), (0, 1));
        let told = seller.get(&path(&silent, "/historique")).await.expect(200)["data"][0]["changes"][0].clone();
        assert_eq!(
            (&told["field"], &told["to"], &told["label"]["fr"]),
            (&json!("/origine"), &json!("site-web"), &json!("Source"))
        );
        let cleared = json!({"origine": null});
        let now = seller.patch(&path(&silent, ""), &now["opportunite"]["version"], cleared).await.expect(200);
        assert_eq!(now["opportunite"]["origine"], Value::Null);

        // Days are those of Paris, both included.
        let (today, tomorrow) = (Day::today(), Day::today().plus(1));
        assert_eq!(count(&seller, &format!("createdFrom={today}&createdTo={today}")).await, 2);
        assert_eq!(count(&seller, &format!("createdFrom={tomorrow}")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_lost_opportunite_says_why_also_after_it_is_closed() {
    on_both_filled(|w| async move {
        let manager = w.as_role(Role::Admin).await;
        let file = opportunite(&w, "Perdue").await;
        let annuler = path(&file, "/transitions/annuler");
        let missing = manager
            .post_at(&annuler, &file["version"], json!({"motif": "Sans suite."}))
            .await
            .refused(422, "validation");
        assert_eq!(missing["fields"][0]["field"], "/cause");
        let early = json!({"lostReason": "prix", "lostRemark": "Trop cher"});
        let early = manager.patch(&path(&file, ""), &file["version"], early).await.refused(422, "validation");
        let said: Vec<_> = early["fields"].as_array().unwrap().iter().map(|f| (&f["field"], &f["code"])).collect();
        assert_eq!(said, [(&json!("/lostReason"), &json!("not-lost")), (&json!("/lostRemark"), &json!("not-lost"))]);

        let lost = cancel(&manager, &file, "sans-reponse").await;
        assert_eq!(
            (&lost["outcome"], &lost["lostReason"], &lost["lostRemark"]),
            (&json!("lost"), &json!("sans-reponse"), &json!("Le client renonce."))
        );
        assert!(lost["lostAt"].is_string(), "{lost:#}");
        let read = manager.get(&path(&file, "")).await.expect(200)["opportunite"].clone();
        for field in ["lostReason", "lostRemark", "lostAt"] {
            assert_eq!(read[field], lost[field], "{field}");
        }
        let told = manager.get(&path(&file, "/historique")).await.expect(200)["data"][0].clone();
        assert_eq!(
            (&told["changes"][0]["field"], &told["changes"][0]["to"]),
            (&json!("/lostReason"), &json!("sans-reponse"))
        );

        let better = json!({"lostReason": "concurrent", "lostRemark": null, "origine": "salon"});
        let now = manager.patch(&path(&file, ""), &lost["version"], better).await.expect(200)["opportunite"].clone();
        assert_eq!(
            (&now["lostReason"], &now["lostRemark"], &now["lostAt"]),
            (&json!("concurrent"), &Value::Null, &lost["lostAt"])
        );
        manager.patch(&path(&file, ""), &now["version"], json!({"title": "Autre"})).await.refused(409, "conflict");

        // A refused quote has said it before.
        let quote = manager.get("/api/opportunites?status=devis_envoye&limit=1").await.expect(200)["data"][0].clone();
        let refusal = json!({"cause": "delai", "motif": "Trop tard pour eux."});
        let refused =
            manager.post_at(&path(&quote, "/transitions/refuser_devis"), &quote["version"], refusal).await.expect(200)
                ["opportunite"]
                .clone();
        assert_eq!((&refused["lostReason"], &refused["lostAt"]), (&Value::Null, &Value::Null));
        let closed = manager
            .post_at(&path(&quote, "/transitions/classer_perdu"), &refused["version"], json!({}))
            .await
            .expect(200)["opportunite"]
            .clone();
        assert_eq!((&closed["lostReason"], &closed["lostRemark"]), (&json!("delai"), &json!("Trop tard pour eux.")));
    })
    .await;
}

#[tokio::test]
async fn each_share_leads_to_as_many_opportunites_as_it_counts() {
    on_both_filled(|w| async move {
        let file = opportunite(&w, "Silence").await;
        cancel(&w.as_role(Role::Commercial).await, &file, "sans-reponse").await;
        let away = w.as_user(w.another(Role::Manager, "loin", &[AWAY]).await).await;
        let clients =
            [w.as_role(Role::Admin).await, w.as_role(Role::Manager).await, w.as_role(Role::Commercial).await, away];
        let mut totals = Vec::new();
        for client in &clients {
            let year = Day::today().year();
            let shown = client.get(&format!("/api/dashboard?period={year}")).await.expect(200);
            let (first, last) = (shown["period"]["first"].as_str().unwrap(), shown["period"]["last"].as_str().unwrap());
            let mut total = (0, 0);
            for share in shown["lostReasons"].as_array().unwrap() {
                let reason = share["reason"].as_str().unwrap_or("none");
                let filter = format!("outcome=lost&lostReason={reason}&lostFrom={first}&lostTo={last}");
                assert_eq!(count(client, &filter).await, share["count"].as_i64().unwrap(), "{filter}");
                total.0 += share["count"].as_i64().unwrap();
            }
            for share in shown["origines"].as_array().unwrap() {
                let origine = share["origine"].as_str().unwrap_or("none");
                let filter = format!("origine={origine}&createdFrom={first}&createdTo={last}");
                assert_eq!(count(client, &filter).await, share["count"].as_i64().unwrap(), "{filter}");
                assert!(share["won"].as_i64() <= share["count"].as_i64(), "{share}");
                total.1 += share["count"].as_i64().unwrap();
            }
            assert_eq!(count(client, &format!("outcome=lost&lostFrom={first}&lostTo={last}")).await, total.0);
            totals.push(total);
        }
        assert!(totals[0].0 >= totals[1].0 && totals[0].1 > totals[1].1 && totals[1].1 > 0, "{totals:?}");
        assert!(totals[2].0 > 0 && totals[3].1 < totals[0].1, "{totals:?}");
        let next = Day::today().year() + 1;
        let ahead = clients[0].get(&format!("/api/dashboard?period={next}")).await.expect(200);
        assert_eq!((&ahead["lostReasons"], &ahead["origines"]), (&json!([]), &json!([])));
    })
    .await;
}

/// A session that somebody plans: so many trainees at least, on this day, in the morning.
async fn session(w: &World, site: &str, numero: &str, fewest: Option<i64>, day: Day, trainer: &Value) -> Value {
    let admin = w.as_role(Role::Admin).await;
    let body = json!({"numero": numero, "title": "TIG", "capacityMin": fewest, "localisationId": w.site(site)});
    let made = admin.post("/api/sessions", body).await.expect(201);
    let at = format!("/api/sessions/{}/half-days", made["id"].as_str().unwrap());
    let rows = json!([{"day": day.to_string(), "half": "am", "formateurId": trainer}]);
    admin.put_at(&at, &made["version"], json!({"halfDays": rows})).await.expect(200)
}

#[tokio::test]
async fn a_session_at_risk_begins_soon_and_lacks_trainees_or_a_trainer() {
    on_both(|w| async move {
        let soon = Day::today().plus(10);
        let admin = w.as_role(Role::Admin).await;
        let body = json!({"name": "Anne", "kind": "permanent", "localisationId": w.site(HOME)});
        let anne = admin.post("/api/formateurs", body).await.expect(201)["id"].clone();
        session(&w, HOME, "S-EMPTY", Some(4), soon, &anne).await;
        session(&w, HOME, "S-ALONE", None, soon.plus(1), &Value::Null).await;
        session(&w, HOME, "S-FINE", None, soon.plus(2), &anne).await;
        session(&w, HOME, "S-LATER", Some(4), soon.plus(90), &Value::Null).await;
        let dropped = session(&w, HOME, "S-DROPPED", Some(4), soon.plus(3), &Value::Null).await;
        let at = format!("/api/sessions/{}", dropped["id"].as_str().unwrap());
        admin.patch(&at, &dropped["version"], json!({"status": "annulee"})).await.expect(200);
        session(&w, AWAY, "S-AWAY", Some(2), soon, &Value::Null).await;

        let risks = async |client: &Client, filter: &str| {
            let shown = client.get(&format!("/api/dashboard{filter}")).await.expect(200);
            let all = shown["sessionsAtRisk"].as_array().unwrap().clone();
            all.iter()
                .map(|one| format!("{} {} {}", one["numero"].as_str().unwrap(), one["missing"], one["untaught"]))
                .collect::<Vec<_>>()
        };
        let home = ["S-EMPTY 4 0", "S-ALONE 0 1"];
        assert_eq!(risks(&w.as_role(Role::Manager).await, "").await, home);
        assert_eq!(risks(&admin, &format!("?localisationId={}", w.site(HOME))).await, home);
        assert_eq!(risks(&admin, "").await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn the_figures_are_taken_away_as_they_are_shown() {
    on_both_filled(|w| async move {
        let file = opportunite(&w, "Export").await;
        cancel(&w.as_role(Role::Commercial).await, &file, "prix").await;
        let manager = w.as_role(Role::Manager).await;
        let response = manager.raw("GET", "/api/dashboard/export", None, &[("accept-language", "fr".to_owned())]).await;
        assert_eq!(response.status().as_u16(), 200);
        let text = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        let head = text.lines().next().unwrap().trim_start_matches('\u{feff}');
        assert!(head.starts_with("Partie;Ligne;Indicateur;Valeur;Du ") && head.ends_with(";Unité"), "{head}");
        assert!(text.contains("Raisons de perte;Prix;Opportunités perdues;1;;"), "{text}");
        assert!(text.contains("Sources;Non renseigné;Opportunités créées;"), "{text}");
        assert!(text.contains("Relais;Devis;Dossiers;"), "{text}");
        let shown = manager.get("/api/dashboard").await.expect(200);
        let signed =
            shown["metrics"].as_array().unwrap().iter().find(|m| m["id"] == "ca_signe").unwrap()["figure"]["value"]
                .as_i64()
                .unwrap();
        let line = format!("CA signé (HT);{},{:02};", signed / 100, signed % 100);
        assert!(text.contains(&line), "{line} in {text}");
        let told = w.as_role(Role::Admin).await.get("/api/journal?limit=1").await.expect(200)["data"][0].clone();
        assert_eq!((&told["act"], told.to_string().contains("dashboard")), (&json!("exported"), true), "{told:#}");
        manager.get("/api/dashboard/export?period=hier").await.refused(400, "bad-parameter");
        manager.get(&format!("/api/dashboard/export?localisationId={}", w.site(AWAY))).await.refused(404, "not-found");
        w.as_role(Role::Commercial).await.get("/api/dashboard/export").await.refused(403, "forbidden");
    })
    .await;
}
