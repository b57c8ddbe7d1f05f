//! Every text of every request: the types the API's document names refuse what they must, and no field is a bare string unless it is
//! listed here with its reason.

mod support;

use std::collections::BTreeSet;

use afpi::rights::Role;
use serde_json::{Map, Value, json};
use support::on_both;

/// What a line can never hold, wherever it stands in it.
const NEVER: [&str; 5] = ["A\nB", "A\u{0}B", "A\u{202e}B", "A\u{1b}[31mB", "A\u{2028}B"];

/// Strings that are no texts for people: each is compared with what is known, parsed, or kept secret.
const BARE: [&str; 17] = [
    "ConflictRef/externalId",      // compared with what came
    "ConflictRef/field",           // compared with what came
    "Credentials/email",           // looked up
    "Credentials/password",        // compared with a hash
    "NotificationPreference/kind", // one of the plugins'
    "ObjectifCreate/metric",       // one of the plugin's
    "ObjectifCreate/period",       // parsed
    "PasswordChange/current",      // compared with a hash
    "PasswordChange/new",          // hashed
    "PluginConsent/consent",       // compared with a digest
    "PluginKeyCreate/publicKey",   // parsed
    "Schedule/cron",               // parsed
    "SyncRequest/entities",        // three words
    "Text/en",                     // a preference's label comes back and is not taken over
    "Text/fr",                     // the same
    "UserCreate/password",         // hashed
    "UserUpdate/password",         // hashed
];

fn document() -> Value {
    serde_json::to_value(afpi::router::openapi()).unwrap()
}

/// The component a schema refers to, through `oneOf` with null and lists.
fn component(schema: &Value) -> Option<String> {
    if let Some(to) = schema["$ref"].as_str() {
        return to.strip_prefix("#/components/schemas/").map(str::to_owned);
    }
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    choices.chain(schema.get("items")).find_map(component)
}

fn is_string(schema: &Value) -> bool {
    let kind = &schema["type"];
    let string = kind == "string" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("string")));
    let list = schema.get("items").is_some_and(is_string);
    (string && schema.get("enum").is_none() && schema.get("format").is_none()) || list
}

/// Every object that stands in a request, by its component's name.
fn requested(document: &Value) -> BTreeSet<String> {
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let bodies = operations.filter_map(|op| component(&op["requestBody"]["content"]["application/json"]["schema"]));
    let mut left: Vec<String> = bodies.collect();
    let mut all = BTreeSet::new();
    while let Some(name) = left.pop() {
        let inner = properties(document, &name).filter_map(|(_, schema)| component(schema));
        if !all.contains(&name) {
            left.extend(inner);
            all.insert(name);
        }
    }
    all
}

/// Is this component a text with a rule? Its bounds and what it says of itself show that.
fn is_text(document: &Value, name: &str) -> bool {
    let schema = &document["components"]["schemas"][name];
    schema["type"] == "string" && schema["maxLength"].is_u64()
}

#[test]
fn no_request_has_a_bare_string() {
    let document = document();
    let (mut bare, mut texts) = (BTreeSet::new(), 0);
    for name in requested(&document) {
        for (field, schema) in properties(&document, &name) {
            if is_string(schema) {
                bare.insert(format!("{name}/{field}"));
            }
            texts += usize::from(component(schema).is_some_and(|of| is_text(&document, &of)));
        }
    }
    let unknown: Vec<&String> = bare.iter().filter(|name| !BARE.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "give these fields a type of http/texts.rs: {unknown:?}");
    assert!(texts > 40, "{texts}");
}

