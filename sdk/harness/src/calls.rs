//! Calls the functions of `wit/` by name. Arguments and answers are JSON.

use crate::session::{Session, Wrong};
use afpi_plugin_testing::protocol::Refusal;
use afpi_plugins::contract::objectives::Fact;
use afpi_plugins::contract::query::Entry;
use afpi_plugins::manifest::Manifest;
use afpi_plugins::ports::Effects;
use afpi_plugins::{JobOutcome, MOST_MIGRATED, Pass, PluginFailure, Verdict};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The open passes of a connector, by their number.
#[derive(Default)]
pub(crate) struct Passes {
    opened: u64,
    open: HashMap<u64, Pass>,
}

impl Passes {
    /// Takes the effects of a finished pass. A second call returns none.
    pub(crate) fn take_effects(&mut self, number: u64) -> Effects {
        self.open.get_mut(&number).map(Pass::take_effects).unwrap_or_default()
    }
}

/// The functions of each interface that a plugin can export.
const FUNCTIONS: [(&str, &[&str]); 11] = [
    ("lifecycle", &["config-schema", "validate-config", "migrate-config"]),
    ("workflow", &["definition", "start", "decide", "edit", "offers", "editable"]),
    ("objectives", &["metrics", "calculate", "attain"]),
    ("notifier", &["kinds", "notify"]),
    ("connector", &["check", "pass.open", "pass.next"]),
    ("hook", &["subscriptions", "before", "after"]),
    ("job-handler", &["run"]),
    ("data-migration", &["migrate"]),
    ("documents", &["catalogue", "missing", "compose"]),
    ("lookup", &["find"]),
    ("auditor", &["rules", "audit"]),
];

/// The functions of a plugin with this manifest.
pub(crate) fn functions(manifest: &Manifest) -> impl Iterator<Item = &'static str> {
    exported(manifest).into_iter().flat_map(|(_, functions)| functions.iter().copied())
}

