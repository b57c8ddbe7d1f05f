//! Scheduled work of plugins: what ticks at which site, and its last run. The scheduler's own table follows the active
//! version's manifest, the sites where the plugin is on, and the switch of each schedule, in the transaction that
//! changes any of them.

use std::collections::HashSet;

use afpi_db::{Conn, Db, dialect, sql};
use afpi_jobs::Scheduler;
use afpi_plugins::manifest::{Capability, Schedule};

use super::{jobs, seats, versions};
use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal};
use afpi_core::id::LocalisationId;

/// Longest stored message of a run.
const LONGEST_MESSAGE: usize = 500;

/// Its id in the scheduler's table.
pub fn tick_id(plugin: &str, site: LocalisationId, name: &str) -> String {
    format!("plugin:{plugin}:{}:{name}", site.uuid().simple())
}

afpi_db::row! {
    /// A schedule on a site.
    #[derive(Debug, Clone)]
    pub struct Row {
        pub localisation_id: LocalisationId, pub name: String,
        /// Its own switch. It ticks only where the plugin is on, too.
        pub enabled: bool,
        /// The end of its last run.
        pub ran_at: Option<Instant>,
        /// `done`, `retried` (it is tried again), `failed`; empty before the first run.
        pub outcome: String,
        /// Why it failed.
        pub message: String,
    }
}

/// The schedules of a plugin, site by site.
pub async fn of(conn: &mut Conn, plugin: &str) -> afpi_db::Result<Vec<Row>> {
    sql("SELECT localisation_id, name, enabled, ran_at, outcome, message FROM plugin_schedules WHERE plugin_id = ?")
        .bind(plugin)
        .all(conn)
        .await
}

/// Updates the tables to what is active and switched on.
pub async fn follow(tx: &mut Conn, plugin: &str) -> Result<()> {
    let wanted = match versions::standing(tx, plugin).await?.filter(|standing| !standing.version.is_empty()) {
        Some(standing) => versions::get(tx, plugin, &standing.version).await?.manifest(tx).await?.schedules,
        None => vec![],
    };
    let known = of(tx, plugin).await?;
    if wanted.is_empty() && known.is_empty() {
        return Ok(());
    }
    let seats = seats::of(tx, plugin).await?;
    let mut standing = HashSet::new();
    for seat in &seats {
        for schedule in &wanted {
            let site = seat.localisation_id;
            standing.insert((site, schedule.name.clone()));
            let row = known.iter().find(|row| row.localisation_id == site && row.name == schedule.name);
            if row.is_none() {
                insert(tx, plugin, site, &schedule.name).await?;
            }
            let on = seat.enabled && seat.grants.0.contains(Capability::Jobs) && row.is_none_or(|row| row.enabled);
            tick(tx, plugin, site, schedule, on).await?;
        }
    }
    for row in known.iter().filter(|row| !standing.contains(&(row.localisation_id, row.name.clone()))) {
        sql("DELETE FROM plugin_schedules WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
            .bind(plugin)
            .bind(row.localisation_id)
            .bind(&row.name)
            .execute(tx)
            .await?;
        Scheduler::remove(tx, &tick_id(plugin, row.localisation_id, &row.name)).await.map_err(internal)?;
    }
    Ok(())
}

async fn insert(tx: &mut Conn, plugin: &str, site: LocalisationId, name: &str) -> afpi_db::Result<()> {
    let mut query = dialect::insert_or_ignore(tx.backend());
    query.push(" INTO plugin_schedules (plugin_id, localisation_id, name, enabled, outcome, message) VALUES ");
    query.rows([[plugin.into(), site.into(), name.into(), true.into(), "".into(), "".into()]]);
    query.execute(tx).await.map(drop)
}

async fn tick(tx: &mut Conn, plugin: &str, site: LocalisationId, schedule: &Schedule, on: bool) -> Result<()> {
    let id = tick_id(plugin, site, &schedule.name);
    if !on {
        return Scheduler::remove(tx, &id).await.map(drop).map_err(internal);
    }
    let ticking = jobs::scheduled(id, plugin, site, schedule)?;
    Scheduler::upsert(tx, &ticking).await.map_err(internal)
}

/// Switches a schedule on or off at a site. Returns whether it exists.
pub async fn switch(tx: &mut Conn, plugin: &str, site: LocalisationId, name: &str, enabled: bool) -> Result<bool> {
    let known = sql("SELECT 1 FROM plugin_schedules WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
        .bind(plugin)
        .bind(site)
        .bind(name);
    if known.optional::<(i64,)>(tx).await?.is_none() {
        return Ok(false);
    }
    sql("UPDATE plugin_schedules SET enabled = ? WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
        .bind(enabled)
        .bind(plugin)
        .bind(site)
        .bind(name)
        .execute(tx)
        .await?;
    follow(tx, plugin).await?;
    Ok(true)
}

/// The end of a run of a schedule.
pub struct Ended<'a> {
    pub plugin: &'a str,
    pub site: LocalisationId,
    pub schedule: &'a str,
    /// As in [`Row::outcome`].
    pub outcome: &'static str,
    pub message: &'a str,
}

/// Stores the result of a run.
pub async fn note(db: &Db, run: &Ended<'_>) -> afpi_db::Result<()> {
    let message: String = run.message.chars().take(LONGEST_MESSAGE).collect();
    afpi_db::retry(|| async {
        let mut tx = db.begin().await?;
        sql("UPDATE plugin_schedules SET ran_at = ?, outcome = ?, message = ? WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
            .bind(Instant::now()).bind(run.outcome).bind(&message).bind(run.plugin).bind(run.site).bind(run.schedule).execute(&mut tx).await?;
        tx.commit().await
    })
    .await
}
