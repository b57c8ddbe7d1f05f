//! `GET /api/imports/template`: a file with the columns of a kind and one line as an example.

use axum::response::Response;
use uuid::Uuid;

use super::list::OfKind;
use super::mapping;
use afpi_core::error::forbidden;
use afpi_core::rights::Action;
use afpi_core::text::{Text, text};
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Cell, Format};
use afpi_platform::auth::caller::Caller;

/// Download a template: the columns of a kind of files, with one line as an example. CSV, or XLSX if `Accept` asks for
/// it.
#[utoipa::path(get, path = "/template", operation_id = "getImportTemplate", tag = "imports", params(OfKind),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 403, body = ProblemBody)))]
pub(super) async fn get(
    caller: Caller,
    Language(locale): Language,
    format: Format,
    Params(of): Params<OfKind>,
) -> ApiResult<Response> {
    caller.require(Action::EntreprisesImport)?;
    if !of.kind.open_to(&caller) {
        return Err(forbidden().into());
    }
    let fields: Vec<_> = mapping::known(of.kind).collect();
    let head: Vec<Text> = fields.iter().map(|field| text(field.heading.0.clone(), field.heading.1.clone())).collect();
    let example: Vec<String> = fields.iter().map(|field| field.example.to_owned()).collect();
    let name = format!("modele-{}", of.kind.word());
    let file = sheet::download(format, locale, &name, &head, move |after| {
        let line = || (Uuid::max(), example.iter().cloned().map(Cell::Text).collect());
        let lines = if after.is_none() { vec![line()] } else { vec![] };
        async move { Ok(lines) }
    });
    Ok(file.await?)
}
