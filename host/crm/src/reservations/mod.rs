//! Booked half-days of trainers and rooms: who may read what has booked them, and the messages that refuse a booking.
//! Knows no document.

pub mod resources;
pub mod shared;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Display;

use afpi_db::{Conn, DbError, sql};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use afpi_core::clock::{self, Day};
use afpi_core::error::{Error, ErrorKind, FieldProblem, Result, bad_parameter};
use afpi_core::id::{OpportuniteId, SessionId};

use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};

/// First and last day, both included. Default: eight weeks from today; at most 400 days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Window {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

const DEFAULT_DAYS: u64 = 56;
const MAX_DAYS: i64 = 400;

/// A booked half-day, with the opportunité or the session that holds it (named when the caller may see it), or the
/// reason of an absence.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanningSlot {
    pub day: String,
    /// `am` or `pm`.
    pub half: String,
    pub opportunite: Option<OpportuniteRef>,
    pub session: Option<SessionRef>,
    pub reason: Option<String>,
}

/// The short form of an opportunité.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportuniteRef {
    #[schema(value_type = Uuid)]
    pub id: OpportuniteId,
    pub numero: String,
    pub title: String,
}

/// The short form of a session.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionRef {
    #[schema(value_type = Uuid)]
    pub id: SessionId,
    pub numero: String,
    pub title: String,
}

afpi_db::row! {
    struct SlotRow {
        day: String, half: String, opportunite_id: Option<OpportuniteId>, session_id: Option<SessionId>, reason: Option<String>,
    }
}

/// The booked half-days of this trainer or room. Opportunités and sessions outside the scope are not named.
pub async fn slots(
    conn: &mut Conn,
    scope: &Scope,
    kind: &'static str,
    resource: impl Display,
    window: &Window,
) -> Result<Vec<PlanningSlot>> {
    let (from, to) = days(window)?;
    let rows = sql("SELECT day, half, opportunite_id, session_id, reason FROM reservations WHERE kind = ? AND resource_id = ? AND day >= ? AND day <= ? ORDER BY day, half")
        .bind(kind)
        .bind(resource.to_string())
        .bind(from.to_string())
        .bind(to.to_string())
        .all::<SlotRow>(conn)
        .await?;
    let named = Named::of(conn, scope, rows.iter().map(|r| (r.opportunite_id, r.session_id))).await?;
    let slot = |r: SlotRow| PlanningSlot {
        opportunite: named.opportunite(r.opportunite_id),
        session: named.session(r.session_id),
        day: r.day,
        half: r.half,
        reason: r.reason,
    };
    Ok(rows.into_iter().map(slot).collect())
}

/// The holders of bookings, as far as a scope lets them be named.
pub struct Named {
    opportunites: HashMap<OpportuniteId, OpportuniteRef>,
    sessions: HashMap<SessionId, SessionRef>,
}

impl Named {
    pub async fn of(
        conn: &mut Conn,
        scope: &Scope,
        holders: impl Iterator<Item = (Option<OpportuniteId>, Option<SessionId>)>,
    ) -> Result<Named> {
        let (opportunites, sessions): (BTreeSet<_>, BTreeSet<_>) = holders.unzip();
        let mut query = scope.opportunites("o.id, o.numero, o.title", "");
        query.push(" AND o.id IN ").list(opportunites.into_iter().flatten());
        let opportunites = query.all::<(OpportuniteId, String, String)>(conn).await?.into_iter();
        let mut query = scope.sessions("n.id, n.numero, n.title", "");
        query.push(" AND n.id IN ").list(sessions.into_iter().flatten());
        let sessions = query.all::<(SessionId, String, String)>(conn).await?.into_iter();
        Ok(Named {
            opportunites: opportunites.map(|(id, numero, title)| (id, OpportuniteRef { id, numero, title })).collect(),
            sessions: sessions.map(|(id, numero, title)| (id, SessionRef { id, numero, title })).collect(),
        })
    }

    pub fn opportunite(&self, id: Option<OpportuniteId>) -> Option<OpportuniteRef> {
        id.and_then(|id| self.opportunites.get(&id).cloned())
    }

    pub fn session(&self, id: Option<SessionId>) -> Option<SessionRef> {
        id.and_then(|id| self.sessions.get(&id).cloned())
    }
}

fn days(window: &Window) -> Result<(NaiveDate, NaiveDate)> {
    let from = match window.from {
        Some(from) => from,
        None => Day::today().date(),
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

/// « Anne Durand : déjà pris le mardi 9 mars 2027, matin (OPP-2027-0012). » `half` is `am` or `pm`. `by` names the
/// holder when the reader may know it.
pub fn taken(who: &str, day: &str, half: &str, by: Option<&str>) -> Text {
    let day = clock::long_day(day);
    let half = if half == "am" { ("matin", "morning") } else { ("après-midi", "afternoon") };
    let by = by.map(|by| format!(" ({by})")).unwrap_or_default();
    text(
        format!("{who} : déjà pris le {}, {}{by}.", day.fr, half.0),
        format!("{who}: already taken on {}, {}{by}.", day.en, half.1),
    )
}

/// 409 with this error at these fields.
pub fn double_booking(fields: Vec<FieldProblem>) -> Error {
    Error::new(ErrorKind::DoubleBooking, text("Formateur ou salle déjà réservé", "Trainer or room already booked"))
        .fields(fields)
}

/// Turns a failure to write bookings into an error. When another transaction books the same half-day at the same time,
/// this one collides and runs again ([`afpi_db::retry`]); then it sees the other booking and names it.
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
