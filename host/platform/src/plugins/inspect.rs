//! An uploaded plugin file: checks everything that can be checked without running it.

use std::sync::Arc;

use afpi_jobs::Scheduler;
use afpi_plugins::manifest::{self, MAX_PLUGIN_BYTES, Manifest};
use afpi_plugins::{Effort, LoadError, Plugin};
use serde_json::Value;

use super::keys::{self, Level};
use super::lookalike;
use super::versions::{self, NewVersion, Standing, Version};
use super::{Plugins, hex, templates, unloadable};
use crate::journal::{self, Activity, Author, Subject};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, internal, too_large};
use afpi_core::id::UserId;
use afpi_core::text::text;

/// Versions of one plugin that may wait for consent.
const MAX_STAGED: usize = 10;
/// Longest version number.
const MAX_VERSION: usize = 40;

/// A checked file, compiled and linked. Nothing of it has run.
pub struct Candidate {
    pub file: Vec<u8>,
    pub sha256: String,
    pub level: Level,
    /// Empty when it is not signed.
    pub key_id: String,
    pub plugin: Arc<Plugin>,
    pub by: Option<UserId>,
}

impl Candidate {
    pub fn manifest(&self) -> &Manifest {
        self.plugin.manifest()
    }

    pub(super) fn signer(&self) -> &str {
        versions::signer(self.level.as_str(), &self.key_id)
    }

    pub(super) fn row(&self) -> NewVersion<'_> {
        NewVersion {
            manifest: self.manifest(),
            level: self.level.as_str(),
            key_id: &self.key_id,
            sha256: &self.sha256,
            file: &self.file,
            by: self.by,
        }
    }
}

impl Plugins {
    /// Checks an uploaded file, cheap checks first: size, manifest, signature; then the limits on its code, compilation
    /// in a child process, imports and exports.
    pub async fn inspect(&self, file: Vec<u8>, effort: Effort, by: UserId) -> Result<Candidate> {
        if file.len() > MAX_PLUGIN_BYTES {
            return Err(too_large());
        }
        let manifest = manifest::extract(&file).map_err(|e| unloadable(&e.into()))?;
        let (level, key_id) = {
            let mut conn = self.db.read().await?;
            if let Some(known) = versions::standing(&mut conn, &manifest.id).await? {
                same_kind(&known, &manifest)?;
            }
            lookalike::refuse(&mut conn, &manifest).await?;
            keys::judge(&mut conn, &file, self.dev).await?
        };
        // Its icon and labels are checked before anybody sees them.
        manifest::icon(&file).map_err(|e| unloadable(&e.into()))?;
        if manifest.version.to_string().len() > MAX_VERSION {
            return Err(Error::new(
                ErrorKind::VersionRefused,
                text("Numéro de version trop long", "Version number too long"),
            ));
        }
        let candidate = self.candidate(file, effort, level, key_id, Some(by)).await?;
        if let Some(archive) = candidate.plugin.templates() {
            templates::lint(&self.engine, archive).await?;
        }
        Ok(candidate)
    }

    /// Compiles and links a file.
    pub(super) async fn candidate(
        &self,
        file: Vec<u8>,
        effort: Effort,
        level: Level,
        key_id: String,
        by: Option<UserId>,
    ) -> Result<Candidate> {
        for schedule in manifest::extract(&file).map_err(|e| unloadable(&e.into()))?.schedules {
            if let Err(error) = Scheduler::next_run(&schedule.cron, Instant::now().millis()) {
                let problem = error.to_string();
                return Err(unloadable(&LoadError::Contract(format!("schedule `{}`: {problem}", schedule.name))));
            }
        }
        let runtime = self.runtime.clone();
        let (file, loaded) = tokio::task::spawn_blocking(move || {
            let loaded = runtime.load_with(&file, effort);
            (file, loaded)
        })
        .await
        .map_err(internal)?;
        let plugin = loaded.map_err(|e| unloadable(&e))?;
        Ok(Candidate { sha256: hex(plugin.sha256()), file, level, key_id, plugin, by })
    }

    /// A stored version, checked, compiled and linked again.
    pub(super) async fn stored(&self, row: &Version) -> Result<Candidate> {
        let file = {
            let mut conn = self.db.read().await?;
            let file = versions::file(&mut conn, &row.plugin_id, &row.version).await?;
            keys::stands(&mut conn, &file, row, self.dev).await?;
            file
        };
        self.candidate(file, Effort::Full, Level::parse(&row.level), row.key_id.clone(), row.installed_by).await
    }

    /// Stores a candidate until an administrator consents. The same file again changes nothing. Another file with the
    /// number of a version that is or was active is refused, so that a number is unambiguous.
    pub async fn stage(&self, candidate: &Candidate, author: Author<'_>) -> Result<()> {
        let manifest = candidate.manifest();
        let number = manifest.version.to_string();
        let mut tx = self.db.begin().await?;
        let standing = versions::lock(&mut tx, &manifest.id).await?;
        let known = versions::of(&mut tx, &manifest.id).await?;
        let in_use = |version: &str| standing.as_ref().is_some_and(|s| s.version == version || s.previous == version);
        match known.iter().find(|v| v.version == number) {
            Some(same) if same.sha256 == candidate.sha256 => return Ok(()),
            Some(_) if in_use(&number) => {
                let title = text(
                    "Cette version existe déjà avec un autre contenu",
                    "This version is already there with other content",
                );
                return Err(Error::new(ErrorKind::VersionTaken, title)
                    .detail(text(format!("Version {number}."), format!("Version {number}."))));
            }
            Some(_) => {}
            None if known.iter().filter(|v| !in_use(&v.version)).count() >= MAX_STAGED => {
                let title = text(
                    "Trop de versions attendent ; supprimez-en d'abord",
                    "Too many versions are waiting; remove some first",
                );
                return Err(Error::new(ErrorKind::TooManyVersions, title));
            }
            None => {}
        }
        if let Some(standing) = &standing {
            same_kind(standing, manifest)?;
        }
        versions::put(&mut tx, &candidate.row()).await?;
        let came = vec![
            journal::field("version", Value::Null, number.as_str()),
            journal::field("sha256", Value::Null, candidate.sha256.as_str()),
            journal::field("level", Value::Null, candidate.level.as_str()),
        ];
        author.on(Subject::Plugin(manifest.id.clone()), None).record(&mut tx, Activity::Installed, came).await?;
        tx.commit().await?;
        tracing::info!(
            plugin.id = manifest.id,
            plugin.version = number,
            plugin.level = candidate.level.as_str(),
            "plugin version staged"
        );
        Ok(())
    }
}

/// A plugin keeps its kind: seats, settings and rights depend on it.
fn same_kind(known: &Standing, manifest: &Manifest) -> Result<()> {
    if known.kind == manifest.kind.as_str() {
        return Ok(());
    }
    let title = text("Une extension ne peut pas changer de nature", "A plugin cannot become another kind");
    let detail = text(
        format!("{} : {} → {}.", known.id, known.kind, manifest.kind),
        format!("{}: {} → {}.", known.id, known.kind, manifest.kind),
    );
    Err(Error::new(ErrorKind::KindChanged, title).detail(detail))
}
