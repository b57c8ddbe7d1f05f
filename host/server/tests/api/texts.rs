//! Every text of every request: the types in the OpenAPI document refuse invalid texts. A string field of another type
//! must be listed here with its reason.

use std::collections::BTreeSet;

use crate::support::document::{self, is, properties, requested, resolve, samples};
use crate::support::on_both;
use afpi_core::rights::Role;
use serde_json::{Value, json};

/// A single-line text must not contain these characters anywhere.
const NEVER: [&str; 5] = ["A\nB", "A\u{0}B", "A\u{202e}B", "A\u{1b}[31mB", "A\u{2028}B"];

/// Strings that are not texts for people. Each is compared with known values, parsed, or kept secret.
const EXACT: [&str; 29] = [
    "ApiKeyCreate/networks",     // parsed
    "ConflictRef/externalId",    // compared with the run's value
    "ConflictRef/field",         // compared with the run's value
    "Credentials/code",          // compared
    "Credentials/email",         // looked up
    "Forgotten/email",           // looked up
    "HalfDayTimes/end",          // parsed
    "HalfDayTimes/start",        // parsed
    "ImportColumnField/field",   // a field of the mapping
    "ImportDefault/field",       // a field of the mapping
    "LinkPassword/token",        // looked up by its hash
    "LinkToken/token",           // the same
    "NotificationChoice/kind",   // a kind of the plugins
    "NotificationLabel/en",      // the client sends the label back; the server ignores it
    "NotificationLabel/fr",      // the same
    "ObjectifCreate/metric",     // a metric of the plugin
    "ObjectifCreate/period",     // parsed
    "OwnCode/code",              // compared
    "PluginConsent/consent",     // compared with a digest
    "PluginKeyCreate/publicKey", // parsed
    "Schedule/cron",             // parsed
    "SessionCreate/specialite",  // one of the nomenclature
    "SessionUpdate/specialite",  // one of the nomenclature
    "StagiairesPasted/text",     // parsed into cells, which have their own types
    "VueColumn/id",              // a word of the web application
    "VueParam/name",             // a word of the web application
    "VueParam/value",            // taken back as it was given
    "WebhookCreate/url",         // parsed
    "WebhookUpdate/url",         // parsed
];

/// Tells whether this is a text for people, with the rules of its type.
fn is_text(of: &str, schema: &Value) -> bool {
    is(schema, "string")
        && schema.get("maxLength").is_some()
        && !of.is_empty()
        && !of.starts_with("Exact")
        && of != "Password"
}

fn is_other_string(of: &str, schema: &Value) -> bool {
    let known = ["enum", "format"].iter().any(|key| schema.get(key).is_some());
    is(schema, "string") && !known && !is_text(of, schema)
}

/// The component and the schema of a field, or of the items of a list.
fn single(schema: &'static Value) -> (String, &'static Value) {
    let (of, schema) = resolve(schema);
    let (of, schema) = if is(schema, "array") { resolve(&schema["items"]) } else { (of, schema) };
    (of.unwrap_or_default(), schema)
}

#[test]
fn no_request_has_a_bare_string() {
    let (mut other, mut texts) = (BTreeSet::new(), 0);
    for name in requested() {
        for (field, schema) in properties(&name) {
            let (of, schema) = single(schema);
            texts += usize::from(is_text(&of, schema));
            if is_other_string(&of, schema) {
                other.insert(format!("{name}/{field}"));
            }
        }
    }
    assert_eq!(other.iter().collect::<Vec<_>>(), EXACT, "give these fields a type of http/texts.rs");
    assert!(texts > 40, "{texts}");
}

#[tokio::test]
async fn every_text_of_every_request_refuses_what_breaks_hides_or_turns() {
    on_both(|w| async move {
        let admin = w.as_role(Role::Admin).await;
        let wrong = |of: &str, schema: &Value| {
            let bad = NEVER.iter().filter(|bad| !(of.starts_with("Prose") && **bad == "A\nB"));
            if is_text(of, schema) { bad.map(|bad| json!(bad)).collect() } else { vec![] }
        };
        let (mut tried, mut sent) = (BTreeSet::new(), 0);
        for operation in document::operations() {
            for sample in operation.request().iter().flat_map(|name| samples(name, &wrong)) {
                let (path, body) = (operation.path(), Value::Object(sample.body));
                let reply = admin.text(&operation.method, &path, body.to_string()).await;
                let problem = reply.refused(422, "validation");
                let fields: Vec<&Value> = problem["fields"].as_array().unwrap().iter().map(|f| &f["field"]).collect();
                assert_eq!(fields, [&json!(sample.at)], "{path} {body}");
                tried.insert(sample.object);
                sent += 1;
            }
        }
        assert!(sent > 250, "{sent}");
        let has_text =
            |name: &String| properties(name).map(|(_, schema)| single(schema)).any(|(of, schema)| is_text(&of, schema));
        let untried: Vec<String> = requested().into_iter().filter(|n| has_text(n) && !tried.contains(n)).collect();
        assert!(untried.is_empty(), "{untried:?}");
    })
    .await;
}
