//! Webhooks: what a receiver on this machine gets, how it can trust it, and what happens when it does not answer.

use std::sync::{Arc, Mutex};

use afpi_core::rights::Role;
use afpi_db::sql;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::support::{AWAY, Client, HOME, World, on_both};

/// A delivery as it arrived.
#[derive(Clone)]
struct Arrived {
    headers: HeaderMap,
    body: String,
}

#[derive(Default)]
struct Seen {
    arrived: Vec<Arrived>,
    /// What it answers next, the last one for ever. 200 without one.
    answers: Vec<u16>,
}

/// A receiver; it stops with its value.
struct Receiver {
    url: String,
    seen: Arc<Mutex<Seen>>,
    _stop: DropGuard,
}

impl Receiver {
    async fn start() -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (seen, stop) = (Arc::<Mutex<Seen>>::default(), CancellationToken::new());
        let router = Router::new().fallback(take).with_state(seen.clone());
        let stopped = stop.clone();
        tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(stopped.cancelled_owned()).await.unwrap();
        });
        Receiver { url, seen, _stop: stop.drop_guard() }
    }

    fn answers(&self, statuses: &[u16]) {
        self.seen.lock().unwrap().answers = statuses.to_vec();
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.seen.lock().unwrap().arrived.clone()
    }

    /// The types of what arrived, in order.
    fn types(&self) -> Vec<String> {
        self.arrived().iter().map(|one| one.json()["type"].as_str().unwrap().to_owned()).collect()
    }
}

async fn take(State(seen): State<Arc<Mutex<Seen>>>, headers: HeaderMap, body: String) -> Response {
    let mut seen = seen.lock().unwrap();
    seen.arrived.push(Arrived { headers, body });
    let status = if seen.answers.len() > 1 { seen.answers.remove(0) } else { *seen.answers.first().unwrap_or(&200) };
    match status {
        302 => Redirect::temporary("/elsewhere").into_response(),
        status => (StatusCode::from_u16(status).unwrap(), "x".repeat(5000)).into_response(),
    }
}

impl Arrived {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// What the specification asks of a receiver.
    fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let signed = format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body);
        mac.update(signed.as_bytes());
        self.header("webhook-signature") == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// Makes a webhook for these events at these sites. Returns the record and the secret.
async fn webhook(admin: &Client, url: &str, events: &[&str], sites: &[Uuid]) -> (Value, String) {
    let body = json!({"name": "Comptabilité", "url": url, "events": events, "localisationIds": sites});
    let made = admin.post("/api/webhooks", body).await.expect(201);
    (made["webhook"].clone(), made["secret"].as_str().unwrap().to_owned())
}

fn path(webhook: &Value) -> String {
    format!("/api/webhooks/{}", webhook["id"].as_str().unwrap())
}

async fn company(admin: &Client, name: &str, site: Uuid) -> Value {
    admin.post("/api/entreprises", json!({"name": name, "localisationId": site})).await.expect(201)
}

async fn deliveries(admin: &Client, webhook: &Value) -> Vec<Value> {
    let listed = admin.get(&format!("{}/deliveries", path(webhook))).await.expect(200);
    listed["data"].as_array().unwrap().clone()
}

