//! `GET /api/entreprises/export`: the companies of the list as a file for a spreadsheet.

use axum::extract::State;
use axum::response::Response;

use super::description::ENTREPRISES;
use super::list::ListFilter;
use super::read::{COLUMNS, EntrepriseRow, JOINS, base};
use crate::exports::{self, Asked};
use afpi_core::id::EntrepriseId;
use afpi_core::rights::Action;
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Format};
use afpi_platform::auth::caller::Caller;
use afpi_platform::reads::Reads;
use afpi_platform::state::App;

/// Export companies as a file. `Accept` chooses CSV or XLSX. The file contains the caller's scope in the order of
/// creation.
#[utoipa::path(get, path = "/export", operation_id = "exportEntreprises", tag = "entreprises", params(ListFilter),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    Reads(reads): Reads,
    caller: Caller,
    Language(locale): Language,
    format: Format,
    asked: Asked,
    Params(which): Params<ListFilter>,
) -> ApiResult<Response> {
    caller.require(Action::EntreprisesExport)?;
    tracing::info!(user.id = %caller.id, site.id = ?which.localisation_id, "companies exported");
    let scope = caller.scope();
    let mut count = scope.entreprises("COUNT(*)", "");
    which.apply(&mut count);
    exports::tell(&app, &caller, "entreprises", &asked, count).await?;
    Ok(exports::file(&ENTREPRISES, "entreprises", format, locale, move |after: Option<EntrepriseId>| {
        let mut query = scope.entreprises(COLUMNS, JOINS);
        which.apply(&mut query);
        if let Some(after) = after {
            query.push(" AND e.id > ?").arg(after);
        }
        query.push(" ORDER BY e.id").limit(sheet::BATCH);
        let reads = reads.clone();
        async move {
            let rows: Vec<EntrepriseRow> = query.all(&mut reads.read().await?).await?;
            Ok(rows.into_iter().map(|row| (row.id, base(row, vec![]))).collect())
        }
    })
    .await?)
}
