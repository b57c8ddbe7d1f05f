//! What the rules ask of the records: half-days with their times, hours of trainees, the first day of a training.

use std::collections::{BTreeMap, BTreeSet};

use afpi_sdk::calendar::Date;

use crate::facts::{Half, HalfDay, Opportunite, Records, Session, Stagiaire, State, filled};
use crate::settings::Settings;
use crate::words::clock;

/// The records of a site on a day.
pub struct World<'a> {
    pub today: Date,
    pub settings: &'a Settings,
    pub records: &'a Records,
    /// The sessions that were not cancelled, in the order of their ids.
    pub held: Vec<Held<'a>>,
    hours: BTreeMap<&'a str, Hours>,
    /// The opportunités of each session, as either of them tells.
    shares: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The places in `held` of the sessions of each opportunité.
    linked: BTreeMap<&'a str, Vec<usize>>,
}

/// A session that takes place.
pub struct Held<'a> {
    pub id: &'a str,
    pub session: &'a Session,
    /// Each half-day once, in order.
    pub slots: Vec<Slot<'a>>,
}

/// A half-day of a session, with everybody who teaches on it.
pub struct Slot<'a> {
    pub day: Date,
    pub half: Half,
    /// Minutes after midnight.
    pub span: Option<(i64, i64)>,
    pub minutes: Option<i64>,
    /// Taught at a distance: nobody sits in its rooms.
    pub remote: bool,
    /// The places of its rows in the session, with trainer and room.
    pub rows: Vec<(usize, Option<&'a str>, Option<&'a str>)>,
}

/// Minutes of a trainee over all sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hours {
    pub planned: i64,
    pub done: i64,
    /// Half-days of which nobody has said whether the trainee was there.
    pub open: usize,
    /// Half-days of which the length or the attendance was not handed over.
    pub unknown: usize,
}

/// The days between which a training began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    pub earliest: Date,
    pub latest: Date,
}

impl<'a> World<'a> {
    pub fn new(today: Date, settings: &'a Settings, records: &'a Records) -> World<'a> {
        let mut held: Vec<Held> = records.sessions.iter().map(|(id, session)| Held::new(id, session)).collect();
        let mut hours: BTreeMap<&str, Hours> = BTreeMap::new();
        for held in &held {
            for stagiaire in held.session.stagiaires() {
                let sum = hours.entry(&stagiaire.id).or_default();
                held.slots.iter().for_each(|slot| sum.count(slot, stagiaire, held.cancelled()));
                sum.unknown += usize::from(held.session.half_days.is_none());
            }
        }
        held.retain(|held| !held.cancelled());
        let mut shares: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (id, session) in &records.sessions {
            shares.entry(id).or_default().extend(session.opportunites.iter().map(String::as_str));
        }
        for (id, opportunite) in &records.opportunites {
            for session in opportunite.sessions.iter().flatten() {
                shares.entry(session).or_default().insert(id);
            }
        }
        let mut linked: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, held) in held.iter().enumerate().filter(|(_, held)| !held.session.elsewhere) {
            for opportunite in shares.get(held.id).into_iter().flatten() {
                linked.entry(opportunite).or_default().push(at);
            }
        }
        World { today, settings, records, held, hours, shares, linked }
    }

    /// The sessions of this site.
    pub fn own(&self) -> impl Iterator<Item = &Held<'a>> {
        self.held.iter().filter(|held| !held.session.elsewhere)
    }

    /// The opportunités that were not given up.
    pub fn opportunites(&self) -> impl Iterator<Item = (&'a str, &'a Opportunite)> {
        let all = self.records.opportunites.iter().map(|(id, opportunite)| (id.as_str(), opportunite));
        all.filter(|(_, opportunite)| !opportunite.cancelled())
    }

    /// The opportunités of a session, of which some may not have been handed over.
    pub fn shares(&self, session: &str) -> impl Iterator<Item = &'a str> {
        self.shares.get(session).into_iter().flatten().copied()
    }

    /// The sessions of an opportunité that take place. `None` when one of them was not handed over with its half-days and
    /// trainees.
    pub fn sessions_of(&self, id: &str, opportunite: &Opportunite) -> Option<Vec<&Held<'a>>> {
        let told =
            |session: &Session| !session.elsewhere && session.half_days.is_some() && session.stagiaires.is_some();
        let known = |id: &String| self.records.sessions.get(id).is_some_and(told);
        if !opportunite.sessions.as_ref()?.iter().all(known) {
            return None;
        }
        Some(self.linked.get(id).into_iter().flatten().map(|at| &self.held[*at]).collect())
    }

    /// The only session of an opportunité.
    pub fn only_session(&self, id: &str, opportunite: &Opportunite) -> Option<&Held<'a>> {
        match self.sessions_of(id, opportunite)?.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The first half-day, by the planning of the opportunité and by its sessions, which may differ.
    pub fn start(&self, id: &str, opportunite: &Opportunite) -> Option<Start> {
        let sessions = self.sessions_of(id, opportunite)?;
        let held = sessions.iter().filter_map(|held| held.slots.first()).map(|slot| slot.day).min();
        let days = [opportunite.planned_days().min(), held];
        let days = || days.into_iter().flatten();
        Some(Start { earliest: days().min()?, latest: days().max()? })
    }

    /// The hours of a trainee over all sessions. `None` if no session has the trainee.
    pub fn hours(&self, stagiaire: &str) -> Option<Hours> {
        self.hours.get(stagiaire).copied()
    }

    /// The hours of the trainees of an opportunité, and how many they are. `None` if not all of them are known.
    pub fn hours_of(&self, id: &str, sessions: &[&Held<'a>]) -> Option<(Hours, usize)> {
        let all = || sessions.iter().flat_map(|held| held.session.stagiaires());
        if all().any(|one| one.opportunite.is_none()) {
            return None;
        }
        let mut people: Vec<&str> =
            all().filter(|one| one.opportunite.as_deref() == Some(id)).map(|one| one.id.as_str()).collect();
        people.sort_unstable();
        people.dedup();
        let sum = people.iter().filter_map(|one| self.hours(one)).fold(Hours::default(), |sum, one| Hours {
            planned: sum.planned + one.planned,
            done: sum.done + one.done,
            open: sum.open + one.open,
            unknown: sum.unknown + one.unknown,
        });
        Some((sum, people.len()))
    }

    /// The minutes of difference that count as none for so many trainees.
    pub fn tolerance(&self, trainees: usize) -> i64 {
        i64::from(self.settings.tolerance_heures) * trainees as i64
    }

    /// The name of a trainer, where the planning has an id.
    pub fn trainer(&self, id: &str) -> Option<&'a str> {
        self.records.formateurs.get(id).map(|trainer| trainer.name.as_str()).filter(|name| !name.is_empty())
    }

    /// The name of a room, or the text of the planning.
    pub fn room(&self, id: &'a str) -> &'a str {
        self.records.salles.get(id).map(|room| room.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(id)
    }
}

impl<'a> Held<'a> {
    fn new(id: &'a str, session: &'a Session) -> Held<'a> {
        let mut slots: BTreeMap<(Date, Half), Slot> = BTreeMap::new();
        for (row, half) in session.half_days.iter().flatten().enumerate() {
            let slot = slots.entry((half.day, half.half)).or_insert_with(|| Slot {
                day: half.day,
                half: half.half,
                span: span(half),
                minutes: half.minutes.filter(|minutes| (1..=24 * 60).contains(minutes)),
                remote: half.remote,
                rows: Vec::new(),
            });
            slot.rows.push((row, filled(&half.formateur), filled(&half.salle)));
        }
        Held { id, session, slots: slots.into_values().collect() }
    }

    fn cancelled(&self) -> bool {
        self.session.status.as_deref() == Some("annulee")
    }

    /// What people call it.
    pub fn named(&self) -> &'a str {
        &self.session.label
    }

    /// The half-days of a day.
    pub fn on(&self, day: Date) -> &[Slot<'a>] {
        let from = self.slots.partition_point(|slot| slot.day < day);
        let to = self.slots.partition_point(|slot| slot.day <= day);
        &self.slots[from..to]
    }

    pub fn slot(&self, day: Date, half: Half) -> Option<&Slot<'a>> {
        self.on(day).iter().find(|slot| slot.half == half)
    }
}