fn exported(manifest: &Manifest) -> Vec<(&'static str, &'static [&'static str])> {
    let of = |interface: &str| FUNCTIONS.into_iter().find(|(name, _)| *name == interface);
    manifest.exports().into_iter().filter_map(|export| of(export.interface)).collect()
}

/// Calls a function. Like the host, `calculate` takes the query and a list of batches of facts, and
/// `audit` the day and a list of batches of entries.
pub(crate) async fn call(session: &mut Session, function: &str, given: &[Value]) -> Result<Value, Refusal> {
    let exported = exported(session.plugin.manifest());
    let found = exported.into_iter().find(|(_, functions)| functions.contains(&function));
    match found.map(|(interface, _)| interface) {
        Some("lifecycle") => lifecycle(session, function, given).await,
        Some("workflow") => workflow(session, function, given).await,
        Some("objectives") => objectives(session, function, given).await,
        Some("notifier") => notifier(session, function, given).await,
        Some("connector") => connector(session, function, given).await,
        Some("hook") => hook(session, function, given).await,
        Some("job-handler") => job(session, given).await,
        Some("data-migration") => migrate(session, given).await,
        Some("documents") => documents(session, function, given).await,
        Some("lookup") => lookup(session, given).await,
        Some("auditor") => auditor(session, function, given).await,
        _ => Err(unknown(session, function)),
    }
}

async fn lifecycle(session: &mut Session, function: &str, given: &[Value]) -> Result<Value, Refusal> {
    let context = session.context();
    let plugin = session.runtime.registry().lifecycle(session.plugin.id()).ok_or_else(gone)?;
    match function {
        "config-schema" => {
            let () = none(function, given)?;
            answer(plugin.config_schema(&context).await)
        }
        "validate-config" => {
            let (config,): (String,) = args(function, given)?;
            answer(plugin.validate_config(&context, &config).await)
        }
        _ => {
            let (from, config): (String, String) = args(function, given)?;
            answer(plugin.migrate_config(&context, &from, &config).await)
        }
    }
}

async fn workflow(session: &mut Session, function: &str, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().workflow(session.site()).ok_or_else(gone)?;
    match function {
        "definition" => {
            let () = none(function, given)?;
            answer(plugin.definition(context).await)
        }
        "start" => {
            let (subject, actor, moment) = args(function, given)?;
            answer(plugin.start(context, &subject, &actor, &moment).await)
        }
        "decide" => {
            let (subject, transition, input, actor, moment): (_, String, String, _, _) = args(function, given)?;
            answer(plugin.decide(context, &subject, &transition, &input, &actor, &moment).await)
        }
        "edit" => {
            let (subject, section, document, actor, moment): (_, String, String, _, _) = args(function, given)?;
            answer(plugin.edit(context, &subject, &section, &document, &actor, &moment).await)
        }
        "offers" => {
            let (subject, actor, moment) = args(function, given)?;
            answer(plugin.offers(context, &subject, &actor, &moment).await)
        }
        "editable" => {
            let (subject, actor) = args(function, given)?;
            answer(plugin.editable(context, &subject, &actor).await)
        }
        _ => Err(unknown(session, function)),
    }
}

async fn objectives(session: &mut Session, function: &str, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().objectives(session.site()).into_iter().next().ok_or_else(gone)?;
    match function {
        "metrics" => {
            let () = none(function, given)?;
            answer(plugin.metrics(context).await)
        }
        "calculate" => {
            let (query, batches): (_, Vec<Vec<Fact>>) = args(function, given)?;
            answer(plugin.calculate(context, &query, batches).await)
        }
        "attain" => {
            let (targets,): (Vec<_>,) = args(function, given)?;
            answer(plugin.attain(context, &targets).await)
        }
        _ => Err(unknown(session, function)),
    }
}

async fn notifier(session: &mut Session, function: &str, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().notifiers(session.site()).pop().ok_or_else(gone)?;
    match function {
        "kinds" => {
            let () = none(function, given)?;
            answer(plugin.kinds(context).await)
        }
        "notify" => {
            let (event,) = args(function, given)?;
            answer(plugin.notify(context, &event).await)
        }
        _ => Err(unknown(session, function)),
    }
}

async fn connector(session: &mut Session, function: &str, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().connector(session.plugin.id()).ok_or_else(gone)?;
    match function {
        "check" => {
            let () = none(function, given)?;
            answer(plugin.check(context).await)
        }
        "pass.open" => {
            let (entities,): (Vec<String>,) = args(function, given)?;
            let pass = plugin.open(context, &entities).await.map_err(refusal)?;
            session.passes.opened += 1;
            session.passes.open.insert(session.passes.opened, pass);
            Ok(json!(session.passes.opened))
        }
        "pass.next" => {
            let (number, max): (u64, u32) = args(function, given)?;
            let pass =
                session.passes.open.get_mut(&number).ok_or_else(|| Wrong(format!("no pass {number} is open")))?;
            let batch = pass.next(max).await.map_err(refusal)?;
            if batch.finished {
                // Like a host that applies the records of the pass.
                session.settle(number).await?;
            }
            answer(Ok(batch))
        }
        _ => Err(unknown(session, function)),
    }
}

async fn hook(session: &mut Session, function: &str, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().hooks(session.site()).pop().ok_or_else(gone)?;
    match function {
        "subscriptions" => {
            let () = none(function, given)?;
            answer(plugin.subscriptions(context).await.map(|asked| asked.to_vec()))
        }
        "before" => {
            let (event,) = args(function, given)?;
            answer(plugin.before(context, &event).await.map(|verdict| match verdict {
                Verdict::Allow => json!("Allow"),
                Verdict::Veto(reason) => json!({ "Veto": reason }),
            }))
        }
        "after" => {
            let (event,) = args(function, given)?;
            answer(plugin.after(context, &event).await)
        }
        _ => Err(unknown(session, function)),
    }
}

/// Runs one job, like a host when the job is due.
async fn job(session: &mut Session, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().job_handler(session.site(), session.plugin.id()).ok_or_else(gone)?;
    let (kind, payload, attempt): (String, String, u32) = args("run", given)?;
    answer(plugin.run(context, &kind, &payload, attempt).await.map(|outcome| match outcome {
        JobOutcome::Done => json!("Done"),
        JobOutcome::Retry(wait) => json!({ "Retry": wait.as_millis() as u64 }),
        JobOutcome::Fail(reason) => json!({ "Fail": reason }),
    }))
}

/// Migrates documents from another version, like a host before a decision.
async fn migrate(session: &mut Session, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().workflow(session.site()).and_then(|workflow| workflow.migration());
    let (from, items): (String, Vec<_>) = args("migrate", given)?;
    if items.len() > MOST_MIGRATED {
        return Err(Wrong(format!("a call migrates at most {MOST_MIGRATED} documents")).into());
    }
    answer(plugin.ok_or_else(gone)?.migrate(context, &from, &items).await)
}

async fn documents(session: &mut Session, function: &str, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().documents(session.site()).pop().ok_or_else(gone)?;
    match function {
        "catalogue" => {
            let () = none(function, given)?;
            answer(plugin.catalogue(context).await)
        }
        "missing" => {
            let (request,) = args(function, given)?;
            answer(plugin.missing(context, &request).await)
        }
        _ => {
            let (request,) = args(function, given)?;
            answer(plugin.compose(context, &request).await)
        }
    }
}

/// Finds companies, like a host while somebody types.
async fn lookup(session: &mut Session, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().lookups(session.site()).pop().ok_or_else(gone)?;
    let (query,) = args("find", given)?;
    answer(plugin.find(context, &query).await)
}

async fn auditor(session: &mut Session, function: &str, given: &[Value]) -> Result<Value, Refusal> {
    let context = &session.context();
    let plugin = session.runtime.registry().auditors(session.site()).pop().ok_or_else(gone)?;
    match function {
        "rules" => {
            let () = none(function, given)?;
            answer(plugin.rules(context).await)
        }
        _ => {
            let (today, batches): (String, Vec<Vec<Entry>>) = args(function, given)?;
            answer(plugin.audit(context, &today, batches).await)
        }
    }
}

fn args<T: DeserializeOwned>(function: &str, given: &[Value]) -> Result<T, Refusal> {
    let read = serde_json::from_value(Value::Array(given.to_vec()));
    read.map_err(|error| Wrong(format!("the arguments of `{function}` do not fit: {error}")).into())
}

fn none(function: &str, given: &[Value]) -> Result<(), Refusal> {
    if given.is_empty() { Ok(()) } else { Err(Wrong(format!("`{function}` takes no arguments")).into()) }
}

fn answer<T: Serialize>(result: Result<T, PluginFailure>) -> Result<Value, Refusal> {
    serde_json::to_value(result.map_err(refusal)?).map_err(|error| Wrong(error.to_string()).into())
}

fn refusal(failure: PluginFailure) -> Refusal {
    let error = match &failure {
        PluginFailure::Guest(error) => serde_json::to_value(error).unwrap_or_default(),
        _ => Value::Null,
    };
    Refusal { kind: failure.outcome().as_str().into(), message: failure.to_string(), error }
}

fn unknown(session: &Session, function: &str) -> Refusal {
    let manifest = session.plugin.manifest();
    let known: Vec<_> = functions(manifest).collect();
    Wrong(format!("this {} plugin has no function `{function}`; it has {}", manifest.kind, known.join(", "))).into()
}

/// The session's seat is missing. This would be a fault of the harness.
fn gone() -> Refusal {
    Wrong("the plugin is not seated".into()).into()
}