#[tokio::test]
async fn every_text_of_every_request_refuses_what_breaks_hides_or_turns() {
    on_both(|w| async move {
        let document = document();
        let admin = w.as_role(Role::Admin).await;
        let site = w.site(support::HOME);
        let company = admin.post("/api/entreprises", json!({"name": "Fonderie", "localisationId": site})).await.expect(201);
        let trainer = json!({"name": "Camille Moreau", "kind": "permanent", "localisationId": site});
        let person = admin.post("/api/formateurs", trainer.clone()).await.expect(201);
        let sale = json!({"entrepriseId": company["id"], "title": "Soudage", "budget": 100, "localisationId": site});
        let sold = admin.post("/api/opportunites", sale.clone()).await.expect(201)["opportunite"].clone();
        let room = admin.post("/api/salles", json!({"name": "Salle 1", "localisationId": site})).await.expect(201);
        let user = w.person(Role::Assistante);
        let account = json!({"email": "a@afpi.test", "name": "A", "role": "admin", "localisationIds": [], "password": support::PASSWORD});
        let of = |resource: &str, record: &Value| format!("/api/{resource}/{}", record["id"].as_str().unwrap());
        let requests = [
            ("POST", "/api/entreprises".into(), "EntrepriseCreate", json!({"name": "A", "localisationId": site})),
            ("PATCH", of("entreprises", &company), "EntrepriseUpdate", json!({})),
            ("POST", "/api/formateurs".into(), "FormateurCreate", trainer),
            ("PATCH", of("formateurs", &person), "FormateurUpdate", json!({})),
            ("POST", "/api/opportunites".into(), "OpportuniteCreate", sale),
            ("PATCH", of("opportunites", &sold), "OpportuniteUpdate", json!({})),
            ("POST", "/api/salles".into(), "SalleCreate", json!({"name": "Salle 9", "localisationId": site})),
            ("PATCH", of("salles", &room), "SalleUpdate", json!({})),
            ("POST", "/api/users".into(), "UserCreate", account),
            ("PATCH", format!("/api/users/{user}"), "UserUpdate", json!({})),
        ];
        let (mut tried, mut sent) = (BTreeSet::new(), 0);
        for (method, path, name, good) in &requests {
            for bad in NEVER {
                for sample in samples(&document, name, bad) {
                    tried.insert(sample.object);
                    if bad == "A\nB" && sample.text.starts_with("Prose") {
                        continue;
                    }
                    let mut body = good.clone();
                    body.as_object_mut().unwrap().extend(sample.body);
                    let problem = admin.text(method, path, body.to_string()).await.refused(422, "validation");
                    let fields: Vec<&Value> = problem["fields"].as_array().unwrap().iter().map(|f| &f["field"]).collect();
                    assert_eq!(fields, [&json!(sample.at)], "{path} {body}");
                    sent += 1;
                }
            }
        }
        assert!(sent > 250, "{sent}");
        assert_eq!(admin.get("/api/entreprises").await.expect(200)["meta"]["total"], 1, "nothing was stored");
        let has_text = |name: &String| {
            properties(&document, name).any(|(_, schema)| component(schema).is_some_and(|of| is_text(&document, &of)))
        };
        let untried: Vec<String> = requested(&document).into_iter().filter(|n| has_text(n) && !tried.contains(n)).collect();
        assert!(untried.is_empty(), "add a request with {untried:?}");
    })
    .await;
}

/// A request that says one text wrong.
struct Sample {
    /// Where.
    at: String,
    /// The text's component and that of the object it stands in.
    text: String,
    object: String,
    body: Map<String, Value>,
}

/// One for each text of an object and of those within it.
fn samples(document: &Value, name: &str, bad: &str) -> Vec<Sample> {
    let mut found = Vec::new();
    for (field, schema) in properties(document, name) {
        let Some(of) = component(schema) else { continue };
        let put =
            |value: Value| Map::from_iter([(field.clone(), if is_list(schema) { json!([value]) } else { value })]);
        let at = format!("/{field}{}", if is_list(schema) { "/0" } else { "" });
        if is_text(document, &of) {
            found.push(Sample { at, text: of, object: name.to_owned(), body: put(json!(bad)) });
        } else {
            found.extend(samples(document, &of, bad).into_iter().map(|inner| {
                let mut whole = needed(document, &of);
                whole.extend(inner.body);
                Sample { at: format!("{at}{}", inner.at), body: put(whole.into()), ..inner }
            }));
        }
    }
    found
}

fn properties<'a>(document: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    document["components"]["schemas"][name]["properties"].as_object().into_iter().flatten()
}

fn is_list(schema: &Value) -> bool {
    schema.get("items").is_some() || schema["oneOf"].as_array().into_iter().flatten().any(is_list)
}

/// The least such an object must say.
fn needed(document: &Value, name: &str) -> Map<String, Value> {
    let schema = &document["components"]["schemas"][name];
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let fill = |field: &str| match schema["properties"][field]["format"].as_str() {
        Some("date") => json!("2027-03-01"),
        _ => json!("A"),
    };
    required.map(|field| (field.to_owned(), fill(field))).collect()
}
