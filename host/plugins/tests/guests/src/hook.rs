//! A hook that does what the name of the event says after a space. It reports the result in its veto before a change,
//! and in a log line afterwards. Its jobs do what their kind says.

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

use afpi::host::{config, context, events, http_client, jobs, kv, log, records_query, records_read};
use afpi::types::records::Reference;
use afpi::types::types::{Error, Text};
use exports::afpi::plugin::hook::*;
use exports::afpi::plugin::job_handler;

struct Plugin;
crate::lifecycle!();
export!(Plugin);

fn subscription(event: &str, phase: Phase, order: i32) -> Subscription {
    Subscription { event: event.into(), phase, order }
}

fn page(criteria: &str, limit: u32, after: Option<&str>) -> records_read::PageRequest {
    let criterion = |text: &str| {
        let (field, value) = text.split_once('=').unwrap_or((text, ""));
        records_read::Criterion { field: field.into(), value: value.into() }
    };
    let criteria = criteria.split(',').filter(|text| !text.is_empty()).map(criterion).collect();
    records_read::PageRequest { criteria, after: after.map(Into::into), limit }
}

fn job(kind: &str) -> jobs::Job {
    jobs::Job { kind: kind.into(), payload: "{}".into(), run_after_ms: 1_500, dedupe_key: None }
}

