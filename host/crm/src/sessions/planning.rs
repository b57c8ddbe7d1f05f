//! `PUT /api/sessions/{id}/half-days`: the half-days of a session that a person created, with their trainers and rooms.
//! The session holds these bookings. Opportunités that join it share them ([`shared`]).

use std::collections::{BTreeSet, HashMap};

use afpi_db::{Conn, sql};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::half_days::Half;
use super::input::Status;
use super::read::{Record, SessionRow, answer, load, whole};
use super::store;
use crate::reservations::resources::{names, no_room, no_trainer};
use crate::reservations::shared::{self, Holder, Key};
use crate::reservations::{collided, double_booking, taken};
use crate::{formateurs, salles};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, ErrorKind, FieldProblem, Result, field, invalid, stale};
use afpi_core::id::{FormateurId, LocalisationId, OpportuniteId, SalleId, SessionId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::{Text, text};
use afpi_http::bounds::List;
use afpi_http::dates::Window;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::state::App;

/// The half-days of a session.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionHalfDays {
    #[validate(nested)]
    pub half_days: Rows,
}

/// The rows of one session.
pub type Rows = List<SessionHalfDayRow, 800>;

/// Who teaches where on a half-day. Two rows of one half-day are two trainers or two rooms.
#[derive(Debug, Clone, PartialEq, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionHalfDayRow {
    #[validate(custom(function = plausible))]
    pub day: NaiveDate,
    pub half: Half,
    #[schema(value_type = Option<Uuid>)]
    pub formateur_id: Option<FormateurId>,
    #[schema(value_type = Option<Uuid>)]
    pub salle_id: Option<SalleId>,
}

fn plausible(day: &NaiveDate) -> std::result::Result<(), validator::ValidationError> {
    Window::around_today(5, 5).check(*day)
}

/// Plan the half-days of a session that a person created. Its trainers and rooms are booked for it.
#[utoipa::path(put, path = "/{id}/half-days", operation_id = "putSessionHalfDays", tag = "sessions", request_body = SessionHalfDays,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = Record), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 428, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<SessionId>,
    IfMatch(seen): IfMatch,
    Body(input): Body<SessionHalfDays>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::SessionsWrite)?;
    let scope = caller.scope();
    let session = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let current = load(&mut tx, &scope, id).await?;
        if current.version != seen {
            return Err(stale(&whole(&mut tx, &scope, &current).await?, vec!["halfDays".to_owned()]));
        }
        own(&current)?;
        let wanted: Vec<Row> = input.half_days.iter().map(Row::from).collect();
        let before = rows(&mut tx, id).await?;
        choosable(&mut tx, &scope, &current, &before, &wanted).await?;
        write(&mut tx, &current, &wanted).await?;
        shared::release(&mut tx, Holder::Session(id)).await?;
        if current.status != Status::Annulee {
            book(&mut tx, &current, &wanted).await?;
        }
        store::settle(&mut tx, id, Instant::now()).await?;
        let row = load(&mut tx, &Scope::All, id).await?;
        if before != wanted {
            let told = journal::field("halfDays", current.half_days, row.half_days);
            Change::by(&caller, request.as_str(), Subject::Session(id), Some(row.localisation_id))
                .record(&mut tx, Activity::Edited, vec![told])
                .await?;
        }
        let session = whole(&mut tx, &scope, &row).await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/sessions/{id}"))).await?;
        tx.commit().await?;
        Ok::<_, Error>(session)
    })
    .await?;
    Ok(answer(session))
}

/// A cancelled session gives its half-days back. One that is no longer cancelled books them again; 409 when somebody
/// else has one now.
pub(super) async fn follow_status(tx: &mut Conn, before: &SessionRow, session: &Loaded<SessionRow>) -> Result<()> {
    let cancelled = |row: &SessionRow| row.status == Status::Annulee;
    match (cancelled(before), cancelled(session)) {
        (false, true) => shared::release(tx, Holder::Session(session.id)).await,
        (true, false) => {
            let wanted = rows(tx, session.id).await?;
            book(tx, session, &wanted).await
        }
        _ => Ok(()),
    }
}

/// 409 for a session that a planning made: its half-days are those of the planning.
fn own(session: &SessionRow) -> Result<()> {
    if session.standalone {
        return Ok(());
    }
    let title = text("Demi-journées de la planification", "Half-days of the planning");
    let detail = text(
        "Les demi-journées de cette session viennent de la planification de son opportunité.",
        "The half-days of this session come from the planning of its opportunité.",
    );
    Err(Error::new(ErrorKind::Conflict, title).detail(detail))
}

