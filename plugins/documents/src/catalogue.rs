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
}

const SALES: &[&str] = &["admin", "commercial", "manager", "responsable_commercial", "assistante"];
const OFFICE: &[&str] = &["admin", "manager", "responsable_commercial", "assistante", "planificateur"];
const BILLING: &[&str] = &["admin", "manager", "facturation"];
const INVOICES: &[&str] = &["facture", "acompte"];
const FRENCH: &[&str] = &["fr"];
const BOTH: &[&str] = &["fr", "en"];

/// All kinds, in the order of the relay.
pub const KINDS: &[Kind] = &[
    kind("devis", "Devis", "Quote", "devis", SALES, About::Piece).of(&["devis"]).languages(BOTH),
    kind("programme", "Programme", "Programme", "devis", SALES, About::Opportunite),
    kind("bulletin", "Bulletin d’inscription", "Registration form", "montage", SALES, About::Opportunite),
    kind("convention", "Convention de formation", "Training agreement", "montage", OFFICE, About::Opportunite),
    kind("contrat", "Contrat individuel", "Individual contract", "montage", OFFICE, About::Stagiaire),
    kind("convocation", "Convocation", "Joining instructions", "documents", OFFICE, About::Stagiaire).languages(BOTH),
    kind("emargement", "Feuille d’émargement", "Attendance sheet", "documents", OFFICE, About::Day),
    kind("certificat", "Certificat de réalisation", "Certificate of completion", "documents", OFFICE, About::Stagiaire)
        .languages(BOTH),
    kind("attestation", "Attestation d’assiduité", "Attestation of attendance", "documents", OFFICE, About::Stagiaire),
    kind("facture", "Facture", "Invoice", "facturation", BILLING, About::Piece).of(INVOICES).languages(BOTH),
    kind("avoir", "Avoir", "Credit note", "facturation", BILLING, About::Piece).of(&["avoir"]).languages(BOTH),
    kind("relance-1", "Rappel de facture", "Payment reminder", "facturation", BILLING, About::Piece)
        .of(INVOICES)
        .wanted(),
    kind("relance-2", "Deuxième rappel", "Second reminder", "facturation", BILLING, About::Piece).of(INVOICES).wanted(),
    kind("relance-3", "Mise en demeure", "Formal notice", "facturation", BILLING, About::Piece).of(INVOICES).wanted(),
];

const fn kind(
    id: &'static str,
    fr: &'static str,
    en: &'static str,
    section: &'static str,
    roles: &'static [&'static str],
    about: About,
) -> Kind {
    Kind { id, fr, en, section, roles, about, pieces: &[], archival: true, languages: FRENCH }
}

impl Kind {
    const fn of(self, pieces: &'static [&'static str]) -> Kind {
        Kind { pieces, ..self }
    }

    /// Made when somebody wants it, not when its piece is issued.
    const fn wanted(self) -> Kind {
        Kind { archival: false, ..self }
    }

    const fn languages(self, languages: &'static [&'static str]) -> Kind {
        Kind { languages, ..self }
    }
}

/// The kind of this id.
pub fn find(id: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.id == id)
}