fn emit(name: &str, opportunite: Option<String>) -> Result<(), Error> {
    events::emit(&events::Event { name: name.into(), opportunite, payload: r#"{"n":1}"#.into() })
}

/// Reads `kind field,… test:field:value;… order limit after`. A part `-` is empty.
fn query(argument: &str) -> records_query::Query {
    let mut parts = argument.split(' ').map(|part| if part == "-" { "" } else { part });
    let mut part = || parts.next().unwrap_or_default();
    let condition = |text: &str| {
        let mut words = text.splitn(3, ':').map(str::to_owned);
        let mut word = || words.next().unwrap_or_default();
        let (test, field, value) = (word(), word(), word());
        records_query::Condition { field, test, value }
    };
    records_query::Query {
        kind: part().into(),
        fields: part().split(',').filter(|text| !text.is_empty()).map(Into::into).collect(),
        conditions: part().split(';').filter(|text| !text.is_empty()).map(condition).collect(),
        order: part().into(),
        limit: part().parse().unwrap_or(200),
        after: Some(part()).filter(|text| !text.is_empty()).map(Into::into),
    }
}

/// Uses a capability. Returns the result in one line.
fn act(what: &str, argument: &str) -> Result<String, Error> {
    Ok(match what {
        "read" => {
            let found = records_read::get_opportunite(argument)?;
            format!("{} [{}]", found.title, found.state)
        }
        "read-company" => records_read::get_entreprise(argument)?.name,
        "list" => {
            let found = records_read::list_opportunites(&page(argument, 2, None))?;
            let titles: Vec<_> = found.items.into_iter().map(|item| item.title).collect();
            format!("{} next {:?}", titles.join(","), found.next)
        }
        "list-after" => {
            let found = records_read::list_opportunites(&page("", 2, Some(argument)))?;
            let titles: Vec<_> = found.items.into_iter().map(|item| item.title).collect();
            format!("{} next {:?}", titles.join(","), found.next)
        }
        "list-many" => {
            records_read::list_opportunites(&page("", argument.parse().unwrap(), None))?.items.len().to_string()
        }
        "list-companies" => {
            let found = records_read::list_entreprises(&page(argument, 200, None))?;
            found.items.into_iter().map(|item| item.name).collect::<Vec<_>>().join(",")
        }
        "select" => {
            let page = records_query::select(&query(argument))?;
            let shown: Vec<_> = page.items.into_iter().map(|entry| entry.label + &entry.data).collect();
            format!("{} next {:?}", shown.join(" "), page.next)
        }
        // Reads every page of a query and returns all ids.
        "walk" => {
            let mut asked = query(argument);
            let mut ids = Vec::new();
            loop {
                let page = records_query::select(&asked)?;
                ids.extend(page.items.into_iter().map(|entry| entry.id));
                match page.next {
                    Some(next) => asked.after = Some(next),
                    None => return Ok(ids.join(" ")),
                }
            }
        }
        "select-for-ever" => loop {
            records_query::select(&query(argument))?;
        },
        "fetch" => {
            let (fields, ids) = argument.split_once(' ').unwrap_or((argument, ""));
            let fields: Vec<String> = fields.split(',').filter(|text| *text != "-").map(Into::into).collect();
            let reference = |text: &str| {
                let (kind, id) = text.split_once(':').unwrap_or((text, ""));
                Reference { kind: kind.into(), id: id.into() }
            };
            let references: Vec<_> = ids.split(' ').filter(|text| !text.is_empty()).map(reference).collect();
            let found = records_query::fetch(&references, &fields)?;
            found.into_iter().map(|entry| entry.label + &entry.data).collect::<Vec<_>>().join(" ")
        }
        "describe" => records_query::describe(argument)?,
        "enqueue" => jobs::enqueue(&job(argument))?.to_string(),
        "enqueue-keyed" => jobs::enqueue(&jobs::Job { dedupe_key: Some(argument.into()), ..job("keyed") })?.to_string(),
        "enqueue-payload" => jobs::enqueue(&jobs::Job { payload: argument.repeat(70_000), ..job("big") })?.to_string(),
        "enqueue-late" => jobs::enqueue(&jobs::Job { run_after_ms: u64::MAX, ..job("late") })?.to_string(),
        "enqueue-all" => loop {
            jobs::enqueue(&job("one"))?;
        },
        "emit" => emit(argument, None).map(|()| "told".to_owned())?,
        "emit-about" => emit("late", Some(argument.into())).map(|()| "told".to_owned())?,
        "emit-all" => loop {
            emit("late", None)?;
        },
        "note" => kv::set("note", argument.as_bytes()).map(|()| "noted".to_owned())?,
        "noted" => String::from_utf8(kv::get("note")?.unwrap_or_default()).unwrap(),
        // Makes every effect that a call can have. `several 7 trap` traps before the answer.
        "several" => {
            let (n, then) = argument.split_once(' ').unwrap_or((argument, ""));
            kv::set("a", n.as_bytes())?;
            jobs::enqueue(&jobs::Job { dedupe_key: Some(n.into()), ..job("several") })?;
            kv::set("b", n.as_bytes())?;
            emit("late", None)?;
            act(then, "")?
        }
        "call-out" => {
            let response = http_client::send(&http_client::Request {
                method: http_client::Method::Get,
                url: argument.into(),
                headers: Vec::new(),
                secret_headers: Vec::new(),
                body: None,
                timeout_ms: 1_000,
            })?;
            response.status().to_string()
        }
        "deadline" => context::current().deadline_ms.to_string(),
        "spin" => loop {
            std::hint::black_box(());
        },
        "away" => return Err(Error::Unavailable("away\nERROR forged ".repeat(100_000))),
        "trap" => core::arch::wasm32::unreachable(),
        _ => "unknown".into(),
    })
}

fn words(name: &str) -> (&str, &str) {
    let rest = name.split_once(' ').map_or("", |(_, rest)| rest);
    rest.split_once(' ').unwrap_or((rest, ""))
}

impl Guest for Plugin {
    fn subscriptions() -> Vec<Subscription> {
        let settings = config::get();
        if settings.contains("\"trap\"") {
            core::arch::wasm32::unreachable();
        }
        if settings.contains("\"many\"") {
            return (0..65).map(|n| subscription("opportunite.moved", Phase::Before, n)).collect();
        }
        vec![
            subscription("opportunite.moved", Phase::Before, 5),
            subscription("opportunite.moved", Phase::Before, -5),
            subscription("opportunite.created", Phase::After, 0),
        ]
    }

    fn before(event: Event) -> Result<Verdict, Error> {
        match words(&event.name) {
            ("", _) => Ok(Verdict::Allow),
            ("odd", _) => Ok(Verdict::Other("odd".into())),
            (what, argument) => {
                let told = act(what, argument)?;
                Ok(Verdict::Veto(Text { fr: told.clone(), en: told }))
            }
        }
    }

    fn after(event: Event) -> Result<(), Error> {
        let (what, argument) = words(&event.name);
        let told = act(what, argument)?;
        log::write(log::Level::Info, &told);
        Ok(())
    }
}

impl job_handler::Guest for Plugin {
    fn run(kind: String, payload: String, attempt: u32) -> job_handler::Outcome {
        use job_handler::Outcome;
        match kind.as_str() {
            "retry" => Outcome::Retry(attempt * 1_000),
            "fail" => Outcome::Fail(payload),
            "odd" => Outcome::Other("odd".into()),
            "spin" => loop {
                std::hint::black_box(());
            },
            "again" => match jobs::enqueue(&job("again")) {
                Ok(added) => Outcome::Fail(added.to_string()),
                Err(Error::Conflict(reason)) => Outcome::Fail(reason.en),
                Err(error) => Outcome::Other(format!("{error:?}")),
            },
            _ => Outcome::Done,
        }
    }
}
