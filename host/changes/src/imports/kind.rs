//! What a file brings: companies with their contacts, or records of a [`Tabular`] kind.

use afpi_core::rights::Action;
use afpi_core::text::{Text, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::change::Entity;
use crate::engine::tabular::{self, Tabular};
use afpi_platform::auth::caller::Caller;

/// What a file brings, as in paths and in the column `kind`.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = ImportKind)]
pub enum Kind {
    /// Companies and their contacts.
    #[default]
    Entreprises,
    Produits,
    Formateurs,
}

impl Kind {
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// The kind of records that its lines are.
    pub fn entity(self) -> Entity {
        match self {
            Kind::Entreprises => Entity::Entreprise,
            Kind::Produits => Entity::Produit,
            Kind::Formateurs => Entity::Formateur,
        }
    }

    /// How its lines are read and written. None for companies.
    pub fn tabular(self) -> Option<&'static dyn Tabular> {
        tabular::of(self.entity())
    }

    pub fn label(self) -> Text {
        match self.tabular() {
            Some(kind) => text(kind.label().0, kind.label().1),
            None => text("Entreprises et contacts", "Companies and contacts"),
        }
    }

    /// May this person import such files? It takes the right to import, and the one to write the records.
    pub fn open_to(self, caller: &Caller) -> bool {
        caller.may(Action::EntreprisesImport) && self.tabular().is_none_or(|kind| caller.may(kind.right()))
    }
}

impl afpi_db::Newtype for Kind {
    type Inner = String;

    fn wrap(word: String) -> Result<Self, afpi_db::Unreadable> {
        Ok(word.parse()?)
    }
}
