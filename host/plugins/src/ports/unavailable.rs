//! The ports a host does not have.

use super::{After, EntrepriseFilter, EventSink, JobSink, KvStore, NewEvent, NewJob, OpportuniteFilter, RecordStore, SecretStore};
use super::{Space, StoreError};
use crate::contract::{Entreprise, Opportunite};
use afpi_plugin_manifest::{JobsRequest, KvRequest};
use async_trait::async_trait;
use zeroize::Zeroizing;

/// Stands in for ports a host does not have: reads and writes answer that they are unavailable.
#[derive(Debug, Default)]
pub struct Unavailable;

impl Unavailable {
    fn answer<T>() -> Result<T, StoreError> {
        Err(StoreError::Unavailable("this host does not offer it".into()))
    }
}

#[async_trait]
impl KvStore for Unavailable {
    async fn get(&self, _: Space<'_>, _: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Self::answer()
    }

    async fn set(&self, _: Space<'_>, _: &str, _: &[u8], _: KvRequest) -> Result<(), StoreError> {
        Self::answer()
    }

    async fn delete(&self, _: Space<'_>, _: &str) -> Result<(), StoreError> {
        Self::answer()
    }

    async fn keys(&self, _: Space<'_>, _: &str, _: Option<&str>, _: usize) -> Result<Vec<String>, StoreError> {
        Self::answer()
    }
}

#[async_trait]
impl SecretStore for Unavailable {
    async fn get(&self, _: Space<'_>, _: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        Self::answer()
    }
}

#[async_trait]
impl RecordStore for Unavailable {
    async fn opportunite(&self, _: Space<'_>, _: &str) -> Result<Option<Opportunite>, StoreError> {
        Self::answer()
    }

    async fn opportunites(
        &self,
        _: Space<'_>,
        _: &OpportuniteFilter,
        _: Option<&After>,
        _: usize,
    ) -> Result<Vec<Opportunite>, StoreError> {
        Self::answer()
    }

    async fn entreprise(&self, _: Space<'_>, _: &str) -> Result<Option<Entreprise>, StoreError> {
        Self::answer()
    }

    async fn entreprises(
        &self,
        _: Space<'_>,
        _: &EntrepriseFilter,
        _: Option<&After>,
        _: usize,
    ) -> Result<Vec<Entreprise>, StoreError> {
        Self::answer()
    }
}

#[async_trait]
impl JobSink for Unavailable {
    async fn enqueue(&self, _: Space<'_>, _: NewJob, _: JobsRequest) -> Result<bool, StoreError> {
        Self::answer()
    }
}

#[async_trait]
impl EventSink for Unavailable {
    async fn emit(&self, _: Space<'_>, _: NewEvent) -> Result<(), StoreError> {
        Self::answer()
    }
}
