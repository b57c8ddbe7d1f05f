//! A centre's year in which everything agrees: sessions with trainers, rooms and trainees, and the opportunités, pieces and
//! documents that belong to them. It has what looks wrong and is not.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod dice;
pub mod seeds;
pub mod traps;

use afpi_plugin_coherence::finding::Finding;
use afpi_plugin_coherence::{Audit, Settings};
use afpi_sdk::auditor::{Audit as _, Entry};
use afpi_sdk::calendar::{Date, Weekday, holiday, instant_at};
use afpi_sdk::money::divide;
use serde_json::{Value, json};

pub const SITE: &str = "00000000-0000-7000-8000-0000000000aa";
pub const OTHER_SITE: &str = "00000000-0000-7000-8000-0000000000bb";
const TITLES: [&str; 6] = [
    "Soudage TIG – perfectionnement",
    "Habilitation électrique B1V",
    "Lecture de plans",
    "Réglage de presses",
    "Robotique : premiers pas",
    "Management d’équipe",
];
const FIRST: [&str; 8] = ["Marie", "Ahmed", "Łukasz", "Jean-Baptiste", "Inès", "Paul", "Chloé", "Noé"];
const LAST: [&str; 8] = ["Dupont", "Benali", "Wiśniewski", "Moreau", "Garcia", "Lefèvre", "N’Guyen", "Petit"];
pub const AGREED: i64 = 105_000;
pub const WHOLE: i64 = 455_000;