afpi_db::row! {
    /// A row of the table.
    #[derive(Clone, PartialEq)]
    pub struct Row { pub day: Day, pub half: Half, pub formateur: Option<String>, pub salle: Option<String> }
}

impl From<&SessionHalfDayRow> for Row {
    fn from(row: &SessionHalfDayRow) -> Self {
        let (formateur, salle) = (row.formateur_id.map(|id| id.to_string()), row.salle_id.map(|id| id.to_string()));
        Row { day: row.day.into(), half: row.half, formateur, salle }
    }
}

impl Row {
    /// The trainer and the room, as kind and id, with the name of the request's field.
    fn resources(&self) -> impl Iterator<Item = (&'static str, &str, &'static str)> {
        let trainer = self.formateur.as_deref().map(|id| (formateurs::RESOURCE, id, "formateurId"));
        let room = self.salle.as_deref().map(|id| (salles::RESOURCE, id, "salleId"));
        trainer.into_iter().chain(room)
    }

    fn key(&self, kind: &str, resource: &str) -> Key {
        (kind.to_owned(), resource.to_owned(), self.day.to_string(), self.half.as_str().to_owned())
    }
}

/// The rows that a person planned.
pub(super) async fn rows(conn: &mut Conn, id: SessionId) -> afpi_db::Result<Vec<Row>> {
    sql("SELECT day, half, formateur, salle FROM session_rows WHERE session_id = ? ORDER BY position")
        .bind(id)
        .all::<Row>(conn)
        .await
}

async fn write(tx: &mut Conn, session: &Loaded<SessionRow>, rows: &[Row]) -> Result<()> {
    sql("DELETE FROM session_rows WHERE session_id = ?").bind(session.id).execute(tx).await?;
    let numbered: Vec<(i64, &Row)> = (1..).zip(rows).collect();
    for some in numbered.chunks(200) {
        let mut query = sql("INSERT INTO session_rows (session_id, position, day, half, formateur, salle) VALUES ");
        query.rows(some.iter().map(|(at, row)| {
            let Row { day, half, formateur, salle } = *row;
            [session.id.into(), (*at).into(), day.into(), (*half).into(), formateur.into(), salle.into()]
        }));
        query.execute(tx).await?;
    }
    Ok(())
}

