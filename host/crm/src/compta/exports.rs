//! `/api/exports-comptables`: an export numbers the entries that were in none before, and keeps which entries it has. Its
//! file can be read again and stays the same.

use std::collections::HashMap;

use afpi_db::{Conn, DbError, Json as JsonColumn, dialect, sql};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::comptes::Comptes;
use super::ecriture::{Ecriture, Journal};
use super::fichier::{self, Numbered, Separator};
use super::sites;
use super::sources::{self, Period, Source};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, ErrorKind, Result, field, invalid, not_found};
use afpi_core::id::{ExportComptableId, LegalEntityId, LocalisationId};
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::{Body, Id, Params};
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::sheet::{self, Cell, Format};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::state::App;

/// Exports of a list.
const MOST: u32 = 200;

/// A new export.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountingExportCreate {
    #[schema(value_type = Uuid)]
    pub entite_legale_id: LegalEntityId,
    /// The first and the last day, both included. Not after today.
    #[schema(value_type = String, format = Date)]
    pub from: Day,
    #[schema(value_type = String, format = Date)]
    pub to: Day,
    /// Also the entries that an earlier export has. They are marked.
    #[serde(default)]
    pub repeat: bool,
}

/// An export.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountingExport {
    #[schema(value_type = Uuid)]
    pub id: ExportComptableId,
    #[schema(value_type = Uuid)]
    pub entite_legale_id: LegalEntityId,
    pub entite_legale_name: String,
    #[schema(value_type = String, format = Date)]
    pub from: Day,
    #[schema(value_type = String, format = Date)]
    pub to: Day,
    pub entries: i64,
    /// Those that an earlier export has.
    pub repeated: i64,
    /// The sum of the debits, in cents. The credits have the same.
    #[schema(value_type = i64)]
    pub debit: Money,
    pub created_at: Instant,
    pub created_by: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileAsked {
    /// What stands between the fields of the text. Default: a tab.
    #[param(inline)]
    separator: Option<Separator>,
}

afpi_db::row! {
    struct ExportRow {
        id: ExportComptableId, entite_legale_id: LegalEntityId, name: String, siret: Option<String>, from_day: Day, to_day: Day,
        sites: JsonColumn<Vec<LocalisationId>>, debit: Money, created_at: Instant, user_name: String,
    }
}

/// What `ecritures.content` holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    entry: Ecriture,
    valid_on: String,
}

afpi_db::row! {
    struct EntryRow { year: i64, number: i64, content: JsonColumn<Kept>, repeated: bool }
}

const SELECT: &str = "SELECT x.id, x.entite_legale_id, n.name, n.siret, x.from_day, x.to_day, x.sites, x.debit, x.created_at, \
     u.name AS user_name FROM exports_comptables x JOIN entites_legales n ON n.id = x.entite_legale_id JOIN users u ON u.id = x.created_by";

/// The exports, the newest first, at most 200. An export with entries of other sites than the caller's is left out.
#[utoipa::path(get, path = "/", operation_id = "listAccountingExports", tag = "compta",
    responses((status = 200, body = All<AccountingExport>), (status = 403, body = ProblemBody)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<All<AccountingExport>>> {
    caller.require(Action::ComptaExport)?;
    let mut conn = app.db.read().await?;
    let mut query = sql(SELECT);
    query.push(" ORDER BY x.id DESC").limit(MOST);
    let rows: Vec<ExportRow> = query.all(&mut conn).await?;
    let mut data = Vec::new();
    for row in rows.into_iter().filter(|row| seen(&caller, row)) {
        data.push(show(&mut conn, row).await?);
    }
    Ok(Json(All { data }))
}

/// Export the entries of a period: those that no export has yet. 409 when there are none.
#[utoipa::path(post, path = "/", operation_id = "createAccountingExport", tag = "compta", request_body = AccountingExportCreate,
    responses((status = 201, body = AccountingExport), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<AccountingExportCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::ComptaExport)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let today = act.now.day();
    let mut problems = Vec::new();
    if input.from > input.to {
        problems.push(field("/to", "order", text("Avant le premier jour.", "Before the first day.")));
    }
    if input.to > today {
        problems.push(field("/to", "out-of-range", text("Pas après aujourd'hui.", "Not after today.")));
    }
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    let made = afpi_db::retry(|| write(act, &input)).await?;
    let location = format!("/api/exports-comptables/{}", made.id);
    Ok((StatusCode::CREATED, AppendHeaders([(header::LOCATION, location)]), Json(made)))
}