impl<'a> Slot<'a> {
    /// The rooms that people sit in, each once.
    pub fn rooms(&self) -> Vec<&'a str> {
        once(self.rows.iter().filter(|_| !self.remote).filter_map(|(_, _, room)| *room))
    }

    pub fn trainers(&self) -> Vec<&'a str> {
        once(self.rows.iter().filter_map(|(_, trainer, _)| *trainer))
    }

    /// Do both last at the same time, for at least a minute?
    pub fn overlaps(&self, other: &Slot) -> bool {
        let both = self.span.zip(other.span);
        self.day == other.day && both.is_some_and(|(one, two)| one.0 < two.1 && two.0 < one.1)
    }

    /// `08:30–12:00`.
    pub fn times(&self) -> String {
        let clock = crate::finding::clock;
        self.span.map(|(start, end)| format!("{}–{}", clock(start), clock(end))).unwrap_or_default()
    }
}

impl Stagiaire {
    /// What is noted of a half-day.
    pub fn noted(&self, slot: &Slot) -> Option<State> {
        self.attendance().iter().find(|noted| noted.day == slot.day && noted.half == slot.half).map(|noted| noted.state)
    }
}

impl Hours {
    /// Adds a half-day. What was attended of a session that was cancelled later counts, and nothing of it is planned.
    fn count(&mut self, slot: &Slot, stagiaire: &Stagiaire, cancelled: bool) {
        let noted = stagiaire.attendance().iter().find(|noted| noted.day == slot.day && noted.half == slot.half);
        let there = noted.filter(|noted| noted.state.there());
        self.done += there.and_then(|noted| noted.minutes).unwrap_or_default().clamp(0, 24 * 60);
        let unknown = stagiaire.attendance.is_none() || there.is_some_and(|noted| noted.minutes.is_none());
        self.unknown += usize::from(unknown);
        if !cancelled {
            self.planned += slot.minutes.unwrap_or_default();
            self.open += usize::from(noted.is_none());
            self.unknown += usize::from(slot.minutes.is_none());
        }
    }
}

fn span(half: &HalfDay) -> Option<(i64, i64)> {
    let (start, end) = (clock(half.start.as_deref()?)?, clock(half.end.as_deref()?)?);
    (start < end).then_some((start, end))
}

fn once<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = texts.collect();
    all.sort_unstable();
    all.dedup();
    all
}
