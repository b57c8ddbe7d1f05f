//! Who may do what: the matrix of actions for each section. The host decides which records a person sees.

use afpi_sdk::workflow::{Actor, Error, Result};

use crate::statuses::*;
use crate::words::{role::*, section};

/// A right in the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Create an opportunité.
    Create,
    /// Fill in and submit section 1. A commercial may do this only for his own records.
    Collect,
    /// Validate or reject section 1.
    Validate,
    /// Run one of the sections 2 to 6.
    Run(&'static str),
    /// Run the current section of the record.
    RunCurrent,
    /// Cancel, suspend and resume. A commercial may do this only for his own records in section 1.
    Interrupt,
}

impl Right {
    /// The roles that may have this right.
    pub fn roles(self) -> &'static [&'static str] {
        match self {
            Right::Create | Right::Collect | Right::Interrupt => &[ADMIN, RESPONSABLE, MANAGER, COMMERCIAL],
            Right::Validate => &[ADMIN, RESPONSABLE, MANAGER],
            Right::Run(section::DEVIS) => &[ADMIN, RESPONSABLE],
            Right::Run(section::MONTAGE | section::DOCUMENTS) => &[ADMIN, RESPONSABLE, MANAGER, ASSISTANTE],
            Right::Run(section::PLANIFICATION) => &[ADMIN, RESPONSABLE, MANAGER, PLANIFICATEUR],
            Right::Run(section::FACTURATION) => &[ADMIN, RESPONSABLE, MANAGER, FACTURATION],
            Right::Run(_) => &[],
            Right::RunCurrent => &[ADMIN, RESPONSABLE, MANAGER, ASSISTANTE, PLANIFICATEUR, FACTURATION],
        }
    }

    /// Tells whether this person has the right for a record in the section `at`. For a suspended record, `at` is the
    /// section to which it will return.
    pub fn held_by(self, actor: &Actor, at: &'static str) -> bool {
        match self {
            Right::RunCurrent => Right::Run(at).held_by(actor, at),
            Right::Create => self.roles().contains(&actor.role.as_str()),
            _ if actor.role == COMMERCIAL => {
                let in_reach = self != Right::Interrupt || at == section::COLLECTE;
                self.roles().contains(&COMMERCIAL) && actor.owner && in_reach
            }
            _ => self.roles().contains(&actor.role.as_str()),
        }
    }

    /// # Errors
    /// [`Error::Denied`] if this person does not have the right.
    pub fn demand(self, actor: &Actor, held: bool) -> Result<()> {
        if held && self.roles().contains(&actor.role.as_str()) {
            return Ok(());
        }
        Err(Error::denied("Votre rôle ne permet pas cette action ici", "Your role does not allow this here"))
    }
}

/// For each section, the statuses in which its document can be edited, and the right that this needs. Section 5 stays
/// open during section 6, because attendance sheets return after the training.
const OPEN: [(&str, &[&str], Right); 7] = [
    (section::COLLECTE, &[EN_COURS_COLLECTE], Right::Collect),
    (section::COLLECTE, &[EN_ATTENTE_VALIDATION], Right::Validate),
    (section::DEVIS, &[EN_COURS_DEVIS], Right::Run(section::DEVIS)),
    (section::MONTAGE, &[EN_COURS_MONTAGE, EN_ATTENTE_FINANCEMENT], Right::Run(section::MONTAGE)),
    (section::PLANIFICATION, &[EN_COURS_PLANIFICATION], Right::Run(section::PLANIFICATION)),
    (section::DOCUMENTS, &[EN_COURS_DOCUMENTS, EN_COURS_FACTURATION, FACTURE, PAYE], Right::Run(section::DOCUMENTS)),
    (section::FACTURATION, &[EN_COURS_FACTURATION], Right::Run(section::FACTURATION)),
];

/// The sections that this person may edit in this status.
pub fn editable<'a>(status: &'a str, actor: &'a Actor) -> impl Iterator<Item = &'static str> + 'a {
    let at = section_of(status);
    OPEN.iter()
        .filter(move |(_, statuses, right)| statuses.contains(&status) && right.held_by(actor, at))
        .map(|(section, ..)| *section)
}

/// The roles that may edit the document of a section in some status.
pub fn editors(section: &str) -> &'static [&'static str] {
    match section {
        section::COLLECTE => Right::Collect.roles(),
        _ => OPEN.iter().find(|(id, ..)| *id == section).map_or(&[], |(.., right)| right.roles()),
    }
}

/// The role that works in a section every day.
pub fn owners(section: &str) -> &'static [&'static str] {
    match section {
        section::COLLECTE => &[COMMERCIAL],
        section::DEVIS => &[RESPONSABLE],
        section::MONTAGE | section::DOCUMENTS => &[ASSISTANTE],
        section::PLANIFICATION => &[PLANIFICATEUR],
        section::FACTURATION => &[FACTURATION],
        _ => &[],
    }
}