async fn write(act: Act<'_>, input: &AccountingExportCreate) -> Result<AccountingExport> {
    let mut tx = act.app.db.begin().await?;
    let sites = sites(&mut tx, act.caller, input.entite_legale_id).await?;
    let comptes = Comptes::of(&mut tx, input.entite_legale_id).await?;
    let period = Period { entity: input.entite_legale_id, from: input.from, to: input.to };
    let all = sources::entries(&mut tx, &act.caller.scope(), &sites, &period, &comptes).await?;
    let known = known(&mut tx, &period).await?;
    let chosen: Vec<_> = all
        .into_iter()
        .filter(|(source, _)| {
            input.repeat || !known.contains_key(&(source.kind.to_owned(), source.id, source.position))
        })
        .collect();
    if chosen.is_empty() {
        let title = text("Rien à exporter sur cette période", "Nothing to export in this period");
        return Err(Error::new(ErrorKind::Conflict, title));
    }
    let id = ExportComptableId::generate();
    let debit: Money = chosen.iter().map(|(_, entry)| entry.debit()).sum();
    let mut query = sql(
        "INSERT INTO exports_comptables (id, entite_legale_id, from_day, to_day, sites, debit, created_at, created_by) VALUES ",
    );
    query.rows([[
        id.into(),
        period.entity.into(),
        period.from.into(),
        period.to.into(),
        afpi_db::Value::json(&sites),
        debit.into(),
        act.now.into(),
        act.caller.id.into(),
    ]]);
    query.execute(&mut tx).await?;
    for (source, entry) in &chosen {
        let earlier = known.get(&(source.kind.to_owned(), source.id, source.position)).copied();
        let entry_id = match earlier {
            Some(known) => known,
            None => book(&mut tx, &period, *source, entry, act.now.day()).await?,
        };
        sql("INSERT INTO export_ecritures (export_id, ecriture_id, repeated) VALUES (?, ?, ?)")
            .bind(id)
            .bind(entry_id)
            .bind(earlier.is_some())
            .execute(&mut tx)
            .await?;
    }
    let told = vec![
        journal::field("rows", serde_json::Value::Null, chosen.len() as i64),
        journal::field("period", serde_json::Value::Null, format!("{} – {}", input.from, input.to)),
    ];
    let site = if let [site] = sites[..] { Some(site) } else { None };
    Change::by(act.caller, act.correlation_id, Subject::Export("exports-comptables".into()), site)
        .record(&mut tx, Activity::Exported, told)
        .await?;
    let row = one(&mut tx, id).await?.ok_or_else(not_found)?;
    let made = show(&mut tx, row).await?;
    let path = Some(format!("/api/exports-comptables/{id}"));
    idempotency::done(&mut tx, StatusCode::CREATED, path).await?;
    tx.commit().await?;
    Ok(made)
}

type Key = (String, Uuid, i64);

/// The entries of the period that were exported before.
async fn known(tx: &mut Conn, period: &Period) -> Result<HashMap<Key, Uuid>> {
    let rows = sql("SELECT id, source_kind, source_id, source_position FROM ecritures WHERE entite_legale_id = ? AND day >= ? AND day <= ?")
        .bind(period.entity)
        .bind(period.from)
        .bind(period.to)
        .all::<(Uuid, String, Uuid, i64)>(tx)
        .await?;
    Ok(rows.into_iter().map(|(id, kind, source, position)| ((kind, source, position), id)).collect())
}

/// Gives an entry its number: gapless per legal entity, journal and year.
async fn book(tx: &mut Conn, period: &Period, source: Source, entry: &Ecriture, today: Day) -> Result<Uuid> {
    let day: Day = entry.day.parse().map_err(afpi_core::error::internal)?;
    let year = i64::from(day.year());
    let journal: Journal = entry.journal;
    let series = format!("ecritures:{}", journal.code());
    let key = [("serie", series.as_str().into()), ("scope", period.entity.to_string().into()), ("year", year.into())];
    let number = dialect::count_up(tx.backend(), "compteurs", key, "value", 1).scalar::<i64>(tx).await?;
    let kept = Kept { entry: entry.clone(), valid_on: closing(day, today).to_string() };
    let id = Uuid::now_v7();
    let mut query = sql(
        "INSERT INTO ecritures (id, entite_legale_id, journal, year, number, source_kind, source_id, source_position, day, content) VALUES ",
    );
    query.rows([[
        id.into(),
        period.entity.into(),
        journal.code().into(),
        year.into(),
        number.into(),
        source.kind.into(),
        source.id.into(),
        source.position.into(),
        day.into(),
        afpi_db::Value::json(&kept),
    ]]);
    match query.execute(tx).await {
        // Another export booked it at the same moment: the next try finds it.
        Err(DbError::Unique(message)) => Err(DbError::Contention(message).into()),
        done => {
            done?;
            Ok(id)
        }
    }
}

/// The day on which an entry becomes final: the last day of its month, but not after today.
fn closing(day: Day, today: Day) -> Day {
    let date = day.date();
    let (year, month) = if date.month() == 12 { (date.year() + 1, 1) } else { (date.year(), date.month() + 1) };
    let last = NaiveDate::from_ymd_opt(year, month, 1).and_then(|next| next.pred_opt()).unwrap_or(date);
    Day::from(last).min(today).max(day)
}

