//! Keeps the runtime's registry in line with the tables: after every change here, and by reading the revision every few
//! seconds for changes of other processes.

use std::collections::HashMap;
use std::sync::Arc;

use afpi_db::{Conn, Json, sql};
use afpi_plugins::{Binding, Grants, Site};

use super::hooks::Overrides;
use super::versions::Version;
use super::{Plugins, hex, versions};
use afpi_core::id::LocalisationId;

afpi_db::row! {
    struct SeatRow {
        plugin_id: String, localisation_id: LocalisationId, enabled: bool, config: String, grants: Json<Grants>, ordinal: i64,
        on_failure: String, code: Option<String>,
    }
}

/// The sites of each plugin, by its id.
type Seats = HashMap<String, Vec<(Site, Binding)>>;

/// A site's name in the runtime. The network is empty there.
pub fn seat_name(site: LocalisationId) -> String {
    if site.is_network() { String::new() } else { site.to_string() }
}

impl Plugins {
    /// Updates the registry from the tables, if they have changed.
    pub async fn refresh(&self) -> anyhow::Result<()> {
        let mut seen = self.seen.lock().await;
        let (revision, active, seats) = {
            let mut conn = self.db.read().await?;
            let revision = versions::revision(&mut conn).await?;
            if *seen == revision {
                return Ok(());
            }
            (revision, versions::active(&mut conn).await?, self.seats(&mut conn).await?)
        };
        self.install(&active, seats).await?;
        let mut conn = self.db.read().await?;
        self.quarantines.mirror(&mut conn, self.registry()).await?;
        self.recordings.mirror(&mut conn).await?;
        *seen = revision;
        Ok(())
    }

    /// Gives the registry these versions at these seats. Reads and compiles the files it does not have, which takes
    /// seconds: no connection is held meanwhile.
    async fn install(&self, active: &[Version], mut seats: Seats) -> anyhow::Result<()> {
        let gone = |id: &str| !active.iter().any(|version| version.plugin_id == id);
        for plugin in self.registry().plugins().iter().filter(|p| gone(p.id())) {
            self.registry().remove(plugin.id())?;
            self.logs.forget(plugin.id());
            self.metrics.forget_plugin(plugin.id());
        }
        let mut troubles = HashMap::new();
        for version in active {
            let id = &version.plugin_id;
            let plugin = match self.registry().plugin(id).filter(|p| hex(p.sha256()) == version.sha256) {
                Some(same) => same,
                None => match self.stored(version).await {
                    Ok(candidate) => candidate.plugin,
                    // One bad plugin must not stop the others. Readiness and the plugin's page show the problem.
                    Err(problem) => {
                        let why = problem.reason();
                        tracing::error!(
                            plugin.id = id,
                            plugin.version = version.version,
                            error.cause = why.en,
                            "plugin cannot be loaded"
                        );
                        if self.registry().plugin(id).is_some() {
                            self.registry().remove(id)?;
                        }
                        troubles.insert(id.clone(), why);
                        continue;
                    }
                },
            };
            self.registry().install(plugin, seats.remove(id).unwrap_or_default())?;
        }
        self.troubles.store(Arc::new(troubles));
        Ok(())
    }

    async fn seats(&self, conn: &mut Conn) -> afpi_db::Result<Seats> {
        let rows: Vec<SeatRow> = sql("SELECT s.plugin_id, s.localisation_id, s.enabled, s.config, s.grants, s.ordinal, s.on_failure, l.code FROM plugin_sites s \
                                      LEFT JOIN localisations l ON l.id = s.localisation_id")
            .all(conn).await?;
        let mut seats = Seats::new();
        let mut overrides = Overrides::new();
        for row in rows {
            if let Ok(on_failure) = row.on_failure.parse() {
                overrides.insert((row.plugin_id.clone(), row.localisation_id), on_failure);
            }
            let site = match row.code {
                Some(code) => Site::new(row.localisation_id.to_string(), code),
                None => Site::network(),
            };
            let binding = Binding {
                config: row.config.into(),
                grants: row.grants.0,
                enabled: row.enabled,
                order: row.ordinal as i32,
            };
            seats.entry(row.plugin_id).or_default().push((site, binding));
        }
        self.overrides.store(Arc::new(overrides));
        Ok(seats)
    }
}
