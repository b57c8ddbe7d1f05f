//! Plugins for the tests of the runtime. The feature selects the world.

#[cfg(feature = "auditor")]
mod auditor;
#[cfg(feature = "connector")]
mod connector;
#[cfg(feature = "hook")]
mod hook;
#[cfg(feature = "lookup")]
mod lookup;
#[cfg(feature = "notifier")]
mod notifier;
#[cfg(feature = "objectives")]
mod objectives;
#[cfg(feature = "quiet")]
mod quiet;
#[cfg(feature = "workflow")]
mod workflow;

/// The lifecycle functions of these plugins. They refuse settings that contain `"bad"` and wrap old settings. The auditor
/// and the directory have their own, because the tests of the service build them too.
#[cfg(not(any(feature = "auditor", feature = "lookup")))]
macro_rules! lifecycle {
    () => {
        impl exports::afpi::plugin::lifecycle::Guest for Plugin {
            fn config_schema() -> String {
                r#"{"type":"object"}"#.into()
            }

            fn validate_config(config: String) -> Vec<afpi::types::types::FieldProblem> {
                if !config.contains("\"bad\"") {
                    return Vec::new();
                }
                let message = afpi::types::types::Text { fr: "mauvais".into(), en: "bad".into() };
                vec![afpi::types::types::FieldProblem { field: "/mode".into(), code: "bad".into(), message }]
            }

            fn migrate_config(from: String, config: String) -> Result<String, afpi::types::types::Error> {
                Ok(format!(r#"{{"from":"{from}","old":{config}}}"#))
            }
        }
    };
}
#[cfg(not(any(feature = "auditor", feature = "lookup")))]
pub(crate) use lifecycle;
