//! The half-days of a planning board: those of sessions, whether they are booked already, and what else has taken a
//! trainer or a room.

use std::collections::{HashMap, HashSet};

use afpi_db::{Conn, sql};
use serde::Serialize;
use utoipa::ToSchema;

use crate::formateurs::{self, FormateurRef};
use crate::reservations::{Named, OpportuniteRef, SessionRef};
use crate::salles::{self, Salle};
use crate::sessions::{Half, Item, clock};
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, OpportuniteId, SessionId};
use afpi_core::scope::Scope;

/// A row of a session: who teaches where on a half-day. Two rows of one half-day are two trainers or two rooms.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanningHalfDay {
    #[schema(value_type = Uuid)]
    pub session_id: SessionId,
    pub day: Day,
    pub half: Half,
    /// The id of the trainer, or a name in an older planning. Absent for a reader who may not see trainers.
    pub formateur: Option<String>,
    /// The id of the room, or its name as a planning gives it.
    pub salle: Option<String>,
    /// `08:30`.
    pub start: String,
    pub end: String,
    /// Is it taught at a distance?
    pub remote: bool,
    /// Are trainer and room booked? Otherwise somebody only plans them, and others may still book them.
    pub booked: bool,
}

/// What a board asks a booking for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlanningResource {
    Formateur,
    Salle,
}

/// A half-day on which a trainer or a room is taken by something else than a session of the board.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanningTaken {
    pub of: PlanningResource,
    /// The id of the trainer or the room.
    pub id: String,
    pub day: Day,
    pub half: Half,
    /// Is the trainer away? Otherwise something is taught.
    pub absence: bool,
    /// Of an absence of a trainer of the caller's sites.
    pub reason: Option<String>,
    /// What has taken it, when the caller may see it.
    pub opportunite: Option<OpportuniteRef>,
    pub session: Option<SessionRef>,
}

/// The trainers, rooms and sessions of a board.
pub struct Shown {
    /// The site of each trainer and room, by kind and id as bookings store them.
    resources: HashMap<(&'static str, String), LocalisationId>,
    /// The site of each session.
    sessions: HashMap<SessionId, LocalisationId>,
    /// The ids of rooms by site and normal name: documents older than rooms use names.
    rooms: HashMap<(LocalisationId, String), String>,
    site: Option<LocalisationId>,
    trainers: bool,
}

impl Shown {
    pub fn new(
        formateurs: &[FormateurRef],
        salles: &[Salle],
        sessions: &[Item],
        site: Option<LocalisationId>,
    ) -> Shown {
        let trainers = formateurs.iter().map(|one| ((formateurs::RESOURCE, one.id.to_string()), one.localisation.id));
        let rooms = salles.iter().map(|one| ((salles::RESOURCE, one.id.to_string()), one.localisation_id));
        Shown {
            resources: trainers.chain(rooms).collect(),
            sessions: sessions.iter().map(|one| (one.id, one.localisation_id)).collect(),
            rooms: salles
                .iter()
                .map(|one| ((one.localisation_id, salles::normalised(&one.name)), one.id.to_string()))
                .collect(),
            site,
            trainers: !formateurs.is_empty(),
        }
    }

    /// The id of the room that a planning of this session names, or the text as it is.
    fn room(&self, session: SessionId, named: String) -> String {
        let site = self.sessions.get(&session);
        let known = site.and_then(|site| self.rooms.get(&(*site, salles::normalised(&named))));
        known.cloned().unwrap_or(named)
    }

