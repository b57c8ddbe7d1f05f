//! `POST /api/opportunites/{id}/stagiaires`, `…/stagiaires/bulk` and `…/stagiaires/preview`.

use afpi_db::Conn;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{AppendHeaders, IntoResponse};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use validator::Validate;

use super::duplicates::{self, Marks};
use super::input::{self, StagiaireCreate, StagiairesCreate, StagiairesPasted, Status};
use super::list::marks;
use super::paste::{self, Column, Row};
use super::read::{Record, load, record};
use super::rights::{self, File};
use super::{store, write};
use afpi_core::error::{Error, ErrorKind, FieldProblem, Result, field};
use afpi_core::id::{OpportuniteId, StagiaireId};
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::{Text, text};
use afpi_http::input::{Body, Id, problems_of, required};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::events;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject};
use afpi_platform::state::App;

/// The most trainees of an opportunité.
const MOST: usize = 500;
/// The most pasted rows that are read.
const MOST_ROWS: usize = 500;

/// Add a trainee to an opportunité. The trainee takes part in its sessions.
#[utoipa::path(post, path = "/{id}/stagiaires", operation_id = "createStagiaire", tag = "stagiaires", params(("id" = Uuid, Path)),
    request_body = StagiaireCreate,
    responses((status = 201, body = Record), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<OpportuniteId>,
    Body(input): Body<StagiaireCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(rights::WRITE)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let made = add(act, id, &[input], StatusCode::CREATED).await?;
    let mut conn = app.db.read().await?;
    let row = load(&mut conn, &caller.scope(), made[0]).await?;
    let stagiaire = record(&mut conn, &row, true).await?;
    let location = [(LOCATION, format!("/api/stagiaires/{}", row.id))];
    Ok((StatusCode::CREATED, AppendHeaders(location), Json(stagiaire)))
}

/// How many trainees were added.
#[derive(Debug, Serialize, ToSchema)]
pub struct StagiairesAdded {
    added: i64,
}

/// Add several trainees to an opportunité: all of them or none.
#[utoipa::path(post, path = "/{id}/stagiaires/bulk", operation_id = "createStagiaires", tag = "stagiaires", params(("id" = Uuid, Path)),
    request_body = StagiairesCreate,
    responses((status = 200, body = StagiairesAdded), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn bulk(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<OpportuniteId>,
    Body(input): Body<StagiairesCreate>,
) -> ApiResult<Json<StagiairesAdded>> {
    caller.require(rights::WRITE)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let made = add(act, id, &input.stagiaires, StatusCode::OK).await?;
    Ok(Json(StagiairesAdded { added: made.len() as i64 }))
}

/// Adds trainees in one transaction.
async fn add(act: Act<'_>, id: OpportuniteId, new: &[StagiaireCreate], status: StatusCode) -> Result<Vec<StagiaireId>> {
    let Act { app, caller, .. } = act;
    let scope = caller.scope();
    let file = rights::load(&mut app.db.read().await?, &scope, id).await?;
    rights::require(app, caller, &file).await?;
    let made = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let file = rights::load(&mut tx, &scope, id).await?;
        if store::of(&mut tx, &Scope::All, id).await?.len() + new.len() > MOST {
            let detail = text(
                format!("Une opportunité a au plus {MOST} stagiaires."),
                format!("An opportunité has at most {MOST} trainees."),
            );
            return Err(Error::new(ErrorKind::Conflict, text("Limite atteinte", "Limit reached")).detail(detail));
        }
        let mut made = Vec::with_capacity(new.len());
        for person in new {
            made.push(insert(&mut tx, act, &file, person).await?);
        }
        announce(&mut tx, act, &file, "stagiaire.added", made.len()).await?;
        let place = made.first().filter(|_| status == StatusCode::CREATED).map(|id| format!("/api/stagiaires/{id}"));
        idempotency::done(&mut tx, status, place).await?;
        tx.commit().await?;
        Ok::<_, Error>(made)
    })
    .await?;
    app.jobs.wake();
    Ok(made)
}

async fn insert(tx: &mut Conn, act: Act<'_>, file: &Loaded<File>, new: &StagiaireCreate) -> Result<StagiaireId> {
    let id = store::insert(tx, file, new, act.now).await?;
    let row = load(tx, &Scope::All, id).await?;
    Change::by(act.caller, act.correlation_id, Subject::Stagiaire(id), Some(file.site))
        .record(tx, Activity::Created, write::differences(None, Some(&row)))
        .await?;
    Ok(id)
}

/// Tells plugins how many trainees changed, and nothing personal.
pub(super) async fn announce(tx: &mut Conn, act: Act<'_>, file: &File, name: &str, count: usize) -> Result<()> {
    act.emit(tx, name, file.site, Some(events::Record::Opportunite(file.id)), json!({ "count": count })).await
}

/// What pasted rows would become.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StagiairesPreview {
    /// Does the first line name the columns?
    header: bool,
    columns: Vec<PreviewColumn>,
    rows: Vec<PreviewRow>,
    /// Lines beyond the most that are read.
    left_out: i64,
}

/// A column of the pasted rows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StagiairePreviewColumn)]
pub struct PreviewColumn {
    /// Its heading, if there is one.
    heading: Option<String>,
    /// `lastName`, `firstName`, `name`, `birthDate`, `email`, `phone`, `company`, `function`, `status` or `needs`. None:
    /// it is left out.
    field: Option<&'static str>,
}

