//! `GET /api/suivi/{kind}/{id}`.

use afpi_db::Conn;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::entry::{Entry, Of, merged};
use super::sources::{Item, Place, Sources};
use crate::attachments::holder::{self, Holder, Kind, OfRecord};
use crate::journal;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::scope::{Loaded, Scope};
use afpi_http::input::Params;
use afpi_http::paging::{Key, ListMeta, Page, PageRequest, SortKey, Sorts, bad_cursor};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    /// Only entries of this kind.
    of: Option<Of>,
}

static SORTS: Sorts<Place> =
    Sorts { default: "-at", keys: &[SortKey { name: "at", column: "at", key: |place| Key::Int(place.0.millis()) }] };

/// List what happened around a record, the newest first. `meta.total` counts the page.
#[utoipa::path(get, path = "/{kind}/{id}", operation_id = "listSuivi", tag = "suivi",
    params(("kind" = Kind, Path), ("id" = Uuid, Path), Filters),
    responses((status = 200, body = Page<Entry>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    OfRecord(kind, id): OfRecord,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Entry>>> {
    kind.require_read(&caller)?;
    let page = PageRequest::new(f.limit, None, f.cursor.as_deref(), None, &SORTS, &(kind, id, f.of))?;
    let after = match page.after() {
        None => None,
        Some((Key::Int(millis), id)) => Some((Instant(*millis), *id)),
        Some(_) => return Err(bad_cursor().into()),
    };
    let mut conn = app.db.read().await?;
    let holder = holder::load(&mut conn, &caller.scope(), kind, id).await?;
    let sources = Sources::of(&mut conn, &caller, &holder).await?;
    let (items, last) = items(&mut conn, &sources, after, f.of, page.limit()).await?;
    let data = shown(&app, conn, &caller.scope(), &holder, items).await?;
    let next = last.map(|last| page.cursor(&last, last.1));
    let meta = ListMeta::uncounted(data.len(), page.limit() as u32, next);
    Ok(Json(Page { data, meta }))
}

/// The items of a page, and the place of its last row when there are more. Lines of the journal that are one act are one
/// item.
async fn items(
    conn: &mut Conn,
    sources: &Sources,
    mut after: Option<Place>,
    of: Option<Of>,
    most: usize,
) -> Result<(Vec<Item>, Option<Place>)> {
    let mut items: Vec<Item> = Vec::new();
    let mut last = None;
    loop {
        let (found, left) = sources.before(conn, after, of).await?;
        for item in found {
            let place = item.place();
            let other = match items.last_mut() {
                Some(newer) => newer.join(item),
                None => Some(item),
            };
            if other.is_some() && items.len() == most {
                return Ok((items, last));
            }
            items.extend(other);
            last = Some(place);
        }
        if left.is_none() {
            return Ok((items, None));
        }
        after = left;
    }
}

async fn shown(
    app: &App,
    mut conn: Conn,
    scope: &Scope,
    holder: &Loaded<Holder>,
    mut items: Vec<Item>,
) -> Result<Vec<Entry>> {
    let others = items.iter().filter_map(|item| match item {
        Item::Note(record, _) | Item::Courriel(record, _) => {
            Some(*record).filter(|record| *record != (holder.kind, holder.id))
        }
        _ => None,
    });
    let records = holder::named(&mut conn, scope, others).await?;
    let (mut rows, mut counts) = (Vec::new(), Vec::new());
    for item in &mut items {
        if let Item::Lines(lines) = item {
            counts.push(lines.rows.len());
            rows.append(&mut lines.rows);
        }
    }
    let mut lines = journal::shown(app, conn, scope, rows).await?.into_iter();
    let mut counts = counts.into_iter();
    let entry = |item: Item| {
        let (kind, (at, id)) = (item.kind(), item.place());
        let mut entry = Entry { id, kind, at, about: None, note: None, tache: None, courriel: None, act: None };
        match item {
            Item::Note(of, note) => {
                entry.about = records.get(&of).cloned();
                entry.note = Some(note);
            }
            Item::Tache(tache) => entry.tache = Some(tache),
            Item::Courriel(of, courriel) => {
                entry.about = records.get(&of).cloned();
                entry.courriel = Some(courriel);
            }
            Item::Lines(_) => entry.act = merged(lines.by_ref().take(counts.next().unwrap_or_default())),
        }
        entry
    };
    Ok(items.into_iter().map(entry).collect())
}
