//! What plugins say about themselves: asked and judged when a version becomes active, is switched on or gets other
//! settings, kept in the table `plugin_facts`, and read from there ever after. Showing a plugin does not run it.
//!
//! [`ask`] asks. What was never asked, because the version became active before there was the table, is asked once,
//! when it is first looked for.

mod ask;
pub mod measures;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use afpi_db::{Conn, dialect, sql};
use afpi_plugins::contract::hook::{Phase, Subscription};
use afpi_plugins::contract::notifier::Kind;
use afpi_plugins::contract::workflow::WorkflowDefinition;
use afpi_plugins::{CallContext, HookPlugin, NotifierPlugin, ObjectivesPlugin, Plugin, PluginFailure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub(super) use ask::Learned;
pub use ask::{LONGEST_LABEL, LONGEST_WORD};

use super::{Plugins, failure, hex, plugin_failed};
use crate::plugins::facts::measures::Measures;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, internal};

use crate::workflow::Definition;

/// The kinds of declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Topic {
    /// The JSON Schema of the settings. It does not depend on them.
    #[strum(serialize = "config-schema")]
    Schema,
    /// A workflow's definition with these settings.
    Definition,
    /// A notifier's kinds of message with these settings.
    Kinds,
    /// An objectives plugin's metrics with these settings.
    Measures,
    /// A hook's subscriptions with these settings.
    Subscriptions,
}

