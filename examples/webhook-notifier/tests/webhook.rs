//! The component in the real runtime: what it sends, to which address, and what it may not do.

use afpi_plugin_testing::{Answer, Plugin, Request, json};
use afpi_sdk::notifier::{Event, Message};
use afpi_sdk::testing;

const HOOK: &str = "https://chat.example.fr/hooks/42";

fn event(name: &str) -> Event {
    Event {
        name: name.into(),
        at: 0,
        site: "s".into(),
        actor: None,
        subject: Some(testing::opportunite()),
        data: "{}".into(),
    }
}

fn plugin() -> Plugin {
    let mut plugin = Plugin::here();
    plugin.config(&json!({ "webhook": HOOK }));
    plugin
}

#[test]
fn a_new_opportunite_is_announced_in_the_room() {
    let mut plugin = plugin();
    let request = Request::post(HOOK)
        .header("content-type", "application/json")
        .body_has("Nouvelle opportunité")
        .body_has("OPP-2026-00001");
    plugin.expect_once(request, Answer::status(204));
    let told: Vec<Message> = plugin.call("notify", (event("opportunite.created"),)).unwrap();
    assert!(told.is_empty());
}

#[test]
fn other_events_and_a_site_without_a_room_are_silent() {
    let mut plugin = plugin();
    plugin.call::<Vec<Message>>("notify", (event("opportunite.moved"),)).unwrap();
    plugin.config(&json!({}));
    plugin.call::<Vec<Message>>("notify", (event("opportunite.created"),)).unwrap();
    assert!(plugin.seen().requests.is_empty());
}

#[test]
fn a_room_that_refuses_makes_the_host_try_again() {
    let mut plugin = plugin();
    plugin.expect(Request::post(HOOK), Answer::status(500));
    let refused = plugin.call::<Vec<Message>>("notify", (event("opportunite.created"),)).unwrap_err();
    assert_eq!((refused.kind.as_str(), refused.error), ("error", json!({ "Unavailable": "the chat answers 500" })));
}

#[test]
fn without_the_grant_nothing_leaves() {
    let mut plugin = plugin();
    plugin.grants(&[]);
    let refused = plugin.call::<Vec<Message>>("notify", (event("opportunite.assigned"),)).unwrap_err();
    assert!(refused.error.get("Denied").is_some(), "{refused:?}");
    assert_eq!(plugin.seen().denied, ["http-client"]);
}

#[test]
fn an_address_inside_the_network_needs_a_grant_of_its_own() {
    let mut plugin = plugin();
    plugin.config(&json!({ "webhook": "http://10.0.0.7/hook" }));
    let refused = plugin.call::<Vec<Message>>("notify", (event("opportunite.created"),)).unwrap_err();
    assert!(refused.error.get("Denied").is_some(), "{refused:?}");
    assert!(plugin.seen().requests.is_empty());
}
