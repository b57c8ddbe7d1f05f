//! Request bodies for opportunités.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use afpi_core::id::{EntrepriseId, LocalisationId, UserId};
use afpi_http::bounds::Int;
use afpi_http::input::stated;
use afpi_http::texts::{Line, Prose, refilled};

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

/// Where an opportunité comes from. One list for all sites, so that their figures compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[schema(as = OpportuniteOrigine)]
#[strum(serialize_all = "kebab-case")]
pub enum Origine {
    Prospection,
    AppelEntrant,
    SiteWeb,
    ClientExistant,
    Recommandation,
    /// An OPCO or another partner.
    Partenaire,
    AppelOffres,
    Salon,
    Autre,
}

impl Origine {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why an opportunité was lost. One list for all sites, whatever their workflow asks.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[schema(as = OpportuniteLostReason)]
#[strum(serialize_all = "kebab-case")]
pub enum LostReason {
    Prix,
    Delai,
    Concurrent,
    /// The funding was refused.
    Financement,
    /// The project was given up.
    Besoin,
    SansReponse,
    Autre,
}

impl LostReason {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What people add to the reason of a loss.
pub type LostRemark = Prose<2000>;

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
    /// Where it comes from. Default: not said.
    pub origine: Option<Origine>,
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
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<Origine>)]
    pub origine: Option<Option<Origine>>,
    /// Only of a lost opportunité, also after it is closed.
    #[serde(deserialize_with = "stated")]
    #[schema(value_type = Option<LostReason>)]
    pub lost_reason: Option<Option<LostReason>>,
    /// Only of a lost opportunité, also after it is closed.
    #[serde(deserialize_with = "refilled")]
    #[validate(nested)]
    #[schema(value_type = Option<LostRemark>)]
    pub lost_remark: Option<Option<LostRemark>>,
}
