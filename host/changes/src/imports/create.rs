//! `POST /api/imports`: uploads a file.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::file;
use super::mapping;
use super::read::{self, Import};
use super::store::{self, ImportRow};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, invalid, too_large, too_late};
use afpi_core::id::{ImportId, LocalisationId};
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::body::{MAX_IMPORT, too_slow};
use afpi_http::input::{Params, required};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, Change, Subject, field};
use afpi_platform::state::App;
use afpi_platform::{idempotency, localisations};

/// The longest stored file name, in characters.
const MAX_NAME: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Options {
    /// The localisation whose companies the file may change. New ones go there. Default: the caller's first
    /// localisation.
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    /// The file's name, for display.
    name: Option<String>,
}

/// The schema of a file in the OpenAPI document.
struct CsvFile;

impl PartialSchema for CsvFile {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX_IMPORT)).into()
    }
}

impl ToSchema for CsvFile {}

/// Upload a file of companies and contacts: CSV of at most 10 MiB, 100 000 lines and 200 columns, in UTF-8 or
/// windows-1252, with semicolons, commas or tabs. The first line names the columns. The answer suggests a field for
/// each known column name. Nothing is changed yet.
#[utoipa::path(post, path = "/", operation_id = "createImport", tag = "imports", params(Options),
    request_body(content = CsvFile, content_type = "text/csv"),
    responses((status = 201, body = Import), (status = 403, body = ProblemBody), (status = 413, body = ProblemBody),
        (status = 415, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Params(options): Params<Options>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::EntreprisesImport)?;
    let Some(localisation) = options.localisation_id.or(caller.sites.first().copied()) else {
        return Err(invalid(vec![required("/localisationId")]).into());
    };
    localisations::writable(&mut app.db.read().await?, &caller.scope(), localisation).await?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/csv") {
        let title = text(
            "Un fichier CSV est attendu (Content-Type: text/csv)",
            "A CSV file is expected (Content-Type: text/csv)",
        );
        return Err(Error::new(ErrorKind::UnsupportedMediaType, title).into());
    }
    let read = to_bytes(body, MAX_IMPORT).await;
    let content = read.map_err(|error| if too_slow(&error) { too_late() } else { too_large() })?;
    let looked = file::look(&content)?;
    let name = afpi_text::salvage(options.name.as_deref().unwrap_or_default());
    let row = ImportRow {
        id: ImportId::generate(),
        localisation_id: localisation,
        user_id: caller.id,
        name: name.chars().take(MAX_NAME).collect(),
        encoding: looked.format.encoding.as_ref().to_owned(),
        delimiter: char::from(looked.format.delimiter).to_string(),
        mapping: afpi_db::Json(mapping::offered(&looked.header)),
        header: afpi_db::Json(looked.header),
        total: i64::try_from(looked.total).unwrap_or(i64::MAX),
        created_at: Instant::now(),
        version: 1,
    };
    let location = format!("{}/{}", super::PATH, row.id);
    let shown: Result<Import> = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        store::insert(&mut tx, &row, &content).await?;
        let told = vec![field("name", Value::Null, row.name.as_str()), field("total", Value::Null, row.total)];
        let change = Change::by(&caller, request.as_str(), Subject::Import(row.id), Some(localisation));
        change.record(&mut tx, Activity::Created, told).await?;
        let shown = read::now(&mut tx, row.id).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, Some(location.clone())).await?;
        tx.commit().await?;
        Ok::<_, Error>(shown)
    })
    .await;
    let shown = shown?;
    tracing::info!(import = %row.id, actor = %caller.id, lines = row.total, "a file was handed in");
    Ok((StatusCode::CREATED, AppendHeaders([(header::LOCATION, location)]), Json(shown)))
}
