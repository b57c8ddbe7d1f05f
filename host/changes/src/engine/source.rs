//! Sources of the records of a run. The engine knows them only by these two traits. There are two: a connector's pass
//! and a file.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use afpi_db::Conn;
use async_trait::async_trait;

use super::Stop;
use super::change::{Entity, Fields};
use super::owners::Owners;
use super::run::State;
use super::session::Session;
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, RunId};
use afpi_core::text::Text;
use afpi_platform::events::Event;
use afpi_platform::journal::{Actor, Subject};
use afpi_platform::state::App;

/// A received record.
#[derive(Debug, Clone)]
pub struct Item {
    /// The kind of record: a name of [`super::change::Entity`].
    pub entity: String,
    /// The source's key for it.
    pub external_id: String,
    /// For a contact: the key of its company.
    pub parent: String,
    pub archived: bool,
    /// Its fields, or why they are unreadable.
    pub fields: Result<Fields, Text>,
    /// What the source repaired or left out in them, for people. Without values.
    pub remarks: Vec<Text>,
}

/// A record that the source itself leaves out.
#[derive(Debug, Clone)]
pub struct Skipped {
    pub entity: String,
    pub external_id: String,
    pub reason: Text,
}

/// A batch of records.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The kind that is being read; may be empty.
    pub entity: String,
    pub items: Vec<Item>,
    pub skipped: Vec<Skipped>,
    /// Kinds whose complete list has ended. A known record that was not in the list is missing.
    pub completed: Vec<String>,
    /// How many records were read, and the total; 0 when unknown.
    pub done: i64,
    pub total: i64,
    /// This is the last batch.
    pub finished: bool,
}

/// A source's answer to a request for records.
pub enum Next {
    Batch(Batch),
    /// The source wants to be asked again after this time.
    Wait(Duration),
}

/// The rules for the runs of a source.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The key under which links are stored. None for a source that is read once.
    pub memory: Option<String>,
    /// Which side wins when both have a value.
    pub owners: Owners,
    /// The localisation code for companies without one.
    pub fallback: Option<String>,
    /// The only localisation whose companies it may change. New ones go there.
    pub only: Option<LocalisationId>,
    /// Also match records without a link by name: a company by name and postcode, a contact by first and last name.
    pub by_name: bool,
    /// The origin of this source's companies in the API.
    pub origin: String,
    /// Values for fields that are empty here and in the record. They never replace a value.
    pub defaults: HashMap<Entity, Fields>,
}

impl Rules {
    /// Does this source remember links?
    pub fn remembers(&self) -> bool {
        self.memory.is_some()
    }

    /// The key of links. Empty for a source without memory.
    pub fn key(&self) -> &str {
        self.memory.as_deref().unwrap_or_default()
    }
}

/// A kind of source.
#[async_trait]
pub trait Source: Send + Sync {
    /// The prefix of its run keys: `connecteur` for `connecteur:ypareo`.
    fn prefix(&self) -> &'static str;

    /// The rules for its runs.
    async fn rules(&self, conn: &mut Conn, name: &str) -> Result<Rules>;

    /// Begins to read. `entities` are the requested kinds of records; empty means all.
    async fn open(&self, session: &mut Session<'_>, entities: &[String]) -> Result<Box<dyn Rows>, Stop>;

    /// Called when everything is applied, for effects that waited for it.
    async fn applied(&self, session: &mut Session<'_>) -> Result<(), Stop>;

    /// The actor of its changes in the journal and for hooks.
    fn actor<'a>(&self, name: &'a str) -> Actor<'a>;

    /// The subject of the journal's lines about its runs.
    fn subject(&self, name: &str) -> Option<Subject>;

    /// The label of its runs in metrics.
    fn label<'a>(&self, name: &'a str) -> &'a str;

    /// The event for notifiers about a run that reached this state.
    fn event(&self, app: &App, name: &str, run: RunId, state: State, message: Option<&Text>) -> Option<Event>;

    /// Informs the viewers of the run. A failure is ignored.
    async fn publish(&self, app: &App, name: &str, run: RunId);
}

/// The records of one run, in order.
#[async_trait]
pub trait Rows: Send {
    /// The next records, about `most` of them.
    async fn next(&mut self, most: u32) -> Result<Next, Stop>;

    /// New lines for the run's log, with their levels.
    fn lines(&mut self) -> Vec<(&'static str, String)>;

    /// Called when every record is staged. The source stores what it wants to keep with the run.
    async fn close(&mut self, session: &Session<'_>) -> Result<(), Stop>;
}

/// The kinds of sources in this program.
#[derive(Clone)]
pub struct Sources(Arc<[Arc<dyn Source>]>);

/// The source of a run: its kind and its name.
#[derive(Clone)]
pub struct RunSource {
    pub kind: Arc<dyn Source>,
    /// The part after the prefix: the id of a plugin or of an import.
    pub name: String,
}

impl Sources {
    pub fn new(kinds: Vec<Arc<dyn Source>>) -> Sources {
        Sources(kinds.into())
    }

    /// The source with this key. None for an unknown kind.
    pub fn of(&self, key: &str) -> Option<RunSource> {
        let (prefix, name) = key.split_once(':')?;
        let kind = self.0.iter().find(|kind| kind.prefix() == prefix)?;
        Some(RunSource { kind: kind.clone(), name: name.to_owned() })
    }
}

impl RunSource {
    /// Informs the viewers of the run.
    pub async fn publish(&self, app: &App, run: RunId) {
        self.kind.publish(app, &self.name, run).await;
    }

    /// The event for notifiers about a run that reached this state.
    pub fn event(&self, app: &App, run: RunId, state: State, message: Option<&Text>) -> Option<Event> {
        self.kind.event(app, &self.name, run, state, message)
    }

    /// The actor of its changes in the journal and for hooks.
    pub fn actor(&self) -> Actor<'_> {
        self.kind.actor(&self.name)
    }

    /// The subject of the journal's lines about its runs.
    pub fn subject(&self) -> Option<Subject> {
        self.kind.subject(&self.name)
    }

    /// The label of its runs in metrics.
    pub fn label(&self) -> &str {
        self.kind.label(&self.name)
    }
}
