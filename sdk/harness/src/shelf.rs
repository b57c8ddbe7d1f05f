//! Records, jobs and events as a test has them: records it puts there, jobs and events it looks at afterwards.

use afpi_plugin_testing::protocol::{SeenEvent, SeenJob};
use afpi_plugins::contract::{Entreprise, Opportunite};
use afpi_plugins::manifest::JobsRequest;
use afpi_plugins::ports::{After, EntrepriseFilter, EventSink, JobSink, NewEvent, NewJob, OpportuniteFilter, RecordStore, Space, StoreError};
use async_trait::async_trait;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub struct Shelf(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    opportunites: Vec<Opportunite>,
    entreprises: Vec<Entreprise>,
    jobs: Vec<SeenJob>,
    events: Vec<SeenEvent>,
}

impl Shelf {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts records there in place of those that were; their `localisation` is the site they belong to.
    pub fn fill(&self, opportunites: Option<Vec<Opportunite>>, entreprises: Option<Vec<Entreprise>>) {
        let mut inside = self.inside();
        if let Some(mut opportunites) = opportunites {
            opportunites.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
            inside.opportunites = opportunites;
        }
        if let Some(mut entreprises) = entreprises {
            entreprises.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
            inside.entreprises = entreprises;
        }
    }

    pub fn jobs(&self) -> Vec<SeenJob> {
        self.inside().jobs.clone()
    }

    pub fn events(&self) -> Vec<SeenEvent> {
        self.inside().events.clone()
    }
}

/// Of this site, or of every one for the network as a whole.
fn here(space: Space<'_>, localisation: &str) -> bool {
    space.site.is_empty() || space.site == localisation
}

fn is<T: PartialEq>(wanted: &Option<T>, value: &T) -> bool {
    wanted.as_ref().is_none_or(|wanted| wanted == value)
}

fn beyond(after: Option<&After>, created_at: i64, id: &str) -> bool {
    after.is_none_or(|after| (created_at, id) > (after.created_at, after.id.as_str()))
}

#[async_trait]
impl RecordStore for Shelf {
    async fn opportunite(&self, space: Space<'_>, id: &str) -> Result<Option<Opportunite>, StoreError> {
        Ok(self.inside().opportunites.iter().find(|one| one.id == id && here(space, &one.localisation)).cloned())
    }

    async fn opportunites(
        &self,
        space: Space<'_>,
        filter: &OpportuniteFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Opportunite>, StoreError> {
        let fits = |one: &&Opportunite| {
            here(space, &one.localisation)
                && beyond(after, one.created_at, &one.id)
                && is(&filter.section, &one.section)
                && is(&filter.status, &one.status)
                && is(&filter.entreprise, &one.entreprise)
                && is(&filter.commercial, &one.commercial)
                && filter.created_since.is_none_or(|since| one.created_at >= since)
        };
        Ok(self.inside().opportunites.iter().filter(fits).take(limit).cloned().collect())
    }

    async fn entreprise(&self, space: Space<'_>, id: &str) -> Result<Option<Entreprise>, StoreError> {
        Ok(self.inside().entreprises.iter().find(|one| one.id == id && here(space, &one.localisation)).cloned())
    }

    async fn entreprises(
        &self,
        space: Space<'_>,
        filter: &EntrepriseFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Entreprise>, StoreError> {
        let fits = |one: &&Entreprise| {
            here(space, &one.localisation)
                && beyond(after, one.created_at, &one.id)
                && is(&filter.siret, &one.siret)
                && is(&filter.active, &one.active)
                && filter.updated_since.is_none_or(|since| one.updated_at >= since)
        };
        Ok(self.inside().entreprises.iter().filter(fits).take(limit).cloned().collect())
    }
}

#[async_trait]
impl JobSink for Shelf {
    async fn enqueue(&self, _: Space<'_>, job: NewJob, quota: JobsRequest) -> Result<bool, StoreError> {
        let mut inside = self.inside();
        if job.dedupe_key.is_some() && inside.jobs.iter().any(|other| other.dedupe_key == job.dedupe_key) {
            return Ok(false);
        }
        if inside.jobs.len() >= quota.quota_waiting as usize {
            return Err(StoreError::Full);
        }
        inside.jobs.push(SeenJob {
            kind: job.kind,
            payload: job.payload,
            run_after_ms: u64::try_from(job.run_after.as_millis()).unwrap_or(u64::MAX),
            dedupe_key: job.dedupe_key,
        });
        Ok(true)
    }
}

#[async_trait]
impl EventSink for Shelf {
    async fn emit(&self, space: Space<'_>, event: NewEvent) -> Result<(), StoreError> {
        let mut inside = self.inside();
        let known = |id: &String| inside.opportunites.iter().any(|one| one.id == *id && here(space, &one.localisation));
        if event.opportunite.as_ref().is_some_and(|id| !known(id)) {
            return Err(StoreError::NotFound);
        }
        inside.events.push(SeenEvent { name: event.name, opportunite: event.opportunite, payload: event.payload });
        Ok(())
    }
}
