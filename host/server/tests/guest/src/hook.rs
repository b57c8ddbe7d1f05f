//! A hook whose settings control what it does. It compares the settings as text, so it needs no JSON parser. They are:
//! `"veto":"<transition>"`, `"trap"`, `"reads"` (it reads records before it allows a change), `"mute"` (it fails to
//! list its subscriptions), `"late"` (it asks for a late place among the hooks), `"work"` (a job after each move),
//! `"announce"` (an event after each move), `"several"` (two notes, a job and an event that contain the event's
//! instant). An event called `query <kind> <fields> <conditions> <order> <limit> <after>` makes it query records. Each
//! part may be `-`, and a condition is `test:field:value`.

wit_bindgen::generate!({
    inline: "
        package test:guest;
        world hook-with-jobs {
            include afpi:plugin/hook-plugin@1.1.0;
            include afpi:plugin/job-handler-facet@1.1.0;
        }
    ",
    path: ["../../../../wit/types", "../../../../wit/host", "../../../../wit/plugin"],
    world: "test:guest/hook-with-jobs",
    generate_all,
});

use afpi::host::{config, events, jobs, kv, log, records_query, records_read};
use afpi::types::types::{Error, FieldProblem, Text};
use exports::afpi::plugin::hook::*;
use exports::afpi::plugin::{job_handler, lifecycle};

struct Plugin;
export!(Plugin);

const EVENTS: [&str; 6] = [
    "opportunite.created",
    "opportunite.moved",
    "opportunite.edited",
    "opportunite.assigned",
    "entreprise.created",
    "entreprise.updated",
];

/// Notes the event, what it is about and its data.
fn note(verb: &str, event: &Event) {
    let line = match &event.subject {
        Subject::Entreprise(company) => format!("{verb} {} {} {}", event.name, company.name, event.data),
        _ => format!("{verb} {}", event.name),
    };
    log::write(log::Level::Info, &line);
}

fn said(word: &str) -> bool {
    config::get().contains(&format!("\"{word}\""))
}

impl lifecycle::Guest for Plugin {
    fn config_schema() -> String {
        r#"{"type":"object"}"#.into()
    }

    fn validate_config(_: String) -> Vec<FieldProblem> {
        Vec::new()
    }

    fn migrate_config(_: String, config: String) -> Result<String, Error> {
        Ok(config)
    }
}

impl Guest for Plugin {
    fn subscriptions() -> Vec<Subscription> {
        if said("mute") {
            core::arch::wasm32::unreachable();
        }
        let order = if said("late") { 10 } else { 0 };
        let ask = |phase: Phase| move |event: &str| Subscription { event: event.into(), phase, order };
        let both = EVENTS.into_iter().flat_map(|event| [ask(Phase::Before)(event), ask(Phase::After)(event)]);
        both.chain([ask(Phase::After)("plugin.garde.echo")]).collect()
    }

    fn before(event: Event) -> Result<Verdict, Error> {
        note("asked", &event);
        if said("trap") {
            core::arch::wasm32::unreachable();
        }
        if said("reads") {
            let page = records_read::PageRequest { criteria: Vec::new(), after: None, limit: 1 };
            records_read::list_opportunites(&page)?;
            log::write(log::Level::Info, "read before");
        }
        let wanted =
            config::get().split("\"veto\":\"").nth(1).and_then(|rest| rest.split('"').next().map(str::to_owned));
        let vetoed =
            wanted.is_some_and(|word| event.name == word || event.data.contains(&format!("\"transition\":\"{word}\"")));
        if !vetoed {
            return Ok(Verdict::Allow);
        }
        let who = event.actor.map(|actor| actor.role).unwrap_or_default();
        Ok(Verdict::Veto(Text { fr: format!("Pas de {who} ici."), en: format!("No {who} here.") }))
    }

    fn after(event: Event) -> Result<(), Error> {
        if let Some(asked) = event.name.strip_prefix("query ") {
            return query(asked);
        }
        note("heard", &event);
        let about = match event.subject {
            Subject::Opportunite(record) => Some(record.id),
            _ => None,
        };
        if said("work") && event.name == "opportunite.moved" {
            let job = jobs::Job {
                kind: "count".into(),
                payload: r#"{"n":1}"#.into(),
                run_after_ms: 0,
                dedupe_key: Some("count".into()),
            };
            log::write(log::Level::Info, &format!("enqueued {:?}", jobs::enqueue(&job)));
        }
        if said("several") {
            let number = event.at.to_string();
            kv::set("a", number.as_bytes())?;
            jobs::enqueue(&jobs::Job {
                kind: "several".into(),
                payload: "{}".into(),
                run_after_ms: 0,
                dedupe_key: Some(number.clone()),
            })?;
            kv::set("b", number.as_bytes())?;
            return events::emit(&events::Event {
                name: "echo".into(),
                opportunite: None,
                payload: format!(r#"{{"n":{number}}}"#),
            });
        }
        if said("announce") && (event.name == "opportunite.moved" || event.name.starts_with("plugin.")) {
            // The plugin's own event triggers it again, until the host stops the chain.
            let told = events::emit(&events::Event { name: "echo".into(), opportunite: about, payload: "{}".into() });
            log::write(log::Level::Info, if told.is_ok() { "announced" } else { "the chain ends" });
        }
        Ok(())
    }
}

/// Queries records. Notes the result and the position of the next page.
fn query(asked: &str) -> Result<(), Error> {
    let mut parts = asked.splitn(6, ' ').map(|part| if part == "-" { "" } else { part });
    let mut part = || parts.next().unwrap_or_default();
    let condition = |text: &str| {
        let mut words = text.splitn(3, ':').map(str::to_owned);
        let mut word = || words.next().unwrap_or_default();
        let (test, field, value) = (word(), word(), word());
        records_query::Condition { field, test, value }
    };
    let page = records_query::select(&records_query::Query {
        kind: part().into(),
        fields: part().split(',').filter(|text| !text.is_empty()).map(Into::into).collect(),
        conditions: part().split(';').filter(|text| !text.is_empty()).map(condition).collect(),
        order: part().into(),
        limit: part().parse().unwrap_or(200),
        after: Some(part()).filter(|text| !text.is_empty()).map(Into::into),
    })?;
    let found: Vec<_> = page.items.iter().map(|entry| format!("{}\t{}", entry.label, entry.data)).collect();
    kv::set("found", found.join("\n").as_bytes())?;
    kv::set("next", page.next.unwrap_or_default().as_bytes())
}

impl job_handler::Guest for Plugin {
    fn run(kind: String, payload: String, attempt: u32) -> job_handler::Outcome {
        let page = records_read::PageRequest { criteria: Vec::new(), after: None, limit: 200 };
        let seen = records_read::list_opportunites(&page).map(|page| page.items.len());
        log::write(log::Level::Info, &format!("{kind} {payload} attempt {attempt} sees {seen:?}"));
        if attempt == 1 && kv::set("tried", b"yes").is_ok() {
            return job_handler::Outcome::Retry(1);
        }
        job_handler::Outcome::Done
    }
}