/// Lets the pauses of all jobs be over.
async fn later(w: &World) {
    let mut tx = w.app.db.begin().await.unwrap();
    sql("UPDATE jobs SET due_at = 0 WHERE queue = 'webhooks' AND state = 'delayed'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    w.work().await;
}

#[tokio::test]
async fn a_receiver_gets_what_it_asked_for_of_its_sites_with_a_good_signature() {
    on_both(|w| async move {
        let (admin, receiver) = (w.as_role(Role::Admin).await, Receiver::start().await);
        let (record, secret) = webhook(&admin, &receiver.url, &["entreprise.created"], &[w.site(HOME)]).await;
        let here = company(&admin, "Secret d'entreprise", w.site(HOME)).await;
        company(&admin, "Ailleurs", w.site(AWAY)).await;
        let id = here["id"].as_str().unwrap();
        admin.patch(&format!("/api/entreprises/{id}"), &here["version"], json!({"name": "Autre"})).await.expect(200);
        w.work().await;

        let arrived = receiver.arrived();
        assert_eq!(arrived.len(), 1);
        let told = arrived[0].json();
        assert_eq!((&told["type"], &told["data"]["record"]["id"]), (&json!("entreprise.created"), &here["id"]));
        assert_eq!(told["data"]["localisationId"], json!(w.site(HOME)));
        assert!(told["data"]["record"]["api"].as_str().unwrap().ends_with(&format!("/api/entreprises/{id}")));
        assert!(!arrived[0].body.contains("Secret"), "{}", arrived[0].body);
        assert!(arrived[0].is_signed_with(&secret) && !arrived[0].is_signed_with("whsec_AAAA"));
        assert!(arrived[0].header("webhook-id").starts_with("msg_"));
        let log = deliveries(&admin, &record).await;
        assert_eq!((log.len(), &log[0]["state"], &log[0]["status"]), (1, &json!("delivered"), &json!(200)));
        assert_eq!((&log[0]["attempts"], log[0]["answer"].as_str().unwrap().len()), (&json!(1), 1000));

        // Nothing readable is stored, and the journal tells of the webhook without its secret.
        let mut conn = w.app.db.read().await.unwrap();
        let sealed: Vec<u8> = sql("SELECT sealed FROM webhooks").scalar(&mut conn).await.unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"whsec_"));
        let lines = admin.get("/api/journal?subjectKind=webhook").await.expect(200);
        assert!(!lines.to_string().contains(&secret), "{lines:#}");
        assert_eq!(lines["data"][0]["subject"]["name"]["fr"], "Comptabilité");
    })
    .await;
}

#[tokio::test]
async fn a_failed_delivery_is_sent_again_and_holds_up_no_other() {
    on_both(|w| async move {
        let (admin, receiver) = (w.as_role(Role::Admin).await, Receiver::start().await);
        let (record, secret) = webhook(&admin, &receiver.url, &["entreprise.created", "entreprise.updated"], &[]).await;
        receiver.answers(&[503, 200]);
        let one = company(&admin, "Un", w.site(HOME)).await;
        w.work().await;
        let log = deliveries(&admin, &record).await;
        assert_eq!((&log[0]["state"], &log[0]["status"]), (&json!("waiting"), &json!(503)));
        assert!(log[0]["nextAt"].is_string());
        assert!(admin.get(&path(&record)).await.expect(200)["failingSince"].is_string());
        // It waits already.
        let resend =
            |delivery: &Value| format!("{}/deliveries/{}/resend", path(&record), delivery["id"].as_str().unwrap());
        admin.post(&resend(&log[0]), json!({})).await.refused(409, "conflict");

        // What happens meanwhile arrives; then the first one, under the id that it had.
        let change = json!({"name": "Deux"});
        admin
            .patch(&format!("/api/entreprises/{}", one["id"].as_str().unwrap()), &one["version"], change)
            .await
            .expect(200);
        w.work().await;
        later(&w).await;
        assert_eq!(receiver.types(), ["entreprise.created", "entreprise.updated", "entreprise.created"]);
        let arrived = receiver.arrived();
        assert_eq!(arrived[0].header("webhook-id"), arrived[2].header("webhook-id"));
        assert!(arrived.iter().all(|one| one.is_signed_with(&secret)));
        assert_eq!(admin.get(&path(&record)).await.expect(200)["failingSince"], Value::Null);

        // Sent again by hand: the same id and body.
        let log = deliveries(&admin, &record).await;
        admin.post(&resend(&log[0]), json!({})).await.expect(202);
        w.work().await;
        let again = receiver.arrived();
        assert_eq!((again.len(), &again[3].body), (4, &again[1].body));
        assert_eq!(again[3].header("webhook-id"), again[1].header("webhook-id"));
    })
    .await;
}

