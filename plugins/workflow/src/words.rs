//! Every id that leaves this plugin: roles, sections, facts and number series. Statuses are in `statuses`, moves in
//! `moves`.

/// Role ids of the product that this relay uses.
pub mod role {
    pub const ADMIN: &str = "admin";
    pub const RESPONSABLE: &str = "responsable_commercial";
    pub const MANAGER: &str = "manager";
    pub const COMMERCIAL: &str = "commercial";
    pub const ASSISTANTE: &str = "assistante";
    pub const PLANIFICATEUR: &str = "planificateur";
    pub const FACTURATION: &str = "facturation";
}

/// Section ids, in the order of the relay. They are also the keys of the documents.
pub mod section {
    pub const COLLECTE: &str = "collecte";
    pub const DEVIS: &str = "devis";
    pub const MONTAGE: &str = "montage";
    pub const PLANIFICATION: &str = "planification";
    pub const DOCUMENTS: &str = "documents";
    pub const FACTURATION: &str = "facturation";

    pub const ALL: [&str; 6] = [COLLECTE, DEVIS, MONTAGE, PLANIFICATION, DOCUMENTS, FACTURATION];
}

/// Kinds of facts for figures. Amounts are cents.
pub mod fact {
    /// A quote went out. Amount excl. VAT; key `v<version>`.
    pub const DEVIS_ENVOYE: &str = "devis-envoye";
    /// A quote was signed, on the day of the signature. Amount excl. VAT.
    pub const DEVIS_ACCEPTE: &str = "devis-accepte";
    /// A signature no longer counts: the quote is reworked or the opportunité cancelled. The accepted amount.
    pub const ACCEPTATION_ANNULEE: &str = "acceptation-annulee";
    /// A quote was refused. Amount excl. VAT; key = the cause.
    pub const DEVIS_REFUSE: &str = "devis-refuse";
    /// A refused quote is given up: lost. Amount excl. VAT; key = the cause.
    pub const CLOTURE_PERDUE: &str = "cloture-perdue";
    /// Cancelled: lost too. Its amount; key = its section.
    pub const ANNULE: &str = "annule";
    /// An invoice was issued. Amount excl. VAT; key = the payer.
    pub const FACTURE_EMISE: &str = "facture-emise";
    /// A credit note was issued. Amount excl. VAT, positive; key = the payer.
    pub const AVOIR_EMIS: &str = "avoir-emis";
    /// A payment, on its day. Amount incl. VAT; key = the means of payment.
    pub const PAIEMENT: &str = "paiement";
    /// A reversed payment (a bounced cheque, a refund), on that day. Amount incl. VAT, positive; key = the means of the
    /// payment.
    pub const PAIEMENT_ANNULE: &str = "paiement-annule";
}

/// Series of gapless numbers, kept by the host.
pub mod series {
    pub const DEVIS: (&str, &str) = ("devis", "D{year}-{n}");
    pub const FACTURE: (&str, &str) = ("facture", "F{year}-{n}");
    pub const AVOIR: (&str, &str) = ("avoir", "A{year}-{n}");
}
