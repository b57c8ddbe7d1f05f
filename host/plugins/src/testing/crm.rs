//! Records, jobs and events in memory.

use super::lock;
use crate::contract::{Entreprise, Opportunite};
use crate::ports::{
    After, EntrepriseFilter, EventSink, JobSink, NewEvent, NewJob, OpportuniteFilter, RecordStore, Space, StoreError,
};
use afpi_plugin_manifest::JobsRequest;
use async_trait::async_trait;
use std::sync::{Arc, Mutex};

/// Records in lists, shown to their own site.
#[derive(Default)]
pub struct MemoryRecords {
    opportunites: Mutex<Vec<Opportunite>>,
    entreprises: Mutex<Vec<Entreprise>>,
    leaky: bool,
}

impl MemoryRecords {
    /// Shows every site everything: a store with a fault, to see what the runtime makes of it.
    pub fn leaky() -> Self {
        MemoryRecords { leaky: true, ..MemoryRecords::default() }
    }

    /// Puts these in place of those that were. Their `localisation` is the site they belong to.
    pub fn set_opportunites(&self, mut records: Vec<Opportunite>) {
        records.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        *lock(&self.opportunites) = records;
    }

    /// See [`MemoryRecords::set_opportunites`].
    pub fn set_entreprises(&self, mut records: Vec<Entreprise>) {
        records.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        *lock(&self.entreprises) = records;
    }

    fn shows(&self, space: Space<'_>, localisation: &str) -> bool {
        self.leaky || space.site.is_empty() || space.site == localisation
    }
}

fn is(wanted: &Option<String>, value: &str) -> bool {
    wanted.as_deref().is_none_or(|wanted| wanted == value)
}

fn behind(after: Option<&After>, created_at: i64, id: &str) -> bool {
    after.is_none_or(|after| (created_at, id) > (after.created_at, after.id.as_str()))
}

#[async_trait]
impl RecordStore for MemoryRecords {
    async fn opportunite(&self, space: Space<'_>, id: &str) -> Result<Option<Opportunite>, StoreError> {
        let all = lock(&self.opportunites);
        Ok(all.iter().find(|record| record.id == id && self.shows(space, &record.localisation)).cloned())
    }

    async fn opportunites(
        &self,
        space: Space<'_>,
        filter: &OpportuniteFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Opportunite>, StoreError> {
        let all = lock(&self.opportunites);
        let wanted = all.iter().filter(|record| {
            self.shows(space, &record.localisation)
                && behind(after, record.created_at, &record.id)
                && is(&filter.section, &record.section)
                && is(&filter.status, &record.status)
                && is(&filter.entreprise, &record.entreprise)
                && is(&filter.commercial, &record.commercial)
                && filter.created_since.is_none_or(|since| record.created_at >= since)
        });
        Ok(wanted.take(limit).cloned().collect())
    }

    async fn entreprise(&self, space: Space<'_>, id: &str) -> Result<Option<Entreprise>, StoreError> {
        let all = lock(&self.entreprises);
        Ok(all.iter().find(|record| record.id == id && self.shows(space, &record.localisation)).cloned())
    }

    async fn entreprises(
        &self,
        space: Space<'_>,
        filter: &EntrepriseFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Entreprise>, StoreError> {
        let all = lock(&self.entreprises);
        let wanted = all.iter().filter(|record| {
            self.shows(space, &record.localisation)
                && behind(after, record.created_at, &record.id)
                && is(&filter.siret, &record.siret)
                && filter.active.is_none_or(|active| record.active == active)
                && filter.updated_since.is_none_or(|since| record.updated_at >= since)
        });
        Ok(wanted.take(limit).cloned().collect())
    }
}

/// Something a plugin did, with the plugin and the site it did it for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By<T> {
    pub plugin: String,
    pub site: String,
    pub what: T,
}

impl<T> By<T> {
    fn new(space: Space<'_>, what: T) -> Self {
        By { plugin: space.plugin.into(), site: space.site.into(), what }
    }

    fn is(&self, space: Space<'_>) -> bool {
        self.plugin == space.plugin && self.site == space.site
    }
}

/// Jobs in a list, never run, quotas and keys kept.
#[derive(Default)]
pub struct MemoryJobs(Mutex<Vec<By<NewJob>>>);

impl MemoryJobs {
    /// The jobs so far, in order.
    pub fn waiting(&self) -> Vec<By<NewJob>> {
        lock(&self.0).clone()
    }
}

#[async_trait]
impl JobSink for MemoryJobs {
    async fn enqueue(&self, space: Space<'_>, job: NewJob, quota: JobsRequest) -> Result<bool, StoreError> {
        let mut waiting = lock(&self.0);
        let own = waiting.iter().filter(|other| other.is(space));
        let twice = |other: &By<NewJob>| job.dedupe_key.is_some() && other.what.dedupe_key == job.dedupe_key;
        if own.clone().any(twice) {
            return Ok(false);
        }
        if own.count() >= quota.quota_waiting as usize {
            return Err(StoreError::Full);
        }
        waiting.push(By::new(space, job));
        Ok(true)
    }
}

/// Events in a list, about opportunités that the records show to their site.
pub struct MemoryEvents {
    heard: Mutex<Vec<By<NewEvent>>>,
    records: Arc<MemoryRecords>,
}

impl MemoryEvents {
    pub fn about(records: Arc<MemoryRecords>) -> Self {
        MemoryEvents { heard: Mutex::default(), records }
    }

    /// The events so far, in order.
    pub fn heard(&self) -> Vec<By<NewEvent>> {
        lock(&self.heard).clone()
    }
}

#[async_trait]
impl EventSink for MemoryEvents {
    async fn emit(&self, space: Space<'_>, event: NewEvent) -> Result<(), StoreError> {
        if let Some(id) = &event.opportunite {
            self.records.opportunite(space, id).await?.ok_or(StoreError::NotFound)?;
        }
        lock(&self.heard).push(By::new(space, event));
        Ok(())
    }
}
