//! Rooms: each belongs to a site, and its name is unique there in any spelling. Bookings with typed names become rooms.

use crate::support;
use crate::support::{AWAY, HOME, World, on_both};
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};

fn path(room: &Value) -> String {
    format!("/api/salles/{}", room["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_room_is_made_found_changed_and_cleared() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let new = json!({"name": " Salle B12 ", "capacity": 12, "equipment": ["Vidéoprojecteur", "Postes à souder"]});
        let reply = planner.post("/api/salles", new).await;
        let location = reply.headers["location"].to_str().unwrap().to_owned();
        let made = reply.expect(201);
        assert_eq!(
            (&made["name"], &made["capacity"], &made["localisation"]["code"], &made["active"], &made["version"]),
            (&json!("Salle B12"), &json!(12), &json!(HOME), &json!(true), &json!(1))
        );
        assert_eq!(planner.get(&location).await.expect(200), made);
        for (query, found) in [
            ("q=salle%20b12", 1),
            ("q=videoprojecteur", 1),
            ("minCapacity=12", 1),
            ("minCapacity=13", 0),
            ("active=false", 0),
        ] {
            assert_eq!(
                planner.get(&format!("/api/salles?{query}")).await.expect(200)["meta"]["total"],
                found,
                "{query}"
            );
        }
        let change = json!({"name": "Atelier", "capacity": null, "equipment": null, "active": false});
        let changed = planner.patch(&path(&made), &json!(1), change).await.expect(200);
        assert_eq!(
            (&changed["name"], &changed["capacity"], &changed["equipment"], &changed["active"]),
            (&json!("Atelier"), &Value::Null, &json!([]), &json!(false))
        );
        let lost = planner
            .patch(&path(&made), &json!(1), json!({"name": "Autre", "active": false}))
            .await
            .refused(412, "stale");
        assert_eq!((&lost["changed"], &lost["current"]["version"]), (&json!(["name"]), &json!(2)));
    })
    .await;
}

#[tokio::test]
async fn one_name_is_one_room_of_a_site() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let at = |site: &str, name: &str| json!({"name": name, "localisationId": w.site(site)});
        admin.post("/api/salles", at(HOME, "Salle B12")).await.expect(201);
        for twin in ["salle b12", "Salle  B12", "SALLÉ B12", "Salle\u{a0}B12"] {
            let problem = admin.post("/api/salles", at(HOME, twin)).await.refused(409, "duplicate");
            assert_eq!(problem["fields"][0]["field"], "/name", "{twin}");
        }
        admin.post("/api/salles", at(AWAY, "Salle B12")).await.expect(201);
        let other = admin.post("/api/salles", at(HOME, "Salle B13")).await.expect(201);
        admin.patch(&path(&other), &json!(1), json!({"name": "salle b12"})).await.refused(409, "duplicate");
        admin.patch(&path(&other), &json!(1), json!({"name": "SALLE B13"})).await.expect(200);
        for (bad, field) in [
            (json!({"name": " - "}), "/name"),
            (json!({"name": "\u{0}"}), "/name"),
            (json!({"name": "-".repeat(121)}), "/name"),
            (json!({"name": ""}), "/name"),
            (json!({"name": "A", "capacity": 0}), "/capacity"),
            (json!({"name": "A", "equipment": [" "]}), "/equipment/0"),
        ] {
            let mut body = at(HOME, "x");
            body.as_object_mut().unwrap().extend(bad.as_object().unwrap().clone());
            assert_eq!(admin.post("/api/salles", body).await.refused(422, "validation")["fields"][0]["field"], field);
        }
    })
    .await;
}

#[tokio::test]
async fn roles_and_sites_keep_their_distance() {
    on_both(|w| async move {
        let room = w.as_role(Role::Planificateur).await.post("/api/salles", json!({"name": "B1"})).await.expect(201);
        for role in [Role::Commercial, Role::Assistante, Role::Facturation] {
            let reader = w.as_role(role).await;
            reader.get(&path(&room)).await.expect(200);
            reader.post("/api/salles", json!({"name": "B2"})).await.refused(403, "forbidden");
            reader.patch(&path(&room), &json!(1), json!({"name": "B2"})).await.refused(403, "forbidden");
        }
        let elsewhere = w.as_user(w.another(Role::Planificateur, "ailleurs", &[AWAY]).await).await;
        elsewhere.get(&path(&room)).await.refused(404, "not-found");
        elsewhere.patch(&path(&room), &json!(1), json!({"name": "B2"})).await.refused(404, "not-found");
        assert_eq!(elsewhere.get("/api/salles").await.expect(200)["meta"]["total"], 0);
        let body = json!({"name": "B2", "localisationId": w.site(HOME)});
        elsewhere.post("/api/salles", body).await.refused(403, "forbidden");
        w.nobody().get("/api/salles").await.refused(401, "unauthenticated");
    })
    .await;
}

