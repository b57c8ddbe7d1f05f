//! The OpenAPI document describes requests correctly. Every number, list and string has limits, and the server refuses
//! a value beyond them with the field's name. Lists sort as their `sort` parameter says and refuse an invalid cursor.
//! Versions and idempotency keys are documented where they apply.

use crate::support;
use std::collections::BTreeSet;

use crate::support::document::{self, good, is, properties, requested, resolve, samples};
use crate::support::on_both;
use afpi_core::rights::Role;
use serde_json::{Value, json};

/// Collects the places in a schema that have no limits.
fn unlimited(at: &str, schema: &'static Value, found: &mut BTreeSet<String>) {
    let (_, schema) = resolve(schema);
    let has = |key: &str| schema.get(key).is_some();
    let limited = match () {
        () if is(schema, "string") => has("maxLength") || has("enum") || has("format"),
        () if is(schema, "integer") || is(schema, "number") => has("minimum") && has("maximum"),
        () if is(schema, "array") => has("maxItems"),
        () => true,
    };
    if !limited {
        found.insert(at.to_owned());
    }
    if is(schema, "array") {
        unlimited(&format!("{at}/0"), &schema["items"], found);
    }
    if schema["additionalProperties"].is_object() {
        unlimited(&format!("{at}/*"), &schema["additionalProperties"], found);
    }
}

#[test]
fn every_field_of_a_request_has_its_limits() {
    let mut found = BTreeSet::new();
    for name in requested() {
        for (field, schema) in properties(&name) {
            unlimited(&format!("{name}/{field}"), schema, &mut found);
        }
    }
    assert!(found.is_empty(), "give these fields a type of http/bounds.rs or http/texts.rs: {found:?}");
}

#[test]
fn every_text_in_a_query_has_its_limit() {
    let mut found = BTreeSet::new();
    for operation in document::operations() {
        for parameter in operation.body["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "query" && is(&parameter["schema"], "string") {
                let at = format!("{} {} {}", operation.method, operation.template, parameter["name"]);
                unlimited(&at, &parameter["schema"], &mut found);
            }
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

/// Values that are just beyond the limits.
fn beyond(_: &str, schema: &'static Value) -> Vec<Value> {
    if let (Some(least), Some(most)) = (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        return vec![json!(least - 1), json!(most + 1)];
    }
    if let Some(most) = schema["maxItems"].as_u64() {
        return vec![Value::Array(vec![good(&schema["items"]); most as usize + 1])];
    }
    schema["maxLength"].as_u64().map(|most| json!("a".repeat(most as usize + 1))).into_iter().collect()
}

#[tokio::test]
async fn one_more_than_the_document_says_is_refused_at_its_field() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let mut sent = 0;
        for operation in document::operations() {
            for sample in operation.request().iter().flat_map(|name| samples(name, &beyond)) {
                let (path, body) = (operation.path(), Value::Object(sample.body));
                let reply = admin.text(&operation.method, &path, body.to_string()).await;
                let problem = reply.refused(422, "validation");
                let fields: Vec<&Value> = problem["fields"].as_array().unwrap().iter().map(|f| &f["field"]).collect();
                assert_eq!(fields, [&json!(sample.at)], "{} {path}", operation.method);
                sent += 1;
            }
        }
        assert!(sent > 120, "{sent}");
    })
    .await;
}

#[tokio::test]
async fn a_list_sorts_as_its_document_says_and_in_no_other_way() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let mut lists = 0;
        for operation in document::operations() {
            let Some(sort) = operation.parameter("sort") else { continue };
            let ways = sort["schema"]["enum"].as_array().expect(operation.template);
            let default = &sort["schema"]["default"];
            assert!(ways.contains(default), "{} sorts by {default}", operation.template);
            // An unknown run answers 404. The server checks the parameters first.
            let fine = if operation.template.contains("{id}") { 404 } else { 200 };
            for way in ways {
                let path = format!("{}?sort={}", operation.path(), way.as_str().unwrap());
                assert_eq!(admin.get(&path).await.status, fine, "{path}");
            }
            let other = format!("{}?sort=favourite", operation.path());
            admin.get(&other).await.refused(400, "bad-parameter");
            lists += 1;
        }
        assert!(lists > 8, "{lists}");
    })
    .await;
}

