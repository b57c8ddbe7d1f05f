//! Trainers: records, periods of unavailability that block bookings, and bookings that block periods of unavailability.

use crate::support;
use crate::support::{AWAY, Client, HOME, World, on_both};
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};

async fn trainer(client: &Client, name: &str) -> Value {
    let body = json!({
        "name": name, "kind": "vacataire", "email": "formateur@exemple.fr", "skills": ["Soudage TIG", "Électricité"], "hourlyRate": 6500,
        "certifications": [{"name": "CACES", "expiresOn": "2027-03-31"}, {"name": "SST"}]
    });
    client.post("/api/formateurs", body).await.expect(201)
}

fn path(trainer: &Value) -> String {
    format!("/api/formateurs/{}", trainer["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_trainer_is_made_found_changed_and_cleared() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let made = trainer(&planner, "Bruno Lefèvre").await;
        assert_eq!(
            (&made["localisation"]["code"], &made["hourlyRate"], &made["version"]),
            (&json!(HOME), &json!(6500), &json!(1))
        );
        assert_eq!(planner.get(&path(&made)).await.expect(200), made);
        for query in ["q=lefevre", "q=electricite%20bruno", "skill=Soudage%20TIG", "kind=vacataire", "active=true"] {
            assert_eq!(
                planner.get(&format!("/api/formateurs?{query}")).await.expect(200)["meta"]["total"],
                1,
                "{query}"
            );
        }
        for query in ["q=dupont", "skill=Soudage", "kind=permanent", "active=false"] {
            assert_eq!(
                planner.get(&format!("/api/formateurs?{query}")).await.expect(200)["meta"]["total"],
                0,
                "{query}"
            );
        }
        let changed = planner
            .patch(
                &path(&made),
                &json!(1),
                json!({"email": null, "hourlyRate": null, "kind": "permanent", "active": false}),
            )
            .await
            .expect(200);
        assert_eq!(
            (&changed["email"], &changed["hourlyRate"], &changed["kind"], &changed["active"]),
            (&Value::Null, &Value::Null, &json!("permanent"), &json!(false))
        );
        assert_eq!(changed["skills"], made["skills"]);
        let lost = planner
            .patch(&path(&made), &json!(1), json!({"name": "Autre", "kind": "permanent"}))
            .await
            .refused(412, "stale");
        assert_eq!((&lost["changed"], &lost["current"]["version"]), (&json!(["name"]), &json!(2)));
    })
    .await;
}

#[tokio::test]
async fn roles_and_sites_keep_their_distance() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let made = trainer(&planner, "Bruno").await;
        let reader = w.as_role(Role::Assistante).await;
        reader.get(&path(&made)).await.expect(200);
        reader.post("/api/formateurs", json!({"name": "x", "kind": "permanent"})).await.refused(403, "forbidden");
        reader.patch(&path(&made), &json!(1), json!({"name": "x"})).await.refused(403, "forbidden");
        for role in [Role::Commercial, Role::Facturation] {
            let client = w.as_role(role).await;
            client.get("/api/formateurs").await.refused(403, "forbidden");
            client.get(&format!("{}/planning", path(&made))).await.refused(403, "forbidden");
        }
        let elsewhere = w.as_user(w.another(Role::Planificateur, "loin", &[AWAY]).await).await;
        elsewhere.get(&path(&made)).await.refused(404, "not-found");
        elsewhere.get(&format!("{}/planning", path(&made))).await.refused(404, "not-found");
        elsewhere.patch(&path(&made), &json!(1), json!({"name": "x"})).await.refused(404, "not-found");
        assert_eq!(elsewhere.get("/api/formateurs").await.expect(200)["meta"]["total"], 0);
        elsewhere
            .post("/api/formateurs", json!({"name": "x", "kind": "permanent", "localisationId": w.site(HOME)}))
            .await
            .refused(403, "forbidden");
        planner.patch(&path(&made), &json!(1), json!({"localisationId": w.site(AWAY)})).await.refused(403, "forbidden");
        w.nobody().get("/api/formateurs").await.refused(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn bad_input_names_its_fields() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let body = json!({"name": " ", "kind": "permanent", "email": "x", "hourlyRate": -1, "skills": [""],
            "unavailability": [{"from": "2027-02-02", "to": "2027-02-01"}]});
        let problem = planner.post("/api/formateurs", body).await.refused(422, "validation");
        let fields: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
        for wanted in ["/name", "/email", "/hourlyRate", "/skills/0"] {
            assert!(fields.contains(&wanted), "{fields:?}");
        }
        assert!(fields.iter().any(|f| f.starts_with("/unavailability/0")), "{fields:?}");
        let body = json!({"name": "x", "kind": "permanent", "unavailability": [{"from": "2027-02-31", "to": "2027-03-01"}]});
        assert_eq!(planner.post("/api/formateurs", body).await.refused(422, "wrong-type")["fields"][0]["field"], "/unavailability/0/from");
        for slip in ["0026-11-28", "1926-11-28", "9999-12-31"] {
            for (body, at) in [
                (json!({"certifications": [{"name": "SST", "expiresOn": slip}]}), "/certifications/0/expiresOn"),
                (json!({"unavailability": [{"from": slip, "to": slip}]}), "/unavailability/0/from"),
            ] {
                let mut body = body;
                (body["name"], body["kind"]) = (json!("x"), json!("permanent"));
                let problem = planner.post("/api/formateurs", body).await.refused(422, "validation");
                let fields = problem["fields"].as_array().unwrap();
                let told = fields.iter().find(|f| f["field"] == at).unwrap_or_else(|| panic!("{at}: {problem:#}"));
                assert!(told["message"].as_str().unwrap().contains("Date attendue entre le "), "{told}");
            }
        }
        let admin = w.as_role(Role::Admin).await;
        assert_eq!(admin.post("/api/formateurs", json!({"name": "x", "kind": "permanent"})).await.refused(422, "validation")["fields"][0]["field"], "/localisationId");
    })
    .await;
}

