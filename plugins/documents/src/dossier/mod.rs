//! What the host knows about the document's subject, as it hands it over: JSON in camelCase, where an absent field
//! means unknown. Amounts are cents, days ISO texts.

mod parties;
mod piece;
mod programme;
mod sections;
mod session;

use serde::Deserialize;

pub use parties::{Company, Contact, Entity, Named, Person, Site, joined};
pub use piece::{Amount, Claim, Deposit, Line, Payer, Payment, Piece};
pub use programme::{Module, Programme};
pub use sections::{Collecte, Facture, Financeur, Interlocuteur, Ligne, Sections};
pub use session::{Attendance, Half, HalfDay, Session, Stagiaire, State, Trainer};

/// Everything a document may say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Dossier {
    pub opportunite: Opportunite,
    pub entreprise: Company,
    /// The legal entity that issues.
    pub entite: Entity,
    pub site: Site,
    /// The frozen piece that the document shows. Absent in a preview of what is not issued yet.
    pub piece: Option<Piece>,
    pub payments: Vec<Payment>,
    /// Of a reminder: the unpaid pieces it is about, `piece` among them. Empty: `piece` alone.
    pub relance: Vec<Claim>,
    pub sessions: Vec<Session>,
    pub session: Option<Session>,
    /// The day of a sheet for one day.
    pub day: Option<String>,
    pub stagiaires: Vec<Stagiaire>,
    pub stagiaire: Option<Stagiaire>,
    pub formateurs: Vec<Trainer>,
}

/// The opportunité, with the documents of its sections.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Opportunite {
    pub numero: Option<String>,
    pub title: Option<String>,
    pub commercial: Option<Person>,
    pub data: Sections,
}

impl Dossier {
    /// The session of the document, or the only one of the opportunité.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref().or(self.sessions.first())
    }

    /// All sessions of the document: the one it is about, or those of the opportunité.
    pub fn sessions(&self) -> Vec<&Session> {
        match &self.session {
            Some(session) => vec![session],
            None => self.sessions.iter().collect(),
        }
    }

    /// The half-days of all its sessions in their order.
    pub fn half_days(&self) -> Vec<&HalfDay> {
        let mut all: Vec<&HalfDay> = self.sessions().into_iter().flat_map(|session| &session.half_days).collect();
        all.sort_by_key(|half| (half.day.clone(), half.half));
        all
    }

    /// The exact title of the training: the session's, else the opportunité's. All documents say the same.
    pub fn title(&self) -> Option<&str> {
        let session = self.session().and_then(|session| filled(&session.title));
        session.or_else(|| filled(&self.opportunite.title))
    }

    /// Minutes of training for one person.
    pub fn minutes(&self) -> i64 {
        self.half_days().iter().filter_map(|half| half.minutes).sum()
    }

    /// The programme of the session, else that of the need.
    pub fn programme(&self) -> Programme {
        let session = self.session().and_then(|session| session.programme.clone());
        session.or_else(|| self.opportunite.data.collecte.programme.clone()).unwrap_or_default()
    }

    /// The aims: those of the programme, else those that the customer gave.
    pub fn aims(&self) -> Vec<String> {
        let programme = self.programme();
        if programme.aims.is_empty() { lines(&self.opportunite.data.collecte.objectifs) } else { programme.aims }
    }

    /// How many people are trained: those that are named, else those that were announced.
    pub fn headcount(&self) -> Option<usize> {
        let announced = self.opportunite.data.collecte.participants;
        if self.stagiaires.is_empty() { announced } else { Some(self.stagiaires.len()) }
    }
}

/// The text without surrounding blanks, unless nothing is left.
pub fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// The lines of a text, without the dashes and bullets that people put before them.
pub fn lines(text: &Option<String>) -> Vec<String> {
    let text = filled(text).unwrap_or_default();
    let line = |line: &str| line.trim().trim_start_matches(['-', '–', '•', '*', '·']).trim().to_string();
    text.lines().map(line).filter(|line| !line.is_empty()).collect()
}
