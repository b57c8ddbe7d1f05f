//! One question of the host: the known facts, and the decision under construction. It knows statuses and documents, but
//! no moves.

use afpi_sdk::calendar::{Date, day_of, instant_at, working_due};
use afpi_sdk::workflow::{
    Actor, Booking, Decision, Error, Fact, Instant, Moment, Money, Numbering, Opportunite, Result, Step,
};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::forms::facturation::Facture;
use crate::forms::{Dossier, Window};
use crate::statuses::{self, *};
use crate::words::fact;

/// The relay's private notes on a record. The host stores them and does not show them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// Start of the section's time limit, in epoch milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<Instant>,
    /// The status to return to from a suspension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_to: Option<String>,
    /// When a suspended record needs attention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<Date>,
}

/// A record, the actor, and the resulting decision.
pub struct Case<'a> {
    pub config: &'a Config,
    pub subject: &'a Opportunite,
    pub actor: &'a Actor,
    pub now: Instant,
    pub today: Date,
    /// The current status. Moves change it.
    pub status: &'static Status,
    pub dossier: Dossier,
    pub notes: Notes,
    steps: Vec<Step>,
    facts: Vec<Fact>,
    bookings: Option<Vec<Booking>>,
    numberings: Vec<Numbering>,
}

impl<'a> Case<'a> {
    /// # Errors
    /// When the record has an unknown status, or its documents have another shape.
    pub fn open(
        config: &'a Config,
        subject: &'a Opportunite,
        actor: &'a Actor,
        moment: &'a Moment,
    ) -> Result<Case<'a>> {
        let status = match subject.status.as_str() {
            "" => EN_COURS_COLLECTE,
            id => id,
        };
        Ok(Case {
            config,
            subject,
            actor,
            now: moment.now,
            today: moment.today.parse().unwrap_or_else(|_| day_of(moment.now)),
            status: statuses::find(status).ok_or_else(|| Error::other(format_args!("unknown status {status}")))?,
            dossier: Dossier::parse(&subject.data)?,
            notes: if subject.state.trim().is_empty() {
                Notes::default()
            } else {
                serde_json::from_str(&subject.state)?
            },
            steps: Vec::new(),
            facts: Vec::new(),
            bookings: None,
            numberings: Vec::new(),
        })
    }

    /// The section of the record. For a suspended record, this is the section to which it will return.
    pub fn at(&self) -> &'static str {
        match &self.notes.back_to {
            Some(status) if self.status.id == EN_ATTENTE => statuses::section_of(status),
            _ => self.status.section,
        }
    }

    /// The limits of plausible days for this record.
    pub fn window(&self) -> Window {
        Window { opened: day_of(self.subject.created_at), today: self.today }
    }

    /// The current amount: the quote's amount if there is one, otherwise the budget.
    pub fn amount(&self) -> Money {
        match self.dossier.devis.ht() {
            quote if quote > 0 || self.dossier.devis.free() => quote,
            _ => self.subject.budget,
        }
    }

    /// Changes the status, as one step of the history.
    ///
    /// The time limit restarts in a new section, and after an outsider (a customer or a payer) has acted.
    ///
    /// # Errors
    /// Never for a status of this relay.
    pub fn go(&mut self, transition: &str, target: &'static str, reason: &str) -> Result<()> {
        let to = statuses::find(target).ok_or_else(|| Error::other(format_args!("unknown status {target}")))?;
        let came_back = matches!(self.status.id, DEVIS_ENVOYE | FACTURE) && to.id != self.status.id;
        if to.section != self.status.section || came_back {
            self.notes.clock = Some(self.now);
        }
        self.steps.push(Step {
            transition: transition.into(),
            source: self.status.id.into(),
            target: target.into(),
            reason: reason.into(),
        });
        self.status = to;
        Ok(())
    }

    /// Adds a fact for the figures.
    pub fn tell(&mut self, kind: &str, day: Date, amount: Money, key: &str) {
        self.facts.push(Fact { kind: kind.into(), day: day.to_string(), amount, key: key.into() });
    }

    /// Replaces the bookings of trainers and rooms.
    pub fn book(&mut self, bookings: Vec<Booking>) {
        self.bookings = Some(bookings);
    }

    /// Asks the host for the next number of a series, which it writes at `pointer` into the documents.
    pub fn number(&mut self, (series, format): (&str, &str), pointer: String) {
        self.numberings.push(Numbering { series: series.into(), format: format.into(), pointer });
    }

    /// The instant after which the record is overdue. While outsiders must act, their date counts: the validity of a
    /// quote, or the due date of an invoice.
    fn due(&self) -> Option<Instant> {
        const EVENING: i64 = 18 * 60;
        let end_of = |day: Date| instant_at(day, EVENING);
        match self.status.id {
            EN_ATTENTE => self.notes.follow_up.map(end_of),
            DEVIS_ENVOYE => self.dossier.devis.validite_jusquau.map(end_of),
            FACTURE => self.dossier.facturation.unpaid().filter_map(|invoice| invoice.echeance_le).min().map(end_of),
            ANNULE | TERMINE => None,
            _ => {
                let since = self.notes.clock.unwrap_or(self.subject.section_since);
                self.config.limit_hours(self.status.section).map(|hours| working_due(since, i64::from(hours) * 60))
            }
        }
    }

    /// Names the outsiders who must act: the customer, the funders or the payers.
    fn name_awaited(&mut self) {
        let customer = || vec![self.subject.entreprise_name.clone()];
        let dossier = &self.dossier;
        let awaited = match self.status.id {
            DEVIS_ENVOYE => customer(),
            EN_ATTENTE_FINANCEMENT => dossier.montage.unanswered(),
            FACTURE => dossier.facturation.unpaid().map(Facture::payer).collect(),
            _ => Vec::new(),
        };
        let named = |status: &str| (self.status.id == status && !awaited.is_empty()).then(|| listed(&awaited));
        let (quote, funding, billing) = (named(DEVIS_ENVOYE), named(EN_ATTENTE_FINANCEMENT), named(FACTURE));
        self.dossier.devis.en_attente_de = quote;
        self.dossier.montage.en_attente_de = funding;
        self.dossier.facturation.en_attente_de = billing;
    }

    /// The resulting decision.
    ///
    /// # Errors
    /// Never in practice: everything here has a JSON form.
    pub fn decision(mut self) -> Result<Decision> {
        self.name_awaited();
        Ok(Decision {
            section: self.status.section.into(),
            status: self.status.id.into(),
            outcome: self.status.outcome,
            amount: self.amount(),
            due: self.due(),
            data: self.dossier.to_json()?,
            state: serde_json::to_string(&self.notes)?,
            steps: self.steps,
            facts: self.facts,
            bookings: self.bookings,
            numberings: self.numberings,
        })
    }

    /// Reports that a signature is no longer valid.
    pub fn withdraw_acceptance(&mut self) {
        if self.dossier.devis.accepte_le.is_some() {
            self.tell(fact::ACCEPTATION_ANNULEE, self.today, self.dossier.devis.ht(), "");
        }
    }
}

/// Joins the names, each of them once.
fn listed(names: &[String]) -> String {
    let mut once: Vec<&str> = Vec::new();
    for name in names.iter().map(String::as_str) {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once.join(", ")
}
