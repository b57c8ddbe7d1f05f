//! The statuses: their section, the roles that must act, and what they mean for figures.

use afpi_sdk::workflow::Outcome;

use crate::words::{role::*, section};

/// One status of the relay.
#[derive(Debug)]
pub struct Status {
    pub id: &'static str,
    pub fr: &'static str,
    pub en: &'static str,
    /// The id of the section. Empty outside the sections.
    pub section: &'static str,
    pub outcome: Outcome,
    /// The probability of a signature, in percent.
    pub probability: u8,
    /// Roles that must act.
    pub waits_for: &'static [&'static str],
}

macro_rules! statuses {
    ($($name:ident = $id:literal, $fr:literal, $en:literal, $section:expr, $outcome:ident, $probability:literal, $waits_for:expr;)*) => {
        $(pub const $name: &str = $id;)*

        /// All statuses, in the order of the relay.
        pub static ALL: &[Status] = &[$(Status {
            id: $id, fr: $fr, en: $en, section: $section, outcome: Outcome::$outcome, probability: $probability, waits_for: $waits_for,
        },)*];
    };
}

// DEVIS_ACCEPTE, FINANCEMENT_VALIDE, PLANIFIE and PRET_FORMATION are transitional: their moves go straight to the next
// status, and only the history contains them. If a record is in one of them, an `ouvrir_…` move leads on.
statuses! {
    EN_COURS_COLLECTE = "en_cours_collecte", "Collecte en cours", "Gathering", section::COLLECTE, Open, 10, &[COMMERCIAL];
    EN_ATTENTE_VALIDATION = "en_attente_validation_resp", "En attente de validation", "Awaiting validation", section::COLLECTE, Open, 20, &[MANAGER, RESPONSABLE];
    EN_COURS_DEVIS = "en_cours_devis", "Devis en cours", "Quote in progress", section::DEVIS, Open, 40, &[RESPONSABLE];
    DEVIS_ENVOYE = "devis_envoye", "Devis envoyé", "Quote sent", section::DEVIS, Open, 60, &[RESPONSABLE];
    DEVIS_REFUSE = "devis_refuse", "Devis refusé", "Quote refused", section::DEVIS, Open, 10, &[RESPONSABLE];
    DEVIS_ACCEPTE = "devis_accepte", "Devis accepté", "Quote accepted", section::DEVIS, Won, 100, &[ASSISTANTE];
    EN_COURS_MONTAGE = "en_cours_montage", "Montage en cours", "Funding in progress", section::MONTAGE, Won, 100, &[ASSISTANTE];
    EN_ATTENTE_FINANCEMENT = "en_attente_financement", "En attente de financement", "Awaiting funding", section::MONTAGE, Won, 100, &[ASSISTANTE];
    FINANCEMENT_VALIDE = "financement_valide", "Financement validé", "Funding settled", section::MONTAGE, Won, 100, &[PLANIFICATEUR];
    EN_COURS_PLANIFICATION = "en_cours_planification", "Planification en cours", "Scheduling", section::PLANIFICATION, Won, 100, &[PLANIFICATEUR];
    PLANIFIE = "planifie", "Planifié", "Scheduled", section::PLANIFICATION, Won, 100, &[ASSISTANTE];
    EN_COURS_DOCUMENTS = "en_cours_documents", "Documents en cours", "Paperwork in progress", section::DOCUMENTS, Won, 100, &[ASSISTANTE];
    PRET_FORMATION = "pret_formation", "Prêt pour la formation", "Ready for training", section::DOCUMENTS, Won, 100, &[FACTURATION];
    EN_COURS_FACTURATION = "en_cours_facturation", "Facturation en cours", "Invoicing", section::FACTURATION, Won, 100, &[FACTURATION];
    FACTURE = "facture", "Facturé", "Invoiced", section::FACTURATION, Won, 100, &[FACTURATION];
    PAYE = "paye", "Payé", "Paid", section::FACTURATION, Won, 100, &[FACTURATION];
    TERMINE = "termine", "Terminé", "Closed", section::FACTURATION, Done, 100, &[];
    EN_ATTENTE = "en_attente", "En attente", "Suspended", "", Suspended, 10, &[];
    ANNULE = "annule", "Annulé", "Cancelled", "", Lost, 0, &[];
}

/// The status with this id.
pub fn find(id: &str) -> Option<&'static Status> {
    ALL.iter().find(|status| status.id == id)
}

/// The section of a status. Empty for an unknown status.
pub fn section_of(id: &str) -> &'static str {
    find(id).map_or("", |status| status.section)
}