/// 422 at each row with a trainer or a room that cannot be chosen, or that repeats another row. Those of the session's
/// rows before may stay.
async fn choosable(tx: &mut Conn, scope: &Scope, session: &SessionRow, before: &[Row], wanted: &[Row]) -> Result<()> {
    let had: BTreeSet<(&str, &str)> = before.iter().flat_map(Row::resources).map(|(kind, id, _)| (kind, id)).collect();
    let of = |kind| {
        let all = wanted.iter().flat_map(Row::resources);
        all.filter(move |(of, ..)| *of == kind).map(|(_, id, _)| id).collect::<BTreeSet<_>>()
    };
    let mut query = scope.bookable_formateurs("f.id", "");
    query.push(" AND f.active = ?").arg(true).push(" AND f.id IN ");
    query.list(of(formateurs::RESOURCE).into_iter().filter_map(|id| id.parse::<FormateurId>().ok()));
    let trainers =
        query.all::<(FormateurId,)>(tx).await?.into_iter().map(|(id,)| (formateurs::RESOURCE, id.to_string()));
    let mut query = Scope::Sites(vec![session.localisation_id]).salles("s.id", "");
    query.push(" AND s.active = ?").arg(true).push(" AND s.id IN ");
    query.list(of(salles::RESOURCE).into_iter().filter_map(|id| id.parse::<SalleId>().ok()));
    let rooms = query.all::<(SalleId,)>(tx).await?.into_iter().map(|(id,)| (salles::RESOURCE, id.to_string()));
    let known: BTreeSet<(&str, String)> = trainers.chain(rooms).collect();
    let mut problems: Vec<FieldProblem> = Vec::new();
    let mut seen: BTreeSet<(Day, Half, &str)> = BTreeSet::new();
    for (at, row) in wanted.iter().enumerate() {
        for (kind, id, name) in row.resources() {
            let pointer = || format!("/halfDays/{at}/{name}");
            if !known.contains(&(kind, id.to_owned())) && !had.contains(&(kind, id)) {
                problems.push(field(pointer(), "unknown", unknown(kind)));
            } else if kind == formateurs::RESOURCE && !seen.insert((row.day, row.half, id)) {
                problems.push(field(pointer(), "duplicate", twice()));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(invalid(problems)) }
}

fn unknown(kind: &str) -> Text {
    if kind == formateurs::RESOURCE { no_trainer() } else { no_room() }
}

fn twice() -> Text {
    text("Ce formateur est déjà sur cette demi-journée.", "This trainer is on this half-day already.")
}

afpi_db::row! {
    struct Held {
        kind: String, resource_id: String, day: String, half: String, localisation_id: LocalisationId,
        opportunite_id: Option<OpportuniteId>, numero: Option<String>, reason: Option<String>, together: bool,
    }
}

/// Books the trainers and rooms of these rows for the session. What an opportunité of the session has booked becomes the
/// session's, and the opportunité shares it. 409 at each row that somebody else has booked.
async fn book(tx: &mut Conn, session: &Loaded<SessionRow>, rows: &[Row]) -> Result<()> {
    let held = holders(tx, session, rows).await?;
    let names = names(tx, rows.iter().flat_map(Row::resources).map(|(kind, id, _)| (kind, id))).await?;
    let mut problems = Vec::new();
    let mut keys: BTreeSet<Key> = BTreeSet::new();
    for (at, row) in rows.iter().enumerate() {
        for (kind, id, name) in row.resources() {
            let key = row.key(kind, id);
            if let Some(by) = held.get(&key).filter(|by| !by.together) {
                let here = by.localisation_id == session.localisation_id;
                let by = by.numero.as_deref().or(by.reason.as_deref()).filter(|_| here);
                let message = taken(
                    id.parse().ok().and_then(|id: Uuid| names.get(&id)).map_or(id, String::as_str),
                    &key.2,
                    &key.3,
                    by,
                );
                problems.push(field(format!("/halfDays/{at}/{name}"), "double-booking", message));
            }
            keys.insert(key);
        }
    }
    if !problems.is_empty() {
        return Err(double_booking(problems));
    }
    let (theirs, free): (Vec<Key>, Vec<Key>) = keys.into_iter().partition(|key| held.contains_key(key));
    for key in theirs {
        shared::give(tx, &key, Holder::Session(session.id)).await?;
        if let Some(opportunite) = held.get(&key).and_then(|held| held.opportunite_id) {
            shared::write(tx, opportunite, &[key]).await.map_err(collided)?;
        }
    }
    for some in free.chunks(500) {
        let mut query =
            sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, session_id) VALUES ");
        query.rows(some.iter().map(|(kind, resource, day, half)| {
            let site = session.localisation_id;
            [kind.into(), resource.into(), day.into(), half.into(), site.into(), session.id.into()]
        }));
        query.execute(tx).await.map_err(collided)?;
    }
    Ok(())
}

/// Who has booked the half-days of these rows.
async fn holders(tx: &mut Conn, session: &Loaded<SessionRow>, rows: &[Row]) -> Result<HashMap<Key, Held>> {
    let (Some(first), Some(last)) = (rows.iter().map(|row| row.day).min(), rows.iter().map(|row| row.day).max()) else {
        return Ok(HashMap::new());
    };
    let mut query = sql("SELECT r.kind, r.resource_id, r.day, r.half, r.localisation_id, r.opportunite_id, \
         COALESCE(o.numero, n.numero) AS numero, r.reason, x.session_id IS NOT NULL AS together FROM reservations r \
         LEFT JOIN opportunites o ON o.id = r.opportunite_id LEFT JOIN sessions n ON n.id = r.session_id \
         LEFT JOIN session_opportunites x ON x.opportunite_id = r.opportunite_id AND x.session_id = ? \
         WHERE r.day >= ? AND r.day <= ?")
    .bind(session.id)
    .bind(first)
    .bind(last);
    let resources: BTreeSet<&str> = rows.iter().flat_map(Row::resources).map(|(_, id, _)| id).collect();
    query.push(" AND r.resource_id IN ").list(resources);
    let keys: BTreeSet<Key> =
        rows.iter().flat_map(|row| row.resources().map(|(kind, id, _)| row.key(kind, id))).collect();
    let rows = query.all::<Held>(tx).await?.into_iter();
    let of = |held: &Held| (held.kind.clone(), held.resource_id.clone(), held.day.clone(), held.half.clone());
    Ok(rows.map(|held| (of(&held), held)).filter(|(key, _)| keys.contains(key)).collect())
}