async fn book(w: &World, trainer: &Value, opportunite: &str, day: &str) {
    let mut tx = w.app.db.begin().await.unwrap();
    sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, opportunite_id) VALUES ('formateur', ?, ?, 'am', ?, ?)")
        .bind(trainer["id"].as_str().unwrap())
        .bind(day)
        .bind(w.site(HOME))
        .bind(uuid::Uuid::parse_str(opportunite).unwrap())
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn unavailable_days_are_taken_and_booked_ones_cannot_become_so() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let made = trainer(&planner, "Bruno").await;
        let off = json!({"unavailability": [{"from": "2027-01-04", "to": "2027-01-05", "reason": "Congés"}]});
        let made = planner.patch(&path(&made), &json!(1), off).await.expect(200);
        let planning = |from: &str, to: &str| format!("{}/planning?from={from}&to={to}", path(&made));
        let slots = planner.get(&planning("2027-01-01", "2027-01-31")).await.expect(200)["data"].clone();
        let list: Vec<_> = slots.as_array().unwrap().iter().map(|s| (s["day"].as_str().unwrap(), s["half"].as_str().unwrap(), s["reason"].as_str().unwrap())).collect();
        assert_eq!(list, [("2027-01-04", "am", "Congés"), ("2027-01-04", "pm", "Congés"), ("2027-01-05", "am", "Congés"), ("2027-01-05", "pm", "Congés")]);

        let opportunite = support::opportunite(&w, "Soudage").await;
        book(&w, &made, opportunite["id"].as_str().unwrap(), "2027-01-07").await;
        let slots = planner.get(&planning("2027-01-06", "2027-01-08")).await.expect(200)["data"].clone();
        assert_eq!((&slots[0]["opportunite"]["numero"], slots.as_array().unwrap().len()), (&opportunite["numero"], 1));

        let wanted = json!({"unavailability": [{"from": "2027-01-12", "to": "2027-01-12"}, {"from": "2027-01-06", "to": "2027-01-09"}]});
        let problem = planner.patch(&path(&made), &made["version"], wanted).await.refused(409, "double-booking");
        assert_eq!(problem["fields"][0]["field"], "/unavailability/1");
        assert!(problem["fields"][0]["message"].as_str().unwrap().contains(opportunite["numero"].as_str().unwrap()), "{problem:#}");
        // The refused request changes nothing: version and days are as before.
        let now = planner.get(&path(&made)).await.expect(200);
        assert_eq!((&now["version"], &now["unavailability"]), (&made["version"], &made["unavailability"]));
        assert_eq!(planner.get(&planning("2027-01-01", "2027-01-31")).await.expect(200)["data"].as_array().unwrap().len(), 5);

        // The trainer is available again: the days are free, and the booking stays.
        planner.patch(&path(&made), &made["version"], json!({"unavailability": []})).await.expect(200);
        assert_eq!(planner.get(&planning("2027-01-01", "2027-01-31")).await.expect(200)["data"].as_array().unwrap().len(), 1);
        planner.get(&planning("2027-01-31", "2027-01-01")).await.refused(400, "bad-parameter");
        planner.get(&planning("2027-01-01", "2029-01-01")).await.refused(400, "bad-parameter");
    })
    .await;
}