#[tokio::test]
async fn a_webhook_that_fails_for_long_is_switched_off_and_administrators_are_told() {
    on_both(|w| async move {
        let (admin, receiver) = (w.as_role(Role::Admin).await, Receiver::start().await);
        let (record, _) = webhook(&admin, &receiver.url, &["entreprise.created"], &[]).await;
        receiver.answers(&[500]);
        company(&admin, "Un", w.site(HOME)).await;
        w.work().await;
        let mut tx = w.app.db.begin().await.unwrap();
        sql("UPDATE webhooks SET failing_since = 1").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        later(&w).await;
        let off = admin.get(&path(&record)).await.expect(200);
        assert!(off["active"] == false && off["switchedOffAt"].is_string(), "{off:#}");
        assert_eq!(deliveries(&admin, &record).await[0]["state"], "failed");
        let told = admin.get("/api/notifications").await.expect(200);
        assert!(told.to_string().contains("Webhook désactivé : Comptabilité"), "{told:#}");
        let lines = admin.get("/api/journal?subjectKind=webhook&act=switched_off").await.expect(200);
        assert_eq!(lines["meta"]["total"], 1);

        // Off, it gets nothing but a test; on again, what happens from then on.
        company(&admin, "Deux", w.site(HOME)).await;
        w.work().await;
        assert_eq!(receiver.arrived().len(), 2);
        receiver.answers(&[200]);
        admin.post(&format!("{}/test", path(&record)), json!({})).await.expect(202);
        w.work().await;
        let on = admin.patch(&path(&record), &off["version"], json!({"active": true})).await.expect(200);
        assert_eq!((&on["active"], &on["switchedOffAt"]), (&json!(true), &Value::Null));
        company(&admin, "Trois", w.site(HOME)).await;
        w.work().await;
        assert_eq!(receiver.types()[2..], ["webhook.test", "entreprise.created"]);

        // A receiver that says that it is gone is believed at once.
        receiver.answers(&[410]);
        company(&admin, "Quatre", w.site(HOME)).await;
        w.work().await;
        assert_eq!(admin.get(&path(&record)).await.expect(200)["active"], false);
    })
    .await;
}

#[tokio::test]
async fn redirects_are_not_followed_and_addresses_of_this_machine_are_off_limits() {
    on_both(|w| async move {
        let (admin, receiver) = (w.as_role(Role::Admin).await, Receiver::start().await);
        let (record, _) = webhook(&admin, &receiver.url, &["entreprise.created"], &[]).await;
        receiver.answers(&[302]);
        admin.post(&format!("{}/test", path(&record)), json!({})).await.expect(202);
        w.work().await;
        assert_eq!(receiver.arrived().len(), 1);
        let log = deliveries(&admin, &record).await;
        assert_eq!((&log[0]["state"], &log[0]["status"]), (&json!("failed"), &json!(307)));

        // As in production.
        let strict = w.without_private_webhooks().await;
        let admin = strict.as_role(Role::Admin).await;
        let refused =
            json!({"name": "N", "url": receiver.url, "events": ["entreprise.created"], "localisationIds": []});
        admin.post("/api/webhooks", refused).await.refused(422, "validation");
        let url = receiver.url.replace("http:", "https:");
        let (record, _) = webhook(&admin, &url, &["entreprise.created"], &[]).await;
        admin.post(&format!("{}/test", path(&record)), json!({})).await.expect(202);
        strict.work().await;
        let log = deliveries(&admin, &record).await;
        assert_eq!((&log[0]["state"], &log[0]["status"]), (&json!("failed"), &Value::Null));
        assert!(log[0]["answer"].as_str().unwrap().contains("internal or reserved"), "{log:#?}");
    })
    .await;
}

#[tokio::test]
async fn a_secret_can_be_renewed_and_a_webhook_deleted_with_its_log() {
    on_both(|w| async move {
        let (admin, receiver) = (w.as_role(Role::Admin).await, Receiver::start().await);
        let (record, old) = webhook(&admin, &receiver.url, &["entreprise.created"], &[]).await;
        let renewed = admin.post(&format!("{}/renewal", path(&record)), json!({})).await.expect(200);
        company(&admin, "Un", w.site(HOME)).await;
        w.work().await;
        let arrived = receiver.arrived();
        assert!(arrived[0].is_signed_with(renewed["secret"].as_str().unwrap()) && !arrived[0].is_signed_with(&old));
        admin.patch(&path(&record), &record["version"], json!({"active": false})).await.refused(412, "stale");
        admin.delete(&path(&record)).await.expect(204);
        admin.get(&path(&record)).await.refused(404, "not-found");
        let mut conn = w.app.db.read().await.unwrap();
        assert_eq!(sql("SELECT COUNT(*) FROM webhook_deliveries").scalar::<i64>(&mut conn).await.unwrap(), 0);
    })
    .await;
}
