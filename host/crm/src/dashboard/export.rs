//! `GET /api/dashboard/export`: the figures of the dashboard as a file, a line for each.

use std::collections::{HashMap, VecDeque};

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::figures::{self, Wanted};
use super::wire::{Compared, Dashboard};
use crate::description::Label;
use crate::exports::{self, Asked};
use crate::figures::wire::{Figure, FigureKind, Score};
use crate::opportunites::description::{LOST_REASONS, ORIGINES};
use afpi_core::error::Result;
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::text::{Locale, Text, text};
use afpi_http::input::Params;
use afpi_http::language::Language;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::sheet::{self, Cell, Format, Line};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Export the figures of a period as a file. `Accept` chooses CSV or XLSX. Amounts in euros, shares in percent, times in
/// hours.
#[utoipa::path(get, path = "/export", operation_id = "exportDashboard", tag = "dashboard", params(Wanted),
    responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    Language(locale): Language,
    request: RequestId,
    format: Format,
    asked: Asked,
    Params(wanted): Params<Wanted>,
) -> ApiResult<Response> {
    caller.require(Action::OpportunitesExport)?;
    let shown = figures::read(&app, &caller, locale, request.as_str(), &wanted).await?;
    let mut lines = Rows::of(&app, &shown, locale).await.lines;
    exports::tell_rows(&app, &caller, "dashboard", &asked, lines.len() as i64).await?;
    let Compared { first, last, .. } = shown.period.year_before;
    let head = [
        text("Partie", "Part"),
        text("Ligne", "Line"),
        text("Indicateur", "Metric"),
        text("Valeur", "Value"),
        text(format!("Du {first} au {last}"), format!("{first} to {last}")),
        text("Unité", "Unit"),
    ];
    let batch = move |_| {
        let some: Result<Vec<Line>> = Ok(lines.drain(..lines.len().min(sheet::BATCH as usize)).collect());
        std::future::ready(some)
    };
    Ok(sheet::download(format, locale, "pilotage", &head, batch).await?)
}

/// The lines of the file.
struct Rows<'a> {
    locale: Locale,
    shown: &'a Dashboard,
    /// What the workflows call their sections.
    sections: HashMap<String, Text>,
    lines: VecDeque<Line>,
}

/// A part of the file and a line of it.
type Place<'a> = (&'a Label, &'a str);

const ALL: Label = ("Ensemble", "All");
const SITE: Label = ("Site", "Site");
const PERSON: Label = ("Commercial", "Sales rep");
const RELAY: Label = ("Relais", "Relay");
const LOST: Label = ("Raisons de perte", "Lost because of");
const SOURCES: Label = ("Sources", "Sources");
const RISKS: Label = ("Sessions à risque", "Sessions at risk");
const UNSAID: Label = ("Non renseigné", "Not said");
const AMOUNT: Label = ("Montant HT", "Amount excl. VAT");

