//! `GET /api/opportunites/{id}`: the whole record with the caller's possible actions.

use afpi_db::Conn;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::item::{self, OpportuniteItem};
use super::sent_back;
use super::stored::{self, Beside, StoredOpportunite, moment};
use super::{bookings, documents};
use crate::corbeille;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, internal, not_found};
use afpi_core::id::OpportuniteId;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::Text;
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::checklist::Filed;
use afpi_platform::plugins::failure;
use afpi_platform::state::App;
use afpi_platform::workflow::Direction;

/// An opportunité with all its fields.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Opportunite {
    #[serde(flatten)]
    pub item: OpportuniteItem,
    /// The section documents: `{"<section>": {…}}`.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
    pub offers: Vec<Offer>,
    /// Sections the caller may edit now.
    pub editable: Vec<String>,
    pub bookings: Vec<Booking>,
    pub workflow: WorkflowRef,
}

/// A move that the caller may take, or the reasons why not yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Offer {
    pub transition: String,
    pub label: Text,
    pub direction: Direction,
    pub allowed: bool,
    pub blockers: Vec<Blocker>,
    /// JSON Schema of the move's form.
    #[schema(value_type = Option<Object>)]
    pub form: Option<Value>,
}

/// A missing condition of a move; `field` points into the documents.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FieldProblem)]
pub struct Blocker {
    pub field: String,
    pub code: String,
    pub message: Text,
}

/// A half-day that this opportunité has booked.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Booking {
    pub kind: String,
    pub resource_id: String,
    pub day: String,
    /// `am` or `pm`.
    pub half: String,
    /// The trainer's or room's name.
    pub label: String,
}

/// The plugin of the last decision.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowRef {
    pub plugin_id: String,
    pub version: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportuniteAnswer {
    pub opportunite: Opportunite,
}

/// Read an opportunité.
#[utoipa::path(get, path = "/{id}", operation_id = "getOpportunite", tag = "opportunites", params(("id" = Uuid, Path)),
    responses((status = 200, body = OpportuniteAnswer), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<OpportuniteId>,
) -> ApiResult<impl IntoResponse> {
    let (headers, answer) = answer(Act::begin(&app, &caller, request.as_str()), id).await?;
    Ok((headers, Json(answer)))
}

/// A row read both for plugins and for lists.
#[derive(Clone)]
pub(super) struct Whole {
    pub stored: StoredOpportunite,
    pub shown: item::ItemRow,
}

const WHOLE: &str = concat!(
    item::columns!(),
    ", l.entite_legale_id AS legal_entity_id, o.data, o.state, o.workflow_plugin, o.workflow_version, o.pieces_kept, o.creances_kept"
);

impl afpi_db::FromRow for Whole {
    fn from_row(row: &afpi_db::Row) -> afpi_db::Result<Self> {
        Ok(Whole { stored: StoredOpportunite::from_row(row)?, shown: item::ItemRow::from_row(row)? })
    }
}

/// A record as somebody is about to change it.
pub(super) struct Current {
    pub whole: Whole,
    pub beside: Beside,
}

impl afpi_db::FromRow for Current {
    fn from_row(row: &afpi_db::Row) -> afpi_db::Result<Self> {
        Ok(Current { whole: Whole::from_row(row)?, beside: Beside::from_row(row)? })
    }
}

const CURRENT: &[&str] = &[WHOLE, stored::BESIDE];

/// The record within the scope, with what stands beside it; 404 outside the scope.
pub(super) async fn current(conn: &mut Conn, scope: &Scope, id: OpportuniteId) -> Result<Loaded<Current>> {
    let mut query = scope.opportunites(CURRENT, item::JOINS);
    query.push(" AND o.id = ?").arg(id);
    query.loaded(conn).await?.ok_or_else(not_found)
}

/// What an answer tells beside the row, where a change has left it known. The rest is read.
#[derive(Default)]
pub(super) struct Known {
    pub filed: Option<Filed>,
    pub bookings: Option<Vec<Booking>>,
    pub last_move: Option<sent_back::LastMove>,
    /// It has made no move yet.
    pub unmoved: bool,
}

pub(super) type Versioned = AppendHeaders<[(HeaderName, String); 1]>;

