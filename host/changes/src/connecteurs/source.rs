//! Connectors as a source of runs: reads a plugin's pass to its end.

use std::collections::HashMap;
use std::time::Duration;

use afpi_db::Conn;
use afpi_plugins::contract::Error as Refusal;
use afpi_plugins::contract::connector::{Batch as Came, Item as Sent};
use afpi_plugins::{Pass, PluginFailure};
use async_trait::async_trait;
use serde_json::Value;

use super::{effects, owners, runs};
use crate::engine::Stop;
use crate::engine::run::State;
use crate::engine::session::Session;
use crate::engine::source::{Batch, Item, Next, Rows, Rules, Skipped, Source};
use afpi_core::clock::Instant;
use afpi_core::error::{ErrorKind, Result};
use afpi_core::id::{LocalisationId, RunId};
use afpi_core::text::{Locale, Text, text};
use afpi_platform::bus::BusEvent;
use afpi_platform::events::Event;
use afpi_platform::journal::{Actor, Subject};
use afpi_platform::plugins::{context, listen};
use afpi_platform::settings;
use afpi_platform::state::App;

/// Longest fields of one record, as JSON; the columns take 64 KiB.
const MAX_FIELDS: usize = 48 << 10;

const PREFIX: &str = "connecteur";

/// The key of a connector's runs.
pub fn key(plugin: &str) -> String {
    format!("{PREFIX}:{plugin}")
}

/// The connector of a run key.
pub fn of(key: &str) -> Option<&str> {
    key.strip_prefix(PREFIX)?.strip_prefix(':')
}

/// Connectors.
pub struct Connector;

#[async_trait]
impl Source for Connector {
    fn prefix(&self) -> &'static str {
        PREFIX
    }

    async fn rules(&self, conn: &mut Conn, plugin: &str) -> Result<Rules> {
        // A plugin that was removed meanwhile has no settings. The run then fails with its own message.
        let config = match settings::read(conn, plugin, LocalisationId::NETWORK).await {
            Ok(settings) => settings.config,
            Err(problem) if problem.kind() == ErrorKind::NotFound => serde_json::Map::new(),
            Err(problem) => return Err(problem),
        };
        Ok(Rules {
            memory: Some(plugin.to_owned()),
            owners: owners::load(conn, plugin).await?,
            fallback: config.get("defaultLocalisation").and_then(Value::as_str).map(str::to_owned),
            only: None,
            by_name: false,
            origin: plugin.to_owned(),
            defaults: HashMap::new(),
        })
    }

    async fn open(&self, session: &mut Session<'_>, entities: &[String]) -> Result<Box<dyn Rows>, Stop> {
        let plugin = session.origin.name.clone();
        let connector = session.app.plugins.registry().connector(&plugin).ok_or_else(|| {
            Stop::Failed(text(
                "Le connecteur n'est pas configuré ou est désactivé.",
                "The connector is not set up or is switched off.",
            ))
        })?;
        let call_id = format!("sync-{}", session.run);
        let lines = listen::to(&call_id);
        session.info(format!("Lecture avec {plugin} {}.", connector.plugin().manifest().version));
        let pass = connector.open(&context(Locale::Fr, &call_id), entities).await.map_err(failed)?;
        Ok(Box::new(Walk { pass, lines }))
    }

    async fn applied(&self, session: &mut Session<'_>) -> Result<(), Stop> {
        effects::apply(session).await
    }

    fn actor<'a>(&self, plugin: &'a str) -> Actor<'a> {
        Actor::Connector(plugin)
    }

    fn subject(&self, plugin: &str) -> Option<Subject> {
        Some(Subject::Connecteur(plugin.to_owned()))
    }

    fn label<'a>(&self, plugin: &'a str) -> &'a str {
        plugin
    }

    /// The event that `afpi:plugin/notifier` describes.
    fn event(&self, app: &App, plugin: &str, run: RunId, state: State, message: Option<&Text>) -> Option<Event> {
        let known = app.plugins.registry().plugin(plugin);
        let data = serde_json::json!({
            "id": run,
            "plugin": plugin,
            "name": known.map(|p| p.manifest().name.clone()),
            "state": state.as_str(),
            "error": message.filter(|_| state == State::Failed),
            "heldReason": message.filter(|_| state == State::Held),
        });
        Some(Event {
            name: "connecteur.run".into(),
            at: Instant::now(),
            site_id: LocalisationId::NETWORK,
            actor_id: None,
            about: None,
            data,
            depth: 0,
        })
    }

    async fn publish(&self, app: &App, plugin: &str, run: RunId) {
        publish(app, plugin, run).await;
    }
}

