//! Opportunités: bad input, records of other people, and races. A refused request leaves nothing, and the loser of a
//! race gets an error.

use std::collections::BTreeSet;

use crate::support::{AWAY, HOME, World, on_both, opportunite};
use afpi_core::rights::Role;
use afpi_db::{Sql, sql};
use serde_json::{Value, json};

/// A company at home, and a request body that creates an opportunité for it.
async fn wish(w: &World) -> Value {
    let company = w
        .as_role(Role::Commercial)
        .await
        .post("/api/entreprises", json!({"name": "Ateliers du Port"}))
        .await
        .expect(201);
    json!({"entrepriseId": company["id"], "title": "Soudage TIG", "budget": 900_000})
}

/// The number of rows of everything that a creation writes.
async fn written(w: &World) -> Vec<i64> {
    let mut conn = w.app.db.read().await.unwrap();
    let mut counts = Vec::new();
    for query in [
        "SELECT COUNT(*) FROM opportunites",
        "SELECT COUNT(*) FROM journal WHERE subject_kind = 'opportunite'",
        "SELECT COUNT(*) FROM faits",
        "SELECT COUNT(*) FROM outbox",
        "SELECT COALESCE(CAST(SUM(value) AS SIGNED), 0) FROM compteurs",
    ] {
        let query: Sql = sql(query);
        counts.push(query.scalar::<i64>(&mut conn).await.unwrap());
    }
    counts
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

#[tokio::test]
async fn what_cannot_be_taken_is_named_and_leaves_nothing() {
    on_both(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        let good = wish(&w).await;
        let before = written(&w).await;
        let nobody = "018f0000-0000-7000-8000-000000000000";
        for (name, value, code, field) in [
            ("title", json!("  "), "validation", "/title"),
            ("title", json!("x".repeat(201)), "validation", "/title"),
            ("title", json!(null), "wrong-type", "/title"),
            ("budget", json!(-1), "validation", "/budget"),
            ("budget", json!(1_000_000_001), "validation", "/budget"),
            ("budget", json!(12.5), "wrong-type", "/budget"),
            ("budget", json!("9000"), "wrong-type", "/budget"),
            ("kind", json!("amicale"), "wrong-type", "/kind"),
            ("data", json!({"collecte": {"participants": 0}}), "validation", "/data/collecte/participants"),
            (
                "data",
                json!({"collecte": {"debutSouhaite": "2026-02-30"}}),
                "validation",
                "/data/collecte/debutSouhaite",
            ),
            ("participants", json!(3), "unknown-field", "/participants"),
            ("entrepriseId", json!(nobody), "validation", "/entrepriseId"),
            ("entrepriseId", json!("x"), "wrong-type", "/entrepriseId"),
            ("localisationId", json!(nobody), "validation", "/localisationId"),
            ("data", json!({"nulle-part": {}}), "validation", "/data/nulle-part"),
            ("data", json!([]), "wrong-type", "/data"),
            ("numero", json!("OPP-1"), "unknown-field", "/numero"),
        ] {
            let problem =
                commercial.post("/api/opportunites", with(good.clone(), name, value.clone())).await.refused(422, code);
            assert_eq!(problem["fields"][0]["field"], field, "{name} = {value}");
        }
        let mut incomplete = good.clone();
        incomplete.as_object_mut().unwrap().remove("budget");
        assert_eq!(
            commercial.post("/api/opportunites", incomplete).await.refused(422, "validation")["fields"][0]["code"],
            "required"
        );
        for text in ["", "{", "[1", "{\"title\": \"a\", \"title\": \"b\"}", "\u{0}"] {
            commercial.text("POST", "/api/opportunites", text).await.refused(400, "malformed-json");
        }
        commercial.text("POST", "/api/opportunites", format!("{good} {{}}")).await.refused(400, "malformed-json");
        commercial.post("/api/opportunites", json!(["Cariste", 1])).await.refused(422, "wrong-type");
        commercial
            .text("POST", "/api/opportunites", format!("\"{}\"", "x".repeat(1024 * 1024)))
            .await
            .refused(413, "too-large");
        commercial
            .text_as("POST", "/api/opportunites", "text/plain", good.to_string())
            .await
            .refused(415, "unsupported-media-type");
        commercial.delete("/api/opportunites").await.refused(405, "method-not-allowed");
        // The server refuses a creation at another site, for another person, without the right and without signing in.
        commercial
            .post("/api/opportunites", with(good.clone(), "localisationId", json!(w.site(AWAY))))
            .await
            .refused(403, "forbidden");
        commercial
            .post("/api/opportunites", with(good.clone(), "commercialId", json!(w.person(Role::Manager))))
            .await
            .refused(403, "forbidden");
        w.as_role(Role::Facturation).await.post("/api/opportunites", good.clone()).await.refused(403, "forbidden");
        w.nobody().post("/api/opportunites", good.clone()).await.refused(401, "unauthenticated");
        assert_eq!(written(&w).await, before);

        // The refused requests used no number: the first opportunité gets the first number.
        let made = commercial.post("/api/opportunites", good).await.expect(201);
        assert!(
            made["opportunite"]["numero"].as_str().unwrap().ends_with("-00001"),
            "{}",
            made["opportunite"]["numero"]
        );
    })
    .await;
}

