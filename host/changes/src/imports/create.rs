//! `POST /api/imports`: uploads a file.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::file;
use super::kind::Kind;
use super::mapping;
use super::read::{self, Import};
use super::store::{self, ImportRow};
use super::workbook;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, forbidden, invalid, too_large, too_late};
use afpi_core::id::{ImportId, LocalisationId};
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::body::{MAX_IMPORT, too_slow};
use afpi_http::input::{Params, required};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::sheet::XLSX;
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
    /// What its lines are. Default: companies and contacts.
    #[serde(default)]
    #[param(required = false)]
    kind: Kind,
    /// The localisation whose companies the file may change. New ones go there. Default: the caller's first
    /// localisation.
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    /// The file's name, for display.
    name: Option<String>,
}

/// The schema of a CSV file in the OpenAPI document.
struct CsvFile;

impl PartialSchema for CsvFile {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX_IMPORT)).into()
    }
}

impl ToSchema for CsvFile {}

/// The schema of a workbook.
struct XlsxFile;

impl PartialSchema for XlsxFile {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).max_length(Some(MAX_IMPORT)).into()
    }
}

impl ToSchema for XlsxFile {}

/// Upload a file of companies and contacts, or of records of another kind, of at most 10 MiB, 100 000 lines and 200 columns. CSV: in UTF-8, UTF-16 or
/// windows-1252, with semicolons, commas, tabs or bars. XLSX: its first visible sheet. The first line that is not empty
/// names the columns. The answer suggests a field for each column: as the caller mapped the last file with the same
/// columns, otherwise by known column names. Nothing is changed yet.
#[utoipa::path(post, path = "/", operation_id = "createImport", tag = "imports", params(Options),
    request_body(content((CsvFile = "text/csv"), (XlsxFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
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
    if !options.kind.open_to(&caller) {
        return Err(forbidden().into());
    }
    let Some(localisation) = options.localisation_id.or(caller.sites.first().copied()) else {
        return Err(invalid(vec![required("/localisationId")]).into());
    };
    localisations::writable(&mut app.db.read().await?, &caller.scope(), localisation).await?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !["text/csv", XLSX].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        let title = text(
            "Un fichier CSV ou XLSX est attendu, avec son Content-Type",
            "A CSV or XLSX file is expected, with its Content-Type",
        );
        return Err(Error::new(ErrorKind::UnsupportedMediaType, title).into());
    }
    let read = to_bytes(body, MAX_IMPORT).await;
    let content = read.map_err(|error| if too_slow(&error) { too_late() } else { too_large() })?;
    // A workbook that makes the reader panic is only unreadable.
    let looked = tokio::task::spawn_blocking(move || file::look(content.into())).await;
    let looked = looked.unwrap_or_else(|error| {
        tracing::error!(error.cause = %error, "the reader of an uploaded file ended early");
        Err(file::refused("workbook", workbook::unreadable()))
    })?;
    let recalled = store::recall(&mut app.db.read().await?, caller.id, options.kind, &looked.header).await?;
    let (recalled, (mapping, defaults)) = match recalled {
        Some(known) => (true, known),
        None => (false, (mapping::offered(options.kind, &looked.header), mapping::Defaults::new())),
    };
    let name = afpi_text::salvage(options.name.as_deref().unwrap_or_default());
    let row = ImportRow {
        id: ImportId::generate(),
        kind: options.kind,
        localisation_id: localisation,
        user_id: caller.id,
        name: name.chars().take(MAX_NAME).collect(),
        encoding: looked.format.encoding.as_ref().to_owned(),
        delimiter: char::from(looked.format.delimiter).to_string(),
        mapping: afpi_db::Json(mapping),
        defaults: Some(afpi_db::Json(defaults)),
        recalled,
        samples: Some(afpi_db::Json(looked.samples)),
        header: afpi_db::Json(looked.header),
        total: i64::try_from(looked.total).unwrap_or(i64::MAX),
        created_at: Instant::now(),
        version: 1,
    };
    let location = format!("{}/{}", super::PATH, row.id);
    let shown: Result<Import> = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        store::insert(&mut tx, &row, &looked.content).await?;
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
