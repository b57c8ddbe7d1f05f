//! Who teaches where: the rows of the plannings, with the names of their trainers and rooms.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use afpi_db::{Conn, Json, sql};
use serde::Serialize;
use utoipa::ToSchema;

use super::half_days::{Half, clock};
use crate::formateurs::Certification;
use crate::salles;
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{FormateurId, SalleId, SessionId};
use afpi_core::scope::Scope;

/// A half-day of a session.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionHalfDay)]
pub struct HalfDay {
    pub day: Day,
    pub half: Half,
    /// `08:30`.
    pub start: String,
    pub end: String,
    pub minutes: i64,
    /// Is it taught at a distance?
    pub remote: bool,
    /// The trainers and rooms of this half-day, each once.
    pub formateurs: Vec<String>,
    pub salles: Vec<String>,
}

/// A trainer of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Trainer {
    pub name: String,
    /// The names of the trainer's certificates.
    pub titles: Vec<String>,
}

afpi_db::row! {
    struct PlanRow { day: Day, half: Half, formateur: Option<String>, salle: Option<String> }
}

afpi_db::row! {
    struct HalfDayRow { day: Day, half: Half, start_minute: i64, end_minute: i64, remote: bool }
}

/// The half-days of a session in their order, and its trainers by name.
pub async fn of(conn: &mut Conn, session: SessionId) -> Result<(Vec<HalfDay>, Vec<Trainer>)> {
    let plans = sql("SELECT day, half, formateur, salle FROM session_plans WHERE session_id = ? \
         UNION ALL SELECT day, half, formateur, salle FROM session_rows WHERE session_id = ? \
         ORDER BY day, half, formateur, salle")
    .bind(session)
    .bind(session)
    .all::<PlanRow>(conn)
    .await?;
    let rows = sql("SELECT day, half, start_minute, end_minute, remote FROM session_half_days WHERE session_id = ? \
         ORDER BY day, half")
    .bind(session)
    .all::<HalfDayRow>(conn)
    .await?;
    let trainers = trainers(conn, plans.iter().filter_map(|row| row.formateur.as_deref())).await?;
    let rooms: BTreeSet<SalleId> = plans.iter().filter_map(|row| row.salle.as_ref()?.parse().ok()).collect();
    let rooms = salles::names(conn, rooms.into_iter()).await?;
    let room = |text: &str| text.parse().ok().and_then(|id| rooms.get(&id).cloned()).unwrap_or_else(|| text.to_owned());
    let mut at: BTreeMap<(Day, Half), (Vec<String>, Vec<String>)> = BTreeMap::new();
    for row in plans {
        let (formateurs, salles) = at.entry((row.day, row.half)).or_default();
        let trainer = row.formateur.and_then(|text| trainers.get(&text).map(|trainer| trainer.name.clone()));
        add(formateurs, trainer);
        add(salles, row.salle.as_deref().map(room));
    }
    let half_days = rows
        .into_iter()
        .map(|HalfDayRow { day, half, start_minute, end_minute, remote }| {
            let (formateurs, salles) = at.remove(&(day, half)).unwrap_or_default();
            let (start, end) = (clock(start_minute), clock(end_minute));
            HalfDay { day, half, start, end, minutes: end_minute - start_minute, remote, formateurs, salles }
        })
        .collect();
    let mut trainers: Vec<Trainer> = trainers.into_values().collect();
    trainers.sort_by(|a, b| a.name.cmp(&b.name));
    trainers.dedup();
    Ok((half_days, trainers))
}

fn add(list: &mut Vec<String>, name: Option<String>) {
    if let Some(name) = name.filter(|name| !list.contains(name)) {
        list.push(name);
    }
}

/// The trainers that plannings name, by the text there: an id, or a name as it is.
async fn trainers<'a>(conn: &mut Conn, texts: impl Iterator<Item = &'a str>) -> Result<HashMap<String, Trainer>> {
    let texts: BTreeSet<&str> = texts.collect();
    let ids: BTreeSet<FormateurId> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    let mut query = Scope::All.formateurs("f.id, f.name, f.certifications", "");
    query.push(" AND f.id IN ").list(ids);
    let known: HashMap<FormateurId, Trainer> = query
        .all::<(FormateurId, String, Json<Vec<Certification>>)>(conn)
        .await?
        .into_iter()
        .map(|(id, name, certifications)| {
            let titles = certifications.0.iter().map(|certification| certification.name.as_str().to_owned()).collect();
            (id, Trainer { name, titles })
        })
        .collect();
    let named = |text: &str| {
        let known = text.parse().ok().and_then(|id| known.get(&id).cloned());
        known.unwrap_or_else(|| Trainer { name: text.to_owned(), titles: Vec::new() })
    };
    Ok(texts.into_iter().map(|text| (text.to_owned(), named(text))).collect())
}

/// The names of the trainers of each of these sessions.
pub async fn names(conn: &mut Conn, sessions: &[SessionId]) -> Result<HashMap<SessionId, Vec<String>>> {
    let mut query = sql("SELECT session_id, formateur FROM session_plans WHERE formateur IS NOT NULL");
    query.push(" AND session_id IN ").list(sessions);
    query.push(" UNION SELECT session_id, formateur FROM session_rows WHERE formateur IS NOT NULL");
    query.push(" AND session_id IN ").list(sessions);
    let rows = query.all::<(SessionId, String)>(conn).await?;
    let trainers = trainers(conn, rows.iter().map(|(_, text)| text.as_str())).await?;
    let mut names: HashMap<SessionId, Vec<String>> = HashMap::new();
    for (session, text) in rows {
        add(names.entry(session).or_default(), trainers.get(&text).map(|trainer| trainer.name.clone()));
    }
    names.values_mut().for_each(|names| names.sort());
    Ok(names)
}
