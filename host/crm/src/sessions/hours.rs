//! Hours of trainees: planned by the half-days of their sessions, done by their attendance. Minutes inside; documents
//! and files show hundredths of hours.

use std::collections::HashMap;

use afpi_db::{Conn, sql};

use super::attendance::State;
use super::half_days::Half;
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{OpportuniteId, SessionId, StagiaireId};
use afpi_core::scope::Scope;

/// Minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hours {
    pub planned: i64,
    pub done: i64,
}

afpi_db::row! {
    /// A half-day of a trainee, and what is noted of it.
    pub struct Noted {
        pub stagiaire_id: StagiaireId, pub session_id: SessionId, pub day: Day, pub half: Half, pub start_minute: i64,
        pub end_minute: i64, pub remote: bool, pub state: Option<State>, pub late_minutes: Option<i64>,
    }
}

impl Noted {
    /// The minutes of the half-day.
    pub fn planned(&self) -> i64 {
        self.end_minute - self.start_minute
    }

    /// The minutes attended: none until somebody has said so.
    pub fn done(&self) -> i64 {
        match self.state {
            Some(State::Present) => self.planned(),
            Some(State::Late) => (self.planned() - self.late_minutes.unwrap_or_default()).max(0),
            Some(State::Absent | State::Excused) | None => 0,
        }
    }
}

/// The half-days of these trainees, in order.
pub async fn noted(conn: &mut Conn, of: impl IntoIterator<Item = StagiaireId>) -> Result<Vec<Noted>> {
    let mut query = sql(
        "SELECT p.stagiaire_id, p.session_id, h.day, h.half, h.start_minute, h.end_minute, h.remote, a.state, a.late_minutes \
         FROM session_stagiaires p JOIN session_half_days h ON h.session_id = p.session_id \
         LEFT JOIN attendance a ON a.session_id = p.session_id AND a.stagiaire_id = p.stagiaire_id AND a.day = h.day \
         AND a.half = h.half WHERE p.stagiaire_id IN ",
    );
    query.list(of).push(" ORDER BY h.day, h.half, p.session_id");
    Ok(query.all(conn).await?)
}

/// The hours of these trainees over all their sessions.
pub async fn of(conn: &mut Conn, of: impl IntoIterator<Item = StagiaireId>) -> Result<HashMap<StagiaireId, Hours>> {
    let mut hours: HashMap<StagiaireId, Hours> = HashMap::new();
    for noted in noted(conn, of).await? {
        let sum = hours.entry(noted.stagiaire_id).or_default();
        sum.planned += noted.planned();
        sum.done += noted.done();
    }
    Ok(hours)
}

/// The hours of the trainees of an opportunité. `None` while no attendance is noted.
pub async fn noted_of(conn: &mut Conn, opportunite: OpportuniteId) -> Result<Option<Hours>> {
    let mut query = Scope::All.stagiaires("t.id", "");
    query.push(" AND t.opportunite_id = ?").arg(opportunite);
    let trainees: Vec<StagiaireId> = query.all::<(StagiaireId,)>(conn).await?.into_iter().map(|(id,)| id).collect();
    let all = noted(conn, trainees).await?;
    let sum = all
        .iter()
        .fold(Hours::default(), |sum, one| Hours { planned: sum.planned + one.planned(), done: sum.done + one.done() });
    Ok((sum.planned > 0 && all.iter().any(|one| one.state.is_some())).then_some(sum))
}

/// Hundredths of hours, rounded half up: 200 minutes are 333.
pub fn hundredths(minutes: i64) -> i64 {
    (minutes * 100 + 30).div_euclid(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_shown_in_hundredths() {
        for (minutes, hours) in [(0, 0), (210, 350), (200, 333), (100, 167), (3, 5), (2100, 3500)] {
            assert_eq!(hundredths(minutes), hours, "{minutes}");
        }
    }

    #[test]
    fn only_attended_minutes_are_done() {
        let noted = |state, late| Noted {
            stagiaire_id: StagiaireId::generate(),
            session_id: SessionId::generate(),
            day: "2027-03-09".parse().unwrap(),
            half: Half::Am,
            start_minute: 510,
            end_minute: 720,
            remote: false,
            state,
            late_minutes: late,
        };
        let done = |state, late| noted(state, late).done();
        assert_eq!(done(Some(State::Present), Some(0)), 210);
        assert_eq!(done(Some(State::Late), Some(20)), 190);
        // The half-day became shorter after that.
        assert_eq!(done(Some(State::Late), Some(300)), 0);
        assert_eq!(done(Some(State::Absent), Some(0)) + done(Some(State::Excused), Some(0)) + done(None, None), 0);
    }
}