/// Tells the viewers of the run its state.
pub async fn publish(app: &App, plugin: &str, run: RunId) {
    let shown = async { runs::load(&mut app.db.read().await?, plugin, run).await };
    if let Ok(shown) = shown.await
        && let Ok(Value::Object(mut run)) = serde_json::to_value(&shown)
    {
        run.insert("connecteur".into(), plugin.into());
        app.bus.publish(BusEvent::Sync { run: Value::Object(run) });
    }
}

/// A running pass.
struct Walk {
    pass: Pass,
    lines: listen::Listening,
}

#[async_trait]
impl Rows for Walk {
    async fn next(&mut self, most: u32) -> Result<Next, Stop> {
        match self.pass.next(most).await {
            Ok(batch) => Ok(Next::Batch(read(batch))),
            Err(PluginFailure::Guest(Refusal::RateLimited(ms))) => Ok(Next::Wait(Duration::from_millis(ms.into()))),
            Err(failure) => Err(failed(failure)),
        }
    }

    fn lines(&mut self) -> Vec<(&'static str, String)> {
        self.lines.take()
    }

    async fn close(&mut self, session: &Session<'_>) -> Result<(), Stop> {
        effects::keep(session, &self.pass.take_effects()).await
    }
}

fn read(came: Came) -> Batch {
    let skipped = came.skipped.into_iter().map(|skipped| Skipped {
        entity: skipped.entity,
        external_id: skipped.external_id,
        reason: text(skipped.reason.fr, skipped.reason.en),
    });
    Batch {
        entity: came.entity,
        skipped: skipped.collect(),
        items: came.items.into_iter().map(item).collect(),
        completed: came.completed,
        done: i64::try_from(came.done).unwrap_or(i64::MAX),
        total: i64::try_from(came.total).unwrap_or(i64::MAX),
        finished: came.finished,
    }
}

fn item(sent: Sent) -> Item {
    let fields = match serde_json::from_str(&sent.fields) {
        _ if sent.fields.len() > MAX_FIELDS => Err(text("fiche trop longue", "record too long")),
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(text("fiche illisible", "unreadable record")),
    };
    Item {
        entity: sent.entity,
        external_id: sent.external_id,
        parent: sent.parent,
        archived: sent.archived,
        fields,
        remarks: Vec::new(),
    }
}

/// The error for a pass that failed like this.
fn failed(failure: PluginFailure) -> Stop {
    Stop::Failed(words(failure))
}

/// A failed call as a message for people. `unavailable` has one text in the contract; a plugin gives both languages as
/// `fr / en`.
pub fn words(failure: PluginFailure) -> Text {
    let one = |message: String| match message.split_once(" / ") {
        Some((fr, en)) => text(fr, en),
        None => text(message.clone(), message),
    };
    match failure {
        PluginFailure::Guest(Refusal::Denied(message) | Refusal::Conflict(message)) => text(message.fr, message.en),
        PluginFailure::Guest(Refusal::Invalid(problems)) => match problems.into_iter().next() {
            Some(problem) => text(problem.message.fr, problem.message.en),
            None => text("Réglages refusés par l'extension.", "Settings refused by the plugin."),
        },
        PluginFailure::Guest(Refusal::NotFound(what)) => {
            text(format!("Introuvable : {what}."), format!("Not found: {what}."))
        }
        PluginFailure::Guest(Refusal::Unavailable(message) | Refusal::Other(message)) => one(message),
        PluginFailure::Guest(Refusal::RateLimited(_)) => text("Trop d'appels.", "Too many calls."),
        PluginFailure::Timeout(limit) => {
            let seconds = limit.as_secs();
            text(format!("L'extension a dépassé {seconds} s."), format!("The plugin ran longer than {seconds} s."))
        }
        other => text(format!("L'extension a échoué ({other})."), format!("The plugin failed ({other}).")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_with_both_languages_is_taken_apart() {
        let words = |message: &str| words(PluginFailure::Guest(Refusal::Unavailable(message.into())));
        assert_eq!(
            words("GET /entreprises : coupée. / GET /entreprises: cut."),
            text("GET /entreprises : coupée.", "GET /entreprises: cut.")
        );
        assert_eq!(words("away"), text("away", "away"));
    }
}
