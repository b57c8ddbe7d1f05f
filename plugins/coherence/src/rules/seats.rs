//! Not more people than seats.

use super::Regle;
use crate::facts::{Stagiaire, State, kind};
use crate::finding::{Finding, day, key, subject};
use crate::world::{Held, Slot, World};
use afpi_sdk::Text;

/// The trainees who are not noted as absent on a half-day, each once.
fn expected(held: &Held, slot: &Slot) -> usize {
    let comes = |one: &&Stagiaire| one.noted(slot).is_none_or(State::there);
    let mut people: Vec<&str> = held.session.stagiaires().iter().filter(comes).map(|one| one.id.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    people.len()
}

/// More trainees on a half-day than seats in its rooms. One finding per session: its fullest half-day.
pub fn rooms(world: &World) -> Vec<Finding> {
    let of = |held: &Held| {
        let full = held.slots.iter().filter_map(|slot| {
            let (seats, people) = (seats(world, slot)?, expected(held, slot) as i64);
            (people > seats).then_some((people - seats, people, seats, slot))
        });
        // The first of the fullest.
        let (_, people, seats, slot) = full.reduce(|most, next| if next.0 > most.0 { next } else { most })?;
        let (row, _, room) = slot.rows.first()?;
        let (room, numero, on) = ((*room)?, held.named(), day(slot.day));
        let named: Vec<&str> = slot.rooms().into_iter().map(|room| world.room(room)).collect();
        let named = named.join(", ");
        Some(Finding {
            rule: Regle::SalleTropPetite,
            subjects: vec![subject(kind::SESSION, held.id), subject(kind::SALLE, room)],
            field: format!("/halfDays/{row}/salle"),
            message: Text::new(
                format!("Session {numero}, {} : {people} stagiaires pour {seats} places ({named}).", on.0),
                format!("Session {numero}, {}: {people} trainees for {seats} seats ({named}).", on.1),
            ),
            key: key(&[held.id]),
        })
    };
    world.own().filter_map(of).collect()
}

/// The seats of a half-day, if all of its rooms are known.
fn seats(world: &World, slot: &Slot) -> Option<i64> {
    if slot.remote || slot.rows.iter().any(|(_, _, room)| room.is_none()) {
        return None;
    }
    let seats = |room: &&str| world.records.salles.get(*room)?.capacity.filter(|seats| (1..=100_000).contains(seats));
    let rooms = slot.rooms();
    let known: Vec<i64> = rooms.iter().filter_map(seats).collect();
    (!known.is_empty() && known.len() == rooms.len()).then(|| known.iter().sum())
}

/// More trainees than the centre planned for. Without half-days, those who are enrolled count.
pub fn sessions(world: &World) -> Vec<Finding> {
    let of = |held: &Held| {
        let most = held.session.capacity_max.filter(|most| *most > 0)?;
        let people =
            held.slots.iter().map(|slot| expected(held, slot)).max().unwrap_or(held.session.stagiaires().len());
        if people as i64 <= most {
            return None;
        }
        let numero = held.named();
        Some(Finding {
            rule: Regle::SessionTropPleine,
            subjects: vec![subject(kind::SESSION, held.id)],
            field: "/capacityMax".into(),
            message: Text::new(
                format!("La session {numero} a {people} stagiaires pour {most} places."),
                format!("Session {numero} has {people} trainees for {most} places."),
            ),
            key: key(&[held.id]),
        })
    };
    world.own().filter_map(of).collect()
}
