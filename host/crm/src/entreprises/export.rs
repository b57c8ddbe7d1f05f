//! `GET /api/entreprises/export`: the companies of the list as a file for a spreadsheet.

use axum::extract::State;
use axum::response::Response;

use super::list::ListFilter;
use super::read::{COLUMNS, EntrepriseRow, JOINS};
use crate::exports::{self, Asked};
use crate::identifiants;
use afpi_core::rights::Action;
use afpi_core::text::{Locale, text};
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Cell, Format, Line};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Companies as a file, CSV or XLSX as `Accept` says, in the caller's scope and in the order in which they were
/// entered.
#[utoipa::path(get, path = "/export", operation_id = "exportEntreprises", tag = "entreprises", params(ListFilter),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
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
    let head = [
        text("Raison sociale", "Name"),
        text("SIRET", "SIRET"),
        text("SIREN", "SIREN"),
        text("N° TVA", "VAT number"),
        text("NAF", "NAF"),
        text("IDCC", "IDCC"),
        text("OPCO", "OPCO"),
        text("Type", "Kind"),
        text("Effectif", "Headcount"),
        text("Adresse", "Address"),
        text("Complément", "Address (2)"),
        text("Code postal", "Postcode"),
        text("Ville", "City"),
        text("Pays", "Country"),
        text("Téléphone", "Telephone"),
        text("E-mail", "E-mail"),
        text("Site web", "Website"),
        text("Étiquettes", "Tags"),
        text("Active", "Active"),
        text("Localisation", "Localisation"),
        text("Origine", "Origin"),
        text("Créée le", "Created"),
        text("Modifiée le", "Changed"),
    ];
    Ok(sheet::download(format, locale, "entreprises", &head, move |after| {
        let mut query = scope.entreprises(COLUMNS, JOINS);
        which.apply(&mut query);
        if let Some(after) = after {
            query.push(" AND e.id > ?").arg(after);
        }
        query.push(" ORDER BY e.id").limit(sheet::BATCH);
        let db = app.db.clone();
        async move {
            Ok(query
                .all::<EntrepriseRow>(&mut db.read().await?)
                .await?
                .into_iter()
                .map(|row| line(row, locale))
                .collect())
        }
    })
    .await?)
}

fn line(row: EntrepriseRow, locale: Locale) -> Line {
    let cells = vec![
        row.name.into(),
        row.siret.into(),
        row.siren.into(),
        row.vat_number.into(),
        row.naf_code.into(),
        row.idcc.into(),
        row.opco.into(),
        row.kind.into(),
        row.headcount.map_or(Cell::Text(String::new()), Cell::Number),
        row.line1.into(),
        row.line2.into(),
        row.postcode.into(),
        row.city.into(),
        identifiants::country_name(&row.country, locale).to_owned().into(),
        row.phone.into(),
        row.email.into(),
        row.website.into(),
        row.tags.0.join(", ").into(),
        Cell::Flag(row.active),
        row.site_name.into(),
        row.origin.into(),
        Cell::Day(row.created_at),
        Cell::Day(row.updated_at),
    ];
    (row.id, cells)
}
