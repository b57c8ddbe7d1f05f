//! `GET /api/creances/export`: the list as a file for a spreadsheet.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::description::CREANCES;
use super::list::{COLUMNS, Chosen, CreanceRow};
use crate::exports::{self, Asked};
use afpi_core::clock::Day;
use afpi_core::id::CreanceId;
use afpi_core::rights::Action;
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Format};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Export drafts, invoices and credit notes as a file. `Accept` chooses CSV or XLSX. Amounts are in euros.
#[utoipa::path(get, path = "/export", operation_id = "exportCreances", tag = "facturation", params(Chosen),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    format: Format,
    asked: Asked,
    Params(chosen): Params<Chosen>,
) -> ApiResult<Response> {
    caller.require(Action::CreancesRead)?;
    caller.require(Action::OpportunitesExport)?;
    let which = Arc::new(chosen.which());
    tracing::info!(user.id = %caller.id, site.id = ?which.localisation_id, "créances exported");
    let scope = caller.scope();
    exports::tell(&app, &caller, "creances", &asked, which.select(&scope, "COUNT(*)")).await?;
    let today = Day::today();
    Ok(exports::file(&CREANCES, "facturation", format, locale, move |after: Option<CreanceId>| {
        let mut query = which.select(&scope, COLUMNS);
        if let Some(after) = after {
            query.push(" AND c.id > ?").arg(after);
        }
        query.push(" ORDER BY c.id").limit(sheet::BATCH);
        let app = app.clone();
        async move {
            let rows: Vec<CreanceRow> = query.all(&mut app.db.read().await?).await?;
            Ok(rows.into_iter().map(|row| (row.id, row.show(today))).collect())
        }
    })
    .await?)
}
