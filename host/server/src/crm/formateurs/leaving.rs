//! Half-days to come of a trainer who is deactivated: none is left without a trainer, or without a word.

use std::collections::{BTreeMap, BTreeSet};

use afpi_db::{Conn, DbError, sql};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::RESOURCE;
use crate::auth::caller::Caller;
use crate::crm::opportunites::handover::{Rebooking, rebook};
use crate::http::problem::{ApiResult, Problem, conflict, field, invalid};
use crate::text::text;

/// So many files are named in an answer.
const NAMED: usize = 10;

/// Gives the trainer's half-days from today on to the successor: bookings and the documents they come from. 409 without
/// one, 422 for one whom the caller may not book, 409 where he is taken himself.
pub(super) async fn hand_over(tx: &mut Conn, caller: &Caller, trainer: Uuid, successor: Option<Uuid>) -> ApiResult<()> {
    let today = crate::clock::today();
    let rows =
        sql("SELECT day, half, opportunite_id FROM reservations WHERE kind = ? AND resource_id = ? AND day >= ? \
         AND opportunite_id IS NOT NULL ORDER BY day, half")
        .bind(RESOURCE)
        .bind(trainer.to_string())
        .bind(&today)
        .all::<(String, String, Uuid)>(tx)
        .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut files: BTreeMap<Uuid, (i64, &str)> = BTreeMap::new();
    for (day, _, file) in &rows {
        files.entry(*file).or_insert((0, day)).0 += 1;
    }
    let Some(successor) = successor else { return Err(needed(tx, caller, &files, rows.len()).await?) };
    let mut query = caller.scope().bookable_formateurs("COUNT(*)", "");
    query.push(" AND f.active = ?").arg(true).push(" AND f.id = ?").arg(successor);
    if successor == trainer || query.scalar::<i64>(tx).await? == 0 {
        let message = text("Formateur inconnu ou inactif.", "Unknown or inactive trainer.");
        return Err(invalid(vec![field("/successorId", "unknown", message)]));
    }
    free(tx, successor, &rows).await?;
    sql("UPDATE reservations SET resource_id = ? WHERE kind = ? AND resource_id = ? AND day >= ? AND opportunite_id IS NOT NULL")
        .bind(successor.to_string())
        .bind(RESOURCE)
        .bind(trainer.to_string())
        .bind(&today)
        .execute(tx)
        .await
        .map_err(|error| match error {
            // A booking made this very moment.
            DbError::Unique(_) => taken(None),
            other => other.into(),
        })?;
    let ids: Vec<Uuid> = files.into_keys().collect();
    let author = Rebooking { actor: caller.id, today: &today, now: crate::clock::now() };
    rebook(tx, &ids, (trainer, successor), &author).await
}

/// 409 with the files these half-days belong to; those the caller may see are named.
async fn needed(
    tx: &mut Conn,
    caller: &Caller,
    files: &BTreeMap<Uuid, (i64, &str)>,
    total: usize,
) -> ApiResult<Problem> {
    let mut query = caller.scope().opportunites("o.id, o.numero, o.title", "");
    query.push(" AND o.id IN ").list(files.keys()).push(" ORDER BY o.numero");
    let known: Vec<(Uuid, String, String)> = query.all(tx).await?;
    let items: Vec<Value> = known
        .into_iter()
        .take(NAMED)
        .filter_map(|(id, numero, title)| {
            let (half_days, first) = files.get(&id)?;
            Some(json!({"id": id, "numero": numero, "title": title, "halfDays": half_days, "first": first}))
        })
        .collect();
    let detail = text(
        format!("Demi-journées à venir de ce formateur : {total}. Choisissez qui les reprend."),
        format!("Half-days to come of this trainer: {total}. Choose who takes them over."),
    );
    Ok(conflict("successor-needed", text("Il faut un successeur", "A successor is needed"))
        .detail(detail)
        .with("left", json!({"total": total, "items": items})))
}

/// 409 unless the successor is free on all these half-days.
async fn free(tx: &mut Conn, successor: Uuid, wanted: &[(String, String, Uuid)]) -> ApiResult<()> {
    let held = sql("SELECT day, half FROM reservations WHERE kind = ? AND resource_id = ? AND day >= ?")
        .bind(RESOURCE)
        .bind(successor.to_string())
        .bind(&wanted[0].0)
        .all::<(String, String)>(tx)
        .await?;
    let held: BTreeSet<(&str, &str)> = held.iter().map(|(day, half)| (day.as_str(), half.as_str())).collect();
    match wanted.iter().find(|(day, half, _)| held.contains(&(day.as_str(), half.as_str()))) {
        Some((day, ..)) => Err(taken(Some(day))),
        None => Ok(()),
    }
}

fn taken(day: Option<&str>) -> Problem {
    let when = day.map_or((String::new(), String::new()), |day| (format!(" le {day}"), format!(" on {day}")));
    let message =
        text(format!("Ce formateur est déjà pris{}.", when.0), format!("This trainer is already taken{}.", when.1));
    conflict("double-booking", text("Formateur déjà réservé", "Trainer already booked")).fields(vec![field(
        "/successorId",
        "double-booking",
        message,
    )])
}
