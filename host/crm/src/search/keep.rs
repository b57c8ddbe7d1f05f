//! Holds the index of this process to the tables. It is built once, and then follows the changes of all processes
//! (`platform/feed.rs`): twice a second, and before each search, so that every search finds what was committed before.

use std::time::Instant as Moment;

use afpi_core::error::Result;
use afpi_platform::feed::{Changed, Feed};
use afpi_platform::state::App;
use afpi_search::{Index, Query, Twins};
use uuid::Uuid;

use super::Kind;
use super::documents::{self, Documents};
use crate::changed::{PAGE, Which};
use crate::entreprises::traits;

/// Changes that are read at once.
const CHANGES: u32 = 500;

/// How many times a search that comes after a great change reads on. The rest is read in the background.
const ROUNDS: usize = 4;

/// The most records that a list takes from the index. Where more match, SQL finds the first ones soon.
const CANDIDATES: usize = 1000;

const ALL: [Changed; 5] =
    [Changed::Entreprise, Changed::Opportunite, Changed::Session, Changed::Formateur, Changed::User];

/// Builds the index if there is none, or brings it up to date.
pub async fn keep(app: &App) -> Result<()> {
    let mut feed = app.search.feed.lock().await;
    if !feed.follows() {
        return build(app, &mut feed).await;
    }
    while follow(app, &mut feed).await? {}
    Ok(())
}

/// Brings the index up to date before a search. False while it is being built.
pub async fn ready(app: &App) -> Result<bool> {
    let now = Moment::now();
    let mut feed = match app.search.feed.try_lock() {
        Ok(feed) => feed,
        // Somebody else reads, which takes a moment, or builds, which takes longer.
        Err(_) if !app.search.is_built() => return Ok(false),
        Err(_) => app.search.feed.lock().await,
    };
    if !feed.follows() {
        build(app, &mut feed).await?;
        return Ok(true);
    }
    for _ in 0..ROUNDS {
        if feed.has_read_since(now) || !follow(app, &mut feed).await? {
            break;
        }
    }
    Ok(true)
}

async fn build(app: &App, feed: &mut Feed) -> Result<()> {
    let started = Moment::now();
    feed.begin(&mut app.db.read().await?).await?;
    let (mut index, mut twins) = (Index::default(), Twins::default());
    for kind in ALL {
        let mut last = Uuid::nil();
        loop {
            let mut conn = app.db.read().await?;
            let found = documents::read(&mut conn, kind, Which::After(last)).await?;
            let Some((end, _)) = found.last_key_value() else { break };
            if kind == Changed::Entreprise {
                for (id, traits) in traits::read(&mut conn, Which::After(last)).await? {
                    twins.replace(id, Some(traits));
                }
            }
            last = *end;
            let pages = found.len();
            for (record, documents) in found {
                index.replace(record, documents);
            }
            if pages < PAGE as usize {
                break;
            }
        }
    }
    tracing::info!(documents = index.len(), ms = started.elapsed().as_millis() as u64, "the search index is built");
    app.search.set(index, twins);
    feed.built();
    Ok(())
}

/// Takes over some changes. Returns whether there may be more.
async fn follow(app: &App, feed: &mut Feed) -> Result<bool> {
    let mut conn = app.db.read().await?;
    let more = feed.next(&mut conn, CHANGES).await?;
    for kind in ALL {
        let ids: Vec<Uuid> = feed.waiting.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
        if ids.is_empty() {
            continue;
        }
        let mut found: Documents = documents::read(&mut conn, kind, Which::These(&ids)).await?;
        if kind == Changed::Entreprise {
            let mut traits = traits::read(&mut conn, Which::These(&ids)).await?;
            let mut twins = app.search.change_twins();
            for id in &ids {
                twins.replace(*id, traits.remove(id));
            }
        }
        let mut index = app.search.change();
        for id in ids {
            index.replace(id, found.remove(&id).unwrap_or_default());
            feed.waiting.remove(&(kind, id));
        }
    }
    Ok(more)
}

/// The ids of the records of a list that match `q`, in all scopes: the list reads them in its own. `None` when SQL has
/// to search: there is no `q`, it is short, very many match, or the index is being built.
pub async fn seek(app: &App, kind: Kind, q: Option<&str>) -> Result<Option<Vec<Uuid>>> {
    let query = Query::new(q.unwrap_or_default());
    if query.is_empty() || !query.is_long() || !ready(app).await? {
        return Ok(None);
    }
    Ok(app.search.index().all(&query, false, kind as u8, CANDIDATES))
}

/// The same with typing errors, for a list that has found nothing without.
pub fn nearly(app: &App, kind: Kind, q: Option<&str>) -> Option<Vec<Uuid>> {
    app.search.index().all(&Query::new(q.unwrap_or_default()), true, kind as u8, CANDIDATES)
}
