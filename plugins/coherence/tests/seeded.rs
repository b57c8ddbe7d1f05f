//! Sixty anomalies in a centre's year are found, each once, and nothing else is.

mod support;

use std::time::Instant;

use afpi_plugin_coherence::audit::MOST;
use afpi_plugin_coherence::finding::Finding;
use afpi_plugin_coherence::rules::Regle;
use afpi_plugin_coherence::{Audit, Coherence, Settings};
use afpi_sdk::auditor::{Audit as _, Auditor, Entry};
use serde_json::{Value, json};
use support::dice::Dice;
use support::seeds::{self, Seed};
use support::{Centre, Plan, Record, audit, begun, entry, id, plans, today, traps};

const WEEKS: usize = 55;

fn clean() -> Centre {
    let mut plans = plans(WEEKS);
    traps::plan(&mut plans);
    let mut centre = Centre::of(&plans);
    traps::data(&mut centre, &plans);
    centre
}

/// The clean centre with all anomalies, and where each of them is.
fn seeded() -> (Centre, Vec<(Seed, usize)>) {
    let mut plans = plans(WEEKS);
    traps::plan(&mut plans);
    let mut taken: Vec<usize> = (80..100).collect();
    let mut placed: Vec<(Seed, usize)> = Vec::new();
    for seed in seeds::all() {
        let free = |plan: &&Plan| {
            let alone = !taken.contains(&plan.number);
            (seed.fits)(plan)
                && alone
                && (!seed.pair || (plan.number.is_multiple_of(2) && !taken.contains(&(plan.number + 1))))
        };
        let number = plans.iter().find(free).unwrap_or_else(|| panic!("no room for {}", seed.rule.id())).number;
        taken.push(number);
        taken.extend(seed.pair.then_some(number + 1));
        (seed.plan)(&mut plans[number]);
        placed.push((seed, number));
    }
    let mut centre = Centre::of(&plans);
    traps::data(&mut centre, &plans);
    for (seed, number) in &placed {
        (seed.data)(&mut centre, *number, &plans[*number]);
    }
    (centre, placed)
}

fn told(findings: &[Finding]) -> Vec<(String, String)> {
    let mut told: Vec<_> = findings.iter().map(|one| (one.rule.id().to_owned(), one.subjects[0].id.clone())).collect();
    told.sort();
    told
}

#[test]
fn a_clean_year_has_no_finding() {
    let found = clean().audit();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_anomaly_is_found_once_and_nothing_else() {
    let (centre, placed) = seeded();
    assert!(placed.len() >= 60, "{}", placed.len());
    for rule in Regle::ALL {
        assert!(placed.iter().filter(|(seed, _)| seed.rule == rule).count() >= 2, "{}", rule.id());
    }
    let subject = |seed: &Seed, number: usize| match seed.on {
        'f' => id('f', 100 + number),
        kind => id(kind, number),
    };
    let mut expected: Vec<(String, String)> =
        placed.iter().map(|(seed, number)| (seed.rule.id().to_owned(), subject(seed, *number))).collect();
    expected.sort();
    let found = centre.audit();
    let (more, less): (Vec<_>, Vec<_>) = (
        told(&found).into_iter().filter(|one| !expected.contains(one)).collect(),
        expected.iter().filter(|one| !told(&found).contains(one)).collect(),
    );
    assert!(more.is_empty() && less.is_empty(), "too many: {more:#?}, missed: {less:#?}");
    assert_eq!(told(&found), expected);
}

#[test]
fn a_finding_is_complete() {
    let (mut centre, _) = seeded();
    for finding in centre.audit() {
        let rule = finding.rule.id();
        assert!(!finding.key.is_empty() && finding.key.len() <= 100, "{rule}");
        assert!((1..=10).contains(&finding.subjects.len()), "{rule}");
        assert!(finding.message.fr != finding.message.en && finding.message.fr.ends_with('.'), "{rule}");
        let first = &finding.subjects[0];
        let record = centre.record(&first.kind, &first.id);
        assert!(record.data.pointer(&finding.field).is_some(), "{rule}: no {} in {}", finding.field, record.label);
    }
}

#[test]
fn order_batches_and_versions_change_nothing() {
    let (centre, _) = seeded();
    let expected = centre.audit();
    for seed in 0..4 {
        let mut dice = Dice(seed);
        let mut entries: Vec<Entry> = Vec::new();
        for record in &centre.records {
            let old = json!({"title": "Ancien", "halfDays": [], "capacityMax": 1}).to_string();
            entries.extend((dice.roll(2) == 0).then(|| Entry { version: 0, ..entry(record, old) }));
            entries.push(entry(record, record.data.to_string()));
        }
        for at in (1..entries.len()).rev() {
            entries.swap(at, dice.roll(at as u64 + 1) as usize);
        }
        let mut audit = Audit::new(Settings::default(), "2026-12-15");
        let mut rest = entries.as_slice();
        while !rest.is_empty() {
            let (batch, left) = rest.split_at(rest.len().min(dice.roll(40) as usize));
            audit.add(batch);
            rest = left;
        }
        assert_eq!(audit.found(today()), expected, "seed {seed}");
    }
}

#[test]
fn tomorrow_the_same_fault_has_the_same_key() {
    let (centre, _) = seeded();
    let audit = begun(&centre.records);
    let keys =
        |day: i32| audit.found(today().plus(day)).into_iter().map(|one| (one.rule.id(), one.key)).collect::<Vec<_>>();
    assert_eq!(keys(0), keys(1));
}

/// What the host refuses: see `host/plugins/src/calls/auditor.rs`.
#[test]
fn the_host_takes_every_answer() {
    let (mut centre, _) = seeded();
    let long = "Très long intitulé ".repeat(40);
    (0..40).for_each(|number| centre.session(number)["title"] = json!(format!("{long}\n\u{7}")));
    centre.records.iter_mut().for_each(|record| record.label = format!("{}\t{long}", record.label));
    let found = begun(&centre.records).finish().unwrap();
    let rules = Coherence::rules(&Settings::default());
    let line = |text: &str| !text.trim().is_empty() && text.len() <= 500 && !text.contains(char::is_control);
    for rule in &rules {
        assert!(line(&rule.label.fr) && line(&rule.label.en) && line(&rule.source.fr) && line(&rule.source.en));
        assert!(rule.id.len() <= 40 && rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
    }
    let mut keys: Vec<(&str, &str)> = found.iter().map(|one| (one.rule.as_str(), one.key.as_str())).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), found.len());
    for finding in &found {
        assert!(rules.iter().any(|rule| rule.id == finding.rule));
        assert!(finding.key.len() <= 100 && finding.key.bytes().all(|byte| byte.is_ascii_graphic()), "{}", finding.key);
        assert!(line(&finding.message.fr) && line(&finding.message.en) && finding.field.len() <= 100);
        assert!((1..=10).contains(&finding.subjects.len()));
        let known = |record: &Record, at: usize| {
            record.kind == finding.subjects[at].kind && record.id == finding.subjects[at].id
        };
        assert!((0..finding.subjects.len()).all(|at| centre.records.iter().any(|record| known(record, at))));
    }
    assert!(Audit::new(Settings::default(), "aujourd’hui").finish().is_err());
}

