//! Keys of the API: what they reach, what they never reach, and how they end.

use std::collections::BTreeSet;

use afpi_core::clock::Day;
use afpi_core::rights::Role;
use afpi_db::sql;
use afpi_platform::auth::api_key::scopes::{CLOSED, is_open};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::document::{DOCUMENT, Operation, operations};
use crate::support::{AWAY, Client, HOME, World, on_both, process};

/// Makes a key of this role at [`HOME`] with these scopes. Returns its record and a client that uses it.
async fn key(w: &World, role: &str, scopes: &[&str], more: Value) -> (Value, Client) {
    let scopes = scopes.iter().map(|scope| {
        let (area, access) = scope.split_once(':').unwrap();
        json!({"area": area, "access": access})
    });
    let mut body = json!({"name": "Site web", "roleId": role, "localisationIds": [w.site(HOME)]});
    body["scopes"] = scopes.collect();
    for (field, value) in more.as_object().unwrap() {
        body[field] = value.clone();
    }
    let made = w.as_role(Role::Admin).await.post("/api/api-keys", body).await.expect(201);
    let client = w.nobody().with_token(made["secret"].as_str().unwrap());
    (made["key"].clone(), client)
}

fn path(key: &Value) -> String {
    format!("/api/api-keys/{}", key["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_key_reads_and_writes_what_its_scopes_name() {
    on_both(|w| async move {
        let scopes = ["entreprises:write", "opportunites:read", "localisations:read"];
        let (record, client) = key(&w, "manager", &scopes, json!({})).await;
        assert_eq!(record["lastUsedAt"], Value::Null);
        let company = client.post("/api/entreprises", json!({"name": "Par programme"})).await.expect(201);
        client.get("/api/entreprises").await.expect(200);
        client.get("/api/opportunites").await.expect(200);
        client.get("/api/localisations").await.expect(200);
        let body = json!({"entrepriseId": company["id"], "title": "T", "budget": 1});
        let refused = client.post("/api/opportunites", body).await.refused(403, "scope-missing");
        assert_eq!(refused["scope"], "opportunites:write");
        let refused = client.get("/api/salles").await.refused(403, "scope-missing");
        assert_eq!(refused["scope"], "salles:read");
        // The role still decides: a manager has no right to the accounts of the whole network.
        let (_, client) = key(&w, "assistante", &["produits:write"], json!({})).await;
        let product = json!({"code": "P", "title": "P", "priceUnit": "group", "vatRate": 0});
        client.post("/api/produits", product).await.refused(403, "forbidden");

        // The last use is noted once a minute, with the address.
        let admin = w.as_role(Role::Admin).await;
        let used = admin.get(&path(&record)).await.expect(200);
        assert_eq!(used["lastUsedFrom"], w.address.to_string());
        client.get("/api/produits").await.expect(200);
        assert_eq!(admin.get(&path(&record)).await.expect(200)["lastUsedAt"], used["lastUsedAt"]);

        // The journal names the key, and it chains on.
        let lines = admin.get("/api/journal?subjectKind=entreprise").await.expect(200);
        assert_eq!(lines["data"][0]["actor"]["name"], "Site web · API");
        let lines = admin.get("/api/journal?subjectKind=api_key").await.expect(200);
        let made = lines["data"].as_array().unwrap().last().unwrap();
        assert_eq!((&made["subject"]["name"]["fr"], &made["act"]), (&json!("Site web"), &json!("created")));
        for change in made["changes"].as_array().unwrap() {
            assert!(change["label"]["fr"].is_string(), "{change:#}");
        }
        assert_eq!(afpi_platform::journal::verify(&w.app.db).await.unwrap().1, []);
    })
    .await;
}

#[tokio::test]
async fn every_operation_of_every_area_asks_for_its_scope() {
    on_both(|w| async move {
        let areas = DOCUMENT["components"]["schemas"]["ApiKeyArea"]["enum"].as_array().unwrap();
        let areas: BTreeSet<&str> = areas.iter().map(|area| area.as_str().unwrap()).collect();
        let tags = operations().map(|operation| operation.body["tags"][0].as_str().unwrap()).collect::<BTreeSet<_>>();
        // What is closed exists, and the rest is on offer.
        let open: BTreeSet<&str> = tags.iter().copied().filter(|tag| is_open(tag)).collect();
        assert_eq!((areas, tags.len() - open.len()), (open, CLOSED.len()));

        let signed_in = |operation: &Operation| operation.body.get("security").is_none();
        let all: Vec<Operation> = operations().filter(signed_in).collect();
        // No key is used more often than it may at once.
        for some in all.chunks(90) {
            let (_, client) = key(&w, "admin", &["search:read"], json!({"localisationIds": []})).await;
            for operation in some {
                refused(&client, operation).await;
            }
        }
        // The short addresses of sign-in know no keys.
        let (_, client) = key(&w, "admin", &["search:read"], json!({"localisationIds": []})).await;
        client.get("/auth/me").await.refused(401, "unauthenticated");
    })
    .await;
}

/// Calls an operation with a key that may search only.
async fn refused(client: &Client, operation: &Operation) {
    let (tag, method) = (operation.body["tags"][0].as_str().unwrap(), operation.method.as_str());
    if tag == "search" {
        return;
    }
    let reply = client.text(method, &operation.path(), "{}").await;
    let asked = match (is_open(tag), method) {
        (false, _) => Value::Null,
        (true, "GET") => json!(format!("{tag}:read")),
        (true, _) => json!(format!("{tag}:write")),
    };
    let answer = reply.refused(403, "scope-missing");
    assert_eq!(answer.get("scope").cloned().unwrap_or_default(), asked, "{method} {}", operation.template);
}

#[tokio::test]
async fn a_key_sees_its_sites_only() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let company = |code: &'static str| json!({"name": format!("Ici {code}"), "localisationId": w.site(code)});
        let here = admin.post("/api/entreprises", company(HOME)).await.expect(201);
        let away = admin.post("/api/entreprises", company(AWAY)).await.expect(201);
        let (_, client) = key(&w, "manager", &["entreprises:write", "search:read"], json!({})).await;
        let one = |company: &Value| format!("/api/entreprises/{}", company["id"].as_str().unwrap());
        client.get(&one(&here)).await.expect(200);
        client.get(&one(&away)).await.refused(404, "not-found");
        client.patch(&one(&away), &away["version"], json!({"name": "X"})).await.refused(404, "not-found");
        client.post("/api/entreprises", company(AWAY)).await.refused(403, "forbidden");
        let listed = client.get("/api/entreprises").await.expect(200);
        assert!(listed["data"].as_array().unwrap().iter().all(|one| one["id"] != away["id"]));
    })
    .await;
}

