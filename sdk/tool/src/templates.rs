//! Packs the folder `templates/` of a plugin that writes documents.

use std::io::{Cursor, Write};
use std::path::Path;

use afpi_plugin_manifest::{Manifest, embed_templates};
use anyhow::{Context, Result, bail};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Puts the files of `templates/` beside `plugin.toml` into the plugin. The same files give the same bytes.
///
/// # Errors
/// A plugin with `[documents]` without such a folder, the folder without `[documents]`, an unreadable file, or too many
/// bytes.
pub fn embed_folder(packed: &mut Vec<u8>, manifest: &Manifest, project: &Path) -> Result<()> {
    let folder = project.join("templates");
    match (manifest.documents.is_some(), folder.is_dir()) {
        (false, false) => return Ok(()),
        (false, true) => bail!("plugin.toml has no `[documents]`, which the folder templates/ is for"),
        (true, false) => bail!("plugin.toml declares `[documents]`, so there must be a folder templates/ beside it"),
        (true, true) => {}
    }
    let mut files = Vec::new();
    walk(&folder, "", &mut files)?;
    files.sort();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for name in files {
        let path = folder.join(&name);
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    Ok(embed_templates(packed, &archive.finish()?.into_inner())?)
}

/// The names of all files below a folder, with `/` between their parts. Hidden files stay out.
fn walk(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<()> {
    for entry in folder.read_dir().with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a file in templates/ has a name that is no text")?;
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(name);
        }
    }
    Ok(())
}
