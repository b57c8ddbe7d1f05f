//! The full check of a packed plugin on the author's machine: contract, requests, size, what the plugin says about its
//! settings in the real runtime, and its signature. Each finding says how to fix the problem.

use crate::session::Session;
use afpi_plugin_tool::Shape;
use afpi_plugin_tool::cli::{Findings, Project};
use afpi_plugins::manifest::{Capability, MAX_PLUGIN_BYTES, Signed, extract, icon};
use serde_json::Value;
use std::path::Path;

const SIGN: &str = "make a key with `afpi plugin keygen`, then `afpi plugin pack --key FILE`";

/// A plugin of this size or more is slow to upload and to compile.
const LARGE: usize = 4 << 20;

/// Checks a packed plugin completely, except for its signature: see [`signature`].
pub async fn check(file: &[u8], cache: Option<&Path>) -> Findings {
    let mut found = Findings::default();
    if still(file, &mut found) {
        match Session::new(file, cache) {
            Ok(session) => alive(session, &mut found).await,
            Err(error) => found
                .error(format!("the host would not load it: {error}"), "build it again with the SDK of this version"),
        }
    }
    found
}

/// Tells whether a component uses the capability that it requests.
fn uses(shape: &Shape, capability: Capability) -> bool {
    let imports =
        |word: &str| shape.imports.iter().any(|name| name.split('@').next() == Some(&format!("afpi:host/{word}")));
    match capability {
        // The grant for private addresses belongs to another interface and has no import.
        Capability::PrivateRanges => true,
        // A plugin with schedules needs jobs, but no import.
        Capability::Jobs => true,
        // A plugin uses a secret in a header of `http-client`. Only a check whether the secret exists needs the other
        // interface.
        Capability::Secrets => imports("secrets") || imports("http-client"),
        other => imports(other.as_str()),
    }
}

/// The checks that do not run the plugin.
fn still(file: &[u8], found: &mut Findings) -> bool {
    let manifest = match extract(file) {
        Ok(manifest) => manifest,
        Err(error) => {
            found.error(error.to_string(), "pack it with `afpi plugin pack`");
            return false;
        }
    };
    found.ok(format!("{} {}, a {} plugin", manifest.id, manifest.version, manifest.kind));
    match Shape::of(file).and_then(|shape| shape.check(&manifest).map(|()| shape)) {
        Ok(shape) => {
            found.ok("it imports what its manifest asks for, and exports what its kind must");
            for demand in manifest.demands() {
                let params =
                    if demand.params.is_empty() { String::new() } else { format!(" ({})", demand.params.join(", ")) };
                let word = demand.id.split(':').next().unwrap_or_default();
                let capability = word.parse::<Capability>().ok();
                if capability.is_none_or(|capability| uses(&shape, capability)) {
                    found.ok(format!("an administrator will read: {}{params}", demand.sentence.en));
                } else {
                    found
                        .warn(format!("it requests `{word}` but never uses it"), "remove the request from plugin.toml");
                }
            }
        }
        Err(error) => found.error(format!("{error:#}"), "ask for it in plugin.toml, or remove the use"),
    }
    let size = format!("{} KB", file.len().div_ceil(1024));
    let smaller = "build it with `afpi plugin build` (optimised for size), and look for large dependencies";
    if file.len() > MAX_PLUGIN_BYTES {
        found
            .error(format!("it is too large for any host: {size}, of at most {} KB", MAX_PLUGIN_BYTES / 1024), smaller);
    } else if file.len() > LARGE {
        found.warn(format!("it is large: {size}"), smaller);
    } else {
        found.ok(size);
    }
    match icon(file) {
        Ok(Some(_)) => found.ok("it has an icon"),
        Ok(None) => found.warn("it has no icon", "put an icon.svg beside plugin.toml"),
        Err(error) => found.error(error.to_string(), "draw it with shapes and gradients only"),
    }
    true
}

/// Reports whether a packed plugin is signed, and with which key.
pub fn signature(file: &[u8], found: &mut Findings) {
    match Signed::read(file) {
        Ok(Some(signed)) => found.ok(format!("signed with the key {}", signed.key)),
        Ok(None) => found.warn("it is not signed; only hosts for developers accept it", SIGN),
        Err(error) => found.error(error.to_string(), "sign it again with `afpi plugin sign`"),
    }
}

/// Reports on the file for delivery, which `pack` has signed, whatever was built afterwards.
pub fn handed_over(project: &Project, found: &mut Findings) {
    let path = project.packed();
    let file = std::fs::read(&path).unwrap_or_default();
    let (path, signed) = (path.display(), Signed::read(&file).ok().flatten());
    match (signed, extract(&file)) {
        (Some(signed), Ok(packed)) if packed.version == project.manifest.version => {
            found.ok(format!("{path} is signed with the key {}; this build did not change it", signed.key));
        }
        (Some(_), Ok(packed)) => found.warn(
            format!("{path} is signed, but version {}; plugin.toml says {}", packed.version, project.manifest.version),
            "afpi plugin pack --key FILE",
        ),
        _ => found.warn("the built plugin is not signed; only hosts for developers accept it", SIGN),
    }
}

/// Checks what the plugin says about its settings.
async fn alive(mut session: Session, found: &mut Findings) {
    found.ok("the runtime loads it");
    let text = match session.call("config-schema", &[]).await {
        Ok(Value::String(text)) => text,
        Ok(other) => return found.error(format!("`config-schema` answers {other}"), "answer a JSON Schema"),
        Err(refusal) => {
            return found.error(format!("`config-schema` fails: {}", refusal.message), "run `afpi plugin test`");
        }
    };
    let schema: Value = match serde_json::from_str(&text) {
        Ok(schema) => schema,
        Err(error) => {
            return found.error(format!("`config-schema` does not answer JSON: {error}"), "derive it with the SDK");
        }
    };
    let mut missing = Vec::new();
    untranslated(&schema, "", &mut missing);
    if missing.is_empty() {
        found.ok("every setting has a label in French and English");
    } else {
        found.warn(
            format!("settings without a French or an English label: {}", missing.join(", ")),
            "give each a `title` and an `x-title-en`",
        );
    }
    let empty = session.call("validate-config", &[Value::String("{}".into())]).await;
    match empty {
        Ok(_) => found.ok("it checks settings"),
        Err(refusal) => found.error(
            format!("`validate-config` fails on empty settings: {}", refusal.message),
            "return the problems of the settings instead of an error",
        ),
    }
}

/// Collects the fields without a French or an English label, as JSON pointers.
fn untranslated(schema: &Value, at: &str, missing: &mut Vec<String>) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let here = format!("{at}/{name}");
        if field["title"].as_str().is_none() || field["x-title-en"].as_str().is_none() {
            missing.push(here.clone());
        }
        untranslated(field, &here, missing);
        untranslated(&field["items"], &here, missing);
    }
}
