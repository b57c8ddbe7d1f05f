//! Trainees as documents show them.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use serde::Serialize;

use super::read::{COLUMNS, JOINS, StagiaireRow};
use crate::sessions::attendance::State;
use crate::sessions::half_days::Half;
use crate::sessions::hours::{self, Noted};
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{OpportuniteId, SessionId, StagiaireId};
use afpi_core::scope::Scope;

/// A trainee.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stagiaire {
    pub id: StagiaireId,
    pub first_name: String,
    pub last_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<super::Status>,
    /// Those that the trainee takes part in.
    pub sessions: Vec<SessionId>,
    /// The half-days for which somebody has said whether the trainee was there, in order.
    pub attendance: Vec<Attendance>,
    pub minutes_done: i64,
    pub minutes_planned: i64,
    /// Those of `minutes_done` that were at a distance. Absent when none was planned there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_minutes_done: Option<i64>,
}

/// A half-day of a trainee.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attendance {
    pub day: Day,
    pub half: Half,
    pub state: State,
    /// Minutes attended.
    pub minutes: i64,
}

/// The trainees of an opportunité by name, with the attendance at its sessions. Special needs are left out.
pub async fn dossier(conn: &mut Conn, opportunite: OpportuniteId) -> Result<Vec<Stagiaire>> {
    let mut query = Scope::All.stagiaires(COLUMNS, JOINS);
    query.push(" AND t.opportunite_id = ?").arg(opportunite).push(" ORDER BY t.name_key, t.id");
    let rows = query.all::<StagiaireRow>(conn).await?;
    shown(conn, rows, None).await
}

/// The trainees who take part in a session, of all its opportunités, with their attendance at it.
pub async fn dossier_of_session(conn: &mut Conn, session: SessionId) -> Result<Vec<Stagiaire>> {
    let mut query = Scope::All.stagiaires(COLUMNS, JOINS);
    query
        .push(" AND EXISTS (SELECT 1 FROM session_stagiaires p WHERE p.stagiaire_id = t.id AND p.session_id = ?)")
        .arg(session)
        .push(" ORDER BY t.name_key, t.id");
    let rows = query.all::<StagiaireRow>(conn).await?;
    shown(conn, rows, Some(session)).await
}

async fn shown(conn: &mut Conn, rows: Vec<StagiaireRow>, session: Option<SessionId>) -> Result<Vec<Stagiaire>> {
    let mut noted: HashMap<StagiaireId, Vec<Noted>> = HashMap::new();
    for row in hours::noted(conn, rows.iter().map(|row| row.id)).await? {
        if session.is_none_or(|session| session == row.session_id) {
            noted.entry(row.stagiaire_id).or_default().push(row);
        }
    }
    let mut sessions: HashMap<StagiaireId, Vec<SessionId>> = HashMap::new();
    if !rows.is_empty() {
        let mut query = sql("SELECT stagiaire_id, session_id FROM session_stagiaires WHERE stagiaire_id IN ");
        query.list(rows.iter().map(|row| row.id)).push(" ORDER BY session_id");
        for (stagiaire, session) in query.all::<(StagiaireId, SessionId)>(conn).await? {
            sessions.entry(stagiaire).or_default().push(session);
        }
    }
    let show = |row: StagiaireRow| {
        let noted = noted.remove(&row.id).unwrap_or_default();
        let attendance = noted.iter().filter_map(|noted| {
            Some(Attendance { day: noted.day, half: noted.half, state: noted.state?, minutes: noted.done() })
        });
        Stagiaire {
            id: row.id,
            first_name: row.first_name,
            last_name: row.last_name,
            birth_date: row.birth_date,
            email: row.email,
            phone: row.phone,
            company: row.company,
            function: row.job,
            status: row.status,
            sessions: sessions.remove(&row.id).unwrap_or_default(),
            attendance: attendance.collect(),
            minutes_done: noted.iter().map(Noted::done).sum(),
            minutes_planned: noted.iter().map(Noted::planned).sum(),
            remote_minutes_done: noted
                .iter()
                .filter(|noted| noted.remote)
                .map(Noted::done)
                .reduce(|sum, more| sum + more),
        }
    };
    Ok(rows.into_iter().map(show).collect())
}