#[tokio::test]
async fn what_the_form_asked_is_kept() {
    on_both(|w| async move {
        let commercial = w.as_role(Role::Commercial).await;
        let mut body =
            with(wish(&w).await, "data", json!({"collecte": {"participants": 12, "debutSouhaite": "2027-01-11"}}));
        body["kind"] = json!("individuelle");
        let made = commercial.post("/api/opportunites", body).await.expect(201)["opportunite"].clone();
        let kept = |o: &Value| {
            [
                o["data"]["collecte"]["participants"].clone(),
                o["data"]["collecte"]["debutSouhaite"].clone(),
                o["kind"].clone(),
                o["budget"].clone(),
            ]
        };
        assert_eq!(kept(&made), [json!(12), json!("2027-01-11"), json!("individuelle"), json!(900_000)]);
        let path = format!("/api/opportunites/{}", made["id"].as_str().unwrap());
        assert_eq!(kept(&commercial.get(&path).await.expect(200)["opportunite"]), kept(&made));
    })
    .await;
}

#[tokio::test]
async fn other_peoples_opportunites_do_not_exist() {
    on_both(|w| async move {
        let made = opportunite(&w, "Pontier").await;
        let path = format!("/api/opportunites/{}", made["id"].as_str().unwrap());
        let neighbour = w.as_user(w.another(Role::Commercial, "voisin", &[HOME]).await).await;
        let elsewhere = w.as_user(w.another(Role::Manager, "ailleurs", &[AWAY]).await).await;
        for stranger in [neighbour, elsewhere] {
            stranger.get(&path).await.refused(404, "not-found");
            stranger.get(&format!("{path}/historique")).await.refused(404, "not-found");
            stranger.patch(&path, &made["version"], json!({"title": "À moi"})).await.refused(404, "not-found");
            stranger.patch(&path, &json!(99), json!({"title": "À moi"})).await.refused(404, "not-found");
            let list = stranger.get("/api/opportunites").await.expect(200);
            assert_eq!((&list["meta"]["total"], &list["data"]), (&json!(0), &json!([])));
        }
        w.as_role(Role::Manager).await.get(&path).await.expect(200);
        for id in ["x", "018f0000-0000-7000-8000-000000000000", "%00", "..%2Fusers"] {
            w.as_role(Role::Admin).await.get(&format!("/api/opportunites/{id}")).await.refused(404, "not-found");
        }
    })
    .await;
}

