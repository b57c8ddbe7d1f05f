//! A test desk with one opportunité. It keeps the record like a host and checks the form of every decision.

#![allow(dead_code)]

pub mod dice;

use std::collections::BTreeMap;

use afpi_plugin_workflow::{Config, Relay, statuses};
use afpi_sdk::calendar::{Date, day_of, instant_at};
use afpi_sdk::serde_json::{self, Value, json};
use afpi_sdk::workflow::*;

pub const ROLES: [&str; 7] =
    ["admin", "responsable_commercial", "manager", "commercial", "assistante", "planificateur", "facturation"];

pub struct Desk {
    pub config: Config,
    pub record: Opportunite,
    pub now: Instant,
    pub history: Vec<Step>,
    pub facts: Vec<Fact>,
    pub bookings: Vec<Booking>,
    pub due: Option<Instant>,
    pub outcome: Outcome,
    numbers: BTreeMap<String, u32>,
}

pub fn actor(role: &str) -> Actor {
    Actor { id: format!("u-{role}"), name: role.into(), role: role.into(), owner: role == "commercial" }
}

pub fn stranger() -> Actor {
    Actor { owner: false, ..actor("commercial") }
}

/// The codes and fields of a refusal.
pub fn problems(error: Error) -> Vec<(String, String)> {
    match error {
        Error::Invalid(problems) => problems.into_iter().map(|problem| (problem.field, problem.code)).collect(),
        other => panic!("expected problems, got {other:?}"),
    }
}

pub fn pair(field: &str, code: &str) -> (String, String) {
    (field.into(), code.into())
}

impl Desk {
    /// A new record on Monday 2 November 2026 at ten in the morning, with a budget of 10 000 €.
    pub fn new() -> Desk {
        Desk::with(Config::default())
    }

    pub fn with(config: Config) -> Desk {
        let now = instant_at("2026-11-02".parse().unwrap(), 10 * 60);
        let record = Opportunite {
            id: "o-1".into(),
            numero: String::new(),
            title: "Habilitation électrique B0".into(),
            kind: "intra-entreprise".into(),
            section: String::new(),
            status: String::new(),
            amount: 0,
            budget: 1_000_000,
            entreprise: "e-1".into(),
            entreprise_name: "Forges du Nord".into(),
            commercial: "u-commercial".into(),
            localisation: "l-1".into(),
            created_at: now,
            section_since: now,
            data: String::new(),
            state: String::new(),
        };
        let mut desk = Desk {
            config,
            record,
            now,
            history: vec![],
            facts: vec![],
            bookings: vec![],
            due: None,
            outcome: Outcome::Open,
            numbers: BTreeMap::new(),
        };
        let decision = Relay::start(&desk.config, &desk.record, &actor("commercial"), &desk.moment()).unwrap();
        desk.record.numero = "OPP-2026-00001".into();
        desk.apply(decision);
        desk
    }

    pub fn moment(&self) -> Moment {
        Moment { now: self.now, today: self.today().to_string() }
    }

    pub fn today(&self) -> Date {
        day_of(self.now)
    }

    pub fn wait_days(&mut self, days: i64) {
        self.now += days * 86_400_000;
    }

    pub fn try_take(&self, actor: &Actor, transition: &str, input: Value) -> Result<Decision> {
        Relay::decide(&self.config, &self.record, transition, &input.to_string(), actor, &self.moment())
    }

    pub fn try_edit(&self, actor: &Actor, section: &str, document: Value) -> Result<Decision> {
        Relay::edit(&self.config, &self.record, section, &document.to_string(), actor, &self.moment())
    }

    /// Makes a move and applies the decision.
    #[track_caller]
    pub fn take(&mut self, role: &str, transition: &str, input: Value) -> &mut Desk {
        match self.try_take(&actor(role), transition, input) {
            Ok(decision) => self.apply(decision),
            Err(error) => panic!("{transition} by {role} from {}: {error:?}", self.record.status),
        }
        self
    }

    /// Replaces a document and applies the decision.
    #[track_caller]
    pub fn edit(&mut self, role: &str, section: &str, document: Value) -> &mut Desk {
        match self.try_edit(&actor(role), section, document) {
            Ok(decision) => {
                assert!(
                    decision.steps.is_empty()
                        && decision.facts.is_empty()
                        && decision.bookings.is_none()
                        && decision.numberings.is_empty()
                );
                assert_eq!(decision.status, self.record.status, "an edit does not change the status");
                self.apply(decision);
            }
            Err(error) => panic!("edit {section} by {role} in {}: {error:?}", self.record.status),
        }
        self
    }

    pub fn offers(&self, role: &str) -> Vec<Offer> {
        Relay::offers(&self.config, &self.record, &actor(role), &self.moment())
    }

    pub fn offer(&self, role: &str, transition: &str) -> Option<Offer> {
        self.offers(role).into_iter().find(|offer| offer.transition == transition)
    }

