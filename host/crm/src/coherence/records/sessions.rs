//! Sessions: half-days with whoever teaches where, and trainees with their attendance.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use afpi_db::{Conn, sql};
use afpi_plugins::contract::query::Entry;
use serde::Serialize;

use super::{IDS, entry};
use crate::coherence::read::Named;
use crate::sessions::attendance::State;
use crate::sessions::half_days::{Half, clock};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::Result;
use afpi_core::id::{FormateurId, LocalisationId, OpportuniteId, SalleId, SessionId, StagiaireId};
use afpi_core::scope::Scope;

/// A session of the site, or one elsewhere that shares a trainer with it.
pub struct Session {
    pub id: SessionId,
    site: LocalisationId,
    label: String,
    version: i64,
    updated_at: Instant,
    data: Data,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    #[serde(skip_serializing_if = "String::is_empty")]
    numero: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    programme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity_min: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity_max: Option<i64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    status: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    elsewhere: bool,
    opportunites: Vec<OpportuniteId>,
    half_days: Vec<HalfDay>,
    stagiaires: Vec<Stagiaire>,
}

/// A half-day; once per trainer and room.
#[derive(Clone, Serialize)]
struct HalfDay {
    day: Day,
    half: Half,
    start: String,
    end: String,
    minutes: i64,
    remote: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    formateur: Option<FormateurId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salle: Option<SalleId>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Stagiaire {
    id: StagiaireId,
    first_name: String,
    last_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    opportunite: OpportuniteId,
    attendance: Vec<Attendance>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attendance {
    day: Day,
    half: Half,
    state: State,
    /// Attended. None of a half-day that the session no longer has.
    minutes: i64,
    /// Epoch ms.
    marked_at: i64,
}

afpi_db::row! {
    struct Row {
        id: SessionId, numero: String, title: String, programme: Option<String>, capacity_min: Option<i64>, capacity_max: Option<i64>,
        status: String, version: i64, updated_at: Instant,
    }
}

afpi_db::row! {
    struct TimeRow { session_id: SessionId, day: Day, half: Half, start_minute: i64, end_minute: i64, remote: bool }
}

afpi_db::row! {
    struct PlanRow { session_id: SessionId, day: Day, half: Half, formateur: Option<String>, salle: Option<String> }
}

afpi_db::row! {
    struct StagiaireRow {
        session_id: SessionId, id: StagiaireId, first_name: String, last_name: String, birth_date: Option<Day>, email: Option<String>,
        opportunite_id: OpportuniteId,
    }
}

afpi_db::row! {
    struct AttendanceRow {
        session_id: SessionId, stagiaire_id: StagiaireId, day: Day, half: Half, state: State, late_minutes: i64, marked_at: Instant,
    }
}

impl Session {
    /// The opportunités that take part in it.
    pub fn opportunites(&self) -> &[OpportuniteId] {
        &self.data.opportunites
    }

    /// Of a session of another site: that site, which is all that people here read about it.
    pub fn elsewhere(&self) -> Option<Named> {
        let site = || Named { kind: "localisation".into(), id: self.site.to_string(), label: self.label.clone() };
        self.data.elsewhere.then(site)
    }

    pub fn entry(self) -> Result<Entry> {
        entry("session", self.id.uuid(), self.site, self.label, (self.version, self.updated_at), &self.data)
    }
}

/// Whoever teaches these sessions.
pub fn trainers<'a>(sessions: impl IntoIterator<Item = &'a Session>) -> BTreeSet<FormateurId> {
    sessions.into_iter().flat_map(|session| &session.data.half_days).filter_map(|half_day| half_day.formateur).collect()
}

/// The sessions of this site that end on this day or later.
pub async fn of(conn: &mut Conn, site: LocalisationId, since: Day) -> Result<Vec<Session>> {
    let columns =
        "n.id, n.numero, n.title, n.programme, n.capacity_min, n.capacity_max, n.status, n.version, n.updated_at";
    let mut query = Scope::All.sessions(columns, "");
    query.push(" AND n.localisation_id = ?").arg(site).push(" AND n.last_day >= ?").arg(since);
    query.push(" ORDER BY n.first_day, n.id");
    let rows: Vec<Row> = query.all(conn).await?;
    let mut sessions = Vec::with_capacity(rows.len());
    for some in rows.chunks(IDS) {
        let ids: Vec<SessionId> = some.iter().map(|row| row.id).collect();
        let mut half_days = half_days(conn, &ids).await?;
        let mut stagiaires = stagiaires(conn, &ids, &half_days).await?;
        let mut opportunites = opportunites(conn, &ids).await?;
        sessions.extend(some.iter().map(|row| Session {
            id: row.id,
            site,
            label: row.numero.clone(),
            version: row.version,
            updated_at: row.updated_at,
            data: Data {
                numero: row.numero.clone(),
                title: row.title.clone(),
                programme: row.programme.clone(),
                capacity_min: row.capacity_min,
                capacity_max: row.capacity_max,
                status: row.status.clone(),
                elsewhere: false,
                opportunites: opportunites.remove(&row.id).unwrap_or_default(),
                half_days: half_days.remove(&row.id).unwrap_or_default(),
                stagiaires: stagiaires.remove(&row.id).unwrap_or_default(),
            },
        }));
    }
    Ok(sessions)
}

/// The sessions of other sites that these trainers teach: when and where, and nothing of what and whom.
pub async fn elsewhere(
    conn: &mut Conn,
    site: LocalisationId,
    since: Day,
    trainers: BTreeSet<FormateurId>,
) -> Result<Vec<Session>> {
    let trainers: Vec<String> = trainers.iter().map(FormateurId::to_string).collect();
    let mut ids: BTreeSet<SessionId> = BTreeSet::new();
    for some in trainers.chunks(IDS) {
        for table in ["session_plans", "session_rows"] {
            let mut query = sql("SELECT DISTINCT session_id FROM ");
            query.push(table).push(" WHERE day >= ?").arg(since).push(" AND formateur IN ");
            query.list(some.iter().map(String::as_str));
            ids.extend(query.all::<(SessionId,)>(conn).await?.into_iter().map(|(id,)| id));
        }
    }
    let ids: Vec<SessionId> = ids.into_iter().collect();
    let mut sessions = Vec::new();
    for some in ids.chunks(IDS) {
        let columns = "n.id, l.id AS site, l.name, n.version, n.updated_at";
        let mut query = Scope::All.sessions(columns, "JOIN localisations l ON l.id = n.localisation_id");
        query.push(" AND n.localisation_id <> ?").arg(site).push(" AND n.id IN ").list(some.iter().copied());
        query.push(" ORDER BY n.id");
        let rows: Vec<(SessionId, LocalisationId, String, i64, Instant)> = query.all(conn).await?;
        let known: Vec<SessionId> = rows.iter().map(|row| row.0).collect();
        let mut half_days = half_days(conn, &known).await?;
        for (id, site, label, version, updated_at) in rows {
            let half_days = half_days.remove(&id).unwrap_or_default();
            let data = Data { elsewhere: true, half_days, ..Data::default() };
            sessions.push(Session { id, site, label, version, updated_at, data });
        }
    }
    Ok(sessions)
}

async fn half_days(conn: &mut Conn, sessions: &[SessionId]) -> Result<HashMap<SessionId, Vec<HalfDay>>> {
    if sessions.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = sql("SELECT session_id, day, half, formateur, salle FROM session_plans WHERE session_id IN ");
    query.list(sessions.iter().copied());
    query.push(" UNION SELECT session_id, day, half, formateur, salle FROM session_rows WHERE session_id IN ");
    query.list(sessions.iter().copied()).push(" ORDER BY 1, 2, 3, 4, 5");
    let mut planned: BTreeMap<(SessionId, Day, Half), Vec<PlanRow>> = BTreeMap::new();
    for row in query.all::<PlanRow>(conn).await? {
        planned.entry((row.session_id, row.day, row.half)).or_default().push(row);
    }
    let mut query = sql(
        "SELECT session_id, day, half, start_minute, end_minute, remote FROM session_half_days WHERE session_id IN ",
    );
    query.list(sessions.iter().copied()).push(" ORDER BY session_id, day, half");
    let mut half_days: HashMap<SessionId, Vec<HalfDay>> = HashMap::new();
    for row in query.all::<TimeRow>(conn).await? {
        let times = HalfDay {
            day: row.day,
            half: row.half,
            start: clock(row.start_minute),
            end: clock(row.end_minute),
            minutes: row.end_minute - row.start_minute,
            remote: row.remote,
            formateur: None,
            salle: None,
        };
        let all = half_days.entry(row.session_id).or_default();
        let rows = planned.remove(&(row.session_id, row.day, row.half)).unwrap_or_default();
        all.extend(rows.iter().map(|plan| HalfDay {
            // A name that somebody typed stands for nobody who is known.
            formateur: plan.formateur.as_deref().and_then(|text| text.parse().ok()),
            salle: plan.salle.as_deref().and_then(|text| text.parse().ok()),
            ..times.clone()
        }));
        if rows.is_empty() {
            all.push(times);
        }
    }
    Ok(half_days)
}

async fn opportunites(conn: &mut Conn, sessions: &[SessionId]) -> Result<HashMap<SessionId, Vec<OpportuniteId>>> {
    let mut query = sql("SELECT session_id, opportunite_id FROM session_opportunites WHERE session_id IN ");
    query.list(sessions.iter().copied()).push(" ORDER BY session_id, opportunite_id");
    let mut opportunites: HashMap<SessionId, Vec<OpportuniteId>> = HashMap::new();
    for (session, opportunite) in query.all::<(SessionId, OpportuniteId)>(conn).await? {
        opportunites.entry(session).or_default().push(opportunite);
    }
    Ok(opportunites)
}

async fn stagiaires(
    conn: &mut Conn,
    sessions: &[SessionId],
    half_days: &HashMap<SessionId, Vec<HalfDay>>,
) -> Result<HashMap<SessionId, Vec<Stagiaire>>> {
    let mut query = sql(
        "SELECT session_id, stagiaire_id, day, half, state, late_minutes, marked_at FROM attendance WHERE session_id IN ",
    );
    query.list(sessions.iter().copied()).push(" ORDER BY session_id, stagiaire_id, day, half");
    let mut marks: HashMap<(SessionId, StagiaireId), Vec<Attendance>> = HashMap::new();
    for row in query.all::<AttendanceRow>(conn).await? {
        let planned = half_days.get(&row.session_id).into_iter().flatten();
        let planned = planned.filter(|half_day| (half_day.day, half_day.half) == (row.day, row.half));
        let planned = planned.map(|half_day| half_day.minutes).next().unwrap_or_default();
        let minutes = match row.state {
            State::Present => planned,
            State::Late => (planned - row.late_minutes).max(0),
            State::Absent | State::Excused => 0,
        };
        let marked_at = row.marked_at.millis();
        let mark = Attendance { day: row.day, half: row.half, state: row.state, minutes, marked_at };
        marks.entry((row.session_id, row.stagiaire_id)).or_default().push(mark);
    }
    let columns = "p.session_id, t.id, t.first_name, t.last_name, t.birth_date, t.email, t.opportunite_id";
    let mut query = Scope::All.stagiaires(columns, "JOIN session_stagiaires p ON p.stagiaire_id = t.id");
    query.push(" AND p.session_id IN ").list(sessions.iter().copied()).push(" ORDER BY t.name_key, t.id");
    let mut stagiaires: HashMap<SessionId, Vec<Stagiaire>> = HashMap::new();
    for row in query.all::<StagiaireRow>(conn).await? {
        stagiaires.entry(row.session_id).or_default().push(Stagiaire {
            id: row.id,
            first_name: row.first_name,
            last_name: row.last_name,
            birth_date: row.birth_date,
            email: row.email,
            opportunite: row.opportunite_id,
            attendance: marks.remove(&(row.session_id, row.id)).unwrap_or_default(),
        });
    }
    Ok(stagiaires)
}
