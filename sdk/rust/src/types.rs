//! The types that every plugin shares (texts, problems, errors, people, the opportunité), with a few convenient
//! methods. Knows no kind of plugin.
//!
//! ```
//! use afpi_sdk::{Error, Opportunite, Result};
//!
//! #[derive(Default, serde::Deserialize)]
//! struct Devis {
//!     lignes: Vec<String>,
//! }
//!
//! fn lines_of_the_quote(subject: &Opportunite) -> Result<usize> {
//!     match subject.document::<Devis>("devis")?.lignes.len() {
//!         0 => Err(Error::required("/devis/lignes")),
//!         lines => Ok(lines),
//!     }
//! }
//! # let subject = Opportunite { data: r#"{"devis":{"lignes":["a"]}}"#.into(), ..afpi_sdk::testing::opportunite() };
//! # assert_eq!(lines_of_the_quote(&subject), Ok(1));
//! ```

use serde::de::DeserializeOwned;

pub use crate::bindings::base::afpi::types::types::{Actor, Entreprise, Error, FieldProblem, Opportunite, Text};

/// A UUID in its 36-character lower-case form.
///
/// ```
/// use afpi_sdk::types::{Id, Instant, Money};
///
/// struct Sale {
///     opportunite: Id,
///     /// Cents.
///     amount: Money,
///     /// Epoch milliseconds.
///     at: Instant,
/// }
/// ```
pub type Id = String;
/// An amount in integer cents of euro, excl. VAT unless the name says otherwise; as in the example of [`Id`].
pub type Money = i64;
/// Milliseconds since 1970-01-01T00:00:00Z; as in the example of [`Id`].
pub type Instant = i64;
/// What a plugin's functions return.
///
/// ```
/// fn half(cents: i64) -> afpi_sdk::Result<i64> {
///     if cents % 2 == 0 { Ok(cents / 2) } else { Err(afpi_sdk::Error::other("an odd amount")) }
/// }
/// # assert!(half(3).is_err());
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// ```
/// let label = afpi_sdk::Text::new("Devis", "Quote");
/// assert_eq!((label.fr.as_str(), label.en.as_str()), ("Devis", "Quote"));
/// ```
impl Text {
    /// A text in the two languages of the product.
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Text {
        Text { fr: fr.into(), en: en.into() }
    }
}

/// ```
/// use afpi_sdk::{FieldProblem, Text};
///
/// let problems = vec![
///     FieldProblem::required("/lignes/0/libelle"),
///     FieldProblem::new("/lignes/0/quantite", "out-of-range", Text::new("De 1 à 99.", "From 1 to 99.")),
/// ];
/// # assert_eq!(problems[0].code, "required");
/// ```
impl FieldProblem {
    /// An error at `field`, a JSON Pointer such as `/lignes/0/quantite`. `code` is stable, for programs.
    pub fn new(field: impl Into<String>, code: &str, message: Text) -> FieldProblem {
        FieldProblem { field: field.into(), code: code.into(), message }
    }

    /// The field is required and empty (code `required`).
    pub fn required(field: impl Into<String>) -> FieldProblem {
        FieldProblem::new(field, "required", Text::new("À renseigner", "Required"))
    }
}

/// ```
/// use afpi_sdk::Error;
///
/// fn check(quantity: u32, late: bool) -> afpi_sdk::Result<()> {
///     match quantity {
///         _ if late => Err(Error::conflict("Le devis est clos.", "The quote is closed.")),
///         0 => Err(Error::required("/quantite")),
///         1..100 => Ok(()),
///         _ => Err(Error::invalid("/quantite", "out-of-range", "Au plus 99.", "At most 99.")),
///     }
/// }
/// # assert_eq!(check(1, true).unwrap_err().text().en, "The quote is closed.");
/// # assert_eq!(check(0, false), Err(Error::required("/quantite")));
/// # assert!(check(5, false).is_ok() && matches!(check(100, false), Err(Error::Invalid(_))));
/// ```
impl Error {
    /// The input is wrong in one place; see [`FieldProblem::new`].
    pub fn invalid(field: impl Into<String>, code: &str, fr: &str, en: &str) -> Error {
        Error::Invalid(vec![FieldProblem::new(field, code, Text::new(fr, en))])
    }

