//! Request bodies for opportunités.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use afpi_core::id::{EntrepriseId, LocalisationId, UserId};
use afpi_http::bounds::Int;
use afpi_http::input::stated;
use afpi_http::texts::Line;

/// The organisation of the training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[schema(as = OpportuniteKind)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    InterEntreprise,
    IntraEntreprise,
    Individuelle,
    Alternance,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The meaning of a status for figures. The workflow plugin declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Outcome {
    Open,
    Suspended,
    Won,
    Lost,
    Done,
    Other,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Cents, up to ten million euros.
pub type Amount = Int<0, 1_000_000_000>;

/// What is sold, in one line.
pub type Title = Line<200>;

/// A new opportunité.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpportuniteCreate {
    #[schema(value_type = Uuid)]
    pub entreprise_id: EntrepriseId,
    #[validate(nested)]
    pub title: Title,
    /// Cents excl. VAT.
    #[validate(nested)]
    pub budget: Amount,
    /// Default `intra-entreprise`.
    pub kind: Option<Kind>,
    /// Default: the entreprise's if the caller works there, otherwise the caller's first.
    #[schema(value_type = Option<Uuid>)]
    pub localisation_id: Option<LocalisationId>,
    /// Default: the caller.
    #[schema(value_type = Option<Uuid>)]
    pub commercial_id: Option<UserId>,
    /// Initial section documents: `{"<section>": {…}}`.
    #[schema(value_type = Option<Object>)]
    pub data: Option<Map<String, Value>>,
}

/// Changes outside the sections. An absent field stays, `null` clears it.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OpportuniteUpdate {
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub title: Option<Title>,
    #[serde(deserialize_with = "stated")]
    #[validate(nested)]
    pub budget: Option<Amount>,
    #[serde(deserialize_with = "stated")]
    pub kind: Option<Kind>,
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<Uuid>)]
    pub commercial_id: Option<UserId>,
}
