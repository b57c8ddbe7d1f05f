//! The planning board: trainers and rooms with what takes their half-days.

use crate::support::{AWAY, Client, HOME, World, on_both};
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};

const TUESDAY: &str = "2027-03-09";
const WEDNESDAY: &str = "2027-03-10";
const WEEK: &str = "/api/planning?from=2027-03-08&to=2027-03-14";

async fn made(client: &Client, path: &str, body: Value) -> Value {
    client.post(path, body).await.expect(201)
}

/// A session of this site with these half-days.
async fn session(w: &World, site: &str, numero: &str, rows: Value) -> Value {
    let admin = w.as_role(Role::Admin).await;
    let body = json!({"numero": numero, "title": numero, "localisationId": w.site(site)});
    let made = made(&admin, "/api/sessions", body).await;
    let at = format!("/api/sessions/{}/half-days", made["id"].as_str().unwrap());
    admin.put_at(&at, &made["version"], json!({"halfDays": rows})).await.expect(200)
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_board_tells_who_teaches_what_where_and_who_is_away() {
    on_both(|w| async move {
        let planner = w.as_role(Role::Planificateur).await;
        let away = json!([{"from": WEDNESDAY, "to": WEDNESDAY, "reason": "Congés"}]);
        let anne = json!({"name": "Anne", "kind": "permanent", "skills": ["TIG"], "unavailability": away});
        let anne = made(&planner, "/api/formateurs", anne).await;
        let room = made(&planner, "/api/salles", json!({"name": "B12", "capacity": 8})).await;
        let row = json!({"day": TUESDAY, "half": "am", "formateurId": anne["id"], "salleId": room["id"]});
        let open = json!({"day": TUESDAY, "half": "pm"});
        let held = session(&w, HOME, "S-1", json!([row, open])).await;
        session(&w, HOME, "S-LATER", json!([{"day": "2027-03-15", "half": "am"}])).await;

        let board = planner.get(WEEK).await.expect(200);
        assert_eq!(
            (ids(&board["formateurs"]), ids(&board["salles"])),
            (vec![anne["id"].as_str().unwrap()], vec![room["id"].as_str().unwrap()])
        );
        assert_eq!(board["salles"][0]["capacity"], 8);
        assert_eq!(ids(&board["sessions"]), [held["id"].as_str().unwrap()]);
        assert_eq!(
            (&board["sessions"][0]["standalone"], &board["sessions"][0]["version"]),
            (&json!(true), &held["version"])
        );
        let half_days = board["halfDays"].as_array().unwrap();
        assert_eq!(half_days.len(), 2);
        assert_eq!(
            half_days[0],
            json!({"sessionId": held["id"], "day": TUESDAY, "half": "am", "formateur": anne["id"], "salle": room["id"],
                "start": "08:30", "end": "12:00", "remote": false, "booked": true})
        );
        assert_eq!((&half_days[1]["formateur"], &half_days[1]["booked"]), (&Value::Null, &json!(false)));
        let taken = board["taken"].as_array().unwrap();
        assert_eq!(taken.len(), 2, "{taken:?}");
        assert_eq!(
            taken[0],
            json!({"of": "formateur", "id": anne["id"], "day": WEDNESDAY, "half": "am", "absence": true,
                "reason": "Congés", "opportunite": null, "session": null})
        );

        // Who may not see trainers sees rooms and sessions.
        let seller = w.as_role(Role::Commercial).await;
        let board = seller.get(WEEK).await.expect(200);
        assert_eq!((ids(&board["formateurs"]).len(), ids(&board["salles"]).len()), (0, 1));
        assert_eq!((&board["halfDays"][0]["formateur"], &board["halfDays"][0]["salle"]), (&Value::Null, &room["id"]));
        assert_eq!(board["taken"], json!([]));

        // A cancelled session has given its half-days back.
        let at = format!("/api/sessions/{}", held["id"].as_str().unwrap());
        planner.patch(&at, &held["version"], json!({"status": "annulee"})).await.expect(200);
        let board = planner.get(WEEK).await.expect(200);
        assert_eq!((ids(&board["sessions"]).len(), board["halfDays"].as_array().unwrap().len()), (0, 0));

        w.nobody().get(WEEK).await.refused(401, "unauthenticated");
        planner.get("/api/planning?from=2027-03-09&to=2027-03-08").await.refused(400, "bad-parameter");
        planner.get("/api/planning?from=2027-03-09&to=2027-07-08").await.refused(400, "bad-parameter");
    })
    .await;
}

/// A trainer of the network is taken by another site: this is told, and not by what.
#[tokio::test]
async fn what_another_site_teaches_is_only_taken() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let body = json!({"name": "Réseau", "kind": "permanent", "shared": true, "localisationId": w.site(AWAY)});
        let shared = made(&admin, "/api/formateurs", body).await;
        let body = json!({"name": "Loin", "kind": "permanent", "localisationId": w.site(AWAY)});
        made(&admin, "/api/formateurs", body).await;
        let row = |half: &str| json!([{"day": TUESDAY, "half": half, "formateurId": shared["id"]}]);
        session(&w, AWAY, "S-LOIN", row("am")).await;
        let ours = session(&w, HOME, "S-ICI", row("pm")).await;

        let planner = w.as_user(w.another(Role::Planificateur, "ici", &[HOME]).await).await;
        let board = planner.get(WEEK).await.expect(200);
        assert_eq!(ids(&board["formateurs"]), [shared["id"].as_str().unwrap()]);
        assert_eq!(ids(&board["sessions"]), [ours["id"].as_str().unwrap()]);
        assert_eq!(
            board["taken"],
            json!([{"of": "formateur", "id": shared["id"], "day": TUESDAY, "half": "am", "absence": false,
                "reason": null, "opportunite": null, "session": null}])
        );
        assert!(!board.to_string().contains("S-LOIN"));

        // With a site, sessions elsewhere are told as far as they take its trainers.
        let at_home = admin.get(&format!("{WEEK}&localisationId={}", w.site(HOME))).await.expect(200);
        assert_eq!(ids(&at_home["formateurs"]), [shared["id"].as_str().unwrap()]);
        assert_eq!((ids(&at_home["sessions"]).len(), at_home["halfDays"].as_array().unwrap().len()), (2, 2));
    })
    .await;
}