#[tokio::test]
async fn the_workflow_of_an_unknown_site_does_not_exist() {
    on_both(|w| async move {
        let unknown = format!("/api/workflow?localisationId={}", uuid::Uuid::now_v7());
        w.as_role(Role::Admin).await.get(&unknown).await.refused(404, "not-found");
        w.as_role(Role::Manager).await.get(&unknown).await.refused(404, "not-found");
        w.as_role(Role::Admin).await.get("/api/workflow").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn of_changes_at_the_same_time_one_wins_and_the_others_see_what_changed() {
    on_both(|w| async move {
        let made = opportunite(&w, "Cariste").await;
        let path = format!("/api/opportunites/{}", made["id"].as_str().unwrap());
        let commercial = w.as_role(Role::Commercial).await;
        commercial.send("PATCH", &path, Some(json!({"title": "x"})), &[]).await.refused(428, "version-required");
        commercial
            .send("PATCH", &path, Some(json!({"title": "x"})), &[("if-match", "\"abc\"".into())])
            .await
            .refused(400, "bad-parameter");

        let mut changes = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (client, path, version) = (commercial.clone(), path.clone(), made["version"].clone());
            changes.spawn(async move { client.patch(&path, &version, json!({"title": format!("Cariste {n}")})).await });
        }
        let (won, lost): (Vec<_>, Vec<_>) = changes.join_all().await.into_iter().partition(|reply| reply.status == 200);
        assert_eq!(won.len(), 1);
        let title = won[0].body["opportunite"]["title"].clone();
        for reply in lost {
            let problem = reply.refused(412, "stale");
            assert_eq!((&problem["current"]["title"], &problem["changed"]), (&title, &json!(["/title"])));
        }
        let history = commercial.get(&format!("{path}/historique")).await.expect(200);
        let edits = history["data"].as_array().unwrap().iter().filter(|deed| deed["kind"] == "edited").count();
        assert_eq!((edits, commercial.get(&path).await.expect(200)["opportunite"]["version"].as_i64()), (1, Some(2)));
    })
    .await;
}

#[tokio::test]
async fn a_company_that_is_renamed_is_found_by_its_new_name() {
    on_both(|w| async move {
        let made = opportunite(&w, "Cariste").await;
        let admin = w.as_role(Role::Admin).await;
        let company = format!("/api/entreprises/{}", made["entreprise"]["id"].as_str().unwrap());
        let version = admin.get(&company).await.expect(200)["version"].clone();
        let old = made["entreprise"]["name"].as_str().unwrap();
        admin.patch(&company, &version, json!({"name": "Zéphyr Outillage"})).await.expect(200);
        let found =
            async |q: &str| admin.get(&format!("/api/opportunites?q={q}")).await.expect(200)["meta"]["total"].clone();
        assert_eq!((found("zephyr").await, found("cariste").await), (json!(1), json!(1)));
        assert_eq!(found(&old.to_lowercase().replace(' ', "%20")).await, 0, "{old}");
    })
    .await;
}

#[tokio::test]
async fn only_a_change_of_person_is_an_assignment() {
    on_both(|w| async move {
        let made = opportunite(&w, "Soudage").await;
        let path = format!("/api/opportunites/{}", made["id"].as_str().unwrap());
        let manager = w.as_role(Role::Manager).await;
        let same = json!({"title": "Soudage TIG", "commercialId": made["commercial"]["id"]});
        let renamed = manager.patch(&path, &made["version"], same.clone()).await.expect(200)["opportunite"].clone();
        // A request that changes nothing leaves no new version and no journal line.
        assert_eq!(
            manager.patch(&path, &renamed["version"], same).await.expect(200)["opportunite"]["version"],
            renamed["version"]
        );
        let other = w.another(Role::Commercial, "autre", &[HOME]).await;
        manager.patch(&path, &renamed["version"], json!({"commercialId": other})).await.expect(200);
        let history = manager.get(&format!("{path}/historique")).await.expect(200);
        let kinds: Vec<&str> =
            history["data"].as_array().unwrap().iter().filter_map(|line| line["kind"].as_str()).collect();
        assert_eq!(kinds, ["assigned", "edited", "created"]);
    })
    .await;
}

#[tokio::test]
async fn numbers_have_no_gap_and_no_twin_under_twenty_at_once() {
    on_both(|w| async move {
        let (commercial, body) = (w.as_role(Role::Commercial).await, wish(&w).await);
        let mut creations = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (client, body) = (commercial.clone(), body.clone());
            creations.spawn(async move {
                client.post("/api/opportunites", body).await.expect(201)["opportunite"]["numero"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            });
        }
        let numbers: BTreeSet<u32> =
            creations.join_all().await.iter().map(|n| n.rsplit('-').next().unwrap().parse().unwrap()).collect();
        assert_eq!(numbers, (1..=20).collect());
    })
    .await;
}

#[tokio::test]
async fn pages_stand_still_while_rows_come_in() {
    on_both(|w| async move {
        let (commercial, body) = (w.as_role(Role::Commercial).await, wish(&w).await);
        for n in 0..7 {
            commercial
                .post("/api/opportunites", with(body.clone(), "title", json!(format!("avant {n}"))))
                .await
                .expect(201);
        }
        let (mut found, mut cursor, mut late) = (Vec::new(), String::new(), 0);
        loop {
            let page = commercial.get(&format!("/api/opportunites?sort=-createdAt&limit=2{cursor}")).await.expect(200);
            found.extend(page["data"].as_array().unwrap().iter().map(|o| o["title"].as_str().unwrap().to_owned()));
            let Some(next) = page["meta"]["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
            // This opportunité is newer than all that were read, so it belongs before the first page and appears on no
            // later page.
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            commercial
                .post("/api/opportunites", with(body.clone(), "title", json!(format!("après {late}"))))
                .await
                .expect(201);
            late += 1;
        }
        assert_eq!(found, (0..7).rev().map(|n| format!("avant {n}")).collect::<Vec<_>>());
        // A cursor is valid only with its sort and filters.
        let next =
            commercial.get("/api/opportunites?limit=2").await.expect(200)["meta"]["next"].as_str().unwrap().to_owned();
        commercial.get(&format!("/api/opportunites?limit=2&sort=title&cursor={next}")).await.refused(400, "bad-cursor");
        commercial.get(&format!("/api/opportunites?limit=2&late=true&cursor={next}")).await.refused(400, "bad-cursor");
        for bad in
            ["limit=0", "limit=201", "limit=x", "sort=budget%20desc", "minAmount=x", "outcome=perdu", "inconnu=1"]
        {
            commercial.get(&format!("/api/opportunites?{bad}")).await.refused(400, "bad-parameter");
        }
        assert_eq!(commercial.get("/api/opportunites?limit=200").await.expect(200)["meta"]["limit"], 200);
    })
    .await;
}

#[tokio::test]
async fn problems_speak_the_readers_language_and_can_be_found_in_the_logs() {
    on_both(|w| async move {
        let client = w.as_role(Role::Commercial).await;
        for (wanted, title) in [
            ("fr-FR", "Introuvable"),
            ("en-GB,en;q=0.9,fr;q=0.5", "Not found"),
            ("en;q=0.2,fr;q=0.8", "Introuvable"),
            ("de", "Introuvable"),
        ] {
            let headers = [("accept-language", wanted.to_owned()), ("x-request-id", "appel.42".to_owned())];
            let reply = client.send("GET", "/api/opportunites/x", None, &headers).await;
            assert_eq!(
                (reply.headers["content-type"].to_str().unwrap(), reply.headers["x-request-id"].to_str().unwrap()),
                ("application/problem+json", "appel.42")
            );
            let problem = reply.refused(404, "not-found");
            assert_eq!(
                (problem["title"].as_str(), problem["correlationId"].as_str(), problem["type"].as_str()),
                (Some(title), Some("appel.42"), Some("/problems/not-found"))
            );
        }
        // The server does not repeat a malformed request id.
        let reply = client.send("GET", "/api/opportunites/x", None, &[("x-request-id", "a b\"".to_owned())]).await;
        let fresh = reply.headers["x-request-id"].to_str().unwrap().to_owned();
        assert!(uuid::Uuid::parse_str(&fresh).is_ok());
        assert_eq!(reply.body["correlationId"].as_str(), Some(fresh.as_str()));
    })
    .await;
}