#[test]
fn a_rule_that_is_off_finds_nothing() {
    let (centre, _) = seeded();
    let all = centre.audit();
    for rule in Regle::ALL {
        assert!(all.iter().any(|one| one.rule == rule));
        let settings = Settings { regles_desactivees: vec![rule], ..Settings::default() };
        assert!(Coherence::rules(&settings).iter().all(|one| one.id != rule.id()));
    }
    let settings = Settings { regles_desactivees: vec![Regle::JourFerie, Regle::DevisTardif], ..Settings::default() };
    let found = audit(settings, centre.records.iter());
    let mut rest = all;
    rest.retain(|one| !matches!(one.rule, Regle::JourFerie | Regle::DevisTardif));
    assert_eq!(found, rest);
    let off = Settings { regles_desactivees: Regle::ALL.into(), ..Settings::default() };
    assert!(audit(off, centre.records.iter()).is_empty());
}

#[test]
fn thresholds_are_settings() {
    let (centre, _) = seeded();
    let of = |settings: Settings, rule: Regle| {
        audit(settings, centre.records.iter()).iter().filter(|one| one.rule == rule).count()
    };
    let usual = Settings::default;
    let early = |minutes| of(Settings { avance_emargement: minutes, ..usual() }, Regle::EmargementAnticipe);
    assert_eq!([early(30), early(31), early(240)], [3, 2, 1]);
    let hours = |minutes| of(Settings { tolerance_heures: minutes, ..usual() }, Regle::HeuresCertifiees);
    assert_eq!([hours(5), hours(29), hours(30)], [4, 4, 3]);
    let monday = |worked| of(Settings { pentecote_travaillee: worked, ..usual() }, Regle::JourFerie);
    assert_eq!([monday(false), monday(true)], [3, 2]);
}

#[test]
fn what_cannot_be_read_is_no_finding() {
    let centre = clean();
    for garbage in ["", "{", "null", "[]", "7", "{}", "{\"halfDays\":7}", "\u{0}", "{\"data\":[],\"pieces\":{}}"] {
        let mut audit = Audit::new(Settings::default(), "2026-12-15");
        centre.records.iter().for_each(|record| audit.add(&[entry(record, garbage.into())]));
        assert!(audit.found(today()).is_empty(), "{garbage}");
    }
    assert!(begun([]).finish().unwrap().is_empty());
}

/// The fields that say that something wrong is right: without them it is wrong.
const EXCUSES: [&str; 14] = [
    "motifFerie",
    "motifPresence",
    "motifAvance",
    "watermark",
    "corrects",
    "status",
    "elsewhere",
    "birthDate",
    "acompte",
    "kind",
    "demi",
    "id",
    "payeur",
    "montantAccorde",
];