/// A pasted row.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StagiairePreviewRow)]
pub struct PreviewRow {
    /// The line of the pasted text, from 1.
    line: i64,
    last_name: String,
    first_name: String,
    /// An ISO day where it could be read, otherwise as pasted.
    birth_date: String,
    email: String,
    phone: String,
    company: String,
    function: String,
    /// A word of the status where it could be read, otherwise as pasted.
    status: String,
    needs: String,
    /// Why it cannot be added as it is.
    problems: Vec<PreviewProblem>,
    /// Who looks like the same person: a trainee of the opportunité, or an earlier row.
    duplicate: Option<String>,
}

/// A problem of a pasted row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StagiairePreviewProblem)]
pub struct PreviewProblem {
    /// The field of the row.
    field: String,
    code: String,
    message: Text,
}

impl From<FieldProblem> for PreviewProblem {
    fn from(FieldProblem { field, code, message }: FieldProblem) -> Self {
        PreviewProblem { field: field.trim_start_matches('/').to_owned(), code, message }
    }
}

/// Read rows that were pasted from a spreadsheet, without adding anything. At most 500 rows are read.
#[utoipa::path(post, path = "/{id}/stagiaires/preview", operation_id = "previewStagiaires", tag = "stagiaires", params(("id" = Uuid, Path)),
    request_body = StagiairesPasted,
    responses((status = 200, body = StagiairesPreview), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn preview(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<OpportuniteId>,
    Body(input): Body<StagiairesPasted>,
) -> ApiResult<Json<StagiairesPreview>> {
    caller.require(rights::WRITE)?;
    let scope = caller.scope();
    let (file, there) = {
        let mut conn = app.db.read().await?;
        (rights::load(&mut conn, &scope, id).await?, store::of(&mut conn, &scope, id).await?)
    };
    rights::require(&app, &caller, &file).await?;
    let mut pasted = paste::read(&input.text);
    let left_out = pasted.rows.len().saturating_sub(MOST_ROWS);
    pasted.rows.truncate(MOST_ROWS);
    let mut people: Vec<Marks> = there.iter().map(marks).collect();
    people.extend(pasted.rows.iter().map(|row| {
        let email = Some(row.email.as_str()).filter(|email| !email.is_empty());
        Marks::of(&row.first_name, &row.last_name, paste::day(&row.birth_date), email)
    }));
    let mut earlier = duplicates::earlier(&people).split_off(there.len());
    let known = |at: usize| match there.get(at) {
        Some(row) => row.name.clone(),
        None => {
            let row = &pasted.rows[at - there.len()];
            store::name(&row.first_name, &row.last_name)
        }
    };
    let names: Vec<Option<String>> = earlier.drain(..).map(|found| found.map(known)).collect();
    let headings = pasted.header.unwrap_or_default();
    let columns = pasted.columns.iter().enumerate().map(|(at, column)| PreviewColumn {
        heading: headings.get(at).cloned(),
        field: column.map(|column: Column| column.into()),
    });
    let columns = columns.collect();
    let rows = pasted.rows.into_iter().zip(names).map(|(row, duplicate)| previewed(row, duplicate)).collect();
    Ok(Json(StagiairesPreview { header: !headings.is_empty(), columns, rows, left_out: left_out as i64 }))
}

fn previewed(row: Row, duplicate: Option<String>) -> PreviewRow {
    let mut problems: Vec<PreviewProblem> = Vec::new();
    let day = paste::day(&row.birth_date);
    if day.is_none() && !row.birth_date.is_empty() {
        problems.push(field("birthDate", "day", paste::no_day()).into());
    }
    let status = paste::status(&row.status);
    if status.is_none() && !row.status.is_empty() {
        problems.push(field("status", "unknown", paste::no_status()).into());
    }
    for (name, value) in [("lastName", &row.last_name), ("firstName", &row.first_name)] {
        if value.is_empty() {
            problems.push(PreviewProblem::from(required(name)));
        }
    }
    if let Err(errors) = checked(&row, day.map(|day| day.date()), status).validate() {
        let found = problems_of(&errors).into_iter().map(PreviewProblem::from);
        let new: Vec<_> = found.filter(|new| !problems.iter().any(|known| known.field == new.field)).collect();
        problems.extend(new);
    }
    PreviewRow {
        line: row.line as i64,
        birth_date: day.map_or(row.birth_date, |day| day.to_string()),
        status: status.map_or(row.status, |status| status.as_str().to_owned()),
        last_name: row.last_name,
        first_name: row.first_name,
        email: row.email,
        phone: row.phone,
        company: row.company,
        function: row.function,
        needs: row.needs,
        problems,
        duplicate,
    }
}

/// The row as a request: the same rules hold for both.
fn checked(row: &Row, birth_date: Option<chrono::NaiveDate>, status: Option<Status>) -> input::StagiaireCreate {
    fn optional<'a, T: From<&'a str>>(text: &'a str) -> Option<T> {
        (!text.is_empty()).then(|| text.into())
    }
    StagiaireCreate {
        last_name: row.last_name.as_str().into(),
        first_name: row.first_name.as_str().into(),
        birth_date,
        email: optional(&row.email),
        phone: optional(&row.phone),
        company: optional(&row.company),
        function: optional(&row.function),
        status,
        needs: optional(&row.needs),
    }
}
