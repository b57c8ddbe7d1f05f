//! What plugins say about themselves: asked and judged when a version becomes active, is switched on or gets other
//! settings, kept in the table `plugin_facts`, and read from there ever after. Looking at a plugin runs none of it.
//!
//! What was never asked, because the version became active before there was the table, is asked once, when it is first
//! looked for.

use std::collections::HashSet;
use std::sync::Arc;

use afpi_db::{Conn, dialect, sql};
use afpi_plugins::contract::notifier::Kind;
use afpi_plugins::contract::workflow::WorkflowDefinition;
use afpi_plugins::{Binding, CallContext, NotifierPlugin, Plugin, PluginFailure, Unseated};
use axum::http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Plugins, context, failure, hex, plugin_failed};
use crate::http::problem::{ApiResult, Problem, internal};
use crate::http::schema;
use crate::platform::workflow::Definition;
use crate::text::{Locale, Text, text};

/// Kinds of message of one notifier, and the longest word and label of one.
const MOST_KINDS: usize = 100;
pub const LONGEST_KIND: usize = 60;
pub const LONGEST_LABEL: usize = 200;

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The JSON Schema of the settings; the same whatever they are.
    Schema,
    /// A workflow's definition, with these settings.
    Definition,
    /// A notifier's kinds of message, with these settings.
    Kinds,
}

impl Topic {
    fn as_str(self) -> &'static str {
        match self {
            Topic::Schema => "config-schema",
            Topic::Definition => "definition",
            Topic::Kinds => "kinds",
        }
    }

    fn of(self, plugin: &Plugin, config: &str) -> Key {
        let config = if self == Topic::Schema { "" } else { config };
        let digest = Sha256::new().chain_update(plugin.sha256()).chain_update(config).finalize();
        Key { topic: self, digest: hex(&digest) }
    }
}

/// A file with settings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    topic: Topic,
    digest: String,
}

/// What was said, ready to be written down.
#[derive(Debug, Clone)]
pub struct Fact {
    key: Key,
    sha256: String,
    /// JSON.
    content: String,
}

/// Plugins that could not say something, in this process: they are not asked again at every look.
pub type Silent = std::sync::Mutex<HashSet<Key>>;

impl Fact {
    fn new(key: Key, plugin: &Plugin, said: &impl Serialize) -> ApiResult<Fact> {
        let content = serde_json::to_string(said).map_err(internal)?;
        Ok(Fact { key, sha256: hex(plugin.sha256()), content })
    }
}

/// Writes down what a plugin said.
pub async fn keep(tx: &mut Conn, plugin: &str, facts: &[Fact]) -> afpi_db::Result<()> {
    for fact in facts {
        let mut query = sql("INSERT INTO plugin_facts (plugin_id, topic, digest, sha256, content, kept_at) VALUES ");
        query.rows([[
            plugin.into(),
            fact.key.topic.as_str().into(),
            fact.key.digest.as_str().into(),
            fact.sha256.as_str().into(),
            fact.content.as_str().into(),
            crate::clock::now().into(),
        ]]);
        let columns = ["sha256", "content", "kept_at"];
        dialect::upsert(&mut query, tx.backend(), &["plugin_id", "topic", "digest"], &columns);
        query.execute(tx).await?;
    }
    Ok(())
}

/// Forgets what versions have said that are neither active nor kept for a rollback.
pub async fn forget_others(tx: &mut Conn, plugin: &str) -> afpi_db::Result<()> {
    let query = sql("DELETE FROM plugin_facts WHERE plugin_id = ? AND sha256 NOT IN (SELECT v.sha256 FROM plugins p \
                     JOIN plugin_versions v ON v.plugin_id = p.id AND v.version IN (p.version, p.previous) WHERE p.id = ?)");
    query.bind(plugin).bind(plugin).execute(tx).await.map(drop)
}

/// Not to be used as it is: what it cannot say, and why.
fn unusable(plugin: &Plugin, what: Text, cause: impl std::fmt::Display) -> Problem {
    let cause: String = cause.to_string().chars().take(300).collect();
    tracing::warn!(plugin.id = plugin.id(), error.cause = ?cause, "a plugin does not say properly what it is");
    let title = text("Cette extension ne peut pas servir telle quelle", "This plugin cannot be used as it is");
    let detail = text(format!("{} : {cause}.", what.fr), format!("{}: {cause}.", what.en));
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "plugin-refused", title).detail(detail)
}

