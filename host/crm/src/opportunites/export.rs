//! `GET /api/opportunites/export`: the opportunités of the list as a file for a spreadsheet.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::description::OPPORTUNITES;
use super::item::{self, ItemRow, show_items};
use super::list::with_filters;
use crate::exports::{self, Asked};
use afpi_core::id::OpportuniteId;
use afpi_core::rights::Action;
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Format};
use afpi_platform::auth::caller::Caller;
use afpi_platform::reads::Reads;
use afpi_platform::state::App;

with_filters! {
    pub struct Chosen {}
}

/// Export opportunités as a file. `Accept` chooses CSV or XLSX. The file contains the caller's scope in the order of
/// creation; amounts in euros excl. VAT.
#[utoipa::path(get, path = "/export", operation_id = "exportOpportunites", tag = "opportunites", params(Chosen),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    Reads(reads): Reads,
    caller: Caller,
    Language(locale): Language,
    format: Format,
    asked: Asked,
    Params(chosen): Params<Chosen>,
) -> ApiResult<Response> {
    caller.require(Action::OpportunitesExport)?;
    let which = Arc::new(chosen.which());
    let waiting = which.statuses(&app, &caller).await;
    let owned = if caller.kind().exports_own_sections() {
        Some(app.plugins.sections_owned_by(caller.kind().id()).await)
    } else {
        None
    };
    tracing::info!(user.id = %caller.id, site.id = ?which.localisation_id, section = which.section, "opportunités exported");
    let scope = caller.scope();
    let mut count = scope.opportunites("COUNT(*)", "");
    which.apply(&mut count, waiting.as_ref());
    if let Some(owned) = &owned {
        owned.push(count.push(" AND "), "o.section");
    }
    exports::tell(&app, &caller, "opportunites", &asked, count).await?;
    Ok(exports::file(&OPPORTUNITES, "opportunites", format, locale, move |after: Option<OpportuniteId>| {
        let mut query = scope.opportunites(item::COLUMNS, item::JOINS);
        which.apply(&mut query, waiting.as_ref());
        if let Some(owned) = &owned {
            owned.push(query.push(" AND "), "o.section");
        }
        if let Some(after) = after {
            query.push(" AND o.id > ?").arg(after);
        }
        query.push(" ORDER BY o.id").limit(sheet::BATCH);
        let (app, reads) = (app.clone(), reads.clone());
        async move {
            let rows: Vec<ItemRow> = query.all(&mut reads.read().await?).await?;
            Ok(show_items(&app, rows).await?.into_iter().map(|item| (item.id, item)).collect())
        }
    })
    .await?)
}
