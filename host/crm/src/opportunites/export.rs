//! `GET /api/opportunites/export`: the opportunités of the list as a file for a spreadsheet.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::item::{self, ItemRow, OpportuniteItem, show_items};
use super::list::with_filters;
use crate::exports::{self, Asked};
use afpi_core::rights::Action;
use afpi_core::text::{Locale, Text, text};
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Cell, Format, Line};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

with_filters! {
    pub struct Chosen {}
}

/// Opportunités as a file, CSV or XLSX as `Accept` says, in the caller's scope and in the order of their creation;
/// amounts in euros excl. VAT.
#[utoipa::path(get, path = "/export", operation_id = "exportOpportunites", tag = "opportunites", params(Chosen),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    format: Format,
    asked: Asked,
    Params(chosen): Params<Chosen>,
) -> ApiResult<Response> {
    caller.require(Action::OpportunitesExport)?;
    let which = Arc::new(chosen.which());
    let waiting = which.statuses(&app, &caller).await;
    let owned = if caller.role.exports_own_sections() {
        Some(app.plugins.sections_owned_by(caller.role.id()).await)
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
    let head = [
        text("Numéro", "Number"),
        text("Intitulé", "Title"),
        text("Type", "Kind"),
        text("Entreprise", "Company"),
        text("SIRET", "SIRET"),
        text("Ville", "City"),
        text("Commercial", "Sales rep"),
        text("Localisation", "Localisation"),
        text("Étape", "Section"),
        text("Statut", "Status"),
        text("Depuis le", "Since"),
        text("En retard", "Late"),
        text("Montant HT (€)", "Amount excl. VAT (€)"),
        text("Budget HT (€)", "Budget excl. VAT (€)"),
        text("Créée le", "Created"),
        text("Modifiée le", "Changed"),
    ];
    Ok(sheet::download(format, locale, "opportunites", &head, move |after| {
        let mut query = scope.opportunites(item::COLUMNS, item::JOINS);
        which.apply(&mut query, waiting.as_ref());
        if let Some(owned) = &owned {
            owned.push(query.push(" AND "), "o.section");
        }
        if let Some(after) = after {
            query.push(" AND o.id > ?").arg(after);
        }
        query.push(" ORDER BY o.id").limit(sheet::BATCH);
        let app = app.clone();
        async move {
            let rows: Vec<ItemRow> = query.all(&mut app.db.read().await?).await?;
            Ok(show_items(&app, rows).await?.into_iter().map(|item| line(item, locale)).collect())
        }
    })
    .await?)
}

fn line(item: OpportuniteItem, locale: Locale) -> Line {
    let label = |label: Option<Text>, word: String| label.map_or(word, |label| label.get(locale).to_owned());
    let cells = vec![
        item.numero.into(),
        item.title.into(),
        item.kind.into(),
        item.entreprise.name.into(),
        item.entreprise.siret.into(),
        item.entreprise.city.into(),
        item.commercial.name.into(),
        item.localisation.name.into(),
        label(item.section_label, item.section).into(),
        label(item.status_label, item.status).into(),
        Cell::Day(item.section_since.0),
        Cell::Flag(item.late),
        Cell::Cents(item.amount),
        Cell::Cents(item.budget),
        Cell::Day(item.created_at.0),
        Cell::Day(item.updated_at.0),
    ];
    (item.id, cells)
}