    #[track_caller]
    pub fn blockers(&self, role: &str, transition: &str) -> Vec<(String, String)> {
        let offer = self
            .offer(role, transition)
            .unwrap_or_else(|| panic!("{transition} is not offered to {role} in {}", self.record.status));
        assert_eq!(offer.allowed, offer.blockers.is_empty());
        offer.blockers.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    /// A value of the documents, by JSON Pointer.
    pub fn at(&self, pointer: &str) -> Value {
        let data: Value = serde_json::from_str(&self.record.data).unwrap();
        data.pointer(pointer).cloned().unwrap_or(Value::Null)
    }

    pub fn facts_of(&self, kind: &str) -> Vec<&Fact> {
        self.facts.iter().filter(|fact| fact.kind == kind).collect()
    }

    pub fn apply(&mut self, decision: Decision) {
        let status = statuses::find(&decision.status).expect("a status of the relay");
        assert_eq!(decision.section, status.section, "section and status agree");
        assert_eq!(decision.outcome, status.outcome);
        if let (Some(first), Some(last)) = (decision.steps.first(), decision.steps.last()) {
            assert_eq!(first.source, self.record.status, "the first step starts at the record's status");
            assert_eq!(last.target, decision.status, "the last step ends at the new status");
            assert!(
                decision.steps.windows(2).all(|pair| pair[0].target == pair[1].source),
                "each step starts where the step before ends"
            );
        }
        let mut data: Value = serde_json::from_str(&decision.data).unwrap();
        for numbering in decision.numberings {
            let count = self.numbers.entry(numbering.series).or_default();
            *count += 1;
            let number = numbering.format.replace("{year}", "2026").replace("{n}", &format!("{count:05}"));
            let (parent, field) = numbering.pointer.rsplit_once('/').unwrap();
            data.pointer_mut(parent).expect("the pointer leads somewhere")[field] = json!(number);
        }
        if decision.section != self.record.section {
            self.record.section_since = self.now;
        }
        self.record = Opportunite {
            section: decision.section,
            status: decision.status,
            amount: decision.amount,
            data: data.to_string(),
            state: decision.state,
            ..self.record.clone()
        };
        self.history.extend(decision.steps);
        self.facts.extend(decision.facts);
        if let Some(bookings) = decision.bookings {
            self.bookings = bookings;
        }
        (self.due, self.outcome) = (decision.due, decision.outcome);
    }

    // These functions move the record through the relay with the right roles, up to and including the last move of a
    // section.

    pub fn collected(&mut self) -> &mut Desk {
        self.edit("commercial", "collecte", collecte())
    }

    pub fn validated(&mut self) -> &mut Desk {
        self.collected().take("commercial", "soumettre", json!({})).take("manager", "valider", json!({}))
    }

    pub fn sent(&mut self) -> &mut Desk {
        self.validated().edit("responsable_commercial", "devis", devis()).take(
            "responsable_commercial",
            "envoyer_devis",
            json!({}),
        )
    }

    pub fn accepted(&mut self) -> &mut Desk {
        self.sent().take(
            "responsable_commercial",
            "accepter_devis",
            json!({"signataire": "Camille Moreau", "bonCommande": "BC-7"}),
        )
    }

    pub fn funded(&mut self) -> &mut Desk {
        self.accepted().take("assistante", "valider_financement", json!({}))
    }

    pub fn planned(&mut self) -> &mut Desk {
        self.funded().edit("planificateur", "planification", planification()).take(
            "planificateur",
            "planifier",
            json!({}),
        )
    }

    pub fn ready(&mut self) -> &mut Desk {
        self.planned().edit("assistante", "documents", documents()).take("assistante", "documents_prets", json!({}))
    }

    pub fn invoiced(&mut self) -> &mut Desk {
        self.ready().take("facturation", "emettre_facture", json!({}))
    }
}

pub fn collecte() -> Value {
    json!({
        "contacts": [{"nom": "Camille Moreau", "email": "c.moreau@forges.example"}],
        "objectifs": "Travailler hors tension en sécurité.",
        "participants": 8,
        "debutSouhaite": "2026-12-01"
    })
}

/// 8 000 € exempt and 1 999,99 € at 20 %: 9 999,99 € without VAT and 400,00 € of VAT.
pub fn devis() -> Value {
    json!({"lignes": [
        {"libelle": "Formation", "quantite": 4, "unite": "jour", "prixUnitaire": 200_000, "tva": "exonere"},
        {"libelle": "Conseil", "quantite": 1, "unite": "forfait", "prixUnitaire": 199_999, "tva": "taux20"}
    ]})
}

/// The training ended before the desk's first day, so its invoices are not blocked.
pub fn planification() -> Value {
    planned_on("2026-10-29")
}

/// A day of training.
pub fn planned_on(day: &str) -> Value {
    json!({"numeroSession": "S-12", "sessions": [
        {"jour": day, "demi": "am", "formateur": "f-1", "salle": "B12"},
        {"jour": day, "demi": "pm", "formateur": "f-1", "salle": "B12"}
    ]})
}

pub fn documents() -> Value {
    ticked(&[
        "fiche_programme",
        "planning",
        "evaluation_prealable",
        "convention",
        "bulletins_inscription",
        "feuilles_presence",
    ])
}

/// These pieces, ticked without a file.
pub fn ticked(pieces: &[&str]) -> Value {
    let reason = |piece: &&str| json!({"piece": piece, "motif": "Au dossier papier"});
    json!({"pieces": pieces, "suivi": pieces.iter().map(reason).collect::<Vec<_>>()})
}

/// The same papers with further ones.
pub fn and_ticked(papers: &Value, more: &[&str]) -> Value {
    let there = papers["pieces"].as_array().expect("a list").iter().filter_map(Value::as_str);
    ticked(&there.chain(more.iter().copied()).collect::<Vec<_>>())
}

/// The same papers without one.
pub fn but(papers: &Value, piece: &str) -> Value {
    let there = papers["pieces"].as_array().expect("a list").iter().filter_map(Value::as_str);
    ticked(&there.filter(|known| *known != piece).collect::<Vec<_>>())
}
