//! `GET /api/sessions/{id}`; the JSON form of a session.

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::half_days::Half;
use super::input::Status;
use super::places::{self, HalfDay};
use super::planning;
use crate::bpf::cadres::Objectif;
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, not_found};
use afpi_core::id::{LocalisationId, OpportuniteId, SessionId, StagiaireId};
use afpi_core::scope::{Loaded, Scope};
use afpi_http::input::Id;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// A session, as in lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionItem)]
pub struct Item {
    #[schema(value_type = Uuid)]
    pub id: SessionId,
    /// Unique on the site.
    pub numero: String,
    pub title: String,
    pub status: Status,
    #[schema(value_type = Uuid)]
    pub localisation_id: LocalisationId,
    pub localisation: LocalisationRef,
    /// The fewest and the most trainees.
    pub capacity_min: Option<i64>,
    pub capacity_max: Option<i64>,
    /// Of its half-days.
    pub first_day: Option<Day>,
    pub last_day: Option<Day>,
    /// The number of half-days.
    pub half_days: i64,
    /// The number of trainees who take part.
    pub stagiaires: i64,
    /// The number of opportunités.
    pub opportunites: i64,
    /// The names of the trainers.
    pub formateurs: Vec<String>,
    /// Does a person plan its half-days? Otherwise the planning of an opportunité does.
    pub standalone: bool,
    pub version: i64,
}

/// A session with everything that belongs to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionRecord)]
pub struct Record {
    #[schema(value_type = Uuid)]
    pub id: SessionId,
    pub numero: String,
    pub title: String,
    pub programme: Option<String>,
    pub status: Status,
    #[schema(value_type = Uuid)]
    pub localisation_id: LocalisationId,
    pub localisation: LocalisationRef,
    pub capacity_min: Option<i64>,
    pub capacity_max: Option<i64>,
    /// What the training leads to.
    pub objectif: Option<Objectif>,
    /// A code of the « nomenclature des spécialités de formation ».
    pub specialite: Option<String>,
    pub half_days: Vec<HalfDay>,
    /// Who teaches where, as a person planned it. Absent for a session that a planning made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub rows: Option<Vec<PlannedRow>>,
    pub formateurs: Vec<String>,
    /// Those in the caller's scope.
    pub opportunites: Vec<OpportuniteOfSession>,
    /// The number of opportunités outside the caller's scope.
    pub hidden: i64,
    /// The trainees of these opportunités.
    pub stagiaires: Vec<Participant>,
    pub version: i64,
}

/// A row of a session that a person planned.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionRowRecord)]
pub struct PlannedRow {
    pub day: Day,
    pub half: Half,
    /// The ids of the trainer and of the room.
    pub formateur_id: Option<String>,
    pub salle_id: Option<String>,
}

impl From<planning::Row> for PlannedRow {
    fn from(row: planning::Row) -> Self {
        PlannedRow { day: row.day, half: row.half, formateur_id: row.formateur, salle_id: row.salle }
    }
}

/// An opportunité of a session.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportuniteOfSession {
    #[schema(value_type = Uuid)]
    pub id: OpportuniteId,
    pub numero: String,
    pub title: String,
    /// The name of the company.
    pub entreprise: String,
}

/// A trainee of one of the opportunités.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionParticipant)]
pub struct Participant {
    #[schema(value_type = Uuid)]
    pub id: StagiaireId,
    #[schema(value_type = Uuid)]
    pub opportunite_id: OpportuniteId,
    pub name: String,
    pub company: Option<String>,
    pub takes_part: bool,
}

afpi_db::row! {
    #[derive(Clone)]
    pub struct SessionRow {
        pub id: SessionId, pub numero: String, pub numero_norm: String, pub title: String, pub title_key: Vec<u8>, pub status: Status,
        pub localisation_id: LocalisationId, pub site_code: String, pub site_name: String, pub programme: Option<String>,
        pub capacity_min: Option<i64>, pub capacity_max: Option<i64>, pub objectif: Option<Objectif>,
        pub specialite: Option<String>, pub first_day: Option<Day>, pub last_day: Option<Day>,
        pub half_days: i64, pub stagiaires: i64, pub opportunites: i64, pub standalone: bool, pub created_at: Instant, pub version: i64,
    }
}

pub(super) const COLUMNS: &str = "n.id, n.numero, n.numero_norm, n.title, n.title_key, n.status, n.localisation_id, l.code AS site_code, \
     l.name AS site_name, n.programme, n.capacity_min, n.capacity_max, n.objectif, n.specialite, n.first_day, n.last_day, \
     (SELECT COUNT(*) FROM session_half_days h WHERE h.session_id = n.id) AS half_days, \
     (SELECT COUNT(*) FROM session_stagiaires p WHERE p.session_id = n.id) AS stagiaires, \
     (SELECT COUNT(*) FROM session_opportunites x WHERE x.session_id = n.id) AS opportunites, n.standalone, n.created_at, n.version";
/// `LEFT JOIN`, as for opportunités, so that the list's own table comes first.
pub(super) const JOINS: &str = "LEFT JOIN localisations l ON l.id = n.localisation_id";

