//! When a connector runs automatically. People see the table `connecteurs`; the scheduler's own table follows it.

use afpi_db::{Conn, dialect, sql};
use afpi_jobs::Scheduler;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::source;
use crate::engine;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, field, internal, invalid};
use afpi_core::text::text;
use afpi_http::texts::Exact;

/// A connector's schedule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Five fields (minute hour day month weekday), in French time.
    #[validate(nested)]
    pub cron: Exact<1, 60>,
    pub enabled: bool,
}

/// The connector's schedule, if it has one.
pub async fn read(conn: &mut Conn, plugin: &str) -> Result<Option<Schedule>> {
    let row = sql("SELECT cron, cron_enabled FROM connecteurs WHERE plugin_id = ?")
        .bind(plugin)
        .optional::<(Option<String>, bool)>(conn)
        .await?;
    Ok(row.and_then(|(cron, enabled)| Some(Schedule { cron: Exact::stored(cron?), enabled })))
}

/// Refuses an invalid expression, or one that never matches.
pub fn check(schedule: &Schedule) -> Result<()> {
    if Scheduler::next_run(&schedule.cron, Instant::now().millis()).is_ok() {
        return Ok(());
    }
    let message = text(
        "Horaire illisible : minute heure jour mois jour-de-semaine, par exemple 0 3 * * *.",
        "Unreadable schedule: minute hour day month weekday, e.g. 0 3 * * *.",
    );
    Err(invalid(vec![field("/schedule/cron", "cron", message)]))
}

/// Sets or removes the connector's schedule.
pub async fn write(tx: &mut Conn, plugin: &str, schedule: Option<&Schedule>) -> Result<()> {
    let mut query = sql("INSERT INTO connecteurs (plugin_id, cron, cron_enabled, version) VALUES ");
    query.rows([[
        plugin.into(),
        schedule.map(|s| s.cron.as_str()).into(),
        schedule.is_some_and(|s| s.enabled).into(),
        1i64.into(),
    ]]);
    dialect::upsert(&mut query, tx.backend(), &["plugin_id"], &["cron", "cron_enabled"]);
    query.execute(tx).await?;
    let id = format!("sync:{plugin}");
    match schedule.filter(|s| s.enabled) {
        Some(schedule) => {
            let ticking = afpi_jobs::Schedule {
                id,
                cron: schedule.cron.clone().into(),
                queue: engine::QUEUE.into(),
                kind: engine::KIND.into(),
                payload: engine::scheduled(&source::key(plugin)),
                priority: 0,
                max_attempts: 5,
            };
            Scheduler::upsert(tx, &ticking).await.map_err(internal)
        }
        None => Scheduler::remove(tx, &id).await.map(drop).map_err(internal),
    }
}
