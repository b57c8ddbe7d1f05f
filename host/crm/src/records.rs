//! Records of a site for plugins that may read them: through the scope, a page at a time.

use afpi_db::{Conn, Db, Sql};
use afpi_plugins::contract::{Entreprise, Opportunite};
use afpi_plugins::ports::{After, EntrepriseFilter, OpportuniteFilter, RecordStore, Space, StoreError};
use async_trait::async_trait;
use uuid::Uuid;

use crate::entreprises;
use crate::opportunites::stored::{self, StoredOpportunite};
use afpi_core::id::LocalisationId;
use afpi_core::scope::{Scope, ScopedSql};
use afpi_platform::secrets::{away, site_id};

/// The store the runtime is given.
pub struct Records {
    pub db: Db,
}

/// What a seat's plugin sees: records of its site, or of all for the network.
fn scope(site: LocalisationId) -> Scope {
    if site.is_network() { Scope::All } else { Scope::Sites(vec![site]) }
}

/// Companies at home on the site; the scope alone would also show those the site works for.
fn at_home(site: LocalisationId) -> ScopedSql {
    let mut query = entreprises::stored::select(&scope(site));
    if !site.is_network() {
        query.push(" AND e.localisation_id = ?").arg(site);
    }
    query
}

/// A condition on an id a guest gave: one that is none finds nothing.
fn with_id(query: &mut Sql, condition: &'static str, id: &str) {
    match Uuid::parse_str(id) {
        Ok(id) => query.push(condition).arg(id),
        Err(_) => query.push(" AND 1 = 0"),
    };
}

/// How records of a kind are paged: in the order of their creation.
struct Paging {
    later: &'static str,
    same: &'static str,
    order: &'static str,
}

const OPPORTUNITES: Paging = Paging {
    later: " AND (o.created_at > ?",
    same: " OR (o.created_at = ? AND o.id > ?))",
    order: " ORDER BY o.created_at, o.id",
};

const ENTREPRISES: Paging = Paging {
    later: " AND (e.created_at > ?",
    same: " OR (e.created_at = ? AND e.id > ?))",
    order: " ORDER BY e.created_at, e.id",
};

impl Paging {
    /// Appends the page behind this record.
    fn push(&self, query: &mut Sql, after: Option<&After>, limit: usize) {
        if let Some(after) = after {
            let id = Uuid::parse_str(&after.id).unwrap_or_default();
            query.push(self.later).arg(after.created_at).push(self.same).arg(after.created_at).arg(id);
        }
        query.push(self.order).limit(limit as u32);
    }
}

#[async_trait]
impl RecordStore for Records {
    async fn opportunite(&self, space: Space<'_>, id: &str) -> Result<Option<Opportunite>, StoreError> {
        let mut query = stored::select(&scope(site_id(space.site)?));
        with_id(&mut query, " AND o.id = ?", id);
        let row = query.optional::<StoredOpportunite>(&mut self.conn().await?).await.map_err(away)?;
        Ok(row.map(|row| row.shown()))
    }

    async fn opportunites(
        &self,
        space: Space<'_>,
        filter: &OpportuniteFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Opportunite>, StoreError> {
        let mut query = stored::select(&scope(site_id(space.site)?));
        if let Some(section) = &filter.section {
            query.push(" AND o.section = ?").arg(section);
        }
        if let Some(status) = &filter.status {
            query.push(" AND o.status = ?").arg(status);
        }
        if let Some(entreprise) = &filter.entreprise {
            with_id(&mut query, " AND o.entreprise_id = ?", entreprise);
        }
        if let Some(commercial) = &filter.commercial {
            with_id(&mut query, " AND o.commercial_id = ?", commercial);
        }
        if let Some(since) = filter.created_since {
            query.push(" AND o.created_at >= ?").arg(since);
        }
        OPPORTUNITES.push(&mut query, after, limit);
        let rows = query.all::<StoredOpportunite>(&mut self.conn().await?).await.map_err(away)?;
        Ok(rows.iter().map(StoredOpportunite::shown).collect())
    }

    async fn entreprise(&self, space: Space<'_>, id: &str) -> Result<Option<Entreprise>, StoreError> {
        let mut query = at_home(site_id(space.site)?);
        with_id(&mut query, " AND e.id = ?", id);
        Ok(query
            .optional::<entreprises::stored::StoredEntreprise>(&mut self.conn().await?)
            .await
            .map_err(away)?
            .map(|row| row.shown()))
    }

    async fn entreprises(
        &self,
        space: Space<'_>,
        filter: &EntrepriseFilter,
        after: Option<&After>,
        limit: usize,
    ) -> Result<Vec<Entreprise>, StoreError> {
        let mut query = at_home(site_id(space.site)?);
        if let Some(siret) = &filter.siret {
            query.push(" AND e.siret = ?").arg(siret);
        }
        if let Some(active) = filter.active {
            query.push(" AND e.active = ?").arg(active);
        }
        if let Some(since) = filter.updated_since {
            query.push(" AND e.updated_at >= ?").arg(since);
        }
        ENTREPRISES.push(&mut query, after, limit);
        let rows = query.all::<entreprises::stored::StoredEntreprise>(&mut self.conn().await?).await.map_err(away)?;
        Ok(rows.into_iter().map(|row| row.shown()).collect())
    }
}

impl Records {
    async fn conn(&self) -> Result<Conn, StoreError> {
        self.db.read().await.map_err(away)
    }
}