/// What an opportunité plans without booking it is told, and that it is not booked. What it has booked without a
/// session is taken by it.
#[tokio::test]
async fn plans_and_bookings_of_opportunites_are_told_apart() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let planner = w.as_role(Role::Planificateur).await;
        let file = crate::support::opportunite(&w, "Soudage").await;
        let anne = made(&planner, "/api/formateurs", json!({"name": "Anne", "kind": "permanent"})).await;
        let room = made(&planner, "/api/salles", json!({"name": "B12"})).await;
        let held = session(&w, HOME, "S-1", json!([])).await;
        let id = |record: &Value| uuid::Uuid::parse_str(record["id"].as_str().unwrap()).unwrap();
        let mut tx = w.app.db.begin().await.unwrap();
        // An older planning names the room by its name.
        sql("INSERT INTO session_plans (session_id, opportunite_id, position, day, half, formateur, salle) VALUES (?, ?, 1, ?, 'am', ?, 'salle b12')")
            .bind(id(&held)).bind(id(&file)).bind(TUESDAY).bind(anne["id"].as_str().unwrap()).execute(&mut tx).await.unwrap();
        sql("UPDATE session_plans SET salle = 'b12' WHERE session_id = ?").bind(id(&held)).execute(&mut tx).await.unwrap();
        sql("UPDATE sessions SET first_day = ?, last_day = ? WHERE id = ?").bind(TUESDAY).bind(TUESDAY).bind(id(&held)).execute(&mut tx).await.unwrap();
        sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, opportunite_id) VALUES ('formateur', ?, ?, 'am', ?, ?)")
            .bind(anne["id"].as_str().unwrap()).bind(TUESDAY).bind(w.site(HOME)).bind(id(&file)).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();

        let board = admin.get(WEEK).await.expect(200);
        assert_eq!((&board["halfDays"][0]["salle"], &board["halfDays"][0]["booked"]), (&room["id"], &json!(false)));
        assert_eq!((&board["taken"][0]["of"], &board["taken"][0]["opportunite"]["numero"]), (&json!("formateur"), &file["numero"]));

        // As an opportunité of the session, with the room booked too, it has booked the half-day.
        let mut tx = w.app.db.begin().await.unwrap();
        sql("INSERT INTO session_opportunites (session_id, opportunite_id, section) VALUES (?, ?, 'planification')")
            .bind(id(&held)).bind(id(&file)).execute(&mut tx).await.unwrap();
        sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, opportunite_id) VALUES ('salle', ?, ?, 'am', ?, ?)")
            .bind(room["id"].as_str().unwrap()).bind(TUESDAY).bind(w.site(HOME)).bind(id(&file)).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let board = admin.get(WEEK).await.expect(200);
        assert_eq!((&board["halfDays"][0]["booked"], &board["taken"]), (&json!(true), &json!([])));
    })
    .await;
}
