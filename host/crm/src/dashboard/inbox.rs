//! `GET /api/dashboard/inbox`: the records that wait for the caller.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::wire::{Inbox, InboxCounts};
use crate::book::{self, Row, Snapshot, UnderWay, Waits};
use crate::opportunites::handover;
use crate::opportunites::item::{self, ItemRow, show_items};
use crate::opportunites::sent_back;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, OpportuniteId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::people::Person;
use afpi_platform::plugins::site_words::SiteWords;
use afpi_platform::reads::Reads;
use afpi_platform::state::App;

const WAITING: usize = 50;
const RECENT: usize = 10;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Narrowed {
    /// Only files of this site.
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

/// Read my relay inbox.
#[utoipa::path(get, path = "/inbox", operation_id = "getInbox", tag = "dashboard", params(Narrowed),
    responses((status = 200, body = Inbox), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn inbox(
    State(app): State<App>,
    Reads(reads): Reads,
    caller: Caller,
    Params(narrowed): Params<Narrowed>,
) -> ApiResult<Json<Inbox>> {
    let now = Instant::now();
    let waiting = app.plugins.statuses_waiting_for(caller.kind().id()).await;
    let awaited = app.plugins.statuses_awaited().await;
    let scope = caller.scope();
    let owners =
        if caller.may(Action::UsersWrite) { Some(handover::owners(&mut app.db.read().await?).await?) } else { None };
    let book = book::read(&app).await?;
    let found = found(&book, &scope, narrowed.localisation_id, &Kinds { waiting, awaited, owners }, now);

    let mut conn = reads.read().await?;
    let mut read: HashMap<OpportuniteId, ItemRow> = HashMap::new();
    let mut query = scope.opportunites(item::COLUMNS, item::JOINS);
    query.push(" AND o.id IN ").list(found.shown());
    for row in query.all::<ItemRow>(&mut conn).await? {
        read.insert(row.id, row);
    }
    drop(conn);
    let rows = |ids: &[OpportuniteId]| ids.iter().filter_map(|id| read.get(id).cloned()).collect::<Vec<_>>();
    let mut waiting = show_items(&app, rows(&found.waiting)).await?;
    sent_back::mark(&app, &mut waiting).await?;
    Ok(Json(Inbox {
        waiting,
        late: found.counts.late,
        counts: found.counts,
        unowned: show_items(&app, rows(&found.unowned)).await?,
        recent: show_items(&app, rows(&found.recent)).await?,
    }))
}

/// The opportunités that wait for a person, the late ones first, then those that have waited longest: at most 50.
pub(crate) async fn waiting_for(app: &App, person: &Person, now: Instant) -> Result<Vec<OpportuniteId>> {
    let waiting = app.plugins.statuses_waiting_for(person.role.kind().id()).await;
    let awaited = app.plugins.statuses_awaited().await;
    let book = book::read(app).await?;
    Ok(found(&book, &person.scope, None, &Kinds { waiting, awaited, owners: None }, now).waiting)
}

/// What makes a record one of the inbox.
struct Kinds {
    /// The statuses in which the caller must act.
    waiting: SiteWords,
    awaited: SiteWords,
    /// Who can own files. `None` when the caller does not assign them.
    owners: Option<HashSet<(UserId, Option<LocalisationId>)>>,
}

/// The records of the inbox, in their order.
struct Found {
    counts: InboxCounts,
    waiting: Vec<OpportuniteId>,
    unowned: Vec<OpportuniteId>,
    recent: Vec<OpportuniteId>,
}

impl Found {
    fn shown(&self) -> impl Iterator<Item = OpportuniteId> {
        self.waiting.iter().chain(&self.unowned).chain(&self.recent).copied()
    }
}

fn found(book: &Snapshot, scope: &Scope, only: Option<LocalisationId>, kinds: &Kinds, now: Instant) -> Found {
    let only = only.map(|site| book.words().find_id(site.uuid()));
    let (waits, under_way) = (Waits::new(book, &kinds.waiting), UnderWay::new(book, &kinds.awaited));
    let owned = Owned::new(book, kinds.owners.as_ref());
    let mut counts = InboxCounts::default();
    let (mut waiting, mut unowned, mut recent) = (vec![], vec![], vec![]);
    for (_, row) in book.rows(scope).filter(|(_, row)| only.is_none_or(|site| site == Some(row.site))) {
        let (late, since) = (row.is_late(now), row.section_since);
        if waits.hold(row) {
            counts.late += i64::from(late);
            waiting.push((!late, since, row.id));
        }
        if under_way.holds(row) {
            counts.mine += 1;
            if !owned.holds(row) {
                unowned.push((since, row.id));
            }
        }
        recent.push(Reverse((row.updated_at, row.id)));
    }
    (counts.waiting, counts.unowned) = (waiting.len() as i64, unowned.len() as i64);
    Found {
        counts,
        waiting: first(waiting, WAITING).into_iter().map(|(.., id)| id).collect(),
        unowned: first(unowned, WAITING).into_iter().map(|(_, id)| id).collect(),
        recent: first(recent, RECENT).into_iter().map(|Reverse((_, id))| id).collect(),
    }
}

/// The first ones in order.
fn first<T: Ord>(mut all: Vec<T>, most: usize) -> Vec<T> {
    if all.len() > most {
        all.select_nth_unstable(most);
        all.truncate(most);
    }
    all.sort_unstable();
    all
}

/// Which rows somebody can own: not those of a commercial who is inactive, has another role or works elsewhere.
struct Owned<'a> {
    book: &'a Snapshot,
    owners: Option<&'a HashSet<(UserId, Option<LocalisationId>)>>,
    seen: RefCell<HashMap<(u32, u32), bool>>,
}

impl<'a> Owned<'a> {
    fn new(book: &'a Snapshot, owners: Option<&'a HashSet<(UserId, Option<LocalisationId>)>>) -> Owned<'a> {
        Owned { book, owners, seen: RefCell::default() }
    }

    fn holds(&self, row: &Row) -> bool {
        let Some(owners) = self.owners else { return true };
        let look = || {
            let person = self.book.person(row.commercial);
            owners.contains(&(person, None)) || owners.contains(&(person, Some(self.book.site(row.site))))
        };
        *self.seen.borrow_mut().entry((row.commercial, row.site)).or_insert_with(look)
    }
}
