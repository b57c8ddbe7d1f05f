//! Removes plugins. Their settings, secrets, notes and words in records stay until somebody asks to purge them.

use afpi_db::sql;
use serde_json::Value;

use super::keys::Level;
use super::{Plugins, schedules, versions};
use crate::journal::{self, Activity, Author, Subject};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, internal, not_found};
use afpi_core::text::text;

impl Plugins {
    /// Removes a plugin from all sites at once. Its last version stays stored, for display and for putting it back.
    /// With `purge` its settings, secrets, notes and files are deleted too, except a file that comes with the product.
    /// Labels of its words always stay, because records use them.
    pub async fn remove(&self, id: &str, purge: bool, author: Author<'_>) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let standing = versions::lock(&mut tx, id).await?.ok_or_else(not_found)?;
        let known = versions::of(&mut tx, id).await?;
        if known.is_empty() {
            return Err(not_found());
        }
        sql("UPDATE plugins SET version = '', previous = '' WHERE id = ?").bind(id).execute(&mut tx).await?;
        sql("UPDATE plugin_sites SET enabled = ?, previous_config = NULL, previous_grants = NULL, updated_at = ?, version = version + 1 WHERE plugin_id = ?")
            .bind(false).bind(Instant::now()).bind(id).execute(&mut tx).await?;
        for row in known.iter().filter(|v| !standing.version.is_empty() && v.version != standing.version) {
            versions::delete(&mut tx, id, &row.version).await?;
        }
        for table in [
            sql("DELETE FROM plugin_quarantines WHERE plugin_id = ?"),
            sql("DELETE FROM plugin_facts WHERE plugin_id = ?"),
            sql("DELETE FROM plugin_recorders WHERE plugin_id = ?"),
        ] {
            table.bind(id).execute(&mut tx).await?;
        }
        if purge {
            for table in [
                sql("DELETE FROM plugin_kv WHERE plugin_id = ?"),
                sql("DELETE FROM plugin_secrets WHERE plugin_id = ?"),
                sql("DELETE FROM plugin_sites WHERE plugin_id = ?"),
                sql("DELETE FROM plugin_jobs WHERE plugin_id = ?"),
                sql("DELETE FROM plugin_recordings WHERE plugin_id = ?"),
                sql("UPDATE plugins SET settings_version = '', signer = '' WHERE id = ?"),
            ] {
                table.bind(id).execute(&mut tx).await?;
            }
            for row in known.iter().filter(|v| v.level != Level::Core.as_str()) {
                versions::delete(&mut tx, id, &row.version).await?;
            }
        }
        versions::touch(&mut tx).await?;
        schedules::follow(&mut tx, id).await?;
        let told = vec![
            journal::field("version", standing.version.as_str(), ""),
            journal::field("purged", Value::Null, purge),
        ];
        author.on(Subject::Plugin(id.into()), None).record(&mut tx, Activity::Removed, told).await?;
        tx.commit().await?;
        tracing::info!(plugin.id = id, purge, "plugin taken out");
        self.refresh().await.map_err(internal)
    }

    /// Discards a version that waits for consent.
    pub async fn discard(&self, id: &str, version: &str, author: Author<'_>) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let standing = versions::lock(&mut tx, id).await?.ok_or_else(not_found)?;
        if standing.version == version || standing.previous == version {
            return Err(Error::new(
                ErrorKind::VersionInUse,
                text(
                    "Cette version est active ou sert au retour en arrière",
                    "This version is active or kept for a rollback",
                ),
            ));
        }
        if versions::delete(&mut tx, id, version).await? == 0 {
            return Err(not_found());
        }
        let told = vec![journal::field("version", version, Value::Null)];
        author.on(Subject::Plugin(id.into()), None).record(&mut tx, Activity::Discarded, told).await?;
        Ok(tx.commit().await?)
    }
}
