//! What documents read of the workflow's section documents. Unknown fields are ignored: the workflow owns them.

use serde::Deserialize;

use super::programme::{Programme, programme};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Sections {
    pub collecte: Collecte,
    pub devis: Devis,
    pub montage: Montage,
    pub facturation: Facturation,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Collecte {
    pub objectifs: Option<String>,
    pub participants: Option<usize>,
    pub debut_souhaite: Option<String>,
    pub fin_souhaitee: Option<String>,
    /// `centre`, `entreprise`, `distance` or `mixte`.
    pub modalite: Option<String>,
    pub lieu: Option<String>,
    pub prerequis: Option<String>,
    #[serde(deserialize_with = "programme")]
    pub programme: Option<Programme>,
    pub contacts: Vec<Interlocuteur>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Interlocuteur {
    pub nom: Option<String>,
    pub fonction: Option<String>,
    pub email: Option<String>,
    pub decideur: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Devis {
    pub numero: Option<String>,
    pub version: Option<i64>,
    pub lignes: Vec<Ligne>,
    pub validite_jusquau: Option<String>,
    pub conditions: Option<String>,
    pub motif_gratuite: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Ligne {
    pub libelle: String,
    pub quantite: f64,
    pub unite: Option<String>,
    pub prix_unitaire: i64,
    /// `exonere` or `taux20`.
    pub tva: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Montage {
    pub financeurs: Vec<Financeur>,
    pub part_entreprise: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Financeur {
    pub payeur: Option<String>,
    pub organisme: Option<String>,
    pub montant_demande: Option<i64>,
    pub montant_accorde: Option<i64>,
    pub prise_en_charge: Option<String>,
    pub subrogation: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Facturation {
    pub factures: Vec<Facture>,
}

/// An invoice of section 6; a draft as long as it has no day of issue.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Facture {
    pub nature: Option<String>,
    pub payeur: Option<String>,
    pub nom: Option<String>,
    pub base_exoneree: i64,
    pub base_taux20: i64,
    pub tva: Option<i64>,
    pub total_ttc: Option<i64>,
    pub bon_commande: Option<String>,
    pub prise_en_charge: Option<String>,
    /// The deposits that a final invoice deducts.
    pub acomptes: Vec<super::Deposit>,
    pub emise_le: Option<String>,
    /// The number of the invoice that a credit note corrects.
    pub corrige: Option<String>,
}
