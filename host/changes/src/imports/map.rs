//! `PUT /api/imports/{id}/mapping`: maps columns to fields.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header::ETAG};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::file::MAX_COLUMNS;
use super::mapping::{self, Mapping};
use super::read::{self, Import};
use super::{free, own, refused, store};
use afpi_core::error::{Error, invalid, stale};
use afpi_core::id::ImportId;
use afpi_core::text::text;
use afpi_http::bounds::List;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::texts::{Exact, Line};
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::state::App;

type Columns = List<ColumnField, MAX_COLUMNS>;
type Values = List<DefaultValue, 30>;

/// The field of each column, in the order of the file.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportMapping {
    #[validate(nested)]
    pub columns: Columns,
    /// Values for fields that are empty in a line and in the record here. They replace nothing. Fields that tell
    /// records apart have none.
    #[serde(default)]
    #[validate(nested)]
    #[schema(required = false)]
    pub defaults: Values,
}

/// The default value of a field.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportDefault)]
pub struct DefaultValue {
    /// A field as in `columns`.
    #[validate(nested)]
    pub field: Exact<1, 40>,
    #[validate(nested)]
    pub value: Line<200>,
}

/// The field of a column.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportColumnField)]
pub struct ColumnField {
    /// A field of `GET /api/imports/fields` for the file's kind: of a company (`name`, `siret`, `address.city`, …), of
    /// its contact (`contact.lastName`, …), of a product (`code`, …). Absent or `null` leaves the column out.
    #[validate(nested)]
    pub field: Option<Exact<1, 40>>,
}

/// Map columns to fields. This deletes the preview of another mapping, and is remembered for the caller's next file with
/// the same columns. 409 once the file is applied.
#[utoipa::path(put, path = "/{id}/mapping", operation_id = "mapImport", tag = "imports", request_body = ImportMapping,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = Import), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<ImportId>,
    IfMatch(seen): IfMatch,
    Body(input): Body<ImportMapping>,
) -> ApiResult<impl IntoResponse> {
    let import = own(&mut app.db.read().await?, &caller, id).await?;
    let fields: Vec<Option<&str>> =
        input.columns.iter().map(|column| column.field.as_ref().map(Exact::as_str)).collect();
    let mut problems = mapping::check(import.kind, &fields, import.header.0.len());
    let typed = input.defaults.iter().map(|given| (given.field.as_str(), given.value.as_str()));
    let defaults = mapping::defaults(import.kind, typed).unwrap_or_else(|wrong| {
        problems.extend(wrong);
        mapping::Defaults::new()
    });
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    let wanted: Mapping = fields.into_iter().map(|field| field.map(str::to_owned)).collect();
    let shown = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        if !store::map(&mut tx, id, seen, &wanted, &defaults).await? {
            let current = read::now(&mut tx, id).await?;
            return Err(stale(current, vec!["/columns".into()]));
        }
        if let Some((_, state, applied)) = store::last_run(&mut tx, id).await? {
            if !free(state, applied) {
                return Err(refused(text(
                    "Le fichier est en cours de traitement ou appliqué ; annulez-le d'abord.",
                    "The file is being worked on or applied; revert it first.",
                )));
            }
            store::forget_runs(&mut tx, id).await?;
        }
        store::remember(&mut tx, caller.id, import.kind, &import.header.0, &wanted, &defaults).await?;
        let shown = read::now(&mut tx, id).await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("{}/{id}", super::PATH))).await?;
        tx.commit().await?;
        Ok::<_, Error>(shown)
    })
    .await?;
    Ok((AppendHeaders([(ETAG, format!("\"{}\"", shown.version))]), Json(shown)))
}
