//! Texts of requests, each with its rule: [`Line`] for names, titles and addresses, [`Prose`] for notes and reasons,
//! [`Email`], and [`Exact`] for texts that are compared, parsed or hashed. Reading normalises the text (`afpi_text`).
//! Validating reports errors at their field. A field of such a type needs `#[validate(nested)]`: `tests/texts.rs` sends
//! each of them a text that it must refuse.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use afpi_db::Value;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidationError, ValidationErrors};

use afpi_core::email;
use afpi_core::text::{Text, text};

/// The rule of a kind of text.
pub trait Rule {
    /// Its name in the OpenAPI document.
    fn name() -> Cow<'static, str>;
    /// The normalised form of a sent text, before validation.
    fn tidy(sent: &str) -> String;
    /// The error of a normalised text.
    fn check(tidy: &str) -> Result<(), Refusal>;
    /// Its schema in the OpenAPI document.
    fn schema() -> ObjectBuilder;
}

/// Why a text is refused: a code, and a message for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub message: Text,
}

impl From<afpi_text::Fault> for Refusal {
    fn from(fault: afpi_text::Fault) -> Self {
        Refusal { code: fault.code(), message: text(fault.fr(), fault.en()) }
    }
}

/// A text normalised by a rule. A text from a request is valid once the request is validated.
pub struct Checked<R>(String, PhantomData<fn() -> R>);

/// One line of 1 to `MAX` characters.
pub type Line<const MAX: usize> = Checked<OneLine<MAX>>;
/// Several lines with 1 to `MAX` characters in total.
pub type Prose<const MAX: usize> = Checked<ManyLines<MAX>>;
/// Identifiers, keys and passwords: `MIN` to `MAX` characters, unchanged.
pub type Exact<const MIN: usize, const MAX: usize> = Checked<AsSent<MIN, MAX>>;
/// An e-mail address, as typed.
pub type Email = Checked<Address>;

/// The longest stored e-mail address.
pub const MAX_EMAIL: usize = 190;

pub struct OneLine<const MAX: usize>;
pub struct ManyLines<const MAX: usize>;
pub struct AsSent<const MIN: usize, const MAX: usize>;
pub struct Address;

impl<const MAX: usize> Rule for OneLine<MAX> {
    fn name() -> Cow<'static, str> {
        format!("Line{MAX}").into()
    }

    fn tidy(sent: &str) -> String {
        afpi_text::line(sent)
    }

    fn check(tidy: &str) -> Result<(), Refusal> {
        Ok(afpi_text::check_line(tidy, MAX)?)
    }

    fn schema() -> ObjectBuilder {
        sized(1, MAX).description(Some("One line: no line breaks, control characters or marks that turn or hide text."))
    }
}

impl<const MAX: usize> Rule for ManyLines<MAX> {
    fn name() -> Cow<'static, str> {
        format!("Prose{MAX}").into()
    }

    fn tidy(sent: &str) -> String {
        afpi_text::lines(sent)
    }

    fn check(tidy: &str) -> Result<(), Refusal> {
        Ok(afpi_text::check_lines(tidy, MAX)?)
    }

    fn schema() -> ObjectBuilder {
        sized(1, MAX).description(Some("Line breaks and tabs may stand in it, other control characters may not."))
    }
}

impl<const MIN: usize, const MAX: usize> Rule for AsSent<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        format!("Exact{MIN}To{MAX}").into()
    }

    fn tidy(sent: &str) -> String {
        sent.to_owned()
    }

    fn check(sent: &str) -> Result<(), Refusal> {
        let count = sent.chars().count();
        if count == 0 && MIN > 0 {
            return Err(afpi_text::Fault::Empty.into());
        }
        if (MIN..=MAX).contains(&count) {
            return Ok(());
        }
        let message = text(format!("De {MIN} à {MAX} caractères."), format!("{MIN} to {MAX} characters."));
        Err(Refusal { code: "length", message })
    }

    fn schema() -> ObjectBuilder {
        sized(MIN, MAX).description(Some("No text for people: kept as it was sent."))
    }
}

