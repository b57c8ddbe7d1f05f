//! `GET /api/bpf/export`: the frames as a file, a line for each of the form.

use std::collections::VecDeque;

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::bilan::{Bilan, LigneHeures, Wanted, bilan};
use crate::exports::{self, Asked};
use afpi_core::error::Result;
use afpi_core::money::Money;
use afpi_core::text::{Locale, text};
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::sheet::{self, Cell, Format, Line};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Export the frames as a file. `Accept` chooses CSV or XLSX. Whole euros and whole hours, as the form asks for them.
#[utoipa::path(get, path = "/export", operation_id = "exportBpf", tag = "bpf", params(Wanted),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    format: Format,
    asked: Asked,
    Params(wanted): Params<Wanted>,
) -> ApiResult<Response> {
    let mut lines = lines(&bilan(&app, &caller, &wanted).await?, locale);
    exports::tell_rows(&app, &caller, "bpf", &asked, lines.len() as i64).await?;
    let head = [
        text("Cadre", "Frame"),
        text("Ligne", "Line"),
        text("Libellé", "Label"),
        text("Montant HT (€)", "Amount excl. VAT (€)"),
        text("Nombre", "Number"),
        text("Heures", "Hours"),
    ];
    let batch = move |_| {
        let some: Result<Vec<Line>> = Ok(lines.drain(..lines.len().min(sheet::BATCH as usize)).collect());
        std::future::ready(some)
    };
    Ok(sheet::download(format, locale, "bpf", &head, batch).await?)
}

fn lines(bilan: &Bilan, locale: Locale) -> VecDeque<Line> {
    let mut lines = VecDeque::new();
    let mut line = |frame: &str, ligne: &str, label: &str, amount: Option<Money>, numbers: Option<(i64, i64)>| {
        let number = |n: Option<i64>| n.map_or_else(|| Cell::Text(String::new()), Cell::Number);
        let cells = vec![
            Cell::Text(frame.to_owned()),
            Cell::Text(ligne.to_owned()),
            Cell::Text(label.to_owned()),
            number(amount.map(euros)),
            number(numbers.map(|(people, _)| people)),
            number(numbers.map(|(_, minutes)| hours(minutes))),
        ];
        lines.push_back((Uuid::now_v7(), cells));
    };
    for row in &bilan.produits {
        line("C", &row.ligne, row.label.get(locale), Some(row.net), None);
    }
    let total = text("Total des produits", "Total income");
    line("C", "", total.get(locale), Some(bilan.total), None);
    let frames: [(&str, &[LigneHeures]); 4] =
        [("E", &bilan.formateurs), ("F1", &bilan.stagiaires), ("F3", &bilan.objectifs), ("F4", &bilan.specialites)];
    for (frame, rows) in frames {
        for row in rows {
            line(frame, &row.ligne, row.label.get(locale), None, Some((row.people, row.minutes)));
        }
    }
    lines
}

/// Whole euros, half a euro rounded away from zero.
fn euros(amount: Money) -> i64 {
    let cents = amount.cents();
    (cents.abs() + 50) / 100 * cents.signum()
}

/// Whole hours, half an hour rounded up.
fn hours(minutes: i64) -> i64 {
    (minutes + 30) / 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_wants_whole_numbers() {
        assert_eq!([149, 150, -150].map(|cents| euros(Money::from_cents(cents))), [1, 2, -2]);
        assert_eq!([29, 30, 420].map(hours), [0, 1, 7]);
    }
}
