//! The calendar of a person for other programs, by a secret address.

use crate::support::{World, on_both, opportunite};
use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_db::sql;
use axum::body::to_bytes;
use serde_json::{Value, json};

/// The address without its host.
fn path(calendar: &Value) -> String {
    let url = calendar["url"].as_str().unwrap();
    url[url.find("/api/").unwrap()..].to_owned()
}

/// The calendar as a program reads it, its folded lines joined.
async fn read(w: &World, path: &str) -> String {
    let reply = w.nobody().raw("GET", path, None, &[]).await;
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.headers()["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(reply.headers()["cache-control"], "private, no-store");
    let body = to_bytes(reply.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap().replace("\r\n ", "")
}

#[tokio::test]
async fn tasks_meetings_and_sessions_stand_in_it() {
    on_both(|w| async move {
        let file = opportunite(&w, "Caces").await;
        let id = file["id"].as_str().unwrap();
        let (me, other) = (w.as_role(Role::Assistante).await, w.as_role(Role::Commercial).await);
        assert_eq!(me.get("/api/auth/calendar").await.expect(200), json!({"calendar": null}));
        let made = me.put("/api/auth/calendar", json!({"sessions": false})).await.expect(200);
        let address = path(&made);
        let empty = read(&w, &address).await;
        assert!(empty.starts_with("BEGIN:VCALENDAR\r\n") && !empty.contains("BEGIN:VEVENT"), "{empty}");

        let record = json!({"kind": "opportunites", "id": id});
        let title = "Rappeler; « jeudi », vite\\";
        me.post("/api/taches", json!({"title": title, "about": record, "dueOn": "2026-12-24"})).await.expect(201);
        me.post("/api/taches", json!({"title": "Sans date"})).await.expect(201);
        let soon = Day::today().plus(2).to_string();
        let meeting = |text: &str, mentions: Value| {
            json!({"kind": "rendez-vous", "text": text, "at": format!("{soon}T09:30:00.000Z"), "mentions": mentions})
        };
        let notes = format!("/api/notes/opportunites/{id}");
        other.post(&notes, meeting("Chez eux\navec Zoé", json!([w.person(Role::Assistante)]))).await.expect(201);
        other.post(&notes, meeting("Sans elle", json!([]))).await.expect(201);
        let calendar = read(&w, &address).await;
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2, "{calendar}");
        for line in [
            "SUMMARY:À faire : Rappeler\\; « jeudi »\\, vite\\\\\r\n".to_owned(),
            "DTSTART;VALUE=DATE:20261224\r\n".to_owned(),
            "DTEND;VALUE=DATE:20261225\r\n".to_owned(),
            format!("SUMMARY:Rendez-vous : {}\r\n", file["numero"].as_str().unwrap()),
            format!("DTSTART:{}T093000Z\r\n", soon.replace('-', "")),
            "DESCRIPTION:Chez eux\\navec Zoé\r\n".to_owned(),
        ] {
            assert!(calendar.contains(&line), "{line} in {calendar}");
        }
        assert!(calendar.contains(&format!("/opportunites/{id}\r\n")));

        // With sessions: those that the person sees, unless they are cancelled.
        let session = json!({"numero": "S-1", "title": "Soudage", "localisationId": file["localisation"]["id"]});
        let planner = w.as_role(Role::Planificateur).await;
        let session = planner.post("/api/sessions", session).await.expect(201);
        let half = json!({"halfDays": [{"day": soon, "half": "am"}]});
        let at = format!("/api/sessions/{}", session["id"].as_str().unwrap());
        let session = planner.put_at(&format!("{at}/half-days"), &session["version"], half).await.expect(200);
        assert!(!read(&w, &address).await.contains("Soudage"));
        let whole = path(&me.put("/api/auth/calendar", json!({"sessions": true})).await.expect(200));
        assert!(read(&w, &whole).await.contains("SUMMARY:S-1 Soudage\r\n"));
        planner.patch(&at, &session["version"], json!({"status": "annulee"})).await.expect(200);
        assert!(!read(&w, &whole).await.contains("Soudage"));
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_address_works_and_only_while_it_stands() {
    on_both(|w| async move {
        let me = w.as_role(Role::Commercial).await;
        let first = path(&me.put("/api/auth/calendar", json!({})).await.expect(200));
        read(&w, &first).await;
        let known = me.get("/api/auth/calendar").await.expect(200)["calendar"].clone();
        assert!(known["readAt"].is_string() && known["url"].is_null(), "{known}");
        let second = path(&me.put("/api/auth/calendar", json!({})).await.expect(200));
        assert_ne!(first, second);
        w.nobody().get(&first).await.refused(404, "not-found");
        read(&w, &second).await;
        for wrong in [second.trim_end_matches(".ics").to_owned(), format!("{}x.ics", second.trim_end_matches(".ics"))] {
            w.nobody().get(&wrong).await.refused(404, "not-found");
        }
        // The secret is not stored.
        let mut conn = w.app.db.read().await.unwrap();
        let hash: Vec<u8> = sql("SELECT hash FROM calendriers").scalar(&mut conn).await.unwrap();
        drop(conn);
        assert_eq!(hash.len(), 32);
        me.send("DELETE", "/api/auth/calendar", None, &[]).await.expect(204);
        me.send("DELETE", "/api/auth/calendar", None, &[]).await.refused(404, "not-found");
        w.nobody().get(&second).await.refused(404, "not-found");
        // Who has left has no calendar.
        let leaver = w.another(Role::Planificateur, "part", &[crate::support::AWAY]).await;
        let third = path(&w.as_user(leaver).await.put("/api/auth/calendar", json!({})).await.expect(200));
        read(&w, &third).await;
        let admin = w.as_role(Role::Admin).await;
        let user = format!("/api/users/{leaver}");
        let version = admin.get(&user).await.expect(200)["version"].clone();
        admin.patch(&user, &version, json!({"active": false})).await.expect(200);
        w.nobody().get(&third).await.refused(404, "not-found");
    })
    .await;
}
