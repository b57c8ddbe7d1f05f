//! Asks plugins for their declarations and checks them. An unusable declaration is refused before the plugin becomes
//! active.

use std::collections::HashSet;
use std::sync::Arc;

use afpi_plugins::contract::Text as Label;
use afpi_plugins::contract::workflow::WorkflowDefinition;
use afpi_plugins::{Binding, Plugin, PluginFailure, Unseated};
use serde_json::{Map, Value};

use super::{Fact, Topic};
use crate::plugins::facts::measures::Measures;
use afpi_core::error::{Error, ErrorKind, Result, internal};

use crate::plugins::{Plugins, context, failure};
use crate::schema;
use crate::workflow::Definition;
use afpi_core::text::{Locale, Text, text};

/// Most kinds of message or metrics of one plugin, and the longest word and label.
const MOST_WORDS: usize = 100;
pub const LONGEST_WORD: usize = 60;
pub const LONGEST_LABEL: usize = 200;

/// The refusal: what the plugin cannot declare, and why.
fn unusable(plugin: &Plugin, what: Text, cause: impl std::fmt::Display) -> Error {
    let cause: String = cause.to_string().chars().take(300).collect();
    tracing::warn!(plugin.id = plugin.id(), error.cause = ?cause, "a plugin does not say properly what it is");
    let title = text("Cette extension ne peut pas servir telle quelle", "This plugin cannot be used as it is");
    let detail = text(format!("{} : {cause}.", what.fr), format!("{}: {cause}.", what.en));
    Error::new(ErrorKind::PluginRefused, title).detail(detail)
}

/// A declaration, or the error. 503 when it was not the plugin's fault.
fn said<T>(plugin: &Plugin, what: &Text, answer: Result<T, PluginFailure>) -> Result<T> {
    answer.map_err(|error| match error {
        PluginFailure::Busy | PluginFailure::NoRoom => failure(error),
        error => unusable(plugin, what.clone(), error),
    })
}

fn the_schema() -> Text {
    text("Schéma des réglages", "Schema of the settings")
}

fn the_kinds() -> Text {
    text("Types de message", "Kinds of message")
}

fn the_definition() -> Text {
    text("Définition du processus", "Definition of the workflow")
}

fn the_measures() -> Text {
    text("Indicateurs", "Metrics")
}

fn the_subscriptions() -> Text {
    text("Événements attendus", "Events it waits for")
}

/// Checks words and labels that people will see.
fn usable<'a>(said: impl ExactSizeIterator<Item = (&'a String, &'a Label)>) -> Result<(), String> {
    if said.len() > MOST_WORDS {
        return Err(format!("{} of them, more than {MOST_WORDS}", said.len()));
    }
    let mut seen = HashSet::new();
    for (word, label) in said {
        if !(1..=LONGEST_WORD).contains(&word.chars().count()) {
            return Err(format!("a word has 1 to {LONGEST_WORD} characters"));
        }
        if [&label.fr, &label.en].iter().any(|l| l.trim().is_empty() || l.chars().count() > LONGEST_LABEL) {
            return Err(format!("the label of `{word}` has 1 to {LONGEST_LABEL} characters in each language"));
        }
        if !seen.insert(word) {
            return Err(format!("`{word}` stands there twice"));
        }
    }
    Ok(())
}

impl Plugins {
    /// Asks for the schema of the settings and checks it.
    pub(super) async fn ask_schema(&self, plugin: &Arc<Plugin>, correlation_id: &str) -> Result<Fact> {
        let context = context(Locale::Fr, correlation_id);
        let schema = self.registry().lifecycle_of(plugin.clone()).config_schema(&context).await;
        let schema = said(plugin, &the_schema(), schema)?;
        let judged: Map<String, Value> = schema::read(&schema).map_err(|e| unusable(plugin, the_schema(), e))?;
        let judged = Value::Object(judged);
        schema::compile(&judged).map_err(|e| unusable(plugin, the_schema(), e))?;
        Fact::new(Topic::Schema.of(plugin, ""), plugin, &judged)
    }

    /// Asks for the declaration that depends on the settings and checks it: a workflow's definition, a notifier's
    /// kinds, an objectives plugin's metrics, a hook's subscriptions.
    pub(crate) async fn ask_seat(
        &self,
        plugin: &Arc<Plugin>,
        config: &str,
        correlation_id: &str,
    ) -> Result<Option<Fact>> {
        let context = context(Locale::Fr, correlation_id);
        let binding = Binding { config: config.into(), ..Binding::default() };
        match self.registry().unseated(plugin.clone(), &binding) {
            Unseated::Workflow(asked) => {
                let definition = said(plugin, &the_definition(), asked.definition(&context).await)?;
                let fact = Fact::new(Topic::Definition.of(plugin, config), plugin, &definition)?;
                read_definition(plugin, definition).map_err(|e| unusable(plugin, the_definition(), e))?;
                Ok(Some(fact))
            }
            Unseated::Notifier(asked) => {
                let kinds = said(plugin, &the_kinds(), asked.kinds(&context).await)?;
                usable(kinds.iter().map(|kind| (&kind.id, &kind.label)))
                    .map_err(|e| unusable(plugin, the_kinds(), e))?;
                Fact::new(Topic::Kinds.of(plugin, config), plugin, &kinds).map(Some)
            }
            Unseated::Objectives(asked) => {
                let measures = said(plugin, &the_measures(), Measures::ask(&asked, &context).await)?;
                let words = measures.metrics.iter().map(|metric| (&metric.id, &metric.label));
                usable(words).map_err(|e| unusable(plugin, the_measures(), e))?;
                Fact::new(Topic::Measures.of(plugin, config), plugin, &measures).map(Some)
            }
            Unseated::Hook(asked) => {
                let wanted = said(plugin, &the_subscriptions(), asked.subscriptions(&context).await)?;
                Fact::new(Topic::Subscriptions.of(plugin, config), plugin, &&*wanted).map(Some)
            }
            Unseated::Silent => Ok(None),
        }
    }
}

pub(super) fn read_definition(plugin: &Plugin, definition: WorkflowDefinition) -> Result<Definition, String> {
    Definition::read(plugin.id(), &plugin.manifest().version.to_string(), definition)
}

/// Declarations of a version for several settings, each asked once.
pub struct Learned {
    pub facts: Vec<Fact>,
    asked: HashSet<String>,
    pub schema: Value,
}

impl Learned {
    pub async fn of(plugins: &Plugins, plugin: &Arc<Plugin>, correlation_id: &str) -> Result<Learned> {
        let fact = plugins.ask_schema(plugin, correlation_id).await?;
        let schema = serde_json::from_str(&fact.content).map_err(internal)?;
        Ok(Learned { facts: vec![fact], asked: HashSet::new(), schema })
    }

    /// Its declaration for these settings.
    pub async fn with(
        &mut self,
        plugins: &Plugins,
        plugin: &Arc<Plugin>,
        config: &str,
        correlation_id: &str,
    ) -> Result<()> {
        if self.asked.insert(config.to_owned()) {
            self.facts.extend(plugins.ask_seat(plugin, config, correlation_id).await?);
        }
        Ok(())
    }
}
