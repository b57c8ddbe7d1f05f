//! Connects the lifecycle exports with [`Plugin`], for every kind.

use crate::bindings::base::exports::afpi::plugin::lifecycle::Guest;
use crate::{Error, FieldProblem, Plugin, config, panics, schema};

impl<P: Plugin> Guest for P {
    fn config_schema() -> String {
        panics::are_logged();
        schema::of::<P::Config>()
    }

    fn validate_config(config: String) -> Vec<FieldProblem> {
        panics::are_logged();
        match config::parse::<P::Config>(&config) {
            Ok(config) => P::validate(&config),
            Err(problem) => vec![problem],
        }
    }

    fn migrate_config(from_version: String, config: String) -> Result<String, Error> {
        panics::are_logged();
        let migrated = P::migrate(&from_version, serde_json::from_str(&config)?)?;
        Ok(migrated.to_string())
    }
}
