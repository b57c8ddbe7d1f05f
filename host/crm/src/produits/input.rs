//! Request bodies for training products, and their checks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use afpi_core::id::LegalEntityId;
use afpi_core::text::fold;
use afpi_http::bounds::Int;
use afpi_http::input::stated;
use afpi_http::texts::{Line, Prose, filled, refilled};

/// How a training takes place.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = ProduitModality)]
pub enum Modality {
    Presentiel,
    Distanciel,
    Mixte,
    /// On the job.
    Afest,
}

impl afpi_db::Newtype for Modality {
    type Inner = String;

    fn wrap(word: String) -> Result<Self, afpi_db::Unreadable> {
        Ok(word.parse()?)
    }
}

/// What the price is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = ProduitPriceUnit)]
pub enum PriceUnit {
    /// The whole training of a group.
    Group,
    Day,
    Trainee,
    Hour,
}

impl afpi_db::Newtype for PriceUnit {
    type Inner = String;

    fn wrap(word: String) -> Result<Self, afpi_db::Unreadable> {
        Ok(word.parse()?)
    }
}

/// The code of a product, e.g. `SOUD-TIG-35`.
pub type Code = Line<40>;
/// What a product is called on quotes and documents.
pub type Title = Line<200>;
/// The family of a product.
pub type Category = Line<120>;
/// At most 5,000 hours.
pub type Minutes = Int<1, 300_000>;
/// Cents excl. VAT, at most a million euros.
pub type Price = Int<0, 100_000_000>;
/// Hundredths of a percent.
pub type VatRate = Int<0, 10_000>;
/// Aims or prerequisites.
pub type Aims = Prose<4000>;
/// What is taught, as on sessions.
pub type Programme = Prose<8000>;

/// A new training product.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ProduitCreate)]
pub struct ProduitCreate {
    /// Unique in the network, regardless of case, accents and spaces.
    #[validate(nested, custom(function = nameable))]
    pub code: Code,
    #[validate(nested)]
    pub title: Title,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub category: Option<Category>,
    pub modality: Option<Modality>,
    #[validate(nested)]
    pub duration_minutes: Option<Minutes>,
    /// Cents excl. VAT.
    #[validate(nested)]
    pub price: Option<Price>,
    pub price_unit: PriceUnit,
    /// Hundredths of a percent; 0 is exempt.
    #[validate(nested)]
    pub vat_rate: VatRate,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub objectives: Option<Aims>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub prerequisites: Option<Aims>,
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub programme: Option<Programme>,
    /// Whose product it is. Default: the network's for who sees all of it, otherwise the legal entity of the caller's
    /// first localisation.
    #[schema(value_type = Option<Uuid>)]
    pub legal_entity_id: Option<LegalEntityId>,
}

/// Changes to a product. An absent field stays, `null` clears it.
#[derive(Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = ProduitUpdate)]
pub struct ProduitUpdate {
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested, custom(function = nameable))]
    pub code: Option<Code>,
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub title: Option<Title>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Category>)]
    pub category: Option<Option<Category>>,
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Modality>)]
    pub modality: Option<Option<Modality>>,
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Minutes>)]
    pub duration_minutes: Option<Option<Minutes>>,
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Price>)]
    pub price: Option<Option<Price>>,
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub price_unit: Option<PriceUnit>,
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub vat_rate: Option<VatRate>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Aims>)]
    pub objectives: Option<Option<Aims>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Aims>)]
    pub prerequisites: Option<Option<Aims>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Programme>)]
    pub programme: Option<Option<Programme>>,
    /// `null` makes it a product of the network.
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub legal_entity_id: Option<Option<LegalEntityId>>,
    /// An archived product is no longer offered. What was filled in from it stays.
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// A code needs a letter or a digit, otherwise codes could not be compared. See the names of rooms.
fn nameable(code: &Code) -> Result<(), ValidationError> {
    if code.validate().is_err() || fold(code).chars().any(char::is_alphanumeric) {
        return Ok(());
    }
    Err(ValidationError::new("required").with_message(
        "Le code contient au moins une lettre ou un chiffre.|The code has at least one letter or digit.".into(),
    ))
}
