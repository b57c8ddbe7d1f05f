//! Future half-days of a trainer who is deactivated: a successor must take them over.

use std::collections::{BTreeMap, BTreeSet};

use afpi_db::{Conn, sql};
use serde_json::{Value, json};

use super::store::RESOURCE;
use crate::opportunites::rebook::{self, Rebooked, Rebooking};
use crate::reservations;
use afpi_core::clock::Day;
use afpi_core::error::{Error, ErrorKind, Result, field, invalid};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;

use afpi_core::id::{FormateurId, OpportuniteId};
use afpi_core::text::text;

/// The most files that an answer names.
const NAMED: usize = 10;

/// A half-day: day, half, and its file; none when a session holds it.
type HalfDay = (String, String, Option<OpportuniteId>);

/// Future half-days that have a successor, and the answers of the hooks of their files.
pub(super) struct Handing {
    successor: FormateurId,
    agreed: Rebooked,
}

/// Before the transaction: finds who takes the trainer's half-days from today on, and asks the hooks of their files.
/// 409 without a successor, 422 for a successor whom the caller may not book, 409 where the successor is already
/// booked. `None` when there are no half-days.
pub(super) async fn prepare(
    act: Act<'_>,
    trainer: FormateurId,
    successor: Option<FormateurId>,
) -> Result<Option<Handing>> {
    let today = act.now.day();
    let mut conn = act.app.db.read().await?;
    let ahead = ahead(&mut conn, trainer, today).await?;
    if ahead.is_empty() {
        return Ok(None);
    }
    let successor = able(&mut conn, act.caller, trainer, successor, &ahead).await?;
    drop(conn);
    let rebooking = Rebooking { act, from: trainer, to: successor, today };
    let agreed = rebook::agree(files(&ahead), &rebooking).await?;
    Ok(Some(Handing { successor, agreed }))
}

/// In the transaction of the change: gives the half-days to the successor, in the bookings and in their documents.
pub(super) async fn hand_over(
    tx: &mut Conn,
    act: Act<'_>,
    trainer: FormateurId,
    handing: Option<&Handing>,
) -> Result<()> {
    let today = act.now.day();
    let ahead = ahead(tx, trainer, today).await?;
    if ahead.is_empty() {
        return Ok(());
    }
    // A half-day was booked after `prepare` found none: a successor is needed.
    let Some(handing) = handing else { return Err(needed(tx, act.caller, &ahead).await?) };
    let successor = able(tx, act.caller, trainer, Some(handing.successor), &ahead).await?;
    sql("UPDATE reservations SET resource_id = ? WHERE kind = ? AND resource_id = ? AND day >= ? AND (opportunite_id IS NOT NULL OR session_id IS NOT NULL)")
        .bind(successor.to_string())
        .bind(RESOURCE)
        .bind(trainer.to_string())
        .bind(today)
        .execute(tx)
        .await
        .map_err(reservations::collided)?;
    // Others who share these half-days, and the sessions they belong to.
    sql("UPDATE reservation_shares SET resource_id = ? WHERE kind = ? AND resource_id = ? AND day >= ?")
        .bind(successor.to_string())
        .bind(RESOURCE)
        .bind(trainer.to_string())
        .bind(today)
        .execute(tx)
        .await?;
    sql("UPDATE session_plans SET formateur = ? WHERE formateur = ? AND day >= ?")
        .bind(successor.to_string())
        .bind(trainer.to_string())
        .bind(today)
        .execute(tx)
        .await?;
    let rebooking = Rebooking { act, from: trainer, to: successor, today };
    sql("UPDATE session_rows SET formateur = ? WHERE formateur = ? AND day >= ?")
        .bind(successor.to_string())
        .bind(trainer.to_string())
        .bind(today)
        .execute(tx)
        .await?;
    rebook::apply(tx, &files(&ahead), &handing.agreed, &rebooking).await
}

/// The trainer's half-days from this day on, in order.
async fn ahead(conn: &mut Conn, trainer: FormateurId, today: Day) -> Result<Vec<HalfDay>> {
    let query = sql(
        "SELECT day, half, opportunite_id FROM reservations WHERE kind = ? AND resource_id = ? AND day >= ? \
         AND (opportunite_id IS NOT NULL OR session_id IS NOT NULL) UNION ALL SELECT day, half, opportunite_id FROM reservation_shares WHERE kind = ? \
         AND resource_id = ? AND day >= ? ORDER BY day, half",
    );
    let (resource, trainer) = (RESOURCE, trainer.to_string());
    let query = query.bind(resource).bind(&trainer).bind(today).bind(resource).bind(&trainer).bind(today);
    Ok(query.all(conn).await?)
}

fn files(ahead: &[HalfDay]) -> BTreeSet<OpportuniteId> {
    ahead.iter().filter_map(|(.., file)| *file).collect()
}

/// The successor, if one is given and can take all of these half-days.
async fn able(
    conn: &mut Conn,
    caller: &Caller,
    trainer: FormateurId,
    successor: Option<FormateurId>,
    ahead: &[HalfDay],
) -> Result<FormateurId> {
    let Some(successor) = successor else { return Err(needed(conn, caller, ahead).await?) };
    let mut query = caller.scope().bookable_formateurs("f.id, f.name", "");
    query.push(" AND f.active = ?").arg(true).push(" AND f.id = ?").arg(successor);
    let found = query.optional::<(FormateurId, String)>(conn).await?.filter(|_| successor != trainer);
    let Some((_, name)) = found else {
        return Err(invalid(vec![field("/successorId", "unknown", reservations::resources::no_trainer())]));
    };
    free(conn, (successor, &name), ahead).await?;
    Ok(successor)
}

/// 409 with the files of these half-days. Names the files that the caller may see.
async fn needed(tx: &mut Conn, caller: &Caller, ahead: &[HalfDay]) -> Result<Error> {
    let total = ahead.len();
    let mut files: BTreeMap<OpportuniteId, (i64, &str)> = BTreeMap::new();
    for (day, _, file) in ahead {
        if let Some(file) = file {
            files.entry(*file).or_insert((0, day)).0 += 1;
        }
    }
    let mut query = caller.scope().opportunites("o.id, o.numero, o.title", "");
    query.push(" AND o.id IN ").list(files.keys()).push(" ORDER BY o.numero");
    let known: Vec<(OpportuniteId, String, String)> = query.all(tx).await?;
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
    Ok(Error::new(ErrorKind::SuccessorNeeded, text("Il faut un successeur", "A successor is needed"))
        .detail(detail)
        .with("left", json!({"total": total, "items": items})))
}

/// 409 unless the successor is free on all these half-days.
async fn free(tx: &mut Conn, (successor, name): (FormateurId, &str), wanted: &[HalfDay]) -> Result<()> {
    let held = sql("SELECT day, half FROM reservations WHERE kind = ? AND resource_id = ? AND day >= ?")
        .bind(RESOURCE)
        .bind(successor.to_string())
        .bind(&wanted[0].0)
        .all::<(String, String)>(tx)
        .await?;
    let held: BTreeSet<(&str, &str)> = held.iter().map(|(day, half)| (day.as_str(), half.as_str())).collect();
    match wanted.iter().find(|(day, half, _)| held.contains(&(day.as_str(), half.as_str()))) {
        Some((day, half, _)) => {
            let message = reservations::taken(name, day, half, None);
            Err(reservations::double_booking(vec![field("/successorId", "double-booking", message)]))
        }
        None => Ok(()),
    }
}