impl Topic {
    fn as_str(self) -> &'static str {
        self.into()
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

/// A declaration to store.
#[derive(Debug, Clone)]
pub struct Fact {
    key: Key,
    sha256: String,
    /// JSON.
    content: String,
}

/// Declarations that plugins failed to give in this process. They are not asked for again each time.
pub type Silent = std::sync::Mutex<HashSet<Key>>;

/// Declarations that this process has read, as JSON. One of a file with certain settings never changes.
pub type Read = std::sync::Mutex<HashMap<Key, Arc<str>>>;

/// The most declarations that are held in memory.
const READ: usize = 1000;

impl Fact {
    fn new(key: Key, plugin: &Plugin, said: &impl Serialize) -> Result<Fact> {
        let content = serde_json::to_string(said).map_err(internal)?;
        Ok(Fact { key, sha256: hex(plugin.sha256()), content })
    }
}

/// Stores declarations of a plugin.
pub async fn keep(tx: &mut Conn, plugin: &str, facts: &[Fact]) -> afpi_db::Result<()> {
    for fact in facts {
        let mut query = sql("INSERT INTO plugin_facts (plugin_id, topic, digest, sha256, content, kept_at) VALUES ");
        query.rows([[
            plugin.into(),
            fact.key.topic.as_str().into(),
            fact.key.digest.as_str().into(),
            fact.sha256.as_str().into(),
            fact.content.as_str().into(),
            Instant::now().into(),
        ]]);
        let columns = ["sha256", "content", "kept_at"];
        dialect::upsert(&mut query, tx.backend(), &["plugin_id", "topic", "digest"], &columns);
        query.execute(tx).await?;
    }
    Ok(())
}

/// Deletes the declarations of versions that are neither active nor kept for a rollback.
pub async fn forget_others(tx: &mut Conn, plugin: &str) -> afpi_db::Result<()> {
    let query = sql("DELETE FROM plugin_facts WHERE plugin_id = ? AND sha256 NOT IN (SELECT v.sha256 FROM plugins p \
                     JOIN plugin_versions v ON v.plugin_id = p.id AND v.version IN (p.version, p.previous) WHERE p.id = ?)");
    query.bind(plugin).bind(plugin).execute(tx).await.map(drop)
}

impl Plugins {
    /// The JSON Schema of the plugin's settings.
    pub async fn schema(&self, plugin: &Arc<Plugin>, correlation_id: &str) -> Result<Map<String, Value>> {
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

    /// The kinds of message of a notifier. When it does not answer, the last known ones; `None` when it never answered.
    pub async fn kinds(&self, notifier: &NotifierPlugin, correlation_id: &str) -> Result<Option<Vec<Kind>>> {
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

    /// The definition of a workflow with its settings.
    pub(super) async fn definition_of(&self, workflow: &afpi_plugins::WorkflowPlugin) -> Result<Definition> {
        let plugin = workflow.plugin();
        let key = Topic::Definition.of(plugin, workflow.config());
        if let Some(kept) = self.kept::<WorkflowDefinition>(plugin.id(), &key).await? {
            return ask::read_definition(plugin, kept).map_err(internal);
        }
        let context = CallContext::new(afpi_plugins::Locale::Fr, "definition");
        let definition = workflow.definition(&context).await.map_err(failure)?;
        let fact = Fact::new(key, plugin, &definition)?;
        let read = ask::read_definition(plugin, definition).map_err(|e| super::failures::wrong_answer(&e))?;
        self.note(plugin.id(), &fact).await;
        Ok(read)
    }

    /// The metrics of an objectives plugin with its settings.
    pub async fn measures(
        &self,
        objectives: &ObjectivesPlugin,
        context: &CallContext,
    ) -> Result<Measures, PluginFailure> {
        let plugin = objectives.plugin();
        let key = Topic::Measures.of(plugin, objectives.config());
        if let Ok(Some(kept)) = self.kept(plugin.id(), &key).await {
            return Ok(kept);
        }
        let measures = Measures::ask(objectives, context).await?;
        self.note_said(key, plugin, &measures).await;
        Ok(measures)
    }

    /// Does a hook want this event in this phase, and at which position?
    pub async fn wants(
        &self,
        hook: &HookPlugin,
        context: &CallContext,
        event: &str,
        phase: Phase,
    ) -> Result<Option<i32>, PluginFailure> {
        if !hook.is_known() {
            let plugin = hook.plugin();
            let key = Topic::Subscriptions.of(plugin, hook.config());
            if let Ok(Some(kept)) = self.kept::<Vec<Subscription>>(plugin.id(), &key).await {
                hook.remember(kept);
            } else {
                let asked = hook.subscriptions(context).await?;
                self.note_said(key, plugin, &&*asked).await;
            }
        }
        hook.wants(context, event, phase).await
    }

    async fn kept<T: DeserializeOwned>(&self, plugin: &str, key: &Key) -> Result<Option<T>> {
        let known = self.read.lock().ok().and_then(|read| read.get(key).cloned());
        if let Some(content) = known {
            return Ok(serde_json::from_str(&content).ok());
        }
        let row = sql("SELECT content FROM plugin_facts WHERE plugin_id = ? AND topic = ? AND digest = ?")
            .bind(plugin)
            .bind(key.topic.as_str())
            .bind(&key.digest)
            .optional::<(String,)>(&mut self.db.read().await?)
            .await?;
        // A declaration from an older version of this program that this one cannot read is asked for again.
        let Some((content, kept)) =
            row.and_then(|(text,)| Some((Arc::from(text.as_str()), serde_json::from_str(&text).ok()?)))
        else {
            return Ok(None);
        };
        if let Ok(mut read) = self.read.lock() {
            if read.len() >= READ {
                read.clear();
            }
            read.insert(key.clone(), content);
        }
        Ok(Some(kept))
    }

    /// Stores a declaration that was asked late. A failure to store it is ignored.
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

    async fn note_said(&self, key: Key, plugin: &Plugin, said: &impl Serialize) {
        if let Ok(fact) = Fact::new(key, plugin, said) {
            self.note(plugin.id(), &fact).await;
        }
    }

    fn is_silent(&self, key: &Key) -> bool {
        self.silent.lock().is_ok_and(|silent| silent.contains(key))
    }

    /// Remembers that the plugin cannot declare it, unless the failure was not the plugin's.
    fn silenced(&self, key: Key, problem: Error) -> Error {
        if problem.kind() == ErrorKind::PluginRefused
            && let Ok(mut silent) = self.silent.lock()
        {
            silent.insert(key);
            return plugin_failed();
        }
        problem
    }
}
