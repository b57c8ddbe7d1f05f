//! The examples beside the templates are what the plugin makes of the example dossier: templates are tried with the
//! data that they really get. `AFPI_WRITE=1` writes them again.

mod support;

use std::fs;

use support::{EXAMPLES, composed, dossier};

#[test]
fn the_examples_are_what_the_plugin_composes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/examples");
    for (name, kind, patch) in EXAMPLES {
        let composition = composed(kind, &patch(dossier()), "fr");
        let text = serde_json::to_string_pretty(&composition.data).unwrap() + "\n";
        let path = format!("{folder}/{name}.json");
        if std::env::var_os("AFPI_WRITE").is_some() {
            fs::write(&path, &text).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap_or_default(), text, "{name}: run with AFPI_WRITE=1");
    }
}
