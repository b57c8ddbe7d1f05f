//! The plugin's settings: the trait that every plugin implements, and how a call reads them. Knows nothing about the
//! meaning of the settings.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::host::{config, log};
use crate::{Error, FieldProblem, Result, Text};

/// What every plugin declares. Only the settings' type is required; the rest has defaults.
///
/// ```
/// use afpi_sdk::{FieldProblem, Plugin, Result, Text};
/// use schemars::JsonSchema;
/// use serde::Deserialize;
/// use serde_json::Value;
///
/// #[derive(Default, Deserialize, JsonSchema)]
/// #[serde(default)]
/// struct Hours {
///     #[schemars(title = "Début", extend("x-title-en" = "Start"))]
///     start: u8,
///     #[schemars(title = "Fin", extend("x-title-en" = "End"))]
///     end: u8,
/// }
///
/// struct Office;
///
/// impl Plugin for Office {
///     type Config = Hours;
///
///     fn validate(hours: &Hours) -> Vec<FieldProblem> {
///         if hours.end > hours.start { return Vec::new() }
///         vec![FieldProblem::new("/end", "out-of-range", Text::new("La fin précède le début.", "The end comes before the start."))]
///     }
///
///     /// Before 2.0.0 there was no end.
///     fn migrate(from: &str, mut settings: Value) -> Result<Value> {
///         if from.starts_with("1.") {
///             settings["end"] = 17.into();
///         }
///         Ok(settings)
///     }
/// }
/// # assert_eq!(Office::migrate("1.4.0", serde_json::json!({"start": 9})).unwrap()["end"], 17);
/// # assert_eq!(Office::validate(&Hours { start: 9, end: 8 })[0].field, "/end");
/// ```
pub trait Plugin: 'static {
    /// The settings on one site. `Default` applies while nobody has set anything. Derive `JsonSchema`: the
    /// administrator's form comes from it.
    type Config: DeserializeOwned + JsonSchema + Default + 'static;

    /// Rules that the schema cannot express (“the end must be after the start”). Called with settings that fit the
    /// schema. No problem accepts them.
    fn validate(_config: &Self::Config) -> Vec<FieldProblem> {
        Vec::new()
    }

    /// Migrates settings of version `from` (as in its manifest, `1.4.0`) to this version. Default: unchanged.
    ///
    /// # Errors
    /// When they cannot be migrated. The administrator must then enter them again.
    fn migrate(_from: &str, config: Value) -> Result<Value> {
        Ok(config)
    }
}

/// The settings of a plugin without settings.
///
/// ```
/// struct Quiet;
///
/// impl afpi_sdk::Plugin for Quiet {
///     type Config = afpi_sdk::NoSettings;
/// }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoSettings {}

/// The settings of the running call.
pub(crate) fn load<C: DeserializeOwned + Default>() -> Result<C> {
    crate::panics::are_logged();
    parse(&config::get()).map_err(|problem| Error::Invalid(vec![problem]))
}

/// The settings for functions that cannot fail: unreadable ones are logged, and the defaults apply.
pub(crate) fn load_or_default<C: DeserializeOwned + Default>() -> C {
    load().unwrap_or_else(|error| {
        log::error(&format!("ignored, {}", error.text().en));
        C::default()
    })
}

pub(crate) fn parse<C: DeserializeOwned + Default>(json: &str) -> Result<C, FieldProblem> {
    match json.trim() {
        "" | "null" => Ok(C::default()),
        text => serde_json::from_str(text).map_err(|error| {
            let words = Text::new(
                format!("Ces réglages ne se lisent pas : {error}"),
                format!("These settings cannot be read: {error}"),
            );
            FieldProblem::new("", "unreadable", words)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn absent_settings_are_the_defaults_and_broken_ones_an_error() {
        assert_eq!(parse::<u32>("").unwrap(), 0);
        assert_eq!(parse::<u32>(" null ").unwrap(), 0);
        assert_eq!(parse::<u32>("7").unwrap(), 7);
        let problem = parse::<u32>("\"seven\"").unwrap_err();
        assert!(problem.message.fr.contains("réglages") && problem.message.en.contains("settings"));
    }
}