/// An answer about itself, or why there is none; 503 when it was not its fault.
fn said<T>(plugin: &Plugin, what: &Text, answer: Result<T, PluginFailure>) -> ApiResult<T> {
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

/// Kinds the host can offer to people.
fn usable(kinds: &[Kind]) -> Result<(), String> {
    if kinds.len() > MOST_KINDS {
        return Err(format!("{} kinds, more than {MOST_KINDS}", kinds.len()));
    }
    let mut seen = HashSet::new();
    for Kind { id, label, .. } in kinds {
        if !(1..=LONGEST_KIND).contains(&id.chars().count()) {
            return Err(format!("a kind has 1 to {LONGEST_KIND} characters"));
        }
        if [&label.fr, &label.en].iter().any(|l| l.trim().is_empty() || l.chars().count() > LONGEST_LABEL) {
            return Err(format!("the label of `{id}` has 1 to {LONGEST_LABEL} characters in each language"));
        }
        if !seen.insert(id) {
            return Err(format!("`{id}` stands there twice"));
        }
    }
    Ok(())
}

impl Plugins {
    /// Asks for the schema of the settings and judges it.
    pub(super) async fn ask_schema(&self, plugin: &Arc<Plugin>, correlation_id: &str) -> ApiResult<Fact> {
        let context = context(Locale::Fr, correlation_id);
        let schema = self.registry().lifecycle_of(plugin.clone()).config_schema(&context).await;
        let schema = said(plugin, &the_schema(), schema)?;
        let judged: Map<String, Value> = schema::read(&schema).map_err(|e| unusable(plugin, the_schema(), e))?;
        let judged = Value::Object(judged);
        schema::compile(&judged).map_err(|e| unusable(plugin, the_schema(), e))?;
        Fact::new(Topic::Schema.of(plugin, ""), plugin, &judged)
    }

    /// Asks for what depends on the settings and judges it: a workflow's definition, a notifier's kinds.
    pub(in crate::platform) async fn ask_seat(
        &self,
        plugin: &Arc<Plugin>,
        config: &str,
        correlation_id: &str,
    ) -> ApiResult<Option<Fact>> {
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
                usable(&kinds).map_err(|e| unusable(plugin, the_kinds(), e))?;
                Fact::new(Topic::Kinds.of(plugin, config), plugin, &kinds).map(Some)
            }
            Unseated::Other => Ok(None),
        }
    }

    /// The JSON Schema of the plugin's settings.
    pub async fn schema(&self, plugin: &Arc<Plugin>, correlation_id: &str) -> ApiResult<Map<String, Value>> {
        let key = Topic::Schema.of(plugin, "");
        if let Some(kept) = self.kept(plugin.id(), &key).await? {
            return Ok(kept);
        }
        if self.is_silent(&key) {
            return Err(plugin_failed());
        }
        match self.ask_schema(plugin, correlation_id).await {
            Ok(fact) => {
                self.note(plugin.id(), &fact).await;
                serde_json::from_str(&fact.content).map_err(internal)
            }
            Err(problem) => Err(self.silenced(key, problem)),
        }
    }

    /// The kinds of message of a notifier: the last it is known to have named, where it gives no answer; `None` when it
    /// never gave one.
    pub async fn kinds(&self, notifier: &NotifierPlugin, correlation_id: &str) -> ApiResult<Option<Vec<Kind>>> {
        let plugin = notifier.plugin();
        let key = Topic::Kinds.of(plugin, notifier.config());
        if let Some(kept) = self.kept(plugin.id(), &key).await? {
            return Ok(Some(kept));
        }
        if !self.is_silent(&key) {
            match self.ask_seat(plugin, notifier.config(), correlation_id).await {
                Ok(Some(fact)) => {
                    self.note(plugin.id(), &fact).await;
                    return serde_json::from_str(&fact.content).map(Some).map_err(internal);
                }
                Ok(None) => {}
                Err(problem) => drop(self.silenced(key, problem)),
            }
        }
        let mut last = sql("SELECT content FROM plugin_facts WHERE plugin_id = ? AND topic = ? ORDER BY kept_at DESC")
            .bind(plugin.id())
            .bind(Topic::Kinds.as_str());
        last.limit(1);
        let last = last.optional::<(String,)>(&mut self.db.read().await?).await?;
        Ok(last.and_then(|(content,)| serde_json::from_str(&content).ok()))
    }

    /// The definition a workflow gives with its settings.
    pub(super) async fn definition_of(&self, workflow: &afpi_plugins::WorkflowPlugin) -> ApiResult<Definition> {
        let plugin = workflow.plugin();
        let key = Topic::Definition.of(plugin, workflow.config());
        if let Some(kept) = self.kept::<WorkflowDefinition>(plugin.id(), &key).await? {
            return read_definition(plugin, kept).map_err(internal);
        }
        let context = CallContext::new(afpi_plugins::Locale::Fr, "definition");
        let definition = workflow.definition(&context).await.map_err(failure)?;
        let fact = Fact::new(key, plugin, &definition)?;
        let read = read_definition(plugin, definition).map_err(|e| super::answers::wrong_answer(&e))?;
        self.note(plugin.id(), &fact).await;
        Ok(read)
    }

    async fn kept<T: DeserializeOwned>(&self, plugin: &str, key: &Key) -> ApiResult<Option<T>> {
        let row = sql("SELECT content FROM plugin_facts WHERE plugin_id = ? AND topic = ? AND digest = ?")
            .bind(plugin)
            .bind(key.topic.as_str())
            .bind(&key.digest)
            .optional::<(String,)>(&mut self.db.read().await?)
            .await?;
        // What an older version of this program wrote and this one cannot read is asked again.
        Ok(row.and_then(|(content,)| serde_json::from_str(&content).ok()))
    }

    /// Keeps what was asked late; that it could not be kept is no reason to fail.
    async fn note(&self, plugin: &str, fact: &Fact) {
        let kept = afpi_db::retry(|| async {
            let mut tx = self.db.begin().await?;
            keep(&mut tx, plugin, std::slice::from_ref(fact)).await?;
            tx.commit().await
        });
        if let Err(error) = kept.await {
            tracing::warn!(plugin.id = plugin, error.cause = %error, "what a plugin says about itself could not be kept");
        }
    }

    fn is_silent(&self, key: &Key) -> bool {
        self.silent.lock().is_ok_and(|silent| silent.contains(key))
    }

    /// Remembers a plugin that cannot say it, unless it was not its fault.
    fn silenced(&self, key: Key, problem: Problem) -> Problem {
        if problem.status() == StatusCode::UNPROCESSABLE_ENTITY
            && let Ok(mut silent) = self.silent.lock()
        {
            silent.insert(key);
            return plugin_failed();
        }
        problem
    }
}

fn read_definition(plugin: &Plugin, definition: WorkflowDefinition) -> Result<Definition, String> {
    Definition::read(plugin.id(), &plugin.manifest().version.to_string(), definition)
}

/// Facts about what a version says with several settings, each asked once.
pub(super) struct Learned {
    pub facts: Vec<Fact>,
    asked: HashSet<String>,
    pub schema: Value,
}

impl Learned {
    pub async fn of(plugins: &Plugins, plugin: &Arc<Plugin>, correlation_id: &str) -> ApiResult<Learned> {
        let fact = plugins.ask_schema(plugin, correlation_id).await?;
        let schema = serde_json::from_str(&fact.content).map_err(internal)?;
        Ok(Learned { facts: vec![fact], asked: HashSet::new(), schema })
    }

    /// What it says with these settings.
    pub async fn with(
        &mut self,
        plugins: &Plugins,
        plugin: &Arc<Plugin>,
        config: &str,
        correlation_id: &str,
    ) -> ApiResult<()> {
        if self.asked.insert(config.to_owned()) {
            self.facts.extend(plugins.ask_seat(plugin, config, correlation_id).await?);
        }
        Ok(())
    }
}
