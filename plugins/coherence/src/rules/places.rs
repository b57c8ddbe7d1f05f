//! Nobody is in two places at once.

use std::collections::{BTreeMap, BTreeSet};

use afpi_sdk::Text;
use afpi_sdk::calendar::Date;

use super::Regle;
use crate::facts::{Stagiaire, State, filled, kind};
use crate::finding::{Finding, day, key, subject};
use crate::words::fold;
use crate::world::{Held, Slot, World};

/// A trainer teaches in two sessions at overlapping times, in other rooms or at other sites. Two sessions that share a
/// room are one class.
pub fn trainers(world: &World) -> Vec<Finding> {
    let mut taught: BTreeMap<(&str, Date), Vec<(usize, &Slot)>> = BTreeMap::new();
    for (at, held) in world.held.iter().enumerate() {
        for slot in &held.slots {
            for trainer in slot.trainers() {
                taught.entry((trainer, slot.day)).or_default().push((at, slot));
            }
        }
    }
    let mut found = Vec::new();
    for ((trainer, date), slots) in taught {
        let Some(name) = world.trainer(trainer) else { continue };
        let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (rank, (first, one)) in slots.iter().enumerate() {
            for (second, two) in &slots[rank + 1..] {
                let (a, b) = (&world.held[*first], &world.held[*second]);
                if first != second && !told.contains(&(*first, *second)) && apart(world, trainer, (a, one), (b, two)) {
                    told.insert((*first, *second));
                    found.extend(twice(world, (trainer, name), date, [(a, one), (b, two)]));
                }
            }
        }
    }
    found
}

/// Are these half-days at the same time and for certain in two places?
fn apart(world: &World, trainer: &str, (a, one): (&Held, &Slot), (b, two): (&Held, &Slot)) -> bool {
    // Who teaches at a distance may have those of the other session before the camera.
    if !one.overlaps(two) || one.remote || two.remote || (a.session.elsewhere && b.session.elsewhere) {
        return false;
    }
    let rooms = |slot: &Slot| -> BTreeSet<String> {
        let own = slot.rows.iter().filter(|(_, of, _)| *of == Some(trainer));
        own.filter_map(|(_, _, room)| Some(fold(world.room((*room)?)))).collect()
    };
    let (here, there) = (rooms(one), rooms(two));
    if a.session.site != b.session.site {
        return !(here.is_empty() && there.is_empty());
    }
    !here.is_empty() && !there.is_empty() && here.is_disjoint(&there)
}

fn twice(world: &World, (trainer, name): (&str, &str), date: Date, at: [(&Held, &Slot); 2]) -> Option<Finding> {
    // A session of this site comes first: people can change it.
    let [mine, other] = if at[0].0.session.elsewhere { [at[1], at[0]] } else { at };
    let said = |(held, slot): (&Held, &Slot)| {
        let place = match held.session.elsewhere {
            true => (format!("à {}", held.named()), format!("at {}", held.named())),
            false => {
                let room = slot.rows.iter().find(|(_, of, _)| *of == Some(trainer)).and_then(|(_, _, room)| *room);
                let room = room.map(|room| format!(", {}", world.room(room))).unwrap_or_default();
                (format!("session {}{room}", held.named()), format!("session {}{room}", held.named()))
            }
        };
        (format!("{} ({})", place.0, slot.times()), format!("{} ({})", place.1, slot.times()))
    };
    let (one, two, on) = (said(mine), said(other), day(date));
    let row = mine.1.rows.iter().find(|(_, of, _)| *of == Some(trainer))?.0;
    Some(Finding {
        rule: Regle::FormateurDeuxLieux,
        subjects: vec![
            subject(kind::SESSION, mine.0.id),
            subject(kind::SESSION, other.0.id),
            subject(kind::FORMATEUR, trainer),
        ],
        field: format!("/halfDays/{row}/formateur"),
        message: Text::new(
            format!("{name} est à deux endroits le {} : {}, et {}.", on.0, one.0, two.0),
            format!("{name} is in two places on {}: {}, and {}.", on.1, one.1, two.1),
        ),
        key: key(&[&date.to_string(), at[0].0.id, at[1].0.id, trainer]),
    })
}

/// A trainee in a session: its place in the world, its place in the session.
type Seat = (usize, usize);

