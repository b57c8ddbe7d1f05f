//! The health of plugins over all processes: people ask the server, while notifiers, late hooks, jobs and connectors
//! run in the worker.
//!
//! Each process stores its counters and log lines, one row per seat. Pages add the recent rows of other processes to
//! their own.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use afpi_db::{Conn, dialect, sql};
use afpi_plugins::SeatView;
use serde::Serialize;
use uuid::Uuid;

use super::logs::{LINES, Line};
use super::{Plugins, seat_name};
use crate::secrets::site_id;
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::id::LocalisationId;

/// How often a process writes.
pub const PERIOD: Duration = Duration::from_secs(5);
/// How long a process's rows count after its last write. It may miss some writes.
const ALIVE: Duration = Duration::from_secs(30);

type SeatKey = (String, LocalisationId);

/// This process among those on one database.
pub struct Snapshots {
    process: Uuid,
    /// Digests of this process's rows in the table: unchanged rows are not written again.
    written: tokio::sync::Mutex<HashMap<SeatKey, u64>>,
    digest: RandomState,
}

impl Default for Snapshots {
    fn default() -> Snapshots {
        Snapshots { process: Uuid::now_v7(), written: tokio::sync::Mutex::default(), digest: RandomState::new() }
    }
}

/// Stores the plugins' health in this process, and deletes the rows of dead processes.
pub async fn write(app: &App) -> afpi_db::Result<()> {
    let Snapshots { process, written, digest } = &app.plugins.snapshots;
    let now = Instant::now();
    let mut written = written.lock().await;
    let mut tx = app.db.begin().await?;
    let gone: Vec<(Uuid,)> = sql("SELECT DISTINCT process_id FROM plugin_health WHERE reported_at < ?")
        .bind(now - ALIVE)
        .all(&mut tx)
        .await?;
    for (process,) in gone {
        sql("DELETE FROM plugin_health WHERE process_id = ?").bind(process).execute(&mut tx).await?;
    }
    let alive = sql("UPDATE plugin_health SET reported_at = ? WHERE process_id = ?")
        .bind(now)
        .bind(*process)
        .execute(&mut tx)
        .await?;
    if alive as usize != written.len() {
        // Others considered this process dead: it starts again.
        written.clear();
    }
    let mut standing = HashMap::new();
    for view in app.plugins.registry().seats() {
        let log = app.plugins.logs().of(&view.plugin, &view.site.id);
        let Ok(site) = site_id(&view.site.id) else { continue };
        if view.health.calls == 0 && log.is_empty() {
            continue;
        }
        let (version, idle) = (view.version.to_string(), view.idle_instances as i64);
        let (health, log) = (json(&view.health), json(&log));
        let seat = (view.plugin, site);
        let content = digest.hash_one((&version, idle, &health, &log));
        if written.get(&seat) != Some(&content) {
            let mut query = sql(
                "INSERT INTO plugin_health (process_id, plugin_id, localisation_id, version, idle_instances, health, log, reported_at) VALUES ",
            );
            query.rows([[
                (*process).into(),
                seat.0.as_str().into(),
                site.into(),
                version.into(),
                idle.into(),
                health.into(),
                log.into(),
                now.into(),
            ]]);
            dialect::upsert(
                &mut query,
                tx.backend(),
                &["process_id", "plugin_id", "localisation_id"],
                &["version", "idle_instances", "health", "log", "reported_at"],
            );
            query.execute(&mut tx).await?;
        }
        standing.insert(seat, content);
    }
    for (plugin, site) in written.keys().filter(|seat| !standing.contains_key(*seat)) {
        sql("DELETE FROM plugin_health WHERE process_id = ? AND plugin_id = ? AND localisation_id = ?")
            .bind(*process)
            .bind(plugin)
            .bind(*site)
            .execute(&mut tx)
            .await?;
    }
    tx.commit().await?;
    *written = standing;
    Ok(())
}

fn json<T: Serialize>(counted: &T) -> String {
    serde_json::to_string(counted).expect("plain data serialises")
}

impl Plugins {
    /// The health of the seats of one plugin or of all, over all processes.
    pub async fn fares(&self, conn: &mut Conn, plugin: Option<&str>) -> afpi_db::Result<HashMap<SeatKey, SeatView>> {
        let seats = self.registry().seats().into_iter().filter(|view| plugin.is_none_or(|id| id == view.plugin));
        let mut fares: HashMap<SeatKey, SeatView> =
            seats.filter_map(|view| Some(((view.plugin.clone(), site_id(&view.site.id).ok()?), view))).collect();
        let mut query = sql(
            "SELECT plugin_id, localisation_id, version, idle_instances, health FROM plugin_health WHERE process_id <> ? AND reported_at >= ?",
        );
        query.arg(self.snapshots.process).arg(Instant::now() - ALIVE);
        if let Some(plugin) = plugin {
            query.push(" AND plugin_id = ?").arg(plugin);
        }
        for (id, site, version, idle, health) in
            query.all::<(String, LocalisationId, String, i64, String)>(conn).await?
        {
            // Rows of another version of the plugin, or of this program, are not added.
            if let Some(fare) = fares.get_mut(&(id, site)).filter(|fare| fare.version.to_string() == version)
                && let Ok(health) = serde_json::from_str(&health)
            {
                fare.health.absorb(health);
                fare.idle_instances += idle as usize;
            }
        }
        Ok(fares)
    }

    /// The last lines of a plugin over all processes, by site, newest first.
    pub async fn last_lines(
        &self,
        conn: &mut Conn,
        plugin: &str,
        sites: impl Iterator<Item = LocalisationId>,
    ) -> afpi_db::Result<HashMap<LocalisationId, Vec<Line>>> {
        let mut lines: HashMap<LocalisationId, Vec<Line>> =
            sites.map(|site| (site, self.logs.of(plugin, &seat_name(site)))).collect();
        let rows = sql("SELECT localisation_id, log FROM plugin_health WHERE process_id <> ? AND reported_at >= ? AND plugin_id = ?")
            .bind(self.snapshots.process).bind(Instant::now() - ALIVE).bind(plugin).all::<(LocalisationId, String)>(conn).await?;
        for (site, log) in rows {
            if let (Some(lines), Ok(log)) = (lines.get_mut(&site), serde_json::from_str::<Vec<Line>>(&log)) {
                lines.extend(log);
            }
        }
        for lines in lines.values_mut() {
            lines.sort_by_key(|line| std::cmp::Reverse(line.at));
            lines.truncate(LINES);
        }
        Ok(lines)
    }
}
