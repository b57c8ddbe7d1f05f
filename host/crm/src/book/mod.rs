//! Every opportunité, and the facts that figures are made of, in the memory of each process: boards, inboxes, dashboards
//! and objectives count and sum here, and not in tables that grow. The book is read once, and then follows the changes
//! of all processes (`platform/feed.rs`) before each use, so that it holds what was committed before.
//!
//! Sums in tables would not do: plugins define the figures and want single facts (`wit/plugin/objectives.wit`), for
//! medians and for the records behind a ratio. An opportunité with eight facts takes some 500 bytes.

mod read;
mod snapshot;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant as Moment;

use afpi_core::error::Result;
use afpi_platform::feed::{Changed, Feed};
use afpi_platform::state::App;
use tokio::sync::Mutex;
use uuid::Uuid;

pub use snapshot::{NONE, Parts, Row, Sieve, Snapshot, UnderWay, Waits, Words};

use crate::changed::{PAGE, Which};
use read::Record;

/// Changes of the feed that are read at once.
const CHANGES: u32 = 5000;
/// Records that are read at once.
const RECORDS: usize = 500;

/// The book of this process.
#[derive(Default)]
pub struct Book {
    writer: Mutex<Writer>,
    now: RwLock<Arc<Snapshot>>,
}

/// What is needed to change the book. Whoever has it is the only one who reads the feed.
#[derive(Default)]
struct Writer {
    feed: Feed,
    words: Arc<Words>,
    /// The number of each opportunité.
    numbers: HashMap<Uuid, u32>,
}

/// Everything that is committed now.
///
/// # Errors
/// The database does not answer.
pub async fn read(app: &App) -> Result<Arc<Snapshot>> {
    let now = Moment::now();
    let book = app.kept.get::<Book>();
    let mut writer = book.writer.lock().await;
    if !writer.feed.follows() {
        build(app, &book, &mut writer).await?;
    }
    while !writer.feed.has_read_since(now) {
        follow(app, &book, &mut writer).await?;
    }
    let now = book.now.read().unwrap_or_else(PoisonError::into_inner);
    Ok(now.clone())
}

/// Reads everything anew, whatever the book holds: what tests compare it with.
///
/// # Errors
/// The database does not answer.
pub async fn rebuilt(app: &App) -> Result<Arc<Snapshot>> {
    let book = Book::default();
    build(app, &book, &mut *book.writer.lock().await).await?;
    Ok(book.now.into_inner().unwrap_or_else(PoisonError::into_inner))
}

async fn build(app: &App, book: &Book, writer: &mut Writer) -> Result<()> {
    let started = Moment::now();
    *writer = Writer::default();
    writer.feed.begin(&mut app.db.read().await?).await?;
    let mut built = Snapshot::default();
    let mut last = Uuid::nil();
    loop {
        let found = read::records(&mut app.db.read().await?, &mut writer.words, Which::After(last)).await?;
        let Some((end, _)) = found.last_key_value() else { break };
        last = *end;
        let count = found.len();
        writer.take(&mut built, &[], found);
        if count < PAGE as usize {
            break;
        }
    }
    tracing::info!(
        opportunites = writer.numbers.len(),
        facts = built.len(),
        ms = started.elapsed().as_millis() as u64,
        "the book of figures is read"
    );
    *book.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(built);
    writer.feed.built();
    Ok(())
}

/// Takes over some changes.
async fn follow(app: &App, book: &Book, writer: &mut Writer) -> Result<()> {
    let mut conn = app.db.read().await?;
    writer.feed.next(&mut conn, CHANGES).await?;
    writer.feed.waiting.retain(|(kind, _)| *kind == Changed::Opportunite);
    let changed: Vec<Uuid> = writer.feed.waiting.iter().map(|(_, id)| *id).collect();
    for ids in changed.chunks(RECORDS) {
        let found = read::records(&mut conn, &mut writer.words, Which::These(ids)).await?;
        let mut now = book.now.write().unwrap_or_else(PoisonError::into_inner);
        writer.take(Arc::make_mut(&mut now), ids, found);
        for id in ids {
            writer.feed.waiting.remove(&(Changed::Opportunite, *id));
        }
    }
    Ok(())
}

impl Writer {
    /// Puts these records in the place of what the book holds of them. Those of `ids` that were not found are gone.
    fn take(&mut self, into: &mut Snapshot, ids: &[Uuid], found: BTreeMap<Uuid, Record>) {
        let known: HashSet<u32> = ids.iter().filter_map(|id| self.numbers.get(id).copied()).collect();
        into.remove(&known);
        for (id, record) in found {
            let next = self.numbers.len() as u32;
            let number = *self.numbers.entry(id).or_insert(next);
            into.put(number, record.row, record.facts);
        }
        into.words = self.words.clone();
    }
}