/// The file of an export. `Accept` chooses XLSX; otherwise it is a text in ISO 8859-15 with the 18 columns of the FEC.
#[utoipa::path(get, path = "/{id}", operation_id = "downloadAccountingExport", tag = "compta", params(("id" = Uuid, Path), FileAsked),
    responses((status = 200, content((String = "text/plain"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn file(
    State(app): State<App>,
    caller: Caller,
    format: Format,
    Id(id): Id<ExportComptableId>,
    Params(asked): Params<FileAsked>,
) -> ApiResult<Response> {
    caller.require(Action::ComptaExport)?;
    let (export, entries) = {
        let mut conn = app.db.read().await?;
        let export = one(&mut conn, id).await?.filter(|row| seen(&caller, row)).ok_or_else(not_found)?;
        (export, of_export(&mut conn, id).await?)
    };
    let to = export.to_day.to_string();
    if format == Format::Xlsx {
        return Ok(workbook(export.siret.as_deref(), &to, entries).await?);
    }
    let name = fichier::name(export.siret.as_deref(), &to, "txt");
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=iso-8859-15".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::VARY, "accept".to_owned()),
    ];
    Ok((headers, fichier::write(&entries, asked.separator.unwrap_or_default())).into_response())
}

/// The same lines as a workbook, with amounts that can be added up.
async fn workbook(siret: Option<&str>, to: &str, entries: Vec<Numbered>) -> Result<Response> {
    let name = fichier::name(siret, to, "");
    let head = fichier::COLUMNS.map(|name| text(name, name));
    let lines = entries.iter().flat_map(|entry| {
        entry.rows().into_iter().zip(&entry.entry.lines).map(|(fields, line)| {
            let cells = fields.into_iter().enumerate().map(|(at, field)| match at {
                11 => Cell::Amount(line.debit),
                12 => Cell::Amount(line.credit),
                _ => Cell::Text(field),
            });
            (Uuid::now_v7(), cells.collect::<Vec<Cell>>())
        })
    });
    let mut lines: Option<Vec<sheet::Line>> = Some(lines.collect());
    sheet::download(Format::Xlsx, afpi_core::text::Locale::Fr, name.trim_end_matches('.'), &head, move |_| {
        let all = lines.take().unwrap_or_default();
        async move { Ok(all) }
    })
    .await
}

async fn one(conn: &mut Conn, id: ExportComptableId) -> Result<Option<ExportRow>> {
    let mut query = sql(SELECT);
    query.push(" WHERE x.id = ?").arg(id);
    Ok(query.optional(conn).await?)
}

/// The entries of an export, in the order of their numbers.
async fn of_export(conn: &mut Conn, id: ExportComptableId) -> Result<Vec<Numbered>> {
    let rows = sql("SELECT w.year, w.number, w.content, y.repeated FROM export_ecritures y JOIN ecritures w ON w.id = y.ecriture_id \
         WHERE y.export_id = ? ORDER BY w.journal DESC, w.year, w.number")
    .bind(id)
    .all::<EntryRow>(conn)
    .await?;
    let numbered = |row: EntryRow| Numbered {
        year: row.year,
        number: row.number,
        entry: row.content.0.entry,
        valid_on: row.content.0.valid_on,
        repeated: row.repeated,
    };
    Ok(rows.into_iter().map(numbered).collect())
}

/// Has the caller every site of it?
fn seen(caller: &Caller, row: &ExportRow) -> bool {
    let scope = caller.scope();
    row.sites.0.iter().all(|site| scope.covers_site(*site))
}

async fn show(conn: &mut Conn, row: ExportRow) -> Result<AccountingExport> {
    let flags = sql("SELECT repeated, COUNT(*) FROM export_ecritures WHERE export_id = ? GROUP BY repeated")
        .bind(row.id)
        .all::<(bool, i64)>(conn)
        .await?;
    Ok(AccountingExport {
        id: row.id,
        entite_legale_id: row.entite_legale_id,
        entite_legale_name: row.name,
        from: row.from_day,
        to: row.to_day,
        entries: flags.iter().map(|(_, count)| count).sum(),
        repeated: flags.iter().filter(|(repeated, _)| *repeated).map(|(_, count)| count).sum(),
        debit: row.debit,
        created_at: row.created_at,
        created_by: row.user_name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_final_at_the_end_of_its_month_and_never_in_the_future() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(closing(day("2026-11-28"), day("2026-12-15")), day("2026-11-30"));
        assert_eq!(closing(day("2026-11-28"), day("2026-11-29")), day("2026-11-29"));
        assert_eq!(closing(day("2026-12-15"), day("2027-02-01")), day("2026-12-31"));
        assert_eq!(closing(day("2028-02-01"), day("2028-03-01")), day("2028-02-29"));
    }
}
