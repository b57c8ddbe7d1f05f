//! Every id that other parts use: roles, sections, facts and number series. The ids of statuses are in `statuses`, and
//! those of moves in `moves`.

/// The role ids of the product that this relay uses.
pub mod role {
    pub const ADMIN: &str = "admin";
    pub const RESPONSABLE: &str = "responsable_commercial";
    pub const MANAGER: &str = "manager";
    pub const COMMERCIAL: &str = "commercial";
    pub const ASSISTANTE: &str = "assistante";
    pub const PLANIFICATEUR: &str = "planificateur";
    pub const FACTURATION: &str = "facturation";
}

/// The section ids, in the order of the relay. They are also the keys of the documents.
pub mod section {
    pub const COLLECTE: &str = "collecte";
    pub const DEVIS: &str = "devis";
    pub const MONTAGE: &str = "montage";
    pub const PLANIFICATION: &str = "planification";
    pub const DOCUMENTS: &str = "documents";
    pub const FACTURATION: &str = "facturation";

    pub const ALL: [&str; 6] = [COLLECTE, DEVIS, MONTAGE, PLANIFICATION, DOCUMENTS, FACTURATION];
}

/// The kinds of facts for figures. Amounts are in cents.
pub mod fact {
    /// A quote was sent. The amount is without VAT, and the key is `v<version>`.
    pub const DEVIS_ENVOYE: &str = "devis-envoye";
    /// A quote was signed, on the day of the signature. The amount is without VAT.
    pub const DEVIS_ACCEPTE: &str = "devis-accepte";
    /// A signature is no longer valid, because the quote is reworked or the opportunité is cancelled. The amount is the
    /// accepted one.
    pub const ACCEPTATION_ANNULEE: &str = "acceptation-annulee";
    /// A quote was refused. The amount is without VAT, and the key is the cause.
    pub const DEVIS_REFUSE: &str = "devis-refuse";
    /// A refused quote is given up, so the opportunité is lost. The amount is without VAT, and the key is the cause.
    pub const CLOTURE_PERDUE: &str = "cloture-perdue";
    /// An opportunité was cancelled and is lost. It has the opportunité's amount, and the key is the section.
    pub const ANNULE: &str = "annule";
    /// An invoice was issued. The amount is without VAT, and the key is the payer.
    pub const FACTURE_EMISE: &str = "facture-emise";
    /// A credit note was issued. The amount is without VAT and positive, and the key is the payer.
    pub const AVOIR_EMIS: &str = "avoir-emis";
    /// A payment, on its day. The amount includes VAT, and the key is the means of payment.
    pub const PAIEMENT: &str = "paiement";
    /// A payment was reversed (a bounced cheque, a refund), on the day of the reversal. The amount includes VAT and is
    /// positive, and the key is the means of the payment.
    pub const PAIEMENT_ANNULE: &str = "paiement-annule";
}

/// The series of numbers without gaps. The host stores them.
pub mod series {
    pub const DEVIS: (&str, &str) = ("devis", "D{year}-{n}");
    pub const FACTURE: (&str, &str) = ("facture", "F{year}-{n}");
    pub const AVOIR: (&str, &str) = ("avoir", "A{year}-{n}");
}