/// A trainee is present, or at least expected, in two sessions at overlapping times.
pub fn trainees(world: &World) -> Vec<Finding> {
    let mut people: BTreeMap<String, Vec<Seat>> = BTreeMap::new();
    for (at, held) in world.held.iter().enumerate() {
        for (rank, stagiaire) in held.session.stagiaires().iter().enumerate() {
            for identity in identities(stagiaire) {
                people.entry(identity).or_default().push((at, rank));
            }
        }
    }
    let mut pairs: BTreeSet<(Seat, Seat)> = BTreeSet::new();
    for seats in people.values() {
        for (rank, one) in seats.iter().enumerate() {
            pairs.extend(seats[rank + 1..].iter().filter(|two| two.0 != one.0).map(|two| (*one, *two)));
        }
    }
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    for (one, two) in pairs {
        if let Some(finding) = both(world, one, two) {
            found.entry(finding.key.clone()).or_insert(finding);
        }
    }
    found.into_values().collect()
}

/// What makes two trainees the same person: the record, name and birth date, or name and e-mail.
fn identities(stagiaire: &Stagiaire) -> Vec<String> {
    let mut all = vec![format!("id:{}", stagiaire.id)];
    if let Some((first, last)) = filled(&stagiaire.first_name).zip(filled(&stagiaire.last_name)) {
        let name = format!("{}/{}", fold(last), fold(first));
        all.extend(stagiaire.birth_date.map(|born| format!("{name}:{born}")));
        all.extend(filled(&stagiaire.email).map(|email| format!("{name}:{}", email.to_lowercase())));
    }
    all
}

fn both(world: &World, one: Seat, two: Seat) -> Option<Finding> {
    let (a, b) = (&world.held[one.0], &world.held[two.0]);
    let (mine, other) = (&a.session.stagiaires()[one.1], &b.session.stagiaires()[two.1]);
    let born = mine.birth_date.zip(other.birth_date);
    if mine.id != other.id && born.is_some_and(|(one, two)| one != two) {
        return None;
    }
    let expected = |who: &Stagiaire, slot: &Slot| who.noted(slot).is_none_or(State::there);
    let there = |who: &Stagiaire, slot: &Slot| who.noted(slot).is_some_and(State::there);
    let clash = |of: &dyn Fn(&Stagiaire, &Slot) -> bool| {
        let slots = a.slots.iter().filter(|slot| of(mine, slot));
        slots
            .flat_map(|slot| b.on(slot.day).iter().map(move |twin| (slot, twin)))
            .find(|(slot, twin)| slot.overlaps(twin) && of(other, twin) && !together(world, slot, twin))
    };
    let (rule, (slot, twin)) = match clash(&there) {
        Some(slots) => (Regle::StagiaireDeuxLieux, slots),
        // All trainees of an opportunité are enrolled in each of its sessions, also where groups are taught side by side.
        None if mine.id == other.id => return None,
        None => (Regle::StagiaireDoubleInscription, clash(&expected)?),
    };
    let (name, on) = (mine.named(), day(slot.day));
    let (fr, en) = match rule {
        Regle::StagiaireDeuxLieux => ("est noté présent dans deux sessions", "is noted as present in two sessions"),
        _ => ("est inscrit à deux sessions en même temps", "is enrolled in two sessions at once"),
    };
    let at = format!("{} ({}), {} ({})", a.named(), slot.times(), b.named(), twin.times());
    Some(Finding {
        rule,
        subjects: vec![subject(kind::SESSION, a.id), subject(kind::SESSION, b.id)],
        field: format!("/stagiaires/{}", one.1),
        message: Text::new(format!("{name} {fr} le {} : {at}.", on.0), format!("{name} {en} on {}: {at}.", on.1)),
        key: key(&[a.id, b.id, &mine.id]),
    })
}

/// Two sessions in one room are one class, and so are those of one trainer at a distance or where a room is not known.
fn together(world: &World, one: &Slot, two: &Slot) -> bool {
    let rooms =
        |slot: &Slot| -> BTreeSet<String> { slot.rooms().into_iter().map(|room| fold(world.room(room))).collect() };
    let (here, there) = (rooms(one), rooms(two));
    if here.is_empty() || there.is_empty() {
        let trainers = two.trainers();
        return one.trainers().iter().any(|trainer| trainers.contains(trainer));
    }
    !here.is_disjoint(&there)
}