/// The record as this caller sees it, with its version as `ETag`.
pub(super) async fn answer(act: Act<'_>, id: OpportuniteId) -> Result<(Versioned, OpportuniteAnswer)> {
    let whole = {
        let mut query = act.caller.scope().opportunites(WHOLE, item::JOINS);
        query.push(" AND o.id = ?").arg(id);
        let mut conn = act.app.db.read().await?;
        match query.optional(&mut conn).await? {
            Some(whole) => whole,
            None => return Err(gone(&mut conn, act, id).await?),
        }
    };
    present(act, whole, Known::default()).await
}

/// Why there is no such record in scope: it is in the bin, or 404.
async fn gone(conn: &mut Conn, act: Act<'_>, id: OpportuniteId) -> Result<Error> {
    let binned = corbeille::gone(conn, &act.caller.scope(), corbeille::Kind::Opportunites, id.uuid()).await?;
    Ok(binned.unwrap_or_else(not_found))
}

/// The same of a row that is known. No connection is held while the plugin is asked.
pub(super) async fn present(act: Act<'_>, whole: Whole, known: Known) -> Result<(Versioned, OpportuniteAnswer)> {
    let (app, Whole { stored: mut subject, shown }) = (act.app, whole);
    let bookings = match known.bookings {
        Some(bookings) => bookings,
        None => bookings::of(&mut app.db.read().await?, subject.id).await?,
    };
    let (offers, editable) = choices(act, &mut subject, known.filed).await?;
    let mut items = item::show_items(app, vec![shown]).await?;
    match known.last_move {
        Some(last) => sent_back::mark_one(app, &mut items, last).await,
        None if known.unmoved => {}
        None => sent_back::mark(app, &mut items).await?,
    }
    let item = items.pop().ok_or_else(|| internal("one row makes one item"))?;
    let version = item.version;
    let opportunite = Opportunite {
        item,
        data: subject.documents()?,
        offers,
        editable,
        bookings,
        workflow: WorkflowRef { plugin_id: subject.workflow_plugin, version: subject.workflow_version },
    };
    Ok((AppendHeaders([(ETAG, format!("\"{version}\""))]), OpportuniteAnswer { opportunite }))
}

/// The caller's possible actions. Turns the documents into those of the running version of the workflow. While the
/// workflow plugin does not answer, the record can still be read as it is, without actions.
async fn choices(
    act: Act<'_>,
    subject: &mut StoredOpportunite,
    filed: Option<Filed>,
) -> Result<(Vec<Offer>, Vec<String>)> {
    let Ok((plugin, definition)) = act.app.plugins.workflow(subject.localisation_id).await else {
        return Ok((vec![], vec![]));
    };
    let context = act.context();
    match documents::carried(subject.clone(), &plugin, &definition, &context).await {
        Ok(carried) => *subject = documents::with_files(act.app, &definition, carried, filed).await?.0,
        Err(_) => return Ok((vec![], vec![])),
    }
    let (wit, actor) = (subject.for_workflow(), act.caller.actor(subject.commercial_id));
    let asked = async {
        let offers = plugin.offers(&context, &wit, &actor, &moment(act.now)).await?;
        Ok((offers, plugin.editable(&context, &wit, &actor).await?))
    };
    let (offers, editable) = match asked.await {
        Ok(answers) => answers,
        Err(error) => {
            failure(error);
            return Ok((vec![], vec![]));
        }
    };
    let offers = offers.into_iter().filter_map(|offer| {
        let known = definition.transition(&offer.transition)?;
        let blockers = offer.blockers.into_iter().map(|b| Blocker {
            field: b.field,
            code: b.code,
            message: Text { fr: b.message.fr, en: b.message.en },
        });
        Some(Offer {
            label: known.label.clone(),
            direction: known.direction,
            form: known.form.clone(),
            allowed: offer.allowed,
            blockers: blockers.collect(),
            transition: offer.transition,
        })
    });
    Ok((offers.collect(), editable))
}

/// The parts of a record that history lines concern: `status`, `/section/field`, or the assigned field.
pub(super) fn changed_parts<'a>(lines: impl Iterator<Item = &'a (Instant, String, Option<String>)>) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for (_, kind, changes) in lines {
        if kind == "moved" {
            parts.push("/status".into());
        }
        let changes = changes.as_deref().and_then(|c| serde_json::from_str::<Vec<Value>>(c).ok()).unwrap_or_default();
        parts.extend(changes.iter().filter_map(|c| c.get("field")?.as_str().map(str::to_owned)));
    }
    parts.sort();
    parts.dedup();
    parts
}
