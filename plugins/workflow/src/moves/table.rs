//! The table of moves, in the order in which they are offered.

use afpi_sdk::schema;
use afpi_sdk::workflow::{Direction::*, FieldProblem};

use super::{Move, collecte, devis, documents, facturation, montage, pauses, planification};
use crate::case::Case;
use crate::forms::inputs;
use crate::rights::Right::*;
use crate::statuses::*;
use crate::words::section;

fn nothing_asked() -> String {
    String::new()
}

fn reason() -> String {
    schema::of::<inputs::Motif>()
}

fn nothing_missing(_: &Case) -> Vec<FieldProblem> {
    Vec::new()
}

/// The statuses in which a record can be suspended.
const OPEN: &[&str] = &[
    EN_COURS_COLLECTE,
    EN_ATTENTE_VALIDATION,
    EN_COURS_DEVIS,
    DEVIS_ENVOYE,
    DEVIS_REFUSE,
    EN_COURS_MONTAGE,
    EN_ATTENTE_FINANCEMENT,
    EN_COURS_PLANIFICATION,
    EN_COURS_DOCUMENTS,
    EN_COURS_FACTURATION,
    FACTURE,
];

/// The statuses in which a record can be cancelled. A record with an invoice needs a credit note first.
const CANCELLABLE: &[&str] = &[
    EN_COURS_COLLECTE,
    EN_ATTENTE_VALIDATION,
    EN_COURS_DEVIS,
    DEVIS_ENVOYE,
    DEVIS_REFUSE,
    EN_COURS_MONTAGE,
    EN_ATTENTE_FINANCEMENT,
    EN_COURS_PLANIFICATION,
    EN_COURS_DOCUMENTS,
    EN_COURS_FACTURATION,
    FACTURE,
    EN_ATTENTE,
];

macro_rules! moves {
    ($($id:literal, $fr:literal, $en:literal, $direction:ident, $right:expr, $sources:expr, $form:expr, $blockers:expr, $take:expr;)*) => {
        /// Every move of the relay.
        pub static MOVES: &[Move] = &[$(Move {
            id: $id, fr: $fr, en: $en, direction: $direction, right: $right, sources: $sources, form: $form, blockers: $blockers, take: $take,
        },)*];
    };
}