impl Rule for Address {
    fn name() -> Cow<'static, str> {
        "Email".into()
    }

    fn tidy(sent: &str) -> String {
        email::tidy(sent)
    }

    fn check(tidy: &str) -> Result<(), Refusal> {
        afpi_text::check_line(tidy, MAX_EMAIL)?;
        if email::is_address(tidy) {
            return Ok(());
        }
        Err(Refusal { code: "email", message: text("Adresse e-mail invalide.", "Not an e-mail address.") })
    }

    fn schema() -> ObjectBuilder {
        sized(3, MAX_EMAIL).format(Some(SchemaFormat::Custom("idn-email".into())))
    }
}

/// The schema of a text with a minimum and a maximum number of characters.
pub fn sized(least: usize, most: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(least)).max_length(Some(most))
}

impl<const MAX: usize> Checked<OneLine<MAX>> {
    /// Its maximum length, also for texts that are no request fields.
    pub const MAX: usize = MAX;
}

impl<R: Rule> Checked<R> {
    /// A typed text, normalised.
    pub fn new(sent: &str) -> Self {
        Checked(R::tidy(sent), PhantomData)
    }

    /// A text from the database. It may be older than a rule and stays until somebody changes it.
    pub fn stored(text: String) -> Self {
        Checked(text, PhantomData)
    }

    /// A typed text, normalised and validated.
    pub fn read(sent: &str) -> Result<String, Refusal> {
        let tidy = R::tidy(sent);
        R::check(&tidy).map(|()| tidy)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<R: Rule> Validate for Checked<R> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        R::check(&self.0).map_err(|refusal| whole(refusal.code, refusal.message))
    }
}

/// An error of a whole value, under the name that `validator` uses for it.
pub fn whole(code: &'static str, Text { fr, en }: Text) -> ValidationErrors {
    let mut errors = ValidationErrors::new();
    errors.add("__all__", ValidationError::new(code).with_message(format!("{fr}|{en}").into()));
    errors
}

impl<'de, R: Rule> Deserialize<'de> for Checked<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|sent| Checked::new(&sent))
    }
}

impl<R> Serialize for Checked<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<R: Rule> PartialSchema for Checked<R> {
    fn schema() -> RefOr<Schema> {
        R::schema().into()
    }
}

impl<R: Rule> ToSchema for Checked<R> {
    fn name() -> Cow<'static, str> {
        R::name()
    }
}

impl<R> Clone for Checked<R> {
    fn clone(&self) -> Self {
        Checked(self.0.clone(), PhantomData)
    }
}

impl<R> Default for Checked<R> {
    fn default() -> Self {
        Checked(String::new(), PhantomData)
    }
}

impl<R> PartialEq for Checked<R> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<R> fmt::Debug for Checked<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<R> Deref for Checked<R> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<R: Rule> From<&str> for Checked<R> {
    fn from(sent: &str) -> Self {
        Checked::new(sent)
    }
}

impl<R: Rule> From<String> for Checked<R> {
    fn from(sent: String) -> Self {
        Checked::new(&sent)
    }
}

impl<R> From<Checked<R>> for String {
    fn from(text: Checked<R>) -> Self {
        text.0
    }
}

impl<R> From<&Checked<R>> for Value {
    fn from(text: &Checked<R>) -> Self {
        Value::Text(text.0.clone())
    }
}

impl<R> From<Checked<R>> for Value {
    fn from(text: Checked<R>) -> Self {
        Value::Text(text.0)
    }
}

/// For optional texts, beside `#[serde(default)]`: a blank text becomes `None`.
pub fn filled<'de, D: Deserializer<'de>, R: Rule>(deserializer: D) -> Result<Option<Checked<R>>, D::Error> {
    Option::<Checked<R>>::deserialize(deserializer).map(|text| text.filter(|text| !text.is_empty()))
}

/// The same for `PATCH`: absent leaves the field alone; `null` and blank clear it.
pub fn refilled<'de, D: Deserializer<'de>, R: Rule>(deserializer: D) -> Result<Option<Option<Checked<R>>>, D::Error> {
    filled(deserializer).map(Some)
}
