//! Half-days that trainers and rooms are taken for: who is told what has taken them, and the words that refuse one.
//! Knows no document.

use std::collections::HashMap;

use afpi_db::{Conn, DbError, sql};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use afpi_core::clock;
use afpi_core::error::{Error, ErrorKind, FieldProblem, Result, bad_parameter, internal};

use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};

/// From when to when, both included: by default eight weeks from today, at most 400 days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Window {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

const DEFAULT_DAYS: u64 = 56;
const MAX_DAYS: i64 = 400;

/// A half-day that is taken: by an opportunité (named when the caller may see it), or for a reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanningSlot {
    pub day: String,
    /// `am` or `pm`.
    pub half: String,
    pub opportunite: Option<OpportuniteRef>,
    pub reason: Option<String>,
}

/// An opportunité in passing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportuniteRef {
    pub id: Uuid,
    pub numero: String,
    pub title: String,
}

afpi_db::row! {
    struct SlotRow { day: String, half: String, opportunite_id: Option<Uuid>, reason: Option<String> }
}

/// When this trainer or room is taken; opportunités outside the scope are not named.
pub async fn slots(
    conn: &mut Conn,
    scope: &Scope,
    kind: &'static str,
    resource: Uuid,
    window: &Window,
) -> Result<Vec<PlanningSlot>> {
    let (from, to) = days(window)?;
    let rows = sql("SELECT day, half, opportunite_id, reason FROM reservations WHERE kind = ? AND resource_id = ? AND day >= ? AND day <= ? ORDER BY day, half")
        .bind(kind)
        .bind(resource.to_string())
        .bind(from.to_string())
        .bind(to.to_string())
        .all::<SlotRow>(conn)
        .await?;
    let mut query = scope.opportunites("o.id, o.numero, o.title", "");
    query.push(" AND o.id IN ").list(rows.iter().filter_map(|r| r.opportunite_id));
    let seen: HashMap<Uuid, OpportuniteRef> = query
        .all::<(Uuid, String, String)>(conn)
        .await?
        .into_iter()
        .map(|(id, numero, title)| (id, OpportuniteRef { id, numero, title }))
        .collect();
    let slot = |r: SlotRow| PlanningSlot {
        opportunite: r.opportunite_id.and_then(|id| seen.get(&id).cloned()),
        day: r.day,
        half: r.half,
        reason: r.reason,
    };
    Ok(rows.into_iter().map(slot).collect())
}

fn days(window: &Window) -> Result<(NaiveDate, NaiveDate)> {
    let from = match window.from {
        Some(from) => from,
        None => clock::today().parse().map_err(internal)?,
    };
    let to = window.to.or_else(|| from.checked_add_days(Days::new(DEFAULT_DAYS))).unwrap_or(from);
    if (0..=MAX_DAYS).contains(&(to - from).num_days()) {
        return Ok((from, to));
    }
    Err(bad_parameter(
        "to",
        text(
            "La fin doit suivre le début, de 400 jours au plus.",
            "The end must follow the start by at most 400 days.",
        ),
    ))
}

/// « Anne Durand : déjà pris le mardi 9 mars 2027, matin (OPP-2027-0012). » `half` is `am` or `pm`; `by` says what has
/// taken it, where that may be known.
pub fn taken(who: &str, day: &str, half: &str, by: Option<&str>) -> Text {
    let day = clock::long_day(day);
    let half = if half == "am" { ("matin", "morning") } else { ("après-midi", "afternoon") };
    let by = by.map(|by| format!(" ({by})")).unwrap_or_default();
    text(
        format!("{who} : déjà pris le {}, {}{by}.", day.fr, half.0),
        format!("{who}: already taken on {}, {}{by}.", day.en, half.1),
    )
}

/// 409 that says so at these fields.
pub fn double_booking(fields: Vec<FieldProblem>) -> Error {
    Error::new(ErrorKind::DoubleBooking, text("Formateur ou salle déjà réservé", "Trainer or room already booked"))
        .fields(fields)
}

/// What failed to write bookings. Where somebody else has booked the same half-day at this very moment, the transaction
/// has collided: when it runs again ([`afpi_db::retry`]) it sees his booking, and says whose it is.
pub fn collided(error: DbError) -> Error {
    match error {
        DbError::Unique(cause) => DbError::Contention(cause).into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_taken_is_said_with_the_day_in_words() {
        let said = taken("Anne Durand", "2027-03-09", "am", Some("OPP-1"));
        assert_eq!(said.fr, "Anne Durand : déjà pris le mardi 9 mars 2027, matin (OPP-1).");
        assert_eq!(said.en, "Anne Durand: already taken on Tuesday 9 March 2027, morning (OPP-1).");
        assert_eq!(
            taken("Salle 1", "2027-05-01", "pm", None).fr,
            "Salle 1 : déjà pris le samedi 1er mai 2027, après-midi."
        );
    }
}
