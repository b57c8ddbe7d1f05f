//! `GET /api/taches`, and the JSON form of a task.

use afpi_db::{Conn, Sql, sql};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::MOST;
use crate::attachments::holder::{self, Kind, RecordRef, among};
use crate::suivi::Window;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, bad_parameter, not_found};
use afpi_core::id::{TacheId, UserId};
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_http::input::Params;
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::people::Person;
use afpi_platform::state::App;

/// A task.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tache {
    #[schema(value_type = Uuid)]
    pub id: TacheId,
    pub title: String,
    /// The record that it is about; none when the caller no longer sees it.
    pub about: Option<RecordRef>,
    pub owner: TachePerson,
    pub created_by: TachePerson,
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Day>,
    /// Is it open after its day?
    pub late: bool,
    pub done_at: Option<Instant>,
    pub done_by: Option<TachePerson>,
    pub created_at: Instant,
    /// For `If-Match`.
    pub version: i64,
}

/// Somebody who gives or does a task.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TachePerson {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub name: String,
}

/// Which tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = TacheState)]
pub enum Which {
    #[default]
    Open,
    Done,
    All,
}

/// Filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// Default: open ones.
    state: Option<Which>,
    /// The tasks of a record, with `record`. Without them: one's own, and those of people whom one stands in for.
    kind: Option<Kind>,
    record: Option<Uuid>,
    /// One's own: those that one has given to others.
    given: Option<bool>,
}

afpi_db::row! {
    pub(super) struct Row {
        id: TacheId, record_kind: Option<String>, record_id: Option<Uuid>, title: String, owner_id: UserId, owner: String, due_on: Option<Day>,
        done_at: Option<Instant>, done_by: Option<UserId>, doer: Option<String>, created_by: UserId, creator: String, created_at: Instant, version: i64,
    }
}

fn select() -> Sql {
    sql(
        "SELECT t.id, t.record_kind, t.record_id, t.title, t.owner_id, u.name AS owner, t.due_on, t.done_at, t.done_by, d.name AS doer, \
         t.created_by, c.name AS creator, t.created_at, t.version FROM taches t JOIN users u ON u.id = t.owner_id \
         JOIN users c ON c.id = t.created_by LEFT JOIN users d ON d.id = t.done_by WHERE ",
    )
}

/// List tasks: of a record, or one's own. At most 500; open ones by their day, done ones by when they were done.
#[utoipa::path(get, path = "/", operation_id = "listTaches", tag = "taches", params(Filters),
    responses((status = 200, body = Page<Tache>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Tache>>> {
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut query = select();
    match (f.kind, f.record) {
        (Some(kind), Some(record)) => {
            kind.require_read(&caller)?;
            let holder = holder::load(&mut conn, &scope, kind, record).await?;
            query.push("t.record_kind = ? AND t.record_id = ?").arg(kind.word()).arg(holder.id);
        }
        (None, None) if f.given == Some(true) => {
            query.push("t.created_by = ? AND t.owner_id <> ?").arg(caller.id).arg(caller.id);
        }
        (None, None) => drop(query.push("t.owner_id IN ").list(doers(&caller))),
        _ => {
            let message = text("« kind » et « record » vont ensemble.", "\"kind\" and \"record\" belong together.");
            return Err(bad_parameter("record", message).into());
        }
    }
    query.push(match f.state.unwrap_or_default() {
        Which::Open => " AND t.done_at IS NULL ORDER BY t.due_on IS NULL, t.due_on, t.id",
        Which::Done => " AND t.done_at IS NOT NULL ORDER BY t.done_at DESC, t.id",
        Which::All => " ORDER BY t.done_at IS NOT NULL, t.due_on IS NULL, t.due_on, t.id",
    });
    query.limit(MOST);
    let rows = query.all(&mut conn).await?;
    let data = shown(&mut conn, &scope, rows).await?;
    let meta = ListMeta::whole(data.len(), MOST);
    Ok(Json(Page { data, meta }))
}

/// Whose tasks are this person's to do: the own ones, and those of the absent people whom this person stands in for.
fn doers(caller: &Caller) -> impl Iterator<Item = UserId> {
    caller.absent.iter().copied().chain([caller.id])
}

/// A task that this person has to do, or has given; 404 for others.
pub(super) async fn one(conn: &mut Conn, caller: &Caller, id: TacheId) -> Result<Tache> {
    let mut query = select();
    query.push("t.id = ? AND (t.created_by = ? OR t.owner_id IN ").arg(id).arg(caller.id);
    query.list(doers(caller)).push(")");
    let rows = query.all(conn).await?;
    shown(conn, &caller.scope(), rows).await?.pop().ok_or_else(not_found)
}

/// A task as its owner sees it, with the record that it is about and the scope in which that is read. `None` when the owner
/// is not active any more.
pub(super) async fn of_its_owner(
    conn: &mut Conn,
    active: &[Person],
    id: TacheId,
) -> Result<Option<(Tache, Option<(Scope, Kind, Uuid)>)>> {
    let mut query = select();
    query.push("t.id = ?").arg(id);
    let rows: Vec<Row> = query.all(conn).await?;
    let Some(owner) = rows.first().and_then(|row| active.iter().find(|person| person.id == row.owner_id)) else {
        return Ok(None);
    };
    let tache = shown(conn, &owner.scope, rows).await?.pop();
    Ok(tache.map(|tache| {
        let record = tache.about.as_ref().map(|about| (owner.scope.clone(), about.kind, about.id));
        (tache, record)
    }))
}

/// The open tasks of a person that have a day.
pub(crate) async fn planned(conn: &mut Conn, person: &Person) -> Result<Vec<Tache>> {
    let mut query = select();
    query.push("t.owner_id = ?").arg(person.id);
    query.push(" AND t.done_at IS NULL AND t.due_on IS NOT NULL ORDER BY t.due_on, t.id").limit(MOST);
    let rows = query.all(conn).await?;
    shown(conn, &person.scope, rows).await
}

/// The tasks about these records, those that were done or given last first, as far as `window` wants them.
pub(crate) async fn of_records(
    conn: &mut Conn,
    scope: &Scope,
    records: &[(Kind, Vec<Uuid>)],
    window: &Window,
) -> Result<Vec<Tache>> {
    let mut query = select();
    query.append(among("t.record_kind", "t.record_id", records));
    window.apply(&mut query, "COALESCE(t.done_at, t.created_at)", "t.id");
    let rows = query.all(conn).await?;
    shown(conn, scope, rows).await
}

async fn shown(conn: &mut Conn, scope: &Scope, rows: Vec<Row>) -> Result<Vec<Tache>> {
    let record = |row: &Row| Some((row.record_kind.as_deref()?.parse::<Kind>().ok()?, row.record_id?));
    let known = holder::named(conn, scope, rows.iter().filter_map(record)).await?;
    let today = Day::today();
    let show = |row: Row| Tache {
        about: record(&row).and_then(|record| known.get(&record).cloned()),
        id: row.id,
        title: row.title,
        owner: TachePerson { id: row.owner_id, name: row.owner },
        created_by: TachePerson { id: row.created_by, name: row.creator },
        late: row.done_at.is_none() && row.due_on.is_some_and(|due| due < today),
        due_on: row.due_on,
        done_at: row.done_at,
        done_by: row.done_by.zip(row.doer).map(|(id, name)| TachePerson { id, name }),
        created_at: row.created_at,
        version: row.version,
    };
    Ok(rows.into_iter().map(show).collect())
}
