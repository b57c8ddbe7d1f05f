//! Audits a site: reads its records as they are at one moment, asks each auditor, and keeps what it finds.

use std::sync::Arc;

use afpi_jobs::{Handler, JobContext, JobError};
use async_trait::async_trait;

use super::{keep, records};
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::LocalisationId;
use afpi_core::text::Locale;
use afpi_platform::plugins::{context, seat_name};
use afpi_platform::state::App;

/// Runs jobs of kind [`super::KIND`].
pub struct AuditHandler(App);

impl AuditHandler {
    pub fn new(app: App) -> Arc<AuditHandler> {
        Arc::new(AuditHandler(app))
    }
}

#[async_trait]
impl Handler for AuditHandler {
    async fn run(&self, job: JobContext) -> Result<(), JobError> {
        let site = job.payload["site"].as_str().and_then(|id| id.parse().ok());
        let site: LocalisationId = site.ok_or_else(|| JobError::fail("no site named"))?;
        let correlation = job.correlation_id.clone().unwrap_or_else(|| job.id.to_string());
        audit(&self.0, site, &correlation).await.map_err(|error| JobError::retry(error.kind().code()))
    }
}

/// A plugin that fails keeps its findings as they are, and the next audit asks it again. Those of a plugin that no longer
/// audits this site go.
async fn audit(app: &App, site: LocalisationId, correlation: &str) -> Result<()> {
    let now = Instant::now();
    let today = now.day();
    let auditors = app.plugins.registry().auditors(&seat_name(site));
    let records = records::of(&mut *app.db.snapshot().await?, site, today).await?;
    let context = context(Locale::Fr, correlation);
    let mut problem = String::new();
    for auditor in &auditors {
        let plugin = auditor.plugin().id();
        let answer = match auditor.rules(&context).await {
            Ok(rules) => {
                auditor.audit(&context, &today.to_string(), records.batches()).await.map(|found| (rules, found))
            }
            Err(failure) => Err(failure),
        };
        match answer {
            Ok((rules, findings)) => keep::found(app, site, plugin, &rules, &findings, &records.known, now).await?,
            Err(failure) => {
                tracing::warn!(plugin.id = plugin, site = %site, error.cause = %failure, "a plugin could not audit a site");
                problem = plugin.to_owned();
            }
        }
    }
    let plugins: Vec<&str> = auditors.iter().map(|auditor| auditor.plugin().id()).collect();
    keep::ended(app, site, &plugins, now, &problem).await
}
