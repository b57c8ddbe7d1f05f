//! A workflow that does what its settings say, for example `{"mode": "loop"}`.

wit_bindgen::generate!({
    inline: "
        package test:guest;
        world workflow-with-migration {
            include afpi:plugin/workflow-plugin@1.1.0;
            include afpi:plugin/data-migration-facet@1.1.0;
        }
    ",
    path: ["../../../../wit/types", "../../../../wit/host", "../../../../wit/plugin"],
    world: "test:guest/workflow-with-migration",
    generate_all,
});

use afpi::host::{config, context, log};
use afpi::types::types::{Actor, Error, FieldProblem, Opportunite, Text};
use exports::afpi::plugin::data_migration::{self, Stored};
use exports::afpi::plugin::workflow::*;
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

struct Plugin;
crate::lifecycle!();
export!(Plugin);

static CALLS: AtomicU32 = AtomicU32::new(0);

fn text(words: &str) -> Text {
    Text { fr: words.into(), en: words.into() }
}

fn decision(subject: Opportunite, state: String) -> Decision {
    Decision {
        section: subject.section,
        status: subject.status,
        outcome: Outcome::Open,
        amount: subject.amount,
        due: None,
        data: subject.data,
        state,
        steps: Vec::new(),
        facts: Vec::new(),
        bookings: None,
        numberings: Vec::new(),
    }
}

#[allow(unconditional_recursion)]
fn descend(depth: u64) -> u64 {
    black_box([depth; 8])[0] + descend(black_box(depth + 1))
}

fn misbehave(mode: &str) {
    let is = |name: &str| mode.contains(&format!("\"{name}\""));
    if is("loop") {
        loop {
            black_box(());
        }
    } else if is("trap") {
        core::arch::wasm32::unreachable();
    } else if is("memory") {
        let mut hoard = Vec::new();
        loop {
            // The guest does not write to this memory. The host must refuse the growth, and writing would reach the
            // time limit first.
            hoard.push(black_box(Vec::<u8>::with_capacity(1 << 20)));
        }
    } else if is("recursion") {
        black_box(descend(0));
    } else if is("host-flood") {
        loop {
            black_box(context::current());
        }
    } else if is("log-flood") {
        for line in 0..1_500 {
            log::write(log::Level::Info, &format!("line {line}\nforged"));
        }
    } else if is("fill") {
        let mut all = vec![0u8; 40 << 20];
        loop {
            black_box(&mut all).fill(7);
        }
    }
}

impl Guest for Plugin {
    fn definition() -> WorkflowDefinition {
        let mode = config::get();
        misbehave(&mode);
        let id = if mode.contains("\"huge\"") { "x".repeat(20 << 20) } else { "essai".into() };
        WorkflowDefinition { id, label: text("Essai"), sections: vec![], statuses: vec![], transitions: vec![] }
    }

    /// The state of the decision contains the number of calls of this instance.
    fn start(subject: Opportunite, _actor: Actor, _moment: Moment) -> Result<Decision, Error> {
        misbehave(&config::get());
        let calls = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(decision(subject, calls.to_string()))
    }

    fn decide(subject: Opportunite, transition: String, input: String, _: Actor, _: Moment) -> Result<Decision, Error> {
        if transition == "refuse" {
            return Err(Error::Conflict(text("non")));
        }
        Ok(decision(subject, input))
    }

    /// The state of the decision contains what the guest sees of its call.
    fn edit(subject: Opportunite, _: String, _: String, _: Actor, _: Moment) -> Result<Decision, Error> {
        let seen = context::current();
        let state = format!(
            "{} {} {} {} {} {}",
            seen.site,
            seen.site_code,
            seen.locale,
            seen.call_id,
            seen.deadline_ms,
            config::get()
        );
        Ok(decision(subject, state))
    }

    fn offers(subject: Opportunite, actor: Actor, _: Moment) -> Vec<Offer> {
        let blockers = vec![FieldProblem { field: subject.section, code: actor.role, message: text("manque") }];
        vec![Offer { transition: "avancer".into(), allowed: false, blockers }]
    }

    fn editable(subject: Opportunite, actor: Actor) -> Vec<String> {
        vec![subject.section, actor.role]
    }
}

/// Renames a field, or does what the version says.
impl data_migration::Guest for Plugin {
    fn migrate(from_version: String, mut items: Vec<Stored>) -> Result<Vec<Stored>, Error> {
        match from_version.as_str() {
            "trap" => core::arch::wasm32::unreachable(),
            "spin" => misbehave("\"loop\""),
            "short" => drop(items.pop()),
            "odd" => items[0].data = "[1]".into(),
            "refuse" => return Err(Error::Other("too old".into())),
            _ => items.iter_mut().for_each(|item| item.data = item.data.replace("\"old\"", "\"new\"")),
        }
        Ok(items)
    }
}