/// Takes a random field away, or makes it something else.
fn damage(dice: &mut Dice, value: &mut Value, seen: &mut String) {
    match value {
        Value::Object(fields) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            let Some(name) = dice.pick(&names) else { return };
            seen.push('/');
            seen.push_str(name);
            let deeper = fields[name].is_object() || fields[name].is_array();
            if (deeper && dice.roll(5) > 0) || EXCUSES.contains(&name.as_str()) {
                damage(dice, &mut fields[name], seen);
            } else {
                match dice.roll(3) {
                    0 => drop(fields.remove(name)),
                    1 => fields[name] = Value::Null,
                    _ => fields[name] = if fields[name].is_object() { json!("x") } else { json!({"x": 1}) },
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = dice.roll(items.len() as u64) as usize;
            seen.push_str(&format!("/{at}"));
            damage(dice, &mut items[at], seen);
        }
        _ => {}
    }
}

#[test]
fn a_fact_that_is_missing_is_no_finding() {
    let clean = clean();
    let whole = begun(&clean.records);
    let mut dice = Dice(7);
    for _ in 0..100 {
        let mut audit = whole.clone();
        let mut seen = Vec::new();
        for _ in 0..3 {
            let record = dice.pick(&clean.records).unwrap();
            let mut path = format!("{} {}", record.kind, record.label);
            let mut data = record.data.clone();
            damage(&mut dice, &mut data, &mut path);
            audit.add(&[Entry { version: 2, ..entry(record, data.to_string()) }]);
            seen.push(path);
        }
        let found = audit.found(today());
        assert!(found.is_empty(), "{seen:?}: {found:#?}");
    }
}

#[test]
fn damaged_records_never_panic() {
    let (seeded, _) = seeded();
    let mut dice = Dice(11);
    for _ in 0..8 {
        let mut centre = seeded.clone();
        for record in &mut centre.records {
            damage(&mut dice, &mut record.data, &mut String::new());
        }
        centre.audit();
        let mut audit = Audit::new(Settings::default(), "2026-12-15");
        for record in &centre.records {
            let mut text = record.data.to_string();
            let cut = text.char_indices().map(|(at, _)| at).nth(dice.roll(600) as usize);
            cut.into_iter().for_each(|at| text.truncate(at));
            audit.add(&[entry(record, text)]);
        }
        audit.finish().unwrap();
    }
}

#[test]
fn at_most_a_thousand_findings_are_told_the_worst_first() {
    let mut plans = plans(52);
    plans.truncate(1);
    let mut centre = Centre::of(&plans);
    for number in 0..1500 {
        let mut record = centre.record("session", &id('s', 0)).clone();
        record.id = id('s', 10_000 + number);
        record.data["opportunites"] = json!([]);
        record.data["halfDays"] = json!([]);
        record.data["capacityMax"] = json!(1);
        record.data["stagiaires"] = json!([{"id": format!("t{number}a")}, {"id": format!("t{number}b")}]);
        centre.records.push(record);
    }
    centre.opportunite(0)["data"]["devis"]["accepteLe"] = json!("2026-12-01");
    let found = centre.audit();
    assert_eq!(found.len(), MOST);
    assert_eq!(found[0].rule, Regle::DevisTardif);
}

/// Prints how long an audit of 2 000 sessions takes (`cargo test -- --nocapture`); asserts no time.
#[test]
fn two_thousand_sessions_are_audited() {
    let mut plans = plans(50);
    let week: Vec<Plan> = plans.clone();
    for copy in 1..20 {
        plans.extend(week.iter().cloned().map(|plan| {
            Plan {
                number: plan.number + copy * 200,
                trainer: plan.trainer + copy * 10,
                room: plan.room + copy * 10,
                people: plan
                    .people
                    .into_iter()
                    .map(|one| support::Person {
                        id: format!("{}-{copy}", one.id),
                        last: format!("{} {copy}", one.last),
                        email: None,
                        ..one
                    })
                    .collect(),
                ..plan
            }
        }));
    }
    let centre = Centre::of(&plans);
    let entries: Vec<Entry> = centre.records.iter().map(|record| entry(record, record.data.to_string())).collect();
    let size = entries.iter().map(|entry| entry.data.len()).sum::<usize>() / 1024;
    let begun = Instant::now();
    let mut audit = Audit::new(Settings::default(), "2026-12-15");
    entries.chunks(100).for_each(|batch| audit.add(batch));
    let read = begun.elapsed();
    let found = audit.finish().unwrap();
    println!("{} sessions, {size} KiB: {read:?} to read, {:?} in all", plans.len(), begun.elapsed());
    assert_eq!(plans.len(), 2000);
    assert!(found.is_empty(), "{:#?}", &found[..found.len().min(3)]);
}