async fn book(w: &World, text: &str, code: &str, day: &str) {
    let site = w.site(code);
    let mut tx = w.app.db.begin().await.unwrap();
    sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id) VALUES ('salle', ?, ?, 'am', ?)")
        .bind(format!("{}/{text}", site.simple()))
        .bind(day)
        .bind(site)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// A database from before rooms were records: bookings contain what somebody typed.
#[tokio::test]
async fn typed_rooms_become_records_at_start() {
    on_both(|w| async move {
        for (text, code, day) in [
            ("Salle B12", HOME, "2027-03-02"),
            ("salle  b12", HOME, "2027-03-03"),
            ("SALLE B12", HOME, "2027-03-02"),
            ("Atelier", HOME, "2027-03-02"),
            ("Salle B12", AWAY, "2027-03-02"),
        ] {
            book(&w, text, code, day).await;
        }
        for _ in 0..2 {
            afpi_crm::opportunites::adopt_rooms(&w.app.db).await.unwrap();
        }
        let admin = w.as_role(Role::Admin).await;
        let rooms = admin.get("/api/salles").await.expect(200);
        let listed: Vec<_> = rooms["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["localisation"]["code"].as_str().unwrap(), r["name"].as_str().unwrap().to_lowercase()))
            .collect();
        assert_eq!(listed.iter().filter(|(code, _)| *code == HOME).count(), 2, "{listed:?}");
        assert_eq!(listed.len(), 3, "{listed:?}");
        let booked = sql("SELECT resource_id, day FROM reservations WHERE kind = 'salle' ORDER BY day, resource_id")
            .all::<(String, String)>(&mut w.app.db.read().await.unwrap())
            .await
            .unwrap();
        // Two spellings of one room on the same half-day cannot both become its bookings. One of them keeps its text.
        assert_eq!(booked.iter().filter(|(resource, _)| resource.contains('/')).count(), 1, "{booked:?}");
        let of_b12: Vec<_> = rooms["data"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|r| r["localisation"]["code"] == HOME && r["name"] != "Atelier")
            .collect();
        let days: Vec<_> = booked
            .iter()
            .filter(|(resource, _)| resource == of_b12[0]["id"].as_str().unwrap())
            .map(|(_, day)| day.as_str())
            .collect();
        assert_eq!(days, ["2027-03-02", "2027-03-03"]);
    })
    .await;
}

/// People of the site see when a room is taken. They see the opportunité only if it is in their scope.
#[tokio::test]
async fn when_a_room_is_taken_is_told_to_those_of_its_site() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let room = planner.post("/api/salles", json!({"name": "Atelier 4"})).await.expect(201);
        let file = support::opportunite(&w, "Soudage").await;
        let mut tx = w.app.db.begin().await.unwrap();
        sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, opportunite_id) VALUES ('salle', ?, '2027-03-09', 'am', ?, ?)")
            .bind(room["id"].as_str().unwrap())
            .bind(w.site(HOME))
            .bind(uuid::Uuid::parse_str(file["id"].as_str().unwrap()).unwrap())
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let planning = format!("{}/planning?from=2027-03-01&to=2027-03-31", path(&room));
        let slots = planner.get(&planning).await.expect(200)["data"].clone();
        assert_eq!((&slots[0]["day"], &slots[0]["half"]), (&json!("2027-03-09"), &json!("am")));
        assert_eq!(slots[0]["opportunite"]["numero"], file["numero"]);
        let other = w.as_user(w.another(Role::Commercial, "voisin", &[HOME]).await).await;
        let slots = other.get(&planning).await.expect(200)["data"].clone();
        assert_eq!((&slots[0]["day"], &slots[0]["opportunite"]), (&json!("2027-03-09"), &Value::Null));
        let stranger = w.as_user(w.another(Role::Planificateur, "loin", &[AWAY]).await).await;
        stranger.get(&planning).await.refused(404, "not-found");
        w.nobody().get(&planning).await.refused(401, "unauthenticated");
        planner.get(&format!("{}/planning?from=2027-03-31&to=2027-03-01", path(&room))).await.refused(400, "bad-parameter");
    })
    .await;
}
