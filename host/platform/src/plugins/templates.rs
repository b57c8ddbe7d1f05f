//! The templates of plugins that write documents, unpacked once per version.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use afpi_documents::{Engine, Error as Failure, Job, Output, Package};
use afpi_plugins::{LoadError, manifest};
use chrono::DateTime;

use super::{Plugins, unloadable, versions};
use afpi_core::error::{Result, internal, not_found, unavailable};

/// Versions whose templates are kept. Each has a few MiB.
const KEPT: usize = 8;

/// By plugin and version.
#[derive(Default)]
pub(super) struct Templates(Mutex<HashMap<(String, String), Arc<Package>>>);

impl Plugins {
    /// The templates of a version, also of one that is not active any more.
    ///
    /// # Errors
    /// 404 when the version is gone, or has none.
    pub async fn templates(&self, plugin: &str, version: &str) -> Result<Arc<Package>> {
        let active = self.registry().plugin(plugin).filter(|plugin| plugin.manifest().version.to_string() == version);
        // A version that is being developed changes under its number: its hash is part of the key.
        let key = (plugin.to_owned(), active.as_ref().map_or_else(|| version.to_owned(), |p| super::hex(p.sha256())));
        if let Some(known) = self.templates.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let package = match active.as_ref().and_then(|plugin| plugin.templates()) {
            Some(archive) => unpack(archive)?,
            None => {
                let file = versions::file(&mut self.db.read().await?, plugin, version).await?;
                unpack(manifest::templates(&file).map_err(internal)?.ok_or_else(not_found)?)?
            }
        };
        let package = Arc::new(package);
        let mut kept = self.templates.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, package.clone());
        Ok(package)
    }
}

fn unpack(archive: &[u8]) -> Result<Package> {
    Package::from_zip(archive).map_err(|error| internal(format!("templates of a plugin: {error}")))
}

/// Compiles each template with its example: `examples/devis.json` is the data of `devis.typ`. What is wrong in a template
/// is found when the plugin comes, not when somebody needs the document. Where no documents can be made, nothing is
/// checked.
///
/// # Errors
/// 422 with the place of the first fault; also for an example without a template, and for an archive without examples.
pub(super) async fn lint(engine: &Engine, archive: &[u8]) -> Result<()> {
    let refused = |problem: String| unloadable(&LoadError::Contract(problem));
    let package = Package::from_zip(archive).map_err(|error| refused(format!("its templates: {error}")))?;
    let package = Arc::new(package);
    let named = |path: &str| path.strip_prefix("examples/")?.strip_suffix(".json").map(str::to_owned);
    let examples: Vec<_> = package.files().iter().filter_map(|(path, text)| Some((named(path)?, text))).collect();
    if examples.is_empty() {
        return Err(refused("its templates have no examples".into()));
    }
    for (name, text) in examples {
        let data = serde_json::from_slice(text).map_err(|error| refused(format!("examples/{name}.json: {error}")))?;
        let job = Job {
            package: package.clone(),
            entry: format!("{name}.typ"),
            data,
            files: BTreeMap::new(),
            date: DateTime::UNIX_EPOCH,
            title: name.clone(),
            identifier: name.clone(),
            lang: "fr".into(),
            output: Output::Pdf { archival: false, attachments: Vec::new() },
        };
        match engine.render_in_batch(job).await {
            Ok(_) => {}
            Err(Failure::Unavailable) => {
                tracing::warn!("documents cannot be made here: the templates of a plugin were not tried");
                return Ok(());
            }
            Err(Failure::Busy) => return Err(unavailable("documents")),
            Err(Failure::Template(problems)) => {
                let place = problems.first().map(|p| format!("{}, line {}: {}", p.file, p.line, p.message));
                return Err(refused(format!("template {name}.typ: {}", place.unwrap_or_default())));
            }
            Err(error) => return Err(refused(format!("template {name}.typ: {error}"))),
        }
    }
    Ok(())
}
