//! One's own open sessions: what is listed, and what their end means.

use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, PASSWORD, Reply, World, on_both};

/// Signs the commercial in from this browser. Returns the client and the cookie.
async fn from(w: &World, agent: &str) -> (Client, String) {
    let account = json!({"email": "commercial@afpi.test", "password": PASSWORD});
    let reply = w.nobody().send("POST", "/api/auth/login", Some(account), &[("user-agent", agent.to_owned())]).await;
    let cookie = reply.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let session = reply.expect(200);
    (w.nobody().with_token(session["token"].as_str().unwrap()), cookie)
}

async fn listed(client: &Client) -> Vec<Value> {
    client.get("/api/auth/devices").await.expect(200)["data"].as_array().unwrap().clone()
}

async fn refresh(w: &World, cookie: &str) -> Reply {
    w.nobody().send("POST", "/api/auth/refresh", None, &[("cookie", cookie.to_owned())]).await
}

#[tokio::test]
async fn each_open_session_is_listed_once_with_its_browser() {
    on_both(|w| async move {
        let (laptop, cookie) = from(&w, "Mozilla/5.0 Firefox/145.0").await;
        let (phone, _) = from(&w, &"x".repeat(900)).await;
        w.as_role(Role::Manager).await;
        // A renewed session is the same one, and keeps where it began.
        refresh(&w, &cookie).await.expect(200);
        let devices = listed(&laptop).await;
        assert_eq!(devices.len(), 2, "{devices:#?}");
        let mine = devices.iter().find(|device| device["current"] == true).unwrap();
        assert_eq!(
            (&mine["agent"], &mine["address"]),
            (&json!("Mozilla/5.0 Firefox/145.0"), &json!(w.address.to_string()))
        );
        let other = devices.iter().find(|device| device["current"] == false).unwrap();
        assert_eq!(other["agent"].as_str().unwrap().len(), 300);
        let seen = listed(&phone).await;
        let current: Vec<_> = seen.iter().filter(|device| device["current"] == true).collect();
        assert!(current.len() == 1 && current[0]["id"] == other["id"]);

        // A session that nobody has renewed in time is not open.
        let mut tx = w.app.db.begin().await.unwrap();
        let late = sql("UPDATE refresh_tokens SET expires_at = 1 WHERE family = ?");
        late.bind(Uuid::parse_str(other["id"].as_str().unwrap()).unwrap()).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(listed(&laptop).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_is_over_at_once_and_only_ones_own_can_be_ended() {
    on_both(|w| async move {
        let (laptop, _) = from(&w, "laptop").await;
        let (phone, cookie) = from(&w, "phone").await;
        let id = |devices: Vec<Value>, agent: &str| {
            let device = devices.into_iter().find(|device| device["agent"] == agent).unwrap();
            device["id"].as_str().unwrap().to_owned()
        };
        let path = format!("/api/auth/devices/{}", id(listed(&laptop).await, "phone"));
        w.as_role(Role::Admin).await.delete(&path).await.refused(404, "not-found");
        w.nobody().delete(&path).await.refused(401, "unauthenticated");
        phone.get("/api/auth/me").await.expect(200);
        laptop.delete(&path).await.expect(204);
        phone.get("/api/auth/me").await.refused(401, "unauthenticated");
        refresh(&w, &cookie).await.refused(401, "unauthenticated");
        laptop.delete(&path).await.refused(404, "not-found");
        let admin = w.as_role(Role::Admin).await;
        let lines = admin.get("/api/journal?subjectKind=user&act=sessions_ended").await.expect(200);
        let line = &lines["data"][0];
        assert_eq!(line["actor"]["name"], "Test commercial");
    })
    .await;
}

#[tokio::test]
async fn all_others_end_at_once_and_this_one_goes_on() {
    on_both(|w| async move {
        let (laptop, _) = from(&w, "laptop").await;
        let others = [from(&w, "phone").await, from(&w, "tablet").await];
        let manager = w.as_role(Role::Manager).await;
        laptop.delete("/api/auth/devices").await.expect(204);
        assert_eq!(listed(&laptop).await.len(), 1);
        for (other, cookie) in others {
            other.get("/api/auth/devices").await.refused(401, "unauthenticated");
            refresh(&w, &cookie).await.refused(401, "unauthenticated");
        }
        manager.get("/api/auth/me").await.expect(200);
    })
    .await;
}