#[tokio::test]
async fn a_cursor_that_no_list_gave_out_is_refused() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        // The cursors are: not base64, base64 without a cursor, a cursor of another list, and a row key of the wrong
        // form.
        let user = json!({"lastName": "Durand"});
        for name in ["Un", "Deux"] {
            admin
                .post(
                    "/api/entreprises",
                    json!({"name": name, "contacts": [user], "localisationId": w.site(support::HOME)}),
                )
                .await
                .expect(201);
        }
        let first = admin.get("/api/entreprises?limit=1").await.expect(200);
        let foreign = first["meta"]["next"].as_str().expect("a second page").to_owned();
        admin.get(&format!("/api/entreprises?limit=1&cursor={foreign}")).await.expect(200);
        let cut = foreign[..foreign.len() - 3].to_owned();
        let long = "A".repeat(3000);
        let mut lists = 0;
        for operation in document::operations().filter(|operation| operation.parameter("cursor").is_some()) {
            for cursor in ["x", "%00", "%F0%9F%90%88", "W10", "bnVsbA", "", &cut] {
                let path = format!("{}?cursor={cursor}", operation.path());
                let reply = admin.get(&path).await;
                assert_eq!((reply.status, &reply.body["code"]), (400, &json!("bad-cursor")), "{path}");
                assert!(reply.body["detail"].is_string(), "{path}");
            }
            admin.get(&format!("{}?cursor={long}", operation.path())).await.refused(400, "bad-parameter");
            if operation.template != "/api/entreprises" {
                admin.get(&format!("{}?cursor={foreign}", operation.path())).await.refused(400, "bad-cursor");
            }
            lists += 1;
        }
        assert!(lists > 9, "{lists}");
    })
    .await;
}

#[tokio::test]
async fn an_idempotency_key_is_documented_where_it_is_honoured() {
    on_both(|w| async move {
        let mut honoured = 0;
        for operation in document::operations().filter(|operation| operation.method != "GET") {
            // Every operation needs a new session, because one of the operations signs out.
            let admin = w.as_role(Role::Admin).await;
            let (method, path) = (&operation.method, operation.path());
            let types = operation.body["requestBody"]["content"].as_object();
            let media_type = types.and_then(|types| types.keys().next()).cloned();
            let mut headers = vec![("idempotency-key", "two words".to_owned()), ("if-match", "\"1\"".to_owned())];
            headers.extend(media_type.map(|media_type| ("content-type", media_type)));
            let reply = admin.send(method, &path, None, &headers).await;
            let refused = reply.status == 400 && reply.body["fields"][0]["field"] == "Idempotency-Key";
            let documented = operation.parameter("Idempotency-Key").is_some();
            assert_eq!(refused, documented, "{method} {path}: {:#}", reply.body);
            honoured += usize::from(documented);
        }
        assert!(honoured > 30, "{honoured}");
    })
    .await;
}

#[tokio::test]
async fn a_method_that_is_not_there_answers_so_whatever_key_it_names() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let key = [("idempotency-key", "once".to_owned())];
        admin.send("POST", "/api/notifications/read-all", None, &key).await.expect(204);
        let mut tried = 0;
        for operation in document::operations() {
            let known = |method: &str| {
                document::operations().any(|other| other.template == operation.template && other.method == method)
            };
            for method in ["POST", "PUT", "PATCH", "DELETE"].into_iter().filter(|method| !known(method)) {
                admin.send(method, &operation.path(), None, &key).await.refused(405, "method-not-allowed");
                tried += 1;
            }
        }
        assert!(tried > 150, "{tried}");
    })
    .await;
}

#[tokio::test]
async fn a_change_of_what_has_a_version_names_it() {
    on_both(|w| async move {
        for operation in document::operations().filter(|operation| operation.method != "GET") {
            let admin = w.as_role(Role::Admin).await;
            let (method, path) = (&operation.method, operation.path());
            let reply = admin.send(method, &path, Some(json!({})), &[]).await;
            let documented = operation.parameter("If-Match").is_some();
            assert_eq!(reply.status == 428, documented, "{method} {path}: {:#}", reply.body);
        }
    })
    .await;
}