    /// Does the board show this row? With a site, those of its sessions, and those of its trainers and rooms elsewhere.
    fn has(&self, row: &PlanRow) -> bool {
        let known =
            |kind, id: &Option<String>| id.as_ref().is_some_and(|id| self.resources.contains_key(&(kind, id.clone())));
        self.site.is_none_or(|site| self.sessions.get(&row.session_id) == Some(&site))
            || known(formateurs::RESOURCE, &row.formateur)
            || known(salles::RESOURCE, &row.salle)
    }
}

afpi_db::row! {
    struct PlanRow {
        session_id: SessionId, day: Day, half: Half, formateur: Option<String>, salle: Option<String>,
        start_minute: Option<i64>, end_minute: Option<i64>, remote: Option<bool>,
    }
}

/// The half-days of the board's sessions, by day. What several opportunités of a session plan alike is one row.
pub async fn of_sessions(conn: &mut Conn, shown: &Shown, from: Day, to: Day) -> Result<Vec<PlanningHalfDay>> {
    let sessions: Vec<SessionId> = shown.sessions.keys().copied().collect();
    let mut query =
        sql("SELECT p.session_id, p.day, p.half, p.formateur, p.salle, h.start_minute, h.end_minute, h.remote FROM \
         (SELECT a.session_id, a.day, a.half, a.formateur, a.salle FROM session_plans a WHERE a.day >= ? AND a.day <= ?")
        .bind(from)
        .bind(to);
    query.push(" AND a.session_id IN ").list(&sessions);
    query.push(" UNION SELECT b.session_id, b.day, b.half, b.formateur, b.salle FROM session_rows b WHERE b.day >= ?");
    query.arg(from).push(" AND b.day <= ?").arg(to).push(" AND b.session_id IN ").list(&sessions);
    query.push(
        ") p LEFT JOIN session_half_days h ON h.session_id = p.session_id AND h.day = p.day AND h.half = p.half \
         ORDER BY p.day, p.half, p.session_id, p.formateur, p.salle",
    );
    let mut rows: Vec<PlanRow> = query.all(conn).await?;
    for row in &mut rows {
        row.salle = row.salle.take().map(|named| shown.room(row.session_id, named));
    }
    let booked = booked(conn, shown, from, to).await?;
    let is_booked = |row: &PlanRow| {
        let named = [(formateurs::RESOURCE, &row.formateur), (salles::RESOURCE, &row.salle)];
        let mut named = named.into_iter().filter_map(|(kind, id)| Some((kind, id.clone()?))).peekable();
        let any = named.peek().is_some();
        any && named.all(|(kind, id)| booked.contains(&(row.session_id, kind, id, row.day, row.half)))
    };
    let show = |row: PlanRow| {
        let (start, end) = row.half.usual();
        PlanningHalfDay {
            booked: is_booked(&row),
            session_id: row.session_id,
            day: row.day,
            half: row.half,
            formateur: row.formateur.filter(|_| shown.trainers),
            salle: row.salle,
            start: clock(row.start_minute.unwrap_or(start)),
            end: clock(row.end_minute.unwrap_or(end)),
            remote: row.remote.unwrap_or(false),
        }
    };
    Ok(rows.into_iter().filter(|row| shown.has(row)).map(show).collect())
}

/// A trainer or a room that a session has booked: kind, id, day and half.
type Booked = (SessionId, &'static str, String, Day, Half);

afpi_db::row! {
    struct BookedRow { kind: String, resource_id: String, day: Day, half: Half, session_id: SessionId }
}

/// What sessions have booked: themselves, or by one of their opportunités.
async fn booked(conn: &mut Conn, shown: &Shown, from: Day, to: Day) -> Result<HashSet<Booked>> {
    let sessions: Vec<SessionId> = shown.sessions.keys().copied().collect();
    let mut query = sql("SELECT r.kind, r.resource_id, r.day, r.half, r.session_id FROM reservations r \
         WHERE r.day >= ? AND r.day <= ? AND r.session_id IN ")
    .bind(from)
    .bind(to);
    query.list(&sessions);
    query.push(
        " UNION SELECT r.kind, r.resource_id, r.day, r.half, x.session_id FROM reservations r \
         JOIN session_opportunites x ON x.opportunite_id = r.opportunite_id WHERE r.day >= ?",
    );
    query.arg(from).push(" AND r.day <= ?").arg(to).push(" AND x.session_id IN ").list(&sessions);
    let rows: Vec<BookedRow> = query.all(conn).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.session_id, kind(&row.kind)?, row.resource_id, row.day, row.half)))
        .collect())
}

fn kind(word: &str) -> Option<&'static str> {
    [formateurs::RESOURCE, salles::RESOURCE].into_iter().find(|kind| *kind == word)
}

afpi_db::row! {
    struct TakenRow {
        kind: String, resource_id: String, day: Day, half: Half, opportunite_id: Option<OpportuniteId>,
        session_id: Option<SessionId>, reason: Option<String>,
    }
}

/// The bookings of the board's trainers and rooms that none of these half-days accounts for.
pub async fn taken(
    conn: &mut Conn,
    scope: &Scope,
    shown: &Shown,
    half_days: &[PlanningHalfDay],
    from: Day,
    to: Day,
) -> Result<Vec<PlanningTaken>> {
    let mut query = sql("SELECT kind, resource_id, day, half, opportunite_id, session_id, reason FROM reservations \
         WHERE day >= ? AND day <= ? AND resource_id IN ")
    .bind(from)
    .bind(to);
    query.list(shown.resources.keys().map(|(_, id)| id.as_str()));
    query.push(" ORDER BY day, half, kind, resource_id");
    let mut rows: Vec<TakenRow> = query.all(conn).await?;
    let told: HashSet<(&str, &str, Day, Half)> = half_days
        .iter()
        .filter(|one| one.booked)
        .flat_map(|one| {
            let trainer = one.formateur.as_deref().map(|id| (formateurs::RESOURCE, id, one.day, one.half));
            let room = one.salle.as_deref().map(|id| (salles::RESOURCE, id, one.day, one.half));
            trainer.into_iter().chain(room)
        })
        .collect();
    rows.retain(|row| !told.contains(&(row.kind.as_str(), row.resource_id.as_str(), row.day, row.half)));
    let named = Named::of(conn, scope, rows.iter().map(|row| (row.opportunite_id, row.session_id))).await?;
    let show = |row: TakenRow| {
        let kind = kind(&row.kind)?;
        let site = *shown.resources.get(&(kind, row.resource_id.clone()))?;
        let of = if kind == formateurs::RESOURCE { PlanningResource::Formateur } else { PlanningResource::Salle };
        Some(PlanningTaken {
            of,
            id: row.resource_id,
            day: row.day,
            half: row.half,
            absence: row.opportunite_id.is_none() && row.session_id.is_none(),
            reason: row.reason.filter(|_| scope.covers_site(site)),
            opportunite: named.opportunite(row.opportunite_id),
            session: named.session(row.session_id),
        })
    };
    Ok(rows.into_iter().filter_map(show).collect())
}