#[tokio::test]
async fn a_revoked_an_expired_and_a_replaced_key_are_refused_at_once_on_every_node() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let other = w.beside(process(&w.app.config.data_dir, w.app.db.clone()).await);
        let (record, client) = key(&w, "manager", &["entreprises:read"], json!({})).await;
        let there = |secret: &Value| other.nobody().with_token(secret.as_str().unwrap());

        // A new secret: the old one counts for the time given, then no more.
        let renewed = admin.post(&format!("{}/renewal", path(&record)), json!({"graceHours": 1})).await.expect(200);
        there(&renewed["secret"]).get("/api/entreprises").await.expect(200);
        client.get("/api/entreprises").await.expect(200);
        assert!(renewed["key"]["previousEndsAt"].is_string());
        let again = admin.post(&format!("{}/renewal", path(&record)), json!({"graceHours": 0})).await.expect(200);
        client.get("/api/entreprises").await.refused(401, "unauthenticated");
        there(&renewed["secret"]).get("/api/entreprises").await.refused(401, "unauthenticated");
        there(&again["secret"]).get("/api/entreprises").await.expect(200);
        assert!(again["secret"].as_str().unwrap().ends_with(again["key"]["hint"].as_str().unwrap()));

        admin.delete(&path(&record)).await.expect(204);
        there(&again["secret"]).get("/api/entreprises").await.refused(401, "unauthenticated");
        let renewal = json!({"graceHours": 1});
        admin.post(&format!("{}/renewal", path(&record)), renewal).await.refused(409, "conflict");
        let lines = admin.get("/api/journal?subjectKind=api_key").await.expect(200);
        let acts: Vec<&Value> = lines["data"].as_array().unwrap().iter().map(|line| &line["act"]).collect();
        assert_eq!(acts, ["revoked", "secret_renewed", "secret_renewed", "created"]);

        let day = Day::today().to_string();
        let (record, client) = key(&w, "manager", &["entreprises:read"], json!({"expiresOn": day})).await;
        client.get("/api/entreprises").await.expect(200);
        let mut tx = w.app.db.begin().await.unwrap();
        let id: uuid::Uuid = record["id"].as_str().unwrap().parse().unwrap();
        let past = sql("UPDATE api_keys SET expires_on = ? WHERE user_id = ?").bind(Day::today().plus(-1)).bind(id);
        past.execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        client.get("/api/entreprises").await.refused(401, "unauthenticated");
        // Nothing readable is stored.
        let mut conn = w.app.db.read().await.unwrap();
        let stored: Vec<(Vec<u8>, String)> =
            sql("SELECT hash, hint FROM api_key_secrets").all(&mut conn).await.unwrap();
        assert!(stored.iter().all(|(hash, hint)| hash.len() == 32 && hint.len() == 4));
    })
    .await;
}

