//! Where the records of a run come from. The engine knows sources by these two traits only: a connector's pass and a
//! file are the two there are.

use std::sync::Arc;
use std::time::Duration;

use afpi_db::Conn;
use async_trait::async_trait;
use uuid::Uuid;

use super::Stop;
use super::change::Fields;
use super::owners::Owners;
use super::run::State;
use super::session::Session;
use afpi_core::error::Result;
use afpi_core::text::Text;
use afpi_platform::events::Event;
use afpi_platform::journal::{Actor, Subject};
use afpi_platform::state::App;

/// A record as it came.
#[derive(Debug, Clone)]
pub struct Item {
    /// What kind of record: a word of [`super::change::Entity`].
    pub entity: String,
    /// The source's key for it.
    pub external_id: String,
    /// For a contact: the key of its company.
    pub parent: String,
    pub archived: bool,
    /// Its fields, or why they cannot be read.
    pub fields: Result<Fields, Text>,
}

/// A record that the source itself leaves out.
#[derive(Debug, Clone)]
pub struct Skipped {
    pub entity: String,
    pub external_id: String,
    pub reason: Text,
}

/// Some records.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// What is being read; empty when that has no name.
    pub entity: String,
    pub items: Vec<Item>,
    pub skipped: Vec<Skipped>,
    /// Kinds of records whose complete list has come to its end: what is known and did not come is missing.
    pub completed: Vec<String>,
    /// How many were read, and of how many; 0 when that is unknown.
    pub done: i64,
    pub total: i64,
    /// Nothing comes after this.
    pub finished: bool,
}

/// What a source answers when it is asked for records.
pub enum Next {
    Batch(Batch),
    /// It wants to be asked again after this time.
    Wait(Duration),
}

/// By what a run of a source is judged.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The key under which pairs of records are remembered; none for a source that is read once.
    pub memory: Option<String>,
    /// Whose value counts where both sides have one.
    pub owners: Owners,
    /// The code of the localisation of companies that name none.
    pub fallback: Option<String>,
    /// The only localisation whose companies may be changed, and where new ones go.
    pub only: Option<Uuid>,
    /// Records without a remembered pair are also recognised by their names: a company by name and postcode, a contact
    /// by first and last name.
    pub by_name: bool,
    /// Where a company of this source comes from, as the API shows it.
    pub origin: String,
}

impl Rules {
    /// Does this source remember which record is which?
    pub fn remembers(&self) -> bool {
        self.memory.is_some()
    }

    /// The key of pairs; empty for a source without memory, which has none.
    pub fn key(&self) -> &str {
        self.memory.as_deref().unwrap_or_default()
    }
}

/// A kind of source.
#[async_trait]
pub trait Source: Send + Sync {
    /// What the keys of its runs begin with: `connecteur:ypareo` begins with `connecteur`.
    fn prefix(&self) -> &'static str;

    /// How its runs are judged.
    async fn rules(&self, conn: &mut Conn, name: &str) -> Result<Rules>;

    /// Begins to read; `entities` are the kinds of records asked for, all when empty.
    async fn open(&self, session: &mut Session<'_>, entities: &[String]) -> Result<Box<dyn Rows>, Stop>;

    /// Everything is applied: what was to wait for that happens now.
    async fn applied(&self, session: &mut Session<'_>) -> Result<(), Stop>;

    /// In whose name the journal and the hooks hear of its changes.
    fn actor<'a>(&self, name: &'a str) -> Actor<'a>;

    /// What the journal's lines about its runs are about.
    fn subject(&self, name: &str) -> Option<Subject>;

    /// The word for its runs in metrics.
    fn label<'a>(&self, name: &'a str) -> &'a str;

    /// What the notifiers are told of a run that came to this state.
    fn event(&self, app: &App, name: &str, run: Uuid, state: State, message: Option<&Text>) -> Option<Event>;

    /// Tells whoever looks at the run how it stands. That nobody could be told is no reason to stop working.
    async fn publish(&self, app: &App, name: &str, run: Uuid);
}

/// The records of one run, in order.
#[async_trait]
pub trait Rows: Send {
    /// The next records, about so many.
    async fn next(&mut self, most: u32) -> Result<Next, Stop>;

    /// Lines for the run's log since the last look, with their levels.
    fn lines(&mut self) -> Vec<(&'static str, String)>;

    /// Every record is staged: what the source wants to keep with the run is kept.
    async fn close(&mut self, session: &Session<'_>) -> Result<(), Stop>;
}

/// The kinds of sources the program has.
#[derive(Clone)]
pub struct Sources(Arc<[Arc<dyn Source>]>);

/// The source of a run: its kind, and which one of these it is.
#[derive(Clone)]
pub struct RunSource {
    pub kind: Arc<dyn Source>,
    /// Behind the prefix: a plugin's id, an import's.
    pub name: String,
}

impl Sources {
    pub fn new(kinds: Vec<Arc<dyn Source>>) -> Sources {
        Sources(kinds.into())
    }

    /// The source with this key; none for a kind this program does not know.
    pub fn of(&self, key: &str) -> Option<RunSource> {
        let (prefix, name) = key.split_once(':')?;
        let kind = self.0.iter().find(|kind| kind.prefix() == prefix)?;
        Some(RunSource { kind: kind.clone(), name: name.to_owned() })
    }
}

impl RunSource {
    /// Tells whoever looks at the run how it stands.
    pub async fn publish(&self, app: &App, run: Uuid) {
        self.kind.publish(app, &self.name, run).await;
    }

    /// What the notifiers are told of a run that came to this state.
    pub fn event(&self, app: &App, run: Uuid, state: State, message: Option<&Text>) -> Option<Event> {
        self.kind.event(app, &self.name, run, state, message)
    }

    /// In whose name the journal and the hooks hear of its changes.
    pub fn actor(&self) -> Actor<'_> {
        self.kind.actor(&self.name)
    }

    /// What the journal's lines about its runs are about.
    pub fn subject(&self) -> Option<Subject> {
        self.kind.subject(&self.name)
    }

    /// The word for its runs in metrics.
    pub fn label(&self) -> &str {
        self.kind.label(&self.name)
    }
}
