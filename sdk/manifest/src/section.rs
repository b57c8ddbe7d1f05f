//! Writing the manifest into a component file and reading it back, without running or compiling anything.

use crate::{
    ICON_SECTION, IconError, MAX_TEMPLATES_BYTES, Manifest, ManifestError, SIGNATURE_SECTION, TEMPLATES_SECTION, walk,
};

/// Name of the custom section.
pub const SECTION: &str = "afpi:manifest";
/// A manifest longer than this is refused unread.
pub const MAX_MANIFEST_BYTES: usize = 64 * 1024;

/// Why what a packed plugin carries could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SectionError {
    #[error("this is not a WebAssembly component: {0}")]
    NotAComponent(String),
    #[error("the component carries no `{SECTION}` section; pack it with `afpi plugin pack`")]
    Missing,
    #[error("the component carries more than one `{0}` section")]
    Twice(&'static str),
    #[error("the manifest is larger than {MAX_MANIFEST_BYTES} bytes")]
    TooLarge,
    #[error("the templates are larger than {MAX_TEMPLATES_BYTES} bytes")]
    TemplatesTooLarge,
    /// A signature is always last: what is signed is not changed afterwards.
    #[error("the plugin is signed already; take the signature off before changing it")]
    Signed,
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Icon(#[from] IconError),
}

/// The manifest of a packed component. Only sections of the component itself count, never those of what it nests.
pub fn extract(component: &[u8]) -> Result<Manifest, SectionError> {
    let json = walk::only(component, SECTION)?.ok_or(SectionError::Missing)?;
    if json.len() > MAX_MANIFEST_BYTES {
        return Err(SectionError::TooLarge);
    }
    Ok(Manifest::from_json(json)?)
}

/// Appends the manifest to a component that has none yet and is not signed.
pub fn embed(component: &mut Vec<u8>, manifest: &Manifest) -> Result<(), SectionError> {
    manifest.validate()?;
    let json = serde_json::to_vec(manifest).map_err(ManifestError::from)?;
    if json.len() > MAX_MANIFEST_BYTES {
        return Err(SectionError::TooLarge);
    }
    add(component, SECTION, &json)
}

/// Appends a section that may stand there once only and never after a signature.
pub(crate) fn add(component: &mut Vec<u8>, name: &'static str, data: &[u8]) -> Result<(), SectionError> {
    if walk::only(component, SIGNATURE_SECTION)?.is_some() {
        return Err(SectionError::Signed);
    }
    if walk::only(component, name)?.is_some() {
        return Err(SectionError::Twice(name));
    }
    walk::append(component, name, data);
    Ok(())
}

/// The component as it was before it was packed: without manifest, icon, templates and signature.
pub fn bare(file: &[u8]) -> Result<Vec<u8>, SectionError> {
    without(file, &[SECTION, ICON_SECTION, TEMPLATES_SECTION, SIGNATURE_SECTION])
}

/// The same plugin without its signatures, to be changed or signed anew.
pub fn unsigned(file: &[u8]) -> Result<Vec<u8>, SectionError> {
    without(file, &[SIGNATURE_SECTION])
}

fn without(file: &[u8], names: &[&str]) -> Result<Vec<u8>, SectionError> {
    let mut kept = Vec::with_capacity(file.len());
    let mut at = 0;
    for section in walk::customs(file)? {
        if names.iter().any(|name| name.as_bytes() == section.name) {
            kept.extend_from_slice(&file[at..section.range.start]);
            at = section.range.end;
        }
    }
    kept.extend_from_slice(&file[at..]);
    Ok(kept)
}
