//! Which documents there are.

/// What one document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Opportunite,
    Piece,
    Day,
    Stagiaire,
}

/// One kind of document.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub id: &'static str,
    pub fr: &'static str,
    pub en: &'static str,
    /// Section of the workflow.
    pub section: &'static str,
    pub roles: &'static [&'static str],
    pub about: About,
    /// The kinds of pieces that it shows. A reminder is refused until its invoice is late.
    pub pieces: &'static [&'static str],
    pub archival: bool,
    pub languages: &'static [&'static str],
    /// Somebody signs it and sends it back.
    pub signed: bool,
    /// The step of the reminder that it is; 0: none.
    pub reminder: u8,
}

const SALES: &[&str] = &["admin", "commercial", "manager", "responsable_commercial", "assistante"];
const OFFICE: &[&str] = &["admin", "manager", "responsable_commercial", "assistante", "planificateur"];
const BILLING: &[&str] = &["admin", "manager", "facturation"];
const INVOICES: &[&str] = &["facture", "acompte"];
const FRENCH: &[&str] = &["fr"];
const BOTH: &[&str] = &["fr", "en"];

/// All kinds, in the order of the relay.
pub const KINDS: &[Kind] = &[
    kind("devis", "Devis", "Quote", "devis", SALES, About::Piece).of(&["devis"]).languages(BOTH).signed(),
    kind("programme", "Programme", "Programme", "devis", SALES, About::Opportunite),
    kind("bulletin", "Bulletin d’inscription", "Registration form", "montage", SALES, About::Opportunite).signed(),
    kind("convention", "Convention de formation", "Training agreement", "montage", OFFICE, About::Opportunite).signed(),
    kind("contrat", "Contrat individuel", "Individual contract", "montage", OFFICE, About::Stagiaire).signed(),
    kind("convocation", "Convocation", "Joining instructions", "documents", OFFICE, About::Stagiaire).languages(BOTH),
    kind("emargement", "Feuille d’émargement", "Attendance sheet", "documents", OFFICE, About::Day).signed(),
    kind("certificat", "Certificat de réalisation", "Certificate of completion", "documents", OFFICE, About::Stagiaire)
        .languages(BOTH),
    kind("attestation", "Attestation d’assiduité", "Attestation of attendance", "documents", OFFICE, About::Stagiaire),
    kind("facture", "Facture", "Invoice", "facturation", BILLING, About::Piece).of(INVOICES).languages(BOTH),
    kind("avoir", "Avoir", "Credit note", "facturation", BILLING, About::Piece).of(&["avoir"]).languages(BOTH),
    kind("relance-1", "Rappel de facture", "Payment reminder", "facturation", BILLING, About::Piece)
        .of(INVOICES)
        .reminds(1),
    kind("relance-2", "Deuxième rappel", "Second reminder", "facturation", BILLING, About::Piece)
        .of(INVOICES)
        .reminds(2),
    kind("relance-3", "Mise en demeure", "Formal notice", "facturation", BILLING, About::Piece).of(INVOICES).reminds(3),
];

const fn kind(
    id: &'static str,
    fr: &'static str,
    en: &'static str,
    section: &'static str,
    roles: &'static [&'static str],
    about: About,
) -> Kind {
    Kind {
        id,
        fr,
        en,
        section,
        roles,
        about,
        pieces: &[],
        archival: true,
        languages: FRENCH,
        signed: false,
        reminder: 0,
    }
}

impl Kind {
    const fn of(self, pieces: &'static [&'static str]) -> Kind {
        Kind { pieces, ..self }
    }

    /// A reminder: made when its step is due, not when its piece is issued.
    const fn reminds(self, step: u8) -> Kind {
        Kind { archival: false, reminder: step, ..self }
    }

    const fn signed(self) -> Kind {
        Kind { signed: true, ..self }
    }

    const fn languages(self, languages: &'static [&'static str]) -> Kind {
        Kind { languages, ..self }
    }
}

/// The kind of this id.
pub fn find(id: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.id == id)
}
