//! Certifications of trainers on the days on which they teach.

use std::collections::{BTreeMap, BTreeSet};

use afpi_sdk::Text;
use afpi_sdk::calendar::Date;
use serde_json::Value;

use super::Regle;
use crate::facts::{Formateur, Session, filled, kind};
use crate::finding::{Finding, day, key, subject};
use crate::words::{contains, fold};
use crate::world::{Held, World};

/// A certification that expired.
struct Lapsed<'a> {
    /// Its place in the record.
    at: usize,
    name: &'a str,
    folded: String,
    expired: Date,
}

/// A trainer teaches after a certification expired. It is a fault where the session is about what the certification
/// allows; otherwise somebody should look, once per trainer and certification.
pub fn certifications(world: &World) -> Vec<Finding> {
    let lapsed: BTreeMap<&str, Vec<Lapsed>> =
        world.records.formateurs.iter().map(|(id, one)| (id.as_str(), lapsed(one))).collect();
    let mut needed: BTreeMap<(&str, &str), Vec<Finding>> = BTreeMap::new();
    let mut others: BTreeMap<(&str, &str), (Date, Finding)> = BTreeMap::new();
    for held in world.own() {
        let trainers: BTreeSet<&str> = held.slots.iter().flat_map(|slot| slot.trainers()).collect();
        for trainer in trainers {
            for lapse in lapsed.get(trainer).into_iter().flatten() {
                let after = |day: Date| day > lapse.expired;
                let taught = held.slots.iter().find(|slot| after(slot.day) && slot.trainers().contains(&trainer));
                let Some(date) = taught.map(|slot| slot.day) else { continue };
                let who = (trainer, lapse.folded.as_str());
                if contains(&about(held.session), &lapse.folded) {
                    needed.entry(who).or_default().extend(told(world, held, trainer, lapse, date, true));
                } else if others.get(&who).is_none_or(|(known, _)| date < *known)
                    && let Some(finding) = told(world, held, trainer, lapse, date, false)
                {
                    others.insert(who, (date, finding));
                }
            }
        }
    }
    others.retain(|who, _| !needed.contains_key(who));
    needed.into_values().flatten().chain(others.into_values().map(|(_, finding)| finding)).collect()
}

/// The certifications whose last day is known. One that was renewed under the same name, whatever its year, is valid
/// until the later day.
fn lapsed(trainer: &Formateur) -> Vec<Lapsed<'_>> {
    let mut all: BTreeMap<String, (usize, Option<Date>)> = BTreeMap::new();
    for (at, certification) in trainer.certifications.iter().enumerate() {
        let until = certification.expires_on;
        let known = all.entry(without_years(&fold(&certification.name))).or_insert((at, until));
        let renewed = known.1.is_some_and(|one| until.is_none_or(|two| two > one));
        if renewed {
            *known = (at, until);
        }
    }
    let named = |at: usize| trainer.certifications[at].name.trim();
    let lapsed = |(folded, (at, until)): (String, (usize, Option<Date>))| {
        Some(Lapsed { at, name: named(at), folded, expired: until? })
    };
    all.into_iter().filter(|(folded, _)| !folded.is_empty()).filter_map(lapsed).collect()
}

fn without_years(folded: &str) -> String {
    let year = |word: &str| {
        word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.parse::<u16>().is_ok()
    };
    folded.split(' ').filter(|word| !year(word)).collect::<Vec<_>>().join(" ")
}

/// What the session is about, folded: its title and all texts of its programme.
fn about(session: &Session) -> String {
    let mut texts = vec![filled(&session.title).unwrap_or_default()];
    gather(&session.programme, &mut texts);
    fold(&texts.join(" "))
}

fn gather<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| gather(field, texts)),
        _ => {}
    }
}

fn told(world: &World, held: &Held, trainer: &str, lapse: &Lapsed, date: Date, needed: bool) -> Option<Finding> {
    let (name, numero) = (world.trainer(trainer)?, held.named());
    let (on, until) = (day(date), day(lapse.expired));
    let (rule, key, fr, en) = match needed {
        true => (
            Regle::HabilitationPerimee,
            key(&[held.id, trainer, &lapse.folded]),
            "Cette session la demande.",
            "This session needs it.",
        ),
        false => (
            Regle::HabilitationAVerifier,
            key(&[trainer, &lapse.folded]),
            "Vérifiez si la formation la demande.",
            "Check whether the training needs it.",
        ),
    };
    Some(Finding {
        rule,
        subjects: vec![subject(kind::FORMATEUR, trainer), subject(kind::SESSION, held.id)],
        field: format!("/certifications/{}", lapse.at),
        message: Text::new(
            format!("« {} » de {name}, expirée le {} : session {numero} le {}. {fr}", lapse.name, until.0, on.0),
            format!("“{}” of {name} expired on {}: session {numero} on {}. {en}", lapse.name, until.1, on.1),
        ),
        key,
    })
}
