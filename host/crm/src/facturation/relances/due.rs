//! `GET /api/relances`: the reminders that are due, per payer.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::steps::{self, RelanceStep};
use crate::facturation::list::{COLUMNS, Chosen, Creance, CreancePayer, CreanceRow, Which};
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{LegalEntityId, LocalisationId, PieceId};
use afpi_core::money::Money;
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::Text;
use afpi_http::input::Params;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Overdue pieces that are looked at; the longest overdue first.
const MOST: u32 = 2000;

/// The reminders of one payer by one legal entity: those of one letter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayerRelances {
    pub payer: CreancePayer,
    pub entite_legale: CreanceEntite,
    /// Cents: what is owed on these pieces.
    #[schema(value_type = i64)]
    pub total: Money,
    pub pieces: Vec<Relance>,
}

/// A legal entity that issued pieces.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreanceEntite {
    #[schema(value_type = Uuid)]
    pub id: LegalEntityId,
    pub name: String,
}

/// A piece that its payer is to be reminded of.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Relance {
    pub creance: Creance,
    /// Of the legal entity that issued it.
    #[serde(skip)]
    pub entity: LegalEntityId,
    pub step: i64,
    pub label: Text,
    /// The latest reminder that was sent.
    pub last: Option<SentRelance>,
}

/// A reminder that was sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SentRelance {
    pub step: i64,
    #[schema(value_type = String, format = Date)]
    pub sent_on: Day,
}

/// The reminders that are due today, per payer and legal entity. A piece is not due when nothing is owed, when it is disputed, or while a
/// draft corrects it.
#[utoipa::path(get, path = "/", operation_id = "listRelances", tag = "facturation", params(Chosen),
    responses((status = 200, body = All<PayerRelances>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(in crate::facturation) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(chosen): Params<Chosen>,
) -> ApiResult<Json<All<PayerRelances>>> {
    caller.require(Action::CreancesRead)?;
    let mut conn = app.db.read().await?;
    let due = find(&mut conn, &caller.scope(), &chosen.which(), Day::today()).await?;
    let names: Vec<(LegalEntityId, String)> = sql("SELECT id, name FROM entites_legales").all(&mut conn).await?;
    let names: HashMap<LegalEntityId, String> = names.into_iter().collect();
    let mut payers: Vec<PayerRelances> = by_payer(due)
        .into_iter()
        .filter_map(|pieces| {
            let first = pieces.first()?;
            let entity = first.entity;
            let entite_legale = CreanceEntite { id: entity, name: names.get(&entity).cloned().unwrap_or_default() };
            let total = pieces.iter().map(|one| one.creance.balance).sum();
            Some(PayerRelances { payer: first.creance.payer.clone(), entite_legale, total, pieces })
        })
        .collect();
    payers.sort_by_key(|payer| std::cmp::Reverse(payer.total));
    Ok(Json(All { data: payers }))
}

/// The reminders that are due on this day, each payer's together, by legal entity. `payer`: only those of this key.
pub async fn of_payers(
    conn: &mut Conn,
    scope: &Scope,
    site: Option<LocalisationId>,
    payer: Option<&str>,
    today: Day,
) -> Result<Vec<Vec<Relance>>> {
    let which = Which { localisation_id: site, payer: payer.map(String::from), ..Which::default() };
    Ok(by_payer(find(conn, scope, &which, today).await?))
}

/// The letters: one for each payer and legal entity, in the order of their first pieces.
fn by_payer(due: Vec<Relance>) -> Vec<Vec<Relance>> {
    let mut letters: Vec<Vec<Relance>> = Vec::new();
    let mut known: HashMap<(String, LegalEntityId), usize> = HashMap::new();
    for relance in due {
        let at = *known.entry((relance.creance.payer.key.clone(), relance.entity)).or_insert(letters.len());
        match letters.get_mut(at) {
            Some(letter) => letter.push(relance),
            None => letters.push(vec![relance]),
        }
    }
    letters
}

/// The reminders that are due on this day.
pub async fn find(conn: &mut Conn, scope: &Scope, which: &Which, today: Day) -> Result<Vec<Relance>> {
    let steps = steps::load(conn).await?;
    let mut query = which.select(scope, COLUMNS);
    query.push(" AND c.balance > 0 AND c.due_on <> '' AND c.due_on < ?").arg(today);
    query.push(" AND t.piece_id IS NULL");
    query.push(" AND NOT EXISTS (SELECT 1 FROM creances d WHERE d.corrects_id = c.piece_id AND d.piece_id IS NULL)");
    query.push(" ORDER BY c.due_on, c.id").limit(MOST);
    let rows: Vec<CreanceRow> = query.all(conn).await?;
    let last = sent(conn, rows.iter().filter_map(|row| row.piece_id)).await?;
    let due = rows.into_iter().filter_map(|row| {
        let entity = row.entite_legale_id;
        let creance = row.show(today);
        let last = creance.piece_id.and_then(|piece| last.get(&piece)).cloned();
        let known = steps::of_payer(&steps, creance.payer.kind.as_deref());
        let step = next(&known, creance.days_late?, last.as_ref().map(|last| last.step))?;
        Some(Relance { step: step.step, label: step.label.clone(), entity, last, creance })
    });
    Ok(due.collect())
}

/// The latest step that has been reached and is later than the last one sent.
fn next<'a>(steps: &[&'a RelanceStep], days_late: i64, last: Option<i64>) -> Option<&'a RelanceStep> {
    steps.iter().copied().rfind(|step| step.days <= days_late && last.is_none_or(|last| last < step.step))
}

/// The latest reminder of each of these pieces.
async fn sent(conn: &mut Conn, pieces: impl Iterator<Item = PieceId>) -> Result<HashMap<PieceId, SentRelance>> {
    let pieces: Vec<PieceId> = pieces.collect();
    if pieces.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = sql("SELECT piece_id, step, sent_on FROM relances WHERE piece_id IN ");
    query.list(pieces).push(" ORDER BY step");
    let rows = query.all::<(PieceId, i64, Day)>(conn).await?;
    Ok(rows.into_iter().map(|(piece, step, sent_on)| (piece, SentRelance { step, sent_on })).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use afpi_core::text::text;

    /// `documents.md` 7: J+7, J+15, J+30.
    #[test]
    fn a_reminder_is_due_at_its_day_and_once() {
        let steps: Vec<RelanceStep> = [(1, 7), (2, 15), (3, 30)]
            .map(|(step, days)| RelanceStep { payer_kind: None, step, days, label: text("", "") })
            .into();
        let steps: Vec<&RelanceStep> = steps.iter().collect();
        let due = |late, last| next(&steps, late, last).map(|step| step.step);
        assert_eq!([due(6, None), due(7, None), due(15, None), due(31, None)], [None, Some(1), Some(2), Some(3)]);
        assert_eq!(
            [due(14, Some(1)), due(15, Some(1)), due(40, Some(2)), due(99, Some(3))],
            [None, Some(2), Some(3), None]
        );
    }
}