#[tokio::test]
async fn a_key_is_good_from_its_networks_only() {
    on_both(|w| async move {
        let networks = json!({"networks": ["127.9.0.0/16", "127.8.0.1"]});
        let (record, client) = key(&w, "manager", &["entreprises:read"], networks).await;
        assert_eq!(record["networks"], json!(["127.9.0.0/16", "127.8.0.1/32"]));
        for address in [[127, 9, 4, 4], [127, 8, 0, 1]] {
            client.at(address).get("/api/entreprises").await.expect(200);
        }
        client.at([127, 8, 0, 2]).get("/api/entreprises").await.refused(403, "address-refused");
    })
    .await;
}

#[tokio::test]
async fn too_many_calls_are_put_off_and_counted() {
    on_both(|w| async move {
        let (_, client) = key(&w, "manager", &["salles:read"], json!({})).await;
        let (_, calm) = key(&w, "manager", &["salles:read"], json!({})).await;
        let replies = join_all((0..200).map(|_| client.get("/api/salles"))).await;
        let (limited, answered): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 429);
        assert!(answered.len() >= 100 && answered.iter().all(|reply| reply.status == 200));
        let many = limited.len() as u64;
        let refused = limited.into_iter().next().expect("no limit");
        assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
        refused.refused(429, "too-many-requests");
        // Another key has calls of its own.
        calm.get("/api/salles").await.expect(200);
        let count = |outcome: &str| w.app.metrics.api_key_calls.with_label_values(&["salles", outcome]).get();
        assert_eq!(count("limited"), many);
        client.with_token("afpi_nothing").get("/api/salles").await.refused(401, "unauthenticated");
        assert_eq!(count("unknown"), 1);
    })
    .await;
}

#[tokio::test]
async fn the_account_of_a_key_is_no_person() {
    on_both(|w| async move {
        let (record, client) = key(&w, "manager", &["opportunites:write", "entreprises:write"], json!({})).await;
        let admin = w.as_role(Role::Admin).await;
        let id = record["id"].as_str().unwrap();
        let people = admin.get("/api/users?limit=100").await.expect(200);
        assert!(people["data"].as_array().unwrap().iter().all(|person| person["id"] != id));
        assert_eq!(people["meta"]["total"], people["data"].as_array().unwrap().len());
        admin.get(&format!("/api/users/{id}")).await.refused(404, "not-found");
        let active = json!({"active": true});
        admin.patch(&format!("/api/users/{id}"), &json!(1), active).await.refused(404, "not-found");
        let found = admin.get("/api/search?q=site%20web").await.expect(200);
        assert!(!found.to_string().contains(id), "{found:#}");
        // Nobody signs in as it, and it owns no file: it names the person who does.
        let credentials = json!({"email": format!("{id}@api.invalid"), "password": ""});
        assert!(w.nobody().post("/api/auth/login", credentials).await.status >= 400);
        let company = client.post("/api/entreprises", json!({"name": "C"})).await.expect(201);
        let body = json!({"entrepriseId": company["id"], "title": "T", "budget": 1});
        let refused = client.post("/api/opportunites", body.clone()).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "/commercialId");
        let commerciaux = client.get("/api/users/commerciaux").await.expect(200);
        let owner = commerciaux["data"].as_array().unwrap().iter().find(|one| one["role"] == "commercial").unwrap();
        let mut body = body;
        body["commercialId"] = owner["id"].clone();
        client.post("/api/opportunites", body).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_key_is_named() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let good = json!({"name": "N", "roleId": "manager", "localisationIds": [w.site(HOME)],
            "scopes": [{"area": "entreprises", "access": "read"}]});
        for (field, value, pointer) in [
            ("roleId", json!("nobody"), "/roleId"),
            ("roleId", json!("commercial"), "/roleId"),
            ("localisationIds", json!([]), "/localisationIds"),
            ("scopes", json!([]), "/scopes"),
            ("scopes", json!([{"area": "auth", "access": "read"}]), "/scopes/0/area"),
            ("scopes", json!([{"area": "nowhere", "access": "read"}]), "/scopes/0/area"),
            ("networks", json!(["0.0.0.0/0"]), "/networks/0"),
            ("networks", json!(["the office"]), "/networks/0"),
            ("expiresOn", json!("2020-01-01"), "/expiresOn"),
        ] {
            let mut body = good.clone();
            body[field] = value;
            let refused = admin.post("/api/api-keys", body).await.refused(422, "validation");
            assert_eq!(refused["fields"][0]["field"], pointer, "{refused:#}");
        }
        // The wider of two scopes for an area counts.
        let mut body = good;
        body["scopes"] = json!([{"area": "entreprises", "access": "read"}, {"area": "entreprises", "access": "write"}]);
        let made = admin.post("/api/api-keys", body).await.expect(201);
        assert_eq!(made["key"]["scopes"], json!([{"area": "entreprises", "access": "write"}]));
    })
    .await;
}
