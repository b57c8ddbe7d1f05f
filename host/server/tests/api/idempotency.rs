//! A request with a key runs once, however often the client sends it and whenever a process dies.

use crate::support;
use crate::support::{Client, Reply, World, on_both, opportunite};
use afpi_core::rights::Role;
use afpi_db::sql;
use serde_json::{Value, json};

async fn keyed(client: &Client, method: &str, path: &str, key: &str, body: Value) -> Reply {
    client.send(method, path, Some(body), &[("idempotency-key", key.to_owned())]).await
}

async fn count(w: &World, query: &'static str) -> i64 {
    sql(query).scalar(&mut w.app.db.read().await.unwrap()).await.unwrap()
}

async fn change(w: &World, statement: &'static str) {
    let mut tx = w.app.db.begin().await.unwrap();
    sql(statement).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Simulates a process that died after the change and before it stored its answer.
async fn lose_answers(w: &World) {
    change(w, "UPDATE idempotency_keys SET answered_at = NULL, answer = NULL, etag = NULL, content_type = NULL").await;
}

fn company(name: &str) -> Value {
    json!({"name": name, "contacts": [{"lastName": "Durand"}]})
}

#[tokio::test]
async fn a_request_sent_again_is_answered_again_and_not_carried_out_again() {
    on_both(|w| async move {
        let client = w.as_role(Role::Commercial).await;
        let first = keyed(&client, "POST", "/api/entreprises", "k-1", company("Une fois")).await;
        assert!(!first.headers.contains_key("idempotency-replayed"));
        // The draft of the standard puts the key in quotes. Both forms are the same key.
        let again = keyed(&client, "POST", "/api/entreprises", "\"k-1\"", company("Une fois")).await;
        assert_eq!(again.headers["idempotency-replayed"], "true");
        for name in ["location", "content-type"] {
            assert_eq!(again.headers[name], first.headers[name], "{name}");
        }
        assert_eq!(again.headers.get("etag"), first.headers.get("etag"));
        let made = first.expect(201);
        assert_eq!(again.expect(201), made);
        assert_eq!(count(&w, "SELECT COUNT(*) FROM entreprises").await, 1);
        // A request without a key, or with another key, is a new request. The same key of another person is a different
        // key.
        client.post("/api/entreprises", company("Une fois")).await.expect(201);
        keyed(&client, "POST", "/api/entreprises", "k-2", company("Une fois")).await.expect(201);
        keyed(&w.as_role(Role::Manager).await, "POST", "/api/entreprises", "k-1", company("Une fois"))
            .await
            .expect(201);
        assert_eq!(count(&w, "SELECT COUNT(*) FROM entreprises").await, 4);
        // The server refuses the key of another request and a malformed key.
        keyed(&client, "POST", "/api/entreprises", "k-1", company("Autre"))
            .await
            .refused(422, "idempotency-key-reused");
        let path = format!("/api/entreprises/{}", made["id"].as_str().unwrap());
        keyed(&client, "PATCH", &path, "k-1", company("Une fois")).await.refused(422, "idempotency-key-reused");
        for bad in ["", "\"\"", "a b", &"x".repeat(256)] {
            keyed(&client, "POST", "/api/entreprises", bad, company("Une fois")).await.refused(400, "bad-parameter");
        }
        w.nobody()
            .send("POST", "/api/entreprises", Some(company("x")), &[("idempotency-key", "k-9".into())])
            .await
            .refused(401, "unauthenticated");
        // After a day, the key can be used again.
        change(&w, "UPDATE idempotency_keys SET created_at = created_at - 90000000").await;
        keyed(&client, "POST", "/api/entreprises", "k-1", company("Demain")).await.expect(201);
        afpi::housekeeping::keep(&w.app).await;
        assert_eq!(count(&w, "SELECT COUNT(*) FROM idempotency_keys").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_once_are_one() {
    on_both(|w| async move {
        let client = w.as_role(Role::Commercial).await;
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let client = client.clone();
            tries.spawn(async move { keyed(&client, "POST", "/api/entreprises", "same", company("Une fois")).await });
        }
        let answers = tries.join_all().await;
        assert!(answers.iter().any(|reply| reply.status == 201));
        for reply in answers {
            match reply.status {
                201 => {}
                409 => {
                    assert!(reply.headers.contains_key("retry-after"));
                    reply.refused(409, "idempotency-in-progress");
                }
                other => panic!("{other}: {:#}", reply.body),
            }
        }
        assert_eq!(count(&w, "SELECT COUNT(*) FROM entreprises").await, 1);
        keyed(&client, "POST", "/api/entreprises", "same", company("Une fois")).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn a_move_sent_again_is_no_lost_race() {
    on_both(|w| async move {
        let made = opportunite(&w, "Soudage").await;
        let client = w.as_role(Role::Commercial).await;
        let path = format!("/api/opportunites/{}", made["id"].as_str().unwrap());
        let send = async |key: &str, title: &str, version: &Value| {
            let headers = [("idempotency-key", key.to_owned()), ("if-match", format!("\"{version}\""))];
            client.send("PATCH", &path, Some(json!({"title": title})), &headers).await
        };
        let first = send("t-1", "Soudage TIG", &made["version"]).await.expect(200);
        assert_eq!(send("t-1", "Soudage TIG", &made["version"]).await.expect(200), first);
        // A refused request has changed nothing, so the client may retry it under the same key.
        send("t-2", "Soudage MIG", &json!(99)).await.refused(412, "stale");
        send("t-2", "Soudage MIG", &first["opportunite"]["version"]).await.expect(200);
        lose_answers(&w).await;
        let reread = send("t-2", "Soudage MIG", &first["opportunite"]["version"]).await;
        assert_eq!(reread.headers["idempotency-replayed"], "true");
        assert_eq!(reread.expect(200)["opportunite"]["title"], "Soudage MIG");
        assert_eq!(
            count(&w, "SELECT COUNT(*) FROM journal WHERE subject_kind = 'opportunite'").await,
            3,
            "three lines: one creation and two changes"
        );
    })
    .await;
}

/// Every operation that creates a record stores its key in the same transaction, so a lost answer does no harm.
#[tokio::test]
async fn killed_after_the_change_it_is_not_made_again() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let site = w.site(support::HOME);
        let made = admin
            .post("/api/entreprises", json!({"name": "Acheteuse", "localisationId": site}))
            .await
            .expect(201);
        let wanted = [
            ("/api/entreprises", json!({"name": "Nouvelle", "localisationId": site}), "SELECT COUNT(*) FROM entreprises"),
            (
                "/api/opportunites",
                json!({"entrepriseId": made["id"], "title": "Cariste", "budget": 100_000, "localisationId": site,
                    "commercialId": w.person(Role::Commercial)}),
                "SELECT COUNT(*) FROM opportunites",
            ),
            (
                "/api/users",
                json!({"email": "nouvelle@afpi.test", "name": "Nouvelle", "roleId": "commercial", "localisationIds": [site],
                    "password": "sept lampes bleues"}),
                "SELECT COUNT(*) FROM users",
            ),
            ("/api/formateurs", json!({"name": "Nouveau", "kind": "vacataire", "localisationId": site}), "SELECT COUNT(*) FROM formateurs"),
        ];
        for (path, body, counted) in wanted {
            let before = count(&w, counted).await;
            let first = keyed(&admin, "POST", path, path, body.clone()).await;
            let (location, first) = (first.headers["location"].clone(), first.expect(201));
            lose_answers(&w).await;
            let again = keyed(&admin, "POST", path, path, body.clone()).await;
            assert_eq!((&again.headers["location"], &again.headers["idempotency-replayed"].to_str().unwrap()), (&location, &"true"), "{path}");
            assert_eq!(again.expect(201), first, "{path}");
            assert_eq!(count(&w, counted).await, before + 1, "{path}");
        }
        // Where the server cannot read the answer again, it at least says that the request is done.
        let key = |key: &str| [("idempotency-key", key.to_owned())];
        let target = json!({"metric": "ca_signe", "period": "2031", "target": 5, "localisationId": site});
        let set = keyed(&admin, "POST", "/api/objectifs", "o-1", target.clone()).await.expect(201);
        lose_answers(&w).await;
        keyed(&admin, "POST", "/api/objectifs", "o-1", target).await.refused(409, "already-done");
        let gone = format!("/api/objectifs/{}", set["id"].as_str().unwrap());
        for _ in 0..2 {
            assert_eq!(admin.send("DELETE", &gone, None, &key("o-2")).await.status, 204);
            lose_answers(&w).await;
        }
    })
    .await;
}

#[tokio::test]
async fn killed_before_the_change_it_is_made_once_the_claim_has_run_out() {
    on_both(|w| async move {
        let client = w.as_role(Role::Commercial).await;
        keyed(&client, "POST", "/api/entreprises", "k", company("Une fois")).await.expect(201);
        // The table looks like this if the process dies between the claim and the commit.
        change(&w, "DELETE FROM contacts").await;
        change(&w, "DELETE FROM entreprises").await;
        change(&w, "UPDATE idempotency_keys SET done_at = NULL, status = NULL, location = NULL, answered_at = NULL, answer = NULL").await;
        keyed(&client, "POST", "/api/entreprises", "k", company("Une fois")).await.refused(409, "idempotency-in-progress");
        change(&w, "UPDATE idempotency_keys SET lease_until = 0").await;
        keyed(&client, "POST", "/api/entreprises", "k", company("Une fois")).await.expect(201);
        assert_eq!(count(&w, "SELECT COUNT(*) FROM entreprises").await, 1);
    })
    .await;
}

/// Every operation that creates, moves or starts something checks the key first, and refuses the key of another
/// request.
#[tokio::test]
async fn every_post_of_the_api_honours_the_key() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let company = json!({"name": "Une fois", "localisationId": w.site(support::HOME)});
        keyed(&admin, "POST", "/api/entreprises", "used", company).await.expect(201);
        let document = serde_json::to_value(afpi::router::openapi()).unwrap();
        let mut walked = 0;
        for (path, operations) in document["paths"].as_object().unwrap() {
            let post = &operations["post"];
            // An upload is streamed and takes no key. Nor do invitations, keys of the API and webhooks, whose answers
            // contain a secret.
            let secret = path.ends_with("/invitation")
                || ["/api/api-keys", "/api/webhooks"].iter().any(|at| path.starts_with(at));
            let excepted = path.starts_with("/api/auth/") || path == "/api/uploads" || secret;
            if post.is_null() || excepted {
                continue;
            }
            let id = uuid::Uuid::now_v7().to_string();
            let path: String = path
                .split('/')
                .map(|part| match part {
                    "{id}" | "{localisationId}" => id.as_str(),
                    part if part.starts_with('{') => "x",
                    part => part,
                })
                .collect::<Vec<_>>()
                .join("/");
            let key = [("idempotency-key", "used".to_owned())];
            let reply = match post["requestBody"]["content"]["application/wasm"].is_object() {
                true => admin.upload_with(&path, b"no plugin".to_vec(), &key).await,
                false => admin.send("POST", &path, Some(json!({})), &key).await,
            };
            reply.refused(422, "idempotency-key-reused");
            walked += 1;
        }
        assert!(walked > 20, "{walked}");
    })
    .await;
}

#[tokio::test]
async fn a_key_of_plugins_that_was_trusted_is_not_trusted_again() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let key = afpi_plugins::manifest::PrivateKey::generate("Atelier").unwrap().public().to_string();
        let body = json!({"publicKey": key, "level": "partner"});
        let first = keyed(&admin, "POST", "/api/plugin-keys", "trust", body.clone()).await.expect(201);
        assert_eq!(keyed(&admin, "POST", "/api/plugin-keys", "trust", body.clone()).await.expect(201), first);
        lose_answers(&w).await;
        keyed(&admin, "POST", "/api/plugin-keys", "trust", body).await.refused(409, "already-done");
    })
    .await;
}
