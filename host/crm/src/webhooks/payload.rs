//! What a receiver is told of an event.

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use afpi_core::clock::Instant;
use afpi_core::id::LocalisationId;
use afpi_platform::events::{Event, Record};

/// The event of the test button.
pub(super) const TEST: &str = "webhook.test";

/// The body of a delivery. `type`, `timestamp` and `data` are the names of the Standard Webhooks specification.
#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'a str,
    /// When it happened.
    timestamp: Instant,
    data: Data,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    /// The address of the installation.
    installation: String,
    /// The site where it happened; none for the whole network.
    localisation_id: Option<LocalisationId>,
    record: Option<About>,
    /// Of a move of an opportunité: words of its workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    transition: Option<Value>,
}

/// The record that it is about.
#[derive(Serialize)]
struct About {
    kind: &'static str,
    id: Uuid,
    /// Where the API shows it.
    api: String,
    /// Where people see it.
    link: String,
}

/// The body that tells of this event. `public_url` is where people reach the installation.
pub(super) fn of_event(event: &Event, public_url: &str) -> String {
    let installation = public_url.trim_end_matches('/');
    let about = |kind: &'static str, id: Uuid| About {
        api: format!("{installation}/api/{kind}/{id}"),
        link: format!("{installation}/{kind}/{id}"),
        kind,
        id,
    };
    let named = |field: &str| event.data[field].as_str().and_then(|id| Uuid::parse_str(id).ok());
    let record = match event.about {
        Some(Record::Opportunite(id)) => Some(about("opportunites", id.uuid())),
        Some(Record::Entreprise(id)) => Some(about("entreprises", id.uuid())),
        None => named("session").map(|id| about("sessions", id)),
    };
    let word = |field: &str| event.data.get(field).filter(|word| word.is_string()).cloned().unwrap_or_default();
    let moved = event.data.get("transition").is_some_and(Value::is_string);
    body(&Payload {
        r#type: &event.name,
        timestamp: event.at,
        data: Data {
            installation: installation.to_owned(),
            localisation_id: (!event.site_id.is_network()).then_some(event.site_id),
            record,
            transition: moved
                .then(|| json!({"name": word("transition"), "from": word("source"), "to": word("target")})),
        },
    })
}

/// The body of the test button.
pub(super) fn of_test(public_url: &str, now: Instant) -> String {
    let installation = public_url.trim_end_matches('/').to_owned();
    let data = Data { installation, localisation_id: None, record: None, transition: None };
    body(&Payload { r#type: TEST, timestamp: now, data })
}

fn body(payload: &Payload<'_>) -> String {
    serde_json::to_string(payload).expect("a payload has text keys only")
}
