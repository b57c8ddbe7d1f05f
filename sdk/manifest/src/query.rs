//! Which records a plugin queries with `records-query`, and what an administrator reads about each kind.

use crate::Text;
use serde::{Deserialize, Serialize};

/// The most fields of one kind.
pub const MAX_QUERY_FIELDS: usize = 64;

/// `[[capabilities.records-query]]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct QueryRequest {
    pub kind: QueryKind,
    /// Names of fields as in the CRM's API, e.g. `address.city`: what it sees, filters by and sorts by.
    pub fields: Vec<String>,
}

/// A kind of record that `records-query` can be granted for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum QueryKind {
    Entreprise,
    Contact,
    Formateur,
    Salle,
    Objectif,
    Opportunite,
    Creance,
    User,
}

impl QueryKind {
    /// The word in manifests and in `afpi:types/records`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What granting it means, as an admin reads it above the names of the fields.
    pub fn sentence(self) -> Text {
        let (fr, en) = match self {
            QueryKind::Entreprise => {
                ("Lit ces données des entreprises de son site.", "Reads these data of its site’s companies.")
            }
            QueryKind::Contact => (
                "Lit ces données des contacts des entreprises de son site.",
                "Reads these data of the contacts of its site’s companies.",
            ),
            QueryKind::Formateur => {
                ("Lit ces données des formateurs de son site.", "Reads these data of its site’s trainers.")
            }
            QueryKind::Salle => ("Lit ces données des salles de son site.", "Reads these data of its site’s rooms."),
            QueryKind::Objectif => {
                ("Lit ces données des objectifs de son site.", "Reads these data of its site’s objectives.")
            }
            QueryKind::Opportunite => {
                ("Lit ces données des opportunités de son site.", "Reads these data of its site’s opportunités.")
            }
            QueryKind::Creance => (
                "Lit ces données des factures, avoirs et brouillons de son site.",
                "Reads these data of its site’s invoices, credit notes and drafts.",
            ),
            QueryKind::User => (
                "Lit ces données publiques des utilisateurs de son site.",
                "Reads these public data of its site’s users.",
            ),
        };
        Text { fr: fr.into(), en: en.into() }
    }
}