    /// A required field of the input is empty.
    pub fn required(field: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldProblem::required(field)])
    }

    /// The actor may not do this.
    pub fn denied(fr: &str, en: &str) -> Error {
        Error::Denied(Text::new(fr, en))
    }

    /// The present state does not allow it.
    pub fn conflict(fr: &str, en: &str) -> Error {
        Error::Conflict(Text::new(fr, en))
    }

    /// Any other error, with a text for the log.
    pub fn other(why: impl std::fmt::Display) -> Error {
        Error::Other(why.to_string())
    }

    /// The error as a text for people; `Display` is for logs. A text in one language stays in it.
    ///
    /// ```
    /// let error = afpi_sdk::Error::Unavailable("503".into());
    /// assert_eq!((error.text().fr.as_str(), error.text().en.as_str()), ("Service indisponible : 503", "Service unavailable: 503"));
    /// ```
    pub fn text(&self) -> Text {
        let both = |fr: &str, en: &str, what: &str| Text::new(format!("{fr} : {what}"), format!("{en}: {what}"));
        match self {
            Error::Invalid(problems) => {
                let join = |say: fn(&FieldProblem) -> &str| {
                    let said =
                        problems.iter().map(|problem| format!("{} {}", problem.field, say(problem)).trim().to_owned());
                    said.collect::<Vec<_>>().join(" ; ")
                };
                Text::new(join(|problem| &problem.message.fr), join(|problem| &problem.message.en))
            }
            Error::Denied(text) | Error::Conflict(text) => text.clone(),
            Error::NotFound(what) => both("Introuvable", "Not found", what),
            Error::RateLimited(wait) => {
                both("Trop d’appels, à réessayer dans (ms)", "Too many calls, try again in (ms)", &wait.to_string())
            }
            Error::Unavailable(what) => both("Service indisponible", "Service unavailable", what),
            Error::Other(what) => Text::new(what, what),
        }
    }
}

/// Makes `?` work on JSON: a parse error is reported with the parser's text.
impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::other(format_args!("json: {error}"))
    }
}

impl Opportunite {
    /// The document of one section, or its default when there is none yet.
    ///
    /// ```
    /// #[derive(Default, serde::Deserialize)]
    /// struct Request {
    ///     need: String,
    /// }
    /// # let subject = afpi_sdk::Opportunite { data: r#"{"request":{"need":"B1V"}}"#.into(), ..afpi_sdk::testing::opportunite() };
    /// assert_eq!(subject.document::<Request>("request").unwrap().need, "B1V");
    /// assert_eq!(subject.document::<Request>("other").unwrap().need, "");
    /// ```
    ///
    /// # Errors
    /// [`Error::Other`] when the stored documents do not have the shape of `T`.
    pub fn document<T: DeserializeOwned + Default>(&self, section: &str) -> Result<T> {
        if self.data.trim().is_empty() {
            return Ok(T::default());
        }
        let mut documents: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&self.data)?;
        match documents.remove(section) {
            None | Some(serde_json::Value::Null) => Ok(T::default()),
            Some(document) => Ok(serde_json::from_value(document)?),
        }
    }
}

impl Entreprise {
    /// Its further fields by their name in the CRM's API, read as a `T`.
    ///
    /// ```
    /// #[derive(serde::Deserialize)]
    /// struct Size {
    ///     headcount: Option<u32>,
    /// }
    /// # let entreprise = afpi_sdk::Entreprise { data: r#"{"headcount":12}"#.into(), ..afpi_sdk::testing::entreprise() };
    /// assert_eq!(entreprise.fields::<Size>().unwrap().headcount, Some(12));
    /// ```
    ///
    /// # Errors
    /// [`Error::Other`] when they do not have the shape of `T`.
    pub fn fields<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.data)?)
    }
}
