//! Ports that a host does not have.

use super::{
    After, Effects, EntrepriseFilter, Ledger, OpportuniteFilter, QueryField, QueryPage, Quota, RecordQueries,
    RecordQuery, RecordStore, SecretStore, Space, StoreError, Usage, Waiting,
};
use crate::contract::query::Entry;
use crate::contract::{Entreprise, Opportunite};
use async_trait::async_trait;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Replaces ports that a host does not have. Reads and writes answer that they are unavailable.
#[derive(Debug, Default)]
pub struct Unavailable;

impl Unavailable {
    fn answer<T>() -> Result<T, StoreError> {
        Err(StoreError::Unavailable("this host does not offer it".into()))
    }
}

#[async_trait]
impl Ledger for Unavailable {
    async fn note(&self, _: Space<'_>, _: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Self::answer()
    }

    async fn notes(&self, _: Space<'_>, _: &str, _: Option<&str>, _: usize) -> Result<Vec<String>, StoreError> {
        Self::answer()
    }

    async fn usage(&self, _: Space<'_>) -> Result<Usage, StoreError> {
        Self::answer()
    }

    async fn waiting(&self, _: Space<'_>, _: Option<&str>) -> Result<Waiting, StoreError> {
        Self::answer()
    }

    async fn apply(&self, _: Space<'_>, _: &Effects, _: Quota) -> Result<(), StoreError> {
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
impl RecordQueries for Unavailable {
    fn fields(&self, _: &str) -> Option<Arc<[QueryField]>> {
        None
    }

    async fn select(&self, _: Space<'_>, _: &RecordQuery) -> Result<QueryPage, StoreError> {
        Self::answer()
    }

    async fn fetch(&self, _: Space<'_>, _: &str, _: &[String], _: &[String]) -> Result<Vec<Entry>, StoreError> {
        Self::answer()
    }
}