impl<'a> Rows<'a> {
    async fn of(app: &App, shown: &'a Dashboard, locale: Locale) -> Rows<'a> {
        let mut sections = HashMap::new();
        for site in &shown.scope.localisations {
            let Some(definition) = app.plugins.definition(site.id).await else { continue };
            for section in &definition.workflow.sections {
                sections.entry(section.id.clone()).or_insert_with(|| section.label.clone());
            }
        }
        let mut rows = Rows { locale, shown, sections, lines: VecDeque::new() };
        rows.figures();
        rows.records();
        rows
    }

    /// What objectives plugins have worked out.
    fn figures(&mut self) {
        let shown = self.shown;
        for metric in &shown.metrics {
            let line = metric.key.as_ref().map_or(shown.period.label.clone(), |key| self.section(key));
            self.figure((&ALL, &line), metric.label.get(self.locale), metric.figure, metric.year_before);
        }
        for site in &shown.by_site {
            self.scores((&SITE, &site.localisation.name), &site.scores, &site.year_before);
        }
        for person in &shown.by_user {
            self.scores((&PERSON, &person.user.name), &person.scores, &person.year_before);
        }
    }

    /// What is counted in records.
    fn records(&mut self) {
        let shown = self.shown;
        for step in &shown.funnel {
            let line = self.section(&step.section);
            self.count((&RELAY, &line), ("Dossiers", "Files"), step.count);
            self.count((&RELAY, &line), ("En retard", "Late"), step.late);
            self.amount((&RELAY, &line), step.amount);
        }
        for share in &shown.lost_reasons {
            let line = self.word(LOST_REASONS, share.reason.as_deref());
            self.count((&LOST, &line), ("Opportunités perdues", "Lost opportunités"), share.count);
            self.amount((&LOST, &line), share.amount);
        }
        for share in &shown.origines {
            let line = self.word(ORIGINES, share.origine.as_deref());
            self.count((&SOURCES, &line), ("Opportunités créées", "Created opportunités"), share.count);
            self.count((&SOURCES, &line), ("Dont gagnées", "Of them won"), share.won);
            self.amount((&SOURCES, &line), share.amount);
        }
        for session in &shown.sessions_at_risk {
            let line = format!("{} · {} · {}", session.first_day, session.numero, session.title);
            self.count((&RISKS, &line), ("Stagiaires manquants", "Missing trainees"), session.missing);
            let untaught = ("Demi-journées sans formateur", "Half-days without a trainer");
            self.count((&RISKS, &line), untaught, session.untaught);
        }
    }

    fn scores(&mut self, place: Place<'_>, scores: &[Score], year_before: &[Score]) {
        for score in scores {
            let Some(metric) = self.shown.metrics.iter().find(|metric| metric.id == score.metric) else { continue };
            let before = year_before.iter().find(|before| before.metric == score.metric);
            self.figure(place, metric.label.get(self.locale), score.figure, before.map(|before| before.figure));
        }
    }

    fn figure(&mut self, place: Place<'_>, metric: &str, figure: Figure, before: Option<Figure>) {
        let unit = match figure.kind {
            FigureKind::Money => "€",
            FigureKind::Ratio => "%",
            FigureKind::Minutes => "h",
            _ => "",
        };
        self.line(place, metric, cell(figure), before.map_or(Cell::Text(String::new()), cell), unit);
    }

    fn count(&mut self, place: Place<'_>, label: Label, count: i64) {
        self.line(place, self.said(&label), Cell::Number(count), Cell::Text(String::new()), "");
    }

    fn amount(&mut self, place: Place<'_>, amount: Money) {
        self.line(place, self.said(&AMOUNT), Cell::Amount(amount), Cell::Text(String::new()), "€");
    }

    fn line(&mut self, (part, line): Place<'_>, metric: &str, value: Cell, before: Cell, unit: &str) {
        let text = |text: &str| Cell::Text(text.to_owned());
        let cells = vec![text(self.said(part)), text(line), text(metric), value, before, text(unit)];
        self.lines.push_back((Uuid::from_u128(self.lines.len() as u128), cells));
    }

    fn section(&self, id: &str) -> String {
        self.sections.get(id).map_or(id, |label| label.get(self.locale)).to_owned()
    }

    /// The label of a word, or that nobody has said it.
    fn word(&self, words: &'static [(&'static str, Label)], word: Option<&str>) -> String {
        let known = words.iter().find(|(id, _)| Some(*id) == word).map(|(_, label)| label);
        known.map_or(word.unwrap_or(self.said(&UNSAID)), |label| self.said(label)).to_owned()
    }

    fn said(&self, label: &Label) -> &'static str {
        if self.locale == Locale::Fr { label.0 } else { label.1 }
    }
}

/// A figure in euros, percent, hours or as it is; empty without a value.
fn cell(figure: Figure) -> Cell {
    let hundredths = |value: i64, whole: i64| Money::from_cents(value.saturating_mul(100) / whole);
    let value = figure.value.unwrap_or_default();
    match figure.kind {
        FigureKind::None => Cell::Text(String::new()),
        FigureKind::Money => Cell::Amount(Money::from_cents(value)),
        FigureKind::Minutes => Cell::Amount(hundredths(value, 60)),
        FigureKind::Ratio => match (figure.numerator, figure.denominator) {
            (Some(part), Some(whole)) if whole != 0 => Cell::Amount(hundredths(part.saturating_mul(100), whole)),
            _ => Cell::Text(String::new()),
        },
        FigureKind::Count | FigureKind::Other => Cell::Number(value),
    }
}
