//! The templates of a plugin that writes documents: a ZIP archive with the files of its folder `templates/`, i.e. typst
//! files, `fonts/`, images and `examples/`. The host renders them; nothing of the plugin runs for it.

use crate::section::add;
use crate::{SectionError, walk};

/// Name of the custom section.
pub const TEMPLATES_SECTION: &str = "afpi:templates";
/// The largest archive, in bytes.
pub const MAX_TEMPLATES_BYTES: usize = 8 * 1024 * 1024;

/// The archive of a packed plugin, unread, if it has one.
///
/// # Errors
/// When the file is no component, has two archives, or one that is too large.
pub fn templates(component: &[u8]) -> Result<Option<&[u8]>, SectionError> {
    match walk::only(component, TEMPLATES_SECTION)? {
        Some(archive) if archive.len() > MAX_TEMPLATES_BYTES => Err(SectionError::TemplatesTooLarge),
        other => Ok(other),
    }
}

/// Appends an archive to a component that has none yet and is not signed.
///
/// # Errors
/// As [`templates`], and when the component is signed.
pub fn embed_templates(component: &mut Vec<u8>, archive: &[u8]) -> Result<(), SectionError> {
    if archive.len() > MAX_TEMPLATES_BYTES {
        return Err(SectionError::TemplatesTooLarge);
    }
    add(component, TEMPLATES_SECTION, archive)
}
