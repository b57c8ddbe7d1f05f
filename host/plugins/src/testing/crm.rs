//! Records, notes, jobs and events in memory.

use super::lock;
use crate::contract::{Entreprise, Opportunite};
use crate::ports::{
    After, Effects, EntrepriseFilter, Ledger, NewEvent, NewJob, OpportuniteFilter, Quota, RecordStore, Space,
    StoreError, Usage, Waiting,
};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Records in lists. Each site sees only its own records.
#[derive(Default)]
pub struct MemoryRecords {
    opportunites: Mutex<Vec<Opportunite>>,
    entreprises: Mutex<Vec<Entreprise>>,
    leaky: bool,
}

impl MemoryRecords {
    /// Shows all records to every site. It simulates a faulty store, to test the runtime.
    pub fn leaky() -> Self {
        MemoryRecords { leaky: true, ..MemoryRecords::default() }
    }

    /// Replaces the records. Their `localisation` is their site.
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

/// An action of a plugin, with the plugin and its site.
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

/// Notes in a map, and jobs and events in lists. The jobs never run. It enforces quotas and keys.
#[derive(Default)]
pub struct MemoryLedger {
    kept: Mutex<Kept>,
    /// The records that events may name.
    records: Arc<MemoryRecords>,
}

#[derive(Default)]
struct Kept {
    /// The notes by plugin, site and key.
    notes: BTreeMap<(String, String, String), Vec<u8>>,
    jobs: Vec<By<NewJob>>,
    events: Vec<By<NewEvent>>,
}

impl Kept {
    fn usage(&self, space: Space<'_>) -> Usage {
        let own = self.notes.iter().filter(|((plugin, site, _), _)| plugin == space.plugin && site == space.site);
        own.fold(Usage::default(), |sum, ((.., key), value)| Usage {
            keys: sum.keys + 1,
            bytes: sum.bytes + (key.len() + value.len()) as u64,
        })
    }

    fn waiting(&self, space: Space<'_>, key: Option<&str>) -> Waiting {
        let own = self.jobs.iter().filter(|job| job.is(space));
        let twin = key.is_some() && own.clone().any(|job| job.what.dedupe_key.as_deref() == key);
        Waiting { count: own.count() as u32, twin }
    }
}

impl MemoryLedger {
    /// Creates a ledger. Its events may name the opportunités that these records show to their site.
    pub fn about(records: Arc<MemoryRecords>) -> Self {
        MemoryLedger { kept: Mutex::default(), records }
    }

    /// Sets a note of the plugin, regardless of its quota.
    pub fn set_note(&self, plugin: &str, site: &str, key: &str, value: &[u8]) {
        lock(&self.kept).notes.insert((plugin.into(), site.into(), key.into()), value.into());
    }

    /// The jobs so far, in order.
    pub fn waiting_jobs(&self) -> Vec<By<NewJob>> {
        lock(&self.kept).jobs.clone()
    }

    /// The events so far, in order.
    pub fn heard(&self) -> Vec<By<NewEvent>> {
        lock(&self.kept).events.clone()
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn note(&self, space: Space<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(lock(&self.kept).notes.get(&(space.plugin.into(), space.site.into(), key.into())).cloned())
    }

    async fn notes(
        &self,
        space: Space<'_>,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let kept = lock(&self.kept);
        let own = kept
            .notes
            .keys()
            .filter(|(plugin, site, _)| plugin == space.plugin && site == space.site)
            .map(|(.., key)| key);
        let wanted = own.filter(|key| key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after));
        Ok(wanted.take(limit).cloned().collect())
    }

    async fn usage(&self, space: Space<'_>) -> Result<Usage, StoreError> {
        Ok(lock(&self.kept).usage(space))
    }

    async fn waiting(&self, space: Space<'_>, key: Option<&str>) -> Result<Waiting, StoreError> {
        Ok(lock(&self.kept).waiting(space, key))
    }

    async fn apply(&self, space: Space<'_>, effects: &Effects, quota: Quota) -> Result<(), StoreError> {
        for id in effects.events.iter().filter_map(|event| event.opportunite.as_deref()) {
            self.records.opportunite(space, id).await?.ok_or(StoreError::NotFound)?;
        }
        let mut kept = lock(&self.kept);
        let mut notes = kept.notes.clone();
        for (key, value) in &effects.notes {
            let at = (space.plugin.to_owned(), space.site.to_owned(), key.clone());
            match value {
                Some(value) => drop(notes.insert(at, value.clone())),
                None => drop(notes.remove(&at)),
            }
        }
        let jobs: Vec<_> =
            effects.jobs.iter().filter(|job| !kept.waiting(space, job.dedupe_key.as_deref()).twin).collect();
        if !jobs.is_empty() && kept.waiting(space, None).count as usize + jobs.len() > quota.jobs as usize {
            return Err(StoreError::Full);
        }
        let before = (kept.usage(space), std::mem::replace(&mut kept.notes, notes));
        if kept.usage(space).breaks(quota, before.0) {
            kept.notes = before.1;
            return Err(StoreError::Full);
        }
        kept.jobs.extend(jobs.into_iter().map(|job| By::new(space, job.clone())));
        kept.events.extend(effects.events.iter().map(|event| By::new(space, event.clone())));
        Ok(())
    }
}