#[rustfmt::skip]
moves! {
    // 1 Collecte d'informations
    "soumettre", "Soumettre pour validation", "Submit for validation", Forward, Collect, &[EN_COURS_COLLECTE],
        nothing_asked, collecte::missing, collecte::submit;
    "valider", "Valider", "Validate", Forward, Validate, &[EN_ATTENTE_VALIDATION],
        nothing_asked, collecte::missing, collecte::validate;
    "rejeter", "Rejeter", "Reject", Back, Validate, &[EN_ATTENTE_VALIDATION],
        reason, nothing_missing, collecte::reject;
    "reprendre_saisie", "Reprendre la saisie", "Take back", Other, Collect, &[EN_ATTENTE_VALIDATION],
        nothing_asked, nothing_missing, collecte::recall;
    // 2 Devis
    "envoyer_devis", "Envoyer le devis", "Send the quote", Forward, Run(section::DEVIS), &[EN_COURS_DEVIS],
        nothing_asked, devis::missing, devis::send;
    "accepter_devis", "Devis accepté", "Quote accepted", Forward, Run(section::DEVIS), &[DEVIS_ENVOYE],
        schema::of::<inputs::Acceptation>, nothing_missing, devis::accept;
    "refuser_devis", "Devis refusé", "Quote refused", Stop, Run(section::DEVIS), &[DEVIS_ENVOYE],
        schema::of::<inputs::Refus>, nothing_missing, devis::refuse;
    "reprendre_devis", "Reprendre le devis", "Rework the quote", Other, Run(section::DEVIS), &[DEVIS_ENVOYE, DEVIS_REFUSE],
        nothing_asked, nothing_missing, devis::rework;
    "classer_perdu", "Classer comme perdu", "Close as lost", Stop, Run(section::DEVIS), &[DEVIS_REFUSE],
        nothing_asked, nothing_missing, devis::close_lost;
    "ouvrir_montage", "Passer au montage administratif", "Open funding", Forward, Run(section::DEVIS), &[DEVIS_ACCEPTE],
        nothing_asked, nothing_missing, montage::open;
    // 3 Montage administratif
    "deposer_financement", "Demandes déposées", "Requests filed", Forward, Run(section::MONTAGE), &[EN_COURS_MONTAGE],
        nothing_asked, montage::missing_to_file, montage::file;
    "valider_financement", "Valider le financement", "Settle the funding", Forward, Run(section::MONTAGE), &[EN_COURS_MONTAGE, EN_ATTENTE_FINANCEMENT],
        nothing_asked, montage::missing_to_settle, montage::settle;
    "ouvrir_planification", "Passer à la planification", "Open scheduling", Forward, Run(section::MONTAGE), &[FINANCEMENT_VALIDE],
        nothing_asked, nothing_missing, planification::open;
    // 4 Planification
    "planifier", "Valider le planning", "Confirm the schedule", Forward, Run(section::PLANIFICATION), &[EN_COURS_PLANIFICATION],
        nothing_asked, planification::missing, planification::plan;
    "ouvrir_documents", "Passer aux documents", "Open paperwork", Forward, Run(section::PLANIFICATION), &[PLANIFIE],
        nothing_asked, nothing_missing, documents::open;
    // 5 Documents administratifs
    "documents_prets", "Prêt pour la formation", "Ready for training", Forward, Run(section::DOCUMENTS), &[EN_COURS_DOCUMENTS],
        nothing_asked, documents::missing, documents::ready;
    "ouvrir_facturation", "Passer à la facturation", "Open invoicing", Forward, Run(section::DOCUMENTS), &[PRET_FORMATION],
        nothing_asked, nothing_missing, facturation::open;
    // 6 Facturation
    "emettre_facture", "Émettre les factures", "Issue the invoices", Forward, Run(section::FACTURATION), &[EN_COURS_FACTURATION],
        schema::of::<inputs::Emission>, facturation::missing_to_issue, facturation::issue;
    "emettre_acompte", "Émettre un acompte", "Issue a deposit invoice", Other, Run(section::FACTURATION), &[EN_COURS_FACTURATION],
        schema::of::<inputs::Acompte>, facturation::missing_to_deposit, facturation::deposit;
    "enregistrer_paiement", "Enregistrer un règlement", "Record a payment", Forward, Run(section::FACTURATION), &[EN_COURS_FACTURATION, FACTURE],
        schema::of::<inputs::Reglement>, facturation::missing_to_pay, facturation::pay;
    "cloturer", "Clôturer", "Close", Forward, Run(section::FACTURATION), &[PAYE],
        nothing_asked, facturation::missing_to_close, facturation::close;
    "cloturer_sans_facture", "Clôturer sans facture", "Close without an invoice", Other, Run(section::FACTURATION), &[EN_COURS_FACTURATION],
        schema::of::<inputs::SansFacture>, facturation::missing_to_close_unbilled, facturation::close_unbilled;
    "emettre_avoir", "Émettre un avoir", "Issue a credit note", Other, Run(section::FACTURATION), &[EN_COURS_FACTURATION, FACTURE, PAYE],
        schema::of::<inputs::Avoir>, facturation::missing_to_credit, facturation::credit;
    "contrepasser_reglement", "Contre-passer un règlement", "Reverse a payment", Other, Run(section::FACTURATION), &[EN_COURS_FACTURATION, FACTURE, PAYE],
        schema::of::<inputs::Contrepassation>, facturation::missing_to_reverse, facturation::reverse;
    "rouvrir", "Rouvrir la facturation", "Reopen invoicing", Back, Run(section::FACTURATION), &[PAYE, TERMINE],
        reason, nothing_missing, facturation::reopen;
    // Every section
    "retourner", "Renvoyer à l’étape précédente", "Send back", Back, RunCurrent,
        &[EN_COURS_DEVIS, EN_COURS_MONTAGE, EN_ATTENTE_FINANCEMENT, EN_COURS_PLANIFICATION, EN_COURS_DOCUMENTS, EN_COURS_FACTURATION],
        reason, pauses::missing_to_return, pauses::send_back;
    "suspendre", "Mettre en attente", "Suspend", Pause, Interrupt, OPEN,
        schema::of::<inputs::Suspension>, nothing_missing, pauses::suspend;
    "reprendre", "Reprendre", "Resume", Forward, Interrupt, &[EN_ATTENTE],
        nothing_asked, nothing_missing, pauses::resume;
    "annuler", "Annuler le dossier", "Cancel the file", Stop, Interrupt, CANCELLABLE,
        schema::of::<inputs::Annulation>, pauses::missing_to_cancel, pauses::cancel;
}
