//! Sessions as documents show them.

use afpi_db::Conn;
use serde::Serialize;

use super::half_days::Half;
use super::places;
use super::read::{COLUMNS, JOINS, SessionRow};
use afpi_core::clock::Day;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{OpportuniteId, SessionId};
use afpi_core::scope::Scope;

/// A session.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub id: SessionId,
    pub numero: String,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// The room of all half-days. Absent when they differ or have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Where it takes place: the site's address. Absent without a room: then it takes place at the company's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    pub trainers: Vec<Trainer>,
    /// The most trainees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
    /// Minutes of one person at a distance. Absent when no half-day is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_minutes: Option<i64>,
    pub half_days: Vec<HalfDay>,
}

/// A trainer of a session.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trainer {
    pub name: String,
    pub titles: Vec<String>,
}

/// A half-day of a session.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HalfDay {
    pub day: Day,
    pub half: Half,
    /// `08:30`.
    pub start: String,
    pub end: String,
    pub minutes: i64,
    /// The rooms and trainers of this half-day, with commas between them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trainer: Option<String>,
}

/// The sessions of an opportunité, the first one first.
pub async fn dossier(conn: &mut Conn, opportunite: OpportuniteId) -> Result<Vec<Session>> {
    let mut query = Scope::All.sessions(COLUMNS, JOINS);
    query
        .push(" AND EXISTS (SELECT 1 FROM session_opportunites x WHERE x.session_id = n.id AND x.opportunite_id = ?)")
        .arg(opportunite)
        .push(" ORDER BY COALESCE(n.first_day, '9999'), n.numero_norm");
    let rows: Vec<SessionRow> = query.all(conn).await?;
    let mut sessions = Vec::with_capacity(rows.len());
    for row in rows {
        sessions.push(shown(conn, row).await?);
    }
    Ok(sessions)
}

/// One session.
///
/// # Errors
/// 404 when there is none.
pub async fn dossier_of(conn: &mut Conn, session: SessionId) -> Result<Session> {
    let mut query = Scope::All.sessions(COLUMNS, JOINS);
    query.push(" AND n.id = ?").arg(session);
    let row = query.optional::<SessionRow>(conn).await?.ok_or_else(not_found)?;
    shown(conn, row).await
}

async fn shown(conn: &mut Conn, row: SessionRow) -> Result<Session> {
    let (half_days, trainers) = places::of(conn, row.id).await?;
    let remote: i64 = half_days.iter().filter(|one| one.remote).map(|one| one.minutes).sum();
    let half_days: Vec<HalfDay> = half_days
        .into_iter()
        .map(|half_day| HalfDay {
            day: half_day.day,
            half: half_day.half,
            start: half_day.start,
            end: half_day.end,
            minutes: half_day.minutes,
            room: joined(&half_day.salles),
            trainer: joined(&half_day.formateurs),
        })
        .collect();
    let room = half_days.first().and_then(|first| first.room.clone());
    let room = room.filter(|room| half_days.iter().all(|half_day| half_day.room.as_ref() == Some(room)));
    let anywhere = half_days.iter().any(|half_day| half_day.room.is_some());
    let address = if anywhere { address(conn, &row).await? } else { None };
    Ok(Session {
        id: row.id,
        numero: row.numero,
        title: row.title,
        programme: row.programme,
        room,
        address,
        trainers: trainers.into_iter().map(|trainer| Trainer { name: trainer.name, titles: trainer.titles }).collect(),
        capacity: row.capacity_max,
        remote_minutes: (remote > 0).then_some(remote),
        half_days,
    })
}

fn joined(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(", "))
}

/// `12 rue des Forges, 02100 Saint-Quentin`.
async fn address(conn: &mut Conn, row: &SessionRow) -> Result<Option<String>> {
    let site = afpi_db::sql("SELECT address, postcode, city FROM localisations WHERE id = ?").bind(row.localisation_id);
    let (address, postcode, city) = site.one::<(Option<String>, Option<String>, String)>(conn).await?;
    let town = [postcode, Some(city)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Ok(address.map(|address| format!("{address}, {town}")))
}
