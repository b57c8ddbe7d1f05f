//! Request bodies of legal entities and sites. An absent field stays, `null` clears it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::ObjectBuilder;
use validator::Validate;

use crate::identifiants::{Bic, Iban, Phone, Siret, VatNumber};
use afpi_core::id::UploadId;
use afpi_core::text::text;
use afpi_http::bounds::Int;
use afpi_http::input::stated;
use afpi_http::texts::{Checked, Email, Line, Prose, Refusal, Rule, refilled, sized};

/// A colour as `#1F4E79`.
pub type Colour = Checked<ColourRule>;

pub struct ColourRule;

impl Rule for ColourRule {
    fn name() -> Cow<'static, str> {
        "Colour".into()
    }

    fn tidy(sent: &str) -> String {
        sent.trim().to_uppercase()
    }

    fn check(colour: &str) -> Result<(), Refusal> {
        let fits = colour
            .strip_prefix('#')
            .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let message = text("Une couleur s'écrit comme #1F4E79.", "A colour is written like #1F4E79.");
        if fits { Ok(()) } else { Err(Refusal { code: "colour", message }) }
    }

    fn schema() -> ObjectBuilder {
        sized(7, 7).description(Some("`#` and six hexadecimal digits."))
    }
}

/// Changes to a legal entity.
#[derive(Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EntiteUpdate {
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub name: Option<Line<200>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<80>>)]
    pub legal_form: Option<Option<Line<80>>>,
    /// Cents.
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Int<0, 100_000_000_000>>)]
    pub capital: Option<Option<Int<0, 100_000_000_000>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Siret>)]
    pub siret: Option<Option<Siret>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<VatNumber>)]
    pub vat_number: Option<Option<VatNumber>>,
    /// Numéro de déclaration d'activité.
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<20>>)]
    pub nda: Option<Option<Line<20>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<120>>)]
    pub nda_region: Option<Option<Line<120>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<250>>)]
    pub line1: Option<Option<Line<250>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<250>>)]
    pub line2: Option<Option<Line<250>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<10>>)]
    pub postcode: Option<Option<Line<10>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<120>>)]
    pub city: Option<Option<Line<120>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Iban>)]
    pub iban: Option<Option<Iban>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Bic>)]
    pub bic: Option<Option<Bic>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<120>>)]
    pub bank: Option<Option<Line<120>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<120>>)]
    pub signatory_name: Option<Option<Line<120>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<120>>)]
    pub signatory_quality: Option<Option<Line<120>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Email>)]
    pub email: Option<Option<Email>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Phone>)]
    pub phone: Option<Option<Phone>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<200>>)]
    pub website: Option<Option<Line<200>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Colour>)]
    pub colour: Option<Option<Colour>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Prose<600>>)]
    pub footer: Option<Option<Prose<600>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Prose<600>>)]
    pub payment_terms: Option<Option<Prose<600>>>,
    /// The law allows at most 60 days between companies (C. com. L441-10).
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Int<0, 60>>)]
    pub payment_days: Option<Option<Int<0, 60>>>,
    /// Hundredths of a percent.
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Int<0, 10_000>>)]
    pub penalty_rate: Option<Option<Int<0, 10_000>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<120>>)]
    pub rcs: Option<Option<Line<120>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Prose<600>>)]
    pub mediator: Option<Option<Prose<600>>>,
}

/// Changes to a site.
#[derive(Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LocalisationUpdate {
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub name: Option<Line<120>>,
    #[serde(deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub city: Option<Line<120>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<250>>)]
    pub address: Option<Option<Line<250>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<250>>)]
    pub line2: Option<Option<Line<250>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<10>>)]
    pub postcode: Option<Option<Line<10>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Phone>)]
    pub phone: Option<Option<Phone>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Email>)]
    pub email: Option<Option<Email>>,
    /// How to come.
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Prose<2000>>)]
    pub access: Option<Option<Prose<2000>>>,
    /// The disability referent.
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<120>>)]
    pub referent_name: Option<Option<Line<120>>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Email>)]
    pub referent_email: Option<Option<Email>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Phone>)]
    pub referent_phone: Option<Option<Phone>>,
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<200>>)]
    pub pedagogical_contact: Option<Option<Line<200>>>,
    /// Of the règlement intérieur.
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Line<40>>)]
    pub rules_version: Option<Option<Line<40>>>,
    /// What stands below every mail in French.
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Prose<2000>>)]
    pub mail_closing_fr: Option<Option<Prose<2000>>>,
    /// The same in English.
    #[serde(deserialize_with = "refilled", skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    #[schema(value_type = Option<Prose<2000>>)]
    pub mail_closing_en: Option<Option<Prose<2000>>>,
}

/// A logo.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogoSet {
    /// An upload of the caller that is not attached yet: a PNG or JPEG picture of at most 1 MiB.
    #[schema(value_type = Uuid)]
    pub upload_id: UploadId,
}
