//! Plugins that come with the product: built into the binary, trusted as `core`, and installed like every other file.

use afpi_db::sql;
use afpi_plugins::{Effort, manifest};

use super::keys::Level;
use super::{Plugins, hex};
use crate::journal::{Actor, Author};

/// Built into the binary (read from the folder in development builds).
#[derive(rust_embed::RustEmbed)]
#[folder = "../../dist/plugins"]
#[allow_missing = true]
#[include = "*.wasm"]
struct Bundled;

impl Plugins {
    /// Updates the plugins that come with the product. New ones are switched on at every site, except those that call
    /// other systems: an administrator switches them on. A connector belongs to the network. Changed ones replace the
    /// older core version. A plugin that an administrator removed, or replaced by another signer's version, is left
    /// alone. Installing the binary counts as consent to its plugins.
    pub async fn install_bundled(&self) -> anyhow::Result<()> {
        if Bundled::iter().next().is_none() {
            tracing::warn!(
                "no plugin comes with this program: it was compiled where dist/plugins was missing (make plugins)"
            );
        }
        for name in Bundled::iter() {
            let Some(file) = Bundled::get(&name) else { continue };
            let brought = self.bring(file.data.into_owned()).await;
            brought.map_err(|e| e.context(format!("bundled plugin {name}")))?;
        }
        Ok(())
    }

    async fn bring(&self, file: Vec<u8>) -> anyhow::Result<()> {
        let manifest = manifest::extract(&file)?;
        let sha256 = hex(&<sha2::Sha256 as sha2::Digest>::digest(&file));
        let known = {
            let mut conn = self.db.read().await?;
            let mut query = sql(
                "SELECT p.version, v.sha256, v.level FROM plugins p LEFT JOIN plugin_versions v ON v.plugin_id = p.id AND v.version = p.version WHERE p.id = ?",
            );
            query.arg(&manifest.id);
            query.optional::<(String, Option<String>, Option<String>)>(&mut conn).await?
        };
        let fresh = known.is_none();
        if let Some((_, active, level)) = known
            && (active.as_deref() == Some(&sha256) || level.as_deref() != Some(Level::Core.as_str()))
        {
            return Ok(());
        }
        let failed = |problem: afpi_core::error::Error| anyhow::anyhow!("{problem}");
        let candidate = self.candidate(file, Effort::Full, Level::Core, String::new(), None).await.map_err(failed)?;
        let author = Author { actor: Actor::System, correlation_id: "start" };
        match self.switch(&candidate, true, author).await {
            Ok(_) => Ok(()),
            // The old version goes on: an old plugin is better than no service.
            Err(problem) if !fresh => {
                tracing::error!(plugin.id = manifest.id, error.cause = %problem, "a bundled plugin could not be brought up to date; the version before goes on");
                Ok(())
            }
            Err(problem) => Err(failed(problem)),
        }
    }
}