pub(super) fn show(row: SessionRow, formateurs: Vec<String>) -> Item {
    Item {
        id: row.id,
        numero: row.numero,
        title: row.title,
        status: row.status,
        localisation: LocalisationRef { id: row.localisation_id, code: row.site_code, name: row.site_name },
        localisation_id: row.localisation_id,
        capacity_min: row.capacity_min,
        capacity_max: row.capacity_max,
        first_day: row.first_day,
        last_day: row.last_day,
        half_days: row.half_days,
        stagiaires: row.stagiaires,
        opportunites: row.opportunites,
        formateurs,
        standalone: row.standalone,
        version: row.version,
    }
}

/// The site of a session, and those who take part in it and whose opportunité is in scope. 404 for any other session.
pub async fn taking_part(conn: &mut Conn, scope: &Scope, id: SessionId) -> Result<(LocalisationId, Vec<Participant>)> {
    let row = load(conn, scope, id).await?;
    let mut people = whole(conn, scope, &row).await?.stagiaires;
    people.retain(|person| person.takes_part);
    Ok((row.localisation_id, people))
}

/// The session with this id, if in scope.
pub(super) async fn load(conn: &mut Conn, scope: &Scope, id: SessionId) -> Result<Loaded<SessionRow>> {
    let mut query = scope.sessions(COLUMNS, JOINS);
    query.push(" AND n.id = ?").arg(id);
    query.loaded(conn).await?.ok_or_else(not_found)
}

/// The session with everything of it that this scope shows.
pub(super) async fn whole(conn: &mut Conn, scope: &Scope, row: &SessionRow) -> Result<Record> {
    let (half_days, trainers) = places::of(conn, row.id).await?;
    let mut query = scope.opportunites(
        "o.id, o.numero, o.title, e.name",
        "JOIN session_opportunites x ON x.opportunite_id = o.id JOIN entreprises e ON e.id = o.entreprise_id",
    );
    query.push(" AND x.session_id = ?").arg(row.id).push(" ORDER BY o.numero");
    let opportunites: Vec<OpportuniteOfSession> = query
        .all::<(OpportuniteId, String, String, String)>(conn)
        .await?
        .into_iter()
        .map(|(id, numero, title, entreprise)| OpportuniteOfSession { id, numero, title, entreprise })
        .collect();
    Ok(Record {
        id: row.id,
        numero: row.numero.clone(),
        title: row.title.clone(),
        programme: row.programme.clone(),
        status: row.status,
        localisation_id: row.localisation_id,
        localisation: LocalisationRef {
            id: row.localisation_id,
            code: row.site_code.clone(),
            name: row.site_name.clone(),
        },
        capacity_min: row.capacity_min,
        capacity_max: row.capacity_max,
        objectif: row.objectif,
        specialite: row.specialite.clone(),
        half_days,
        rows: if row.standalone {
            Some(planning::rows(conn, row.id).await?.into_iter().map(Into::into).collect())
        } else {
            None
        },
        formateurs: trainers.into_iter().map(|trainer| trainer.name).collect(),
        hidden: row.opportunites - opportunites.len() as i64,
        opportunites,
        stagiaires: participants(conn, scope, row.id).await?,
        version: row.version,
    })
}

/// The trainees in scope of the opportunités of a session, by name.
async fn participants(conn: &mut Conn, scope: &Scope, session: SessionId) -> Result<Vec<Participant>> {
    let among = sql("SELECT p.stagiaire_id FROM session_stagiaires p WHERE p.session_id = ?").bind(session);
    let among: Vec<StagiaireId> = among.all::<(StagiaireId,)>(conn).await?.into_iter().map(|(id,)| id).collect();
    let mut query = scope.stagiaires("t.id, t.opportunite_id, t.name, t.company", "");
    query.push(" AND (t.id IN ").list(&among);
    query.push(" OR t.opportunite_id IN (SELECT x.opportunite_id FROM session_opportunites x WHERE x.session_id = ?))");
    query.arg(session).push(" ORDER BY t.name_key, t.id");
    let rows = query.all::<(StagiaireId, OpportuniteId, String, Option<String>)>(conn).await?;
    let show = |(id, opportunite_id, name, company)| Participant {
        takes_part: among.contains(&id),
        id,
        opportunite_id,
        name,
        company,
    };
    Ok(rows.into_iter().map(show).collect())
}

/// Read a session. Opportunités and trainees outside the caller's scope are left out.
#[utoipa::path(get, path = "/{id}", operation_id = "getSession", tag = "sessions", params(("id" = Uuid, Path)),
    responses((status = 200, body = Record), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, Id(id): Id<SessionId>) -> ApiResult<impl IntoResponse> {
    let (scope, mut conn) = (caller.scope(), app.db.read().await?);
    let row = load(&mut conn, &scope, id).await?;
    Ok(answer(whole(&mut conn, &scope, &row).await?))
}

/// A session with the version as `ETag`.
pub(super) fn answer(session: Record) -> (AppendHeaders<[(HeaderName, String); 1]>, Json<Record>) {
    (AppendHeaders([(ETAG, format!("\"{}\"", session.version))]), Json(session))
}
