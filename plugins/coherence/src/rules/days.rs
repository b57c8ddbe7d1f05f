//! Days on which nobody trains, and attendance that cannot be true.

use std::collections::BTreeMap;

use afpi_sdk::Text;
use afpi_sdk::calendar::{Date, Weekday, holiday, instant_at};

use super::Regle;
use crate::facts::{Half, Session, Stagiaire, kind};
use crate::finding::{Finding, day, key, subject};
use crate::world::{Held, Slot, World};

/// A half-day on a Sunday or a public holiday, unless the planning tells a reason.
pub fn closed(world: &World) -> Vec<Finding> {
    let of = |held: &Held| {
        let mut days: BTreeMap<Date, &Slot> = BTreeMap::new();
        for slot in held.slots.iter().filter(|slot| !excused(world, held, slot)) {
            days.entry(slot.day).or_insert(slot);
        }
        days.into_values().filter_map(|slot| closed_day(world, held, slot)).collect::<Vec<_>>()
    };
    world.own().flat_map(of).collect()
}

/// Did somebody plan it there for a reason? It may be in an opportunité that was not handed over, or whose planning was
/// not.
fn excused(world: &World, held: &Held, slot: &Slot) -> bool {
    world.shares(held.id).any(|id| {
        world.records.opportunites.get(id).is_none_or(|opportunite| {
            !opportunite.plans()
                || opportunite.excused().any(|(day, half)| day == slot.day && half.is_none_or(|half| half == slot.half))
        })
    })
}

fn closed_day(world: &World, held: &Held, slot: &Slot) -> Option<Finding> {
    let on = day(slot.day);
    let (rule, fr, en) = match holiday(slot.day) {
        Some(("Lundi de Pentecôte", _)) if world.settings.pentecote_travaillee => return None,
        Some((fr, en)) => (Regle::JourFerie, format!("{} ({fr})", on.0), format!("{} ({en})", on.1)),
        None if slot.day.weekday() == Weekday::Sunday => {
            (Regle::Dimanche, format!("dimanche {}", on.0), format!("Sunday {}", on.1))
        }
        None => return None,
    };
    let numero = held.named();
    Some(Finding {
        rule,
        subjects: vec![subject(kind::SESSION, held.id)],
        field: format!("/halfDays/{}/day", slot.rows.first()?.0),
        message: Text::new(
            format!("La session {numero} a lieu le {fr}, sans motif."),
            format!("Session {numero} takes place on {en}, without a reason."),
        ),
        key: key(&[held.id, &slot.day.to_string()]),
    })
}

/// Attendance noted before the half-day began.
pub fn signed_early(world: &World) -> Vec<Finding> {
    let early = i64::from(world.settings.avance_emargement) * 60_000;
    let of = |held: &Held| {
        let slots = held.slots.iter().filter_map(|slot| {
            let begins = instant_at(slot.day, slot.span?.0);
            let signed = |stagiaire: &&Stagiaire| {
                stagiaire.attendance().iter().any(|noted| {
                    let before = noted.marked_at.map_or(slot.day > world.today, |at| at < begins.saturating_sub(early));
                    noted.day == slot.day && noted.half == slot.half && noted.state.there() && before
                })
            };
            let people: Vec<&Stagiaire> = held.session.stagiaires().iter().filter(signed).collect();
            if people.is_empty() {
                return None;
            }
            let (numero, on, times) = (held.named(), day(slot.day), slot.times());
            let names = names(&people);
            noted(
                Regle::EmargementAnticipe,
                held,
                &people,
                (slot.day, slot.half),
                (
                    format!("Session {numero}, {} ({times}) : présence notée avant le début pour {}.", on.0, names.0),
                    format!(
                        "Session {numero}, {} ({times}): attendance noted before the beginning for {}.",
                        on.1, names.1
                    ),
                ),
            )
        });
        slots.collect::<Vec<_>>()
    };
    world.own().flat_map(of).collect()
}

/// Attendance on a half-day that the session does not have.
pub fn signed_elsewhere(world: &World) -> Vec<Finding> {
    let of = |held: &Held| {
        let mut strange: BTreeMap<(Date, Half), Vec<&Stagiaire>> = BTreeMap::new();
        for stagiaire in held.session.stagiaires().iter().filter(|_| !held.slots.is_empty()) {
            for noted in stagiaire.attendance().iter().filter(|noted| noted.state.there()) {
                if held.slot(noted.day, noted.half).is_none() {
                    let people = strange.entry((noted.day, noted.half)).or_default();
                    if people.last().is_none_or(|last| last.id != stagiaire.id) {
                        people.push(stagiaire);
                    }
                }
            }
        }
        let tell = |((date, half), people): ((Date, Half), Vec<&Stagiaire>)| {
            let (numero, on, names) = (held.named(), day(date), names(&people));
            let half_day = if half == Half::Am { ("matin", "morning") } else { ("après-midi", "afternoon") };
            noted(
                Regle::PresenceHorsSession,
                held,
                &people,
                (date, half),
                (
                    format!(
                        "Présence notée le {} ({}) pour {}, alors que la session {numero} n’a pas cette demi-journée.",
                        on.0, half_day.0, names.0
                    ),
                    format!(
                        "Attendance noted on {} ({}) for {}, though session {numero} does not have this half-day.",
                        on.1, half_day.1, names.1
                    ),
                ),
            )
        };
        strange.into_iter().filter_map(tell).collect::<Vec<_>>()
    };
    world.own().flat_map(of).collect()
}

fn noted(
    rule: Regle,
    held: &Held,
    people: &[&Stagiaire],
    (day, half): (Date, Half),
    (fr, en): (String, String),
) -> Option<Finding> {
    let first = people.first()?;
    Some(Finding {
        rule,
        subjects: vec![subject(kind::SESSION, held.id)],
        field: format!("/stagiaires/{}/attendance", rank(held.session, first)),
        message: Text::new(fr, en),
        key: key(&[held.id, &day.to_string(), if half == Half::Am { "am" } else { "pm" }]),
    })
}

fn rank(session: &Session, stagiaire: &Stagiaire) -> usize {
    session.stagiaires().iter().position(|one| one.id == stagiaire.id).unwrap_or_default()
}

/// `Marie DUPONT, Ahmed BENALI et 3 autres`.
fn names(people: &[&Stagiaire]) -> (String, String) {
    let shown: Vec<String> = people.iter().take(2).map(|one| one.named()).collect();
    let shown = shown.join(", ");
    match people.len().saturating_sub(2) {
        0 => (shown.clone(), shown),
        1 => (format!("{shown} et 1 autre"), format!("{shown} and 1 other")),
        more => (format!("{shown} et {more} autres"), format!("{shown} and {more} others")),
    }
}
