//! Writing the manifest into a component file and reading it back, without running or compiling anything.

use crate::{Manifest, ManifestError};
use wasmparser::{Encoding, Parser, Payload};

/// Name of the custom section.
pub const SECTION: &str = "afpi:manifest";
/// A manifest longer than this is refused unread.
pub const MAX_MANIFEST_BYTES: usize = 64 * 1024;

/// Why no manifest could be taken out of a file.
#[derive(Debug, thiserror::Error)]
pub enum SectionError {
    #[error("this is not a WebAssembly component: {0}")]
    NotAComponent(String),
    #[error("the component carries no `{SECTION}` section; pack it with afpi-plugin-tool")]
    Missing,
    #[error("the component carries more than one `{SECTION}` section")]
    Twice,
    #[error("the manifest is larger than {MAX_MANIFEST_BYTES} bytes")]
    TooLarge,
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// The manifest of a packed component. Only sections of the component itself count, never those of what it nests.
pub fn extract(component: &[u8]) -> Result<Manifest, SectionError> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(|error| SectionError::NotAComponent(error.to_string()))? {
            Payload::Version { encoding, .. } => {
                if depth == 0 && encoding != Encoding::Component {
                    return Err(SectionError::NotAComponent("it is a core module".into()));
                }
                depth += 1;
            }
            Payload::End(_) => depth -= 1,
            Payload::CustomSection(section) if depth == 1 && section.name() == SECTION => {
                found.push(section.data());
            }
            _ => {}
        }
    }
    let json = match found[..] {
        [] => return Err(SectionError::Missing),
        [json] => json,
        [_, _, ..] => return Err(SectionError::Twice),
    };
    if json.len() > MAX_MANIFEST_BYTES {
        return Err(SectionError::TooLarge);
    }
    Ok(Manifest::from_json(json)?)
}

/// Appends the manifest to a component that has none yet.
pub fn embed(component: &mut Vec<u8>, manifest: &Manifest) -> Result<(), SectionError> {
    manifest.validate()?;
    let json = serde_json::to_vec(manifest).map_err(ManifestError::from)?;
    if json.len() > MAX_MANIFEST_BYTES {
        return Err(SectionError::TooLarge);
    }
    match extract(component) {
        Err(SectionError::Missing) => {}
        Ok(_) => return Err(SectionError::Twice),
        Err(other) => return Err(other),
    }
    let mut body = Vec::with_capacity(json.len() + SECTION.len() + 2);
    leb128(&mut body, SECTION.len());
    body.extend_from_slice(SECTION.as_bytes());
    body.extend_from_slice(&json);
    component.push(0); // section id of custom sections
    leb128(component, body.len());
    component.extend_from_slice(&body);
    Ok(())
}

/// Unsigned LEB128, the length encoding of the WebAssembly binary format.
fn leb128(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}