pub fn today() -> Date {
    date("2026-12-15")
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// The id of the record of this kind and number.
pub fn id(kind: char, number: usize) -> String {
    format!("0000000{:x}-0000-7000-8000-{number:012x}", kind as u32 % 16)
}

/// A record.
#[derive(Debug, Clone)]
pub struct Record {
    pub kind: &'static str,
    pub id: String,
    pub site: String,
    pub label: String,
    pub data: Value,
}

/// How one session is planned; everything else follows from it.
#[derive(Debug, Clone)]
pub struct Plan {
    pub number: usize,
    pub days: Vec<Date>,
    pub morning: (String, String),
    pub trainer: usize,
    pub room: usize,
    pub people: Vec<Person>,
    /// Why it takes place on a holiday.
    pub reason: Option<&'static str>,
    /// This trainee is absent on the last half-day.
    pub absent: Option<usize>,
    pub title: String,
    pub opco: bool,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub first: String,
    pub last: String,
    pub born: String,
    pub email: Option<String>,
}

/// Two sessions in each of so many weeks.
pub fn plans(weeks: usize) -> Vec<Plan> {
    let mut monday = date("2025-12-29");
    let mut plans = Vec::new();
    for week in 0..weeks {
        monday = monday.plus(7);
        let open = |day: &Date| holiday(*day).is_none() && day.weekday() != Weekday::Sunday;
        let days: Vec<Date> = (0..5).map(|offset| monday.plus(offset)).filter(open).take(3).collect();
        for side in 0..2 {
            let number = week * 2 + side;
            plans.push(Plan {
                number,
                days: days.clone(),
                morning: ("08:30".into(), "12:00".into()),
                trainer: week % 3 + side * 3,
                room: week % 2 + side * 2,
                people: (0..4 + number % 3).map(|rank| person(number, rank)).collect(),
                reason: None,
                absent: (number % 4 == 1).then_some(1),
                title: TITLES[number % TITLES.len()].into(),
                opco: number % 3 != 2,
            });
        }
    }
    plans
}

fn person(session: usize, rank: usize) -> Person {
    let family = |number: usize| format!("{} {}", LAST[rank % 8], ["Roux", "Faure", "Blanc"][number % 3]);
    Person {
        id: id('t', session * 16 + rank),
        first: FIRST[(session / 2 + rank) % 8].into(),
        // Namesakes of the same week differ by their birth dates.
        last: family(session / 2),
        born: format!("19{:02}-0{}-1{}", 60 + session % 40, 1 + session % 2, rank),
        email: rank.is_multiple_of(2).then(|| format!("s{session}.{rank}@client.example")),
    }
}

impl Plan {
    pub fn first(&self) -> Date {
        *self.days.first().unwrap()
    }

    pub fn last(&self) -> Date {
        *self.days.last().unwrap()
    }

    fn over(&self) -> bool {
        self.last() < today()
    }

    /// Day, half, begin, end.
    fn halves(&self) -> Vec<(Date, &'static str, String, String)> {
        let (from, to) = self.morning.clone();
        let day = |day: &Date| [(*day, "am", from.clone(), to.clone()), (*day, "pm", "13:30".into(), "17:00".into())];
        self.days.iter().flat_map(day).collect()
    }

    fn done(&self, rank: usize) -> i64 {
        let all = self.halves().len() as i64 * 210;
        if self.absent == Some(rank) { all - 210 } else { all }
    }

    fn planned_of_all(&self) -> i64 {
        self.people.len() as i64 * self.halves().len() as i64 * 210
    }

    fn done_of_all(&self) -> i64 {
        (0..self.people.len()).map(|rank| self.done(rank)).sum()
    }

    fn attendance(&self, rank: usize) -> Vec<Value> {
        let halves = self.halves();
        let last = halves.len() - 1;
        let noted = halves.iter().enumerate().filter(|_| self.over()).map(|(at, (day, half, ..))| {
            let absent = at == last && self.absent == Some(rank);
            let ends = if *half == "am" { 12 * 60 } else { 17 * 60 };
            let (state, minutes) = if absent { ("absent", 0) } else { ("present", 210) };
            json!({"day": day, "half": half, "state": state, "minutes": minutes, "markedAt": instant_at(*day, ends)})
        });
        noted.collect()
    }

    fn session(&self) -> Record {
        let half_days: Vec<Value> = self
            .halves()
            .into_iter()
            .map(|(day, half, start, end)| {
                json!({"day": day, "half": half, "start": start, "end": end, "minutes": 210, "formateur": id('f', self.trainer), "salle": id('r', self.room)})
            })
            .collect();
        let stagiaires: Vec<Value> = self.people.iter().enumerate().map(|(rank, one)| {
            json!({
                "id": one.id, "firstName": one.first, "lastName": one.last, "birthDate": one.born, "email": one.email,
                "opportunite": id('o', self.number), "attendance": self.attendance(rank),
            })
        }).collect();
        let numero = format!("S-2026-{}", self.number);
        let data = json!({
            "numero": numero, "title": self.title, "programme": "Objectifs\nSavoir régler son poste", "capacityMin": 2, "capacityMax": 8,
            "status": if self.over() { "realisee" } else { "confirmee" }, "opportunites": [id('o', self.number)], "halfDays": half_days,
            "stagiaires": stagiaires,
        });
        Record { kind: "session", id: id('s', self.number), site: SITE.into(), label: numero, data }
    }

    fn opportunite(&self) -> Record {
        let numero = format!("OPP-2026-{:05}", self.number);
        let first = self.first();
        let before = |days: i32| first.plus(-days);
        let mut planned: Vec<Value> = self.halves().into_iter().map(|(day, half, ..)| {
            json!({"jour": day, "demi": half, "formateur": id('f', self.trainer), "salle": id('r', self.room), "motifFerie": self.reason})
        }).collect();
        // The order of a form means nothing.
        planned.reverse();
        let opco = json!({
            "payeur": "opco", "organisme": "OPCO 2i", "montantDemande": AGREED, "montantAccorde": AGREED, "deposeLe": before(25), "subrogation": true,
        });
        let data = json!({
            "devis": {"numero": format!("D2026-{}", self.number), "totalHt": WHOLE, "accepteLe": before(30), "envoyeLe": before(40)},
            "montage": {"financeurs": if self.opco { vec![opco] } else { vec![] }, "partEntreprise": WHOLE - if self.opco { AGREED } else { 0 }},
            "planification": {"numeroSession": format!("S-2026-{}", self.number), "sessions": planned},
            "documents": {"conventionSigneeLe": before(10)},
            "facturation": if self.over() {
                json!({"heuresPrevues": self.planned_of_all() as f64 / 60.0, "heuresRealisees": self.done_of_all() as f64 / 60.0})
            } else { Value::Null },
        });
        let data = json!({
            "numero": numero, "title": self.title, "kind": "intra_entreprise", "status": if self.over() { "facture" } else { "planifie" },
            "section": "facturation", "data": data, "sessions": [id('s', self.number)], "pieces": self.pieces(), "documents": self.documents(),
        });
        Record { kind: "opportunite", id: id('o', self.number), site: SITE.into(), label: numero, data }
    }

    fn piece(&self, rank: usize, kind: &str, issued: Date, net: i64, payer: &str) -> Value {
        json!({
            "id": id('p', self.number * 16 + rank), "kind": kind, "number": format!("{}-{}-{rank}", &kind[..1].to_uppercase(), self.number), "version": 1,
            "issuedOn": issued, "dueOn": issued.plus(30), "net": net, "vat": 0, "total": net, "lines": [],
            "content": {"payeur": payer, "acompte": kind == "acompte"},
        })
    }

    fn pieces(&self) -> Vec<Value> {
        let mut pieces = vec![self.piece(0, "devis", self.first().plus(-40), WHOLE, "")];
        if self.opco && self.number.is_multiple_of(2) {
            pieces.push(self.piece(1, "acompte", self.first().plus(-5), AGREED * 30 / 100, "opco"));
        }
        if self.over() {
            let part =
                |of: i64| divide(i128::from(of) * i128::from(self.done_of_all()), i128::from(self.planned_of_all()));
            let (funded, issued) = (if self.opco { part(AGREED) } else { 0 }, self.last().plus(7));
            if self.opco {
                pieces.push(self.piece(2, "facture", issued, funded, "opco"));
            }
            pieces.push(self.piece(3, "facture", issued, part(WHOLE) - funded, "entreprise"));
        }
        pieces
    }

    fn document(&self, rank: usize, kind: &str, about: (&str, String), dated: Date, content: Value) -> Value {
        let mut content = content;
        content["doc"] = json!({"lang": "fr", "number": format!("{kind}-{}", self.number), "watermark": null});
        json!({
            "id": id('d', self.number * 32 + rank), "kind": kind, "about": about.0, "aboutId": about.1, "number": rank,
            "dated": dated, "title": kind, "madeAt": instant_at(dated, 600), "content": content,
        })
    }

    fn documents(&self) -> Vec<Value> {
        let hours = self.halves().len() as i64 * 350;
        let mut all = vec![self.document(0, "convention", ("opportunite", id('o', self.number)), self.first().plus(-12), json!({"action": [
            {"label": "Intitulé", "value": self.title},
            {"label": "Durée", "value": format!("{},{:02}\u{a0}h par stagiaire, en {} demi-journées", hours / 100, hours % 100, self.halves().len())},
        ]}))];
        if self.over() {
            for (rank, one) in self.people.iter().enumerate() {
                let done = self.done(rank) * 100 / 60;
                // Every other one is in English.
                let lasted = match rank % 2 {
                    0 => format!("pour une durée de {},{:02}\u{a0}h", done / 100, done % 100),
                    _ => format!("for a duration of {}.{:02}\u{a0}h", done / 100, done % 100),
                };
                let about = || ("stagiaire", one.id.clone());
                let content = json!({"followed": self.title, "lasted": lasted, "person": one.last});
                all.push(self.document(1 + rank, "certificat", about(), self.last(), content));
                let sums = json!({"sums": [{"label": "Heures prévues", "value": "99,00 h"}, {"label": "Heures suivies", "value": format!("{},{:02}\u{a0}h", done / 100, done % 100)}]});
                all.push(self.document(10 + rank, "attestation", about(), self.last(), sums));
            }
            let done = divide(i128::from(self.done_of_all()) * 100, 60);
            let content = json!({"training": [{"label": "Heures-stagiaires réalisées", "value": format!("{},{:02}\u{a0}h", done / 100, done % 100)}]});
            all.push(self.document(
                20,
                "facture",
                ("piece", id('p', self.number * 16 + 3)),
                self.last().plus(7),
                content,
            ));
        }
        all
    }
}

/// Everything of a centre.
#[derive(Debug, Clone)]
pub struct Centre {
    pub records: Vec<Record>,
}

impl Centre {
    /// A clean centre: the plans, and what looks wrong and is not.
    pub fn of(plans: &[Plan]) -> Centre {
        let mut records: Vec<Record> = Vec::new();
        for trainer in 0..8 {
            let mut certifications = vec![json!({"name": "CQPM soudeur", "expiresOn": null})];
            // Renewed under the same name, in the same record or with another year.
            certifications.push(json!({"name": "SST 2024", "expiresOn": "2026-03-01"}));
            certifications.push(json!({"name": "SST 2026", "expiresOn": "2028-03-01"}));
            certifications.push(json!({"name": "Habilitation électrique B1V", "expiresOn": "2027-06-30"}));
            let data = json!({"certifications": certifications, "active": trainer != 7});
            records.push(Record {
                kind: "formateur",
                id: id('f', trainer),
                site: SITE.into(),
                label: format!("Patrick Vasseur {trainer}"),
                data,
            });
        }
        for room in 0..6 {
            let data = json!({"capacity": 8 + room, "active": true});
            records.push(Record {
                kind: "salle",
                id: id('r', room),
                site: SITE.into(),
                label: format!("Atelier {room}"),
                data,
            });
        }
        for plan in plans {
            records.push(plan.session());
            records.push(plan.opportunite());
        }
        Centre { records }
    }

    pub fn record(&mut self, kind: &str, id: &str) -> &mut Record {
        self.records.iter_mut().find(|record| record.kind == kind && record.id == id).unwrap()
    }

    pub fn session(&mut self, number: usize) -> &mut Value {
        &mut self.record("session", &id('s', number)).data
    }

    pub fn opportunite(&mut self, number: usize) -> &mut Value {
        &mut self.record("opportunite", &id('o', number)).data
    }

    pub fn audit(&self) -> Vec<Finding> {
        audit(Settings::default(), self.records.iter())
    }
}

pub fn audit<'a>(settings: Settings, records: impl Iterator<Item = &'a Record>) -> Vec<Finding> {
    let mut audit = Audit::new(settings, "2026-12-15");
    let entries: Vec<Entry> = records.map(|record| entry(record, record.data.to_string())).collect();
    audit.add(&entries);
    audit.found(today())
}

pub fn entry(record: &Record, data: String) -> Entry {
    let Record { kind, id, site, label, .. } = record.clone();
    Entry { kind: kind.into(), id, site, version: 1, label, updated_at: 0, data }
}

/// An audit that has these records.
pub fn begun<'a>(records: impl IntoIterator<Item = &'a Record>) -> Audit {
    let mut audit = Audit::new(Settings::default(), "2026-12-15");
    let entries: Vec<Entry> = records.into_iter().map(|record| entry(record, record.data.to_string())).collect();
    entries.chunks(100).for_each(|batch| audit.add(batch));
    audit
}