/// A planner sees the half-days of every trainer whom he may book, including shared trainers of other sites. He does
/// not see the reasons for absences at other sites.
#[tokio::test]
async fn when_a_trainer_of_the_network_is_taken_is_told_to_every_site() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let made = trainer(&planner, "Bruno").await;
        let off = json!({"unavailability": [{"from": "2027-01-04", "to": "2027-01-04", "reason": "Arrêt maladie"}]});
        planner.patch(&path(&made), &json!(1), off).await.expect(200);
        let planning = format!("{}/planning?from=2027-01-01&to=2027-01-31", path(&made));
        let stranger = w.as_user(w.another(Role::Planificateur, "loin", &[AWAY]).await).await;
        stranger.get(&planning).await.refused(404, "not-found");
        planner.patch(&path(&made), &json!(2), json!({"shared": true})).await.expect(200);
        let slots = stranger.get(&planning).await.expect(200)["data"].clone();
        assert_eq!(slots.as_array().unwrap().len(), 2);
        assert_eq!((&slots[0]["day"], &slots[0]["reason"]), (&json!("2027-01-04"), &Value::Null));
        assert_eq!(planner.get(&planning).await.expect(200)["data"][0]["reason"], "Arrêt maladie");
    })
    .await;
}

#[tokio::test]
async fn what_a_trainer_holds_is_told_with_its_last_day() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let made = trainer(&planner, "Anne Petit").await;
        let record = format!("/api/attachments/formateurs/{}", made["id"].as_str().unwrap());
        let headers = [("content-type", "application/octet-stream".to_owned())];
        let attach = async |name: &str, day: Value| {
            let upload =
                planner.file(&format!("/api/uploads?name={name}"), b"%PDF-1.7\nx".to_vec(), &headers).await.expect(200);
            planner.post(&record, json!({"uploadId": upload["id"], "expiresOn": day})).await.expect(201)
        };
        let habilitation = attach("Habilitation.H0.pdf", json!("2026-01-31")).await;
        attach("CV.pdf", Value::Null).await;
        let expected = json!([
            {"name": "Habilitation.H0", "expiresOn": "2026-01-31"}, {"name": "CACES", "expiresOn": "2027-03-31"},
        ]);
        assert_eq!(planner.get(&path(&made)).await.expect(200)["expiries"], expected);
        assert_eq!(planner.get("/api/formateurs?q=petit").await.expect(200)["data"][0]["expiries"], expected);
        assert_eq!(planner.get("/api/formateurs/bookable").await.expect(200)["data"][0]["expiries"], expected);

        // A shared trainer of another site says only until when.
        let away = w.as_user(w.another(Role::Planificateur, "Ailleurs", &[AWAY]).await).await;
        planner.patch(&path(&made), &json!(1), json!({"shared": true})).await.expect(200);
        let seen = away.get("/api/formateurs/bookable").await.expect(200)["data"][0].clone();
        assert_eq!(seen["expiries"], json!([{"expiresOn": "2026-01-31"}, {"expiresOn": "2027-03-31"}]));
        // The journal of the trainer tells what was changed, and not what follows from it.
        let body = json!({"certifications": [{"name": "SST", "expiresOn": "2028-01-01"}]});
        planner.patch(&path(&made), &json!(2), body).await.expect(200);
        let lines = w
            .as_role(Role::Admin)
            .await
            .get(&format!("/api/journal?subjectKind=formateur&subjectId={}", made["id"].as_str().unwrap()))
            .await
            .expect(200);
        assert!(!lines.to_string().contains("expiries"), "{lines:#}");

        let at = format!("{record}/{}", habilitation["id"].as_str().unwrap());
        let renewed = json!({"expiresOn": "2029-01-31"});
        planner.patch(&at, &habilitation["version"], renewed).await.expect(200);
        let now = planner.get(&path(&made)).await.expect(200)["expiries"].clone();
        assert_eq!(now[1], json!({"name": "Habilitation.H0", "expiresOn": "2029-01-31"}));
    })
    .await;
}
