//! Records of a site for plugins that may read them: through the scope, a page at a time.

use afpi_db::{Conn, Db, Json, Sql};
use afpi_plugins::contract::{Entreprise, Opportunite};
use afpi_plugins::ports::{After, EntrepriseFilter, OpportuniteFilter, RecordStore, Space, StoreError};
use async_trait::async_trait;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::crm::opportunites::subject::{self, Subject};
use crate::platform::secrets::{away, site_id};
use crate::scope::Scope;

/// The store the runtime is given.
pub struct Records {
    pub db: Db,
}

afpi_db::row! {
    struct Row {
        id: Uuid, name: String, siret: Option<String>, siren: Option<String>, vat_number: Option<String>, naf_code: Option<String>,
        idcc: Option<String>, opco: Option<String>, kind: Option<String>, headcount: Option<i64>, line1: Option<String>,
        line2: Option<String>, postcode: Option<String>, city: Option<String>, country: String, phone: Option<String>,
        email: Option<String>, website: Option<String>, tags: Json<Vec<String>>, notes: Option<String>, active: bool,
        localisation_id: Uuid, created_at: i64, updated_at: i64,
    }
}

const COLUMNS: &str = "e.id, e.name, e.siret, e.siren, e.vat_number, e.naf_code, e.idcc, e.opco, e.kind, e.headcount, e.line1, e.line2, \
     e.postcode, e.city, e.country, e.phone, e.email, e.website, e.tags, e.notes, e.active, e.localisation_id, e.created_at, e.updated_at";

/// What a seat's plugin sees: records of its site, or of all for the network.
fn scope(site: Uuid) -> Scope {
    if site.is_nil() { Scope::All } else { Scope::Sites(vec![site]) }
}

/// Companies at home on the site; the scope alone would also show those the site works for.
fn entreprises(site: Uuid) -> Sql {
    let mut query = scope(site).entreprises(COLUMNS, "");
    if !site.is_nil() {
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

/// Behind the last record of the page before, in the order of pages.
fn behind(query: &mut Sql, after: Option<&After>, later: &'static str, same: &'static str, order: &'static str, limit: usize) {
    if let Some(after) = after {
        let id = Uuid::parse_str(&after.id).unwrap_or_default();
        query.push(later).arg(after.created_at).push(same).arg(after.created_at).arg(id);
    }
    query.push(order).limit(limit as u32);
}

#[async_trait]
impl RecordStore for Records {
    async fn opportunite(&self, space: Space<'_>, id: &str) -> Result<Option<Opportunite>, StoreError> {
        let mut query = subject::select(&scope(site_id(space.site)?));
        with_id(&mut query, " AND o.id = ?", id);
        let row = query.optional::<Subject>(&mut self.conn().await?).await.map_err(away)?;
        Ok(row.map(|row| row.shown()))
    }

    async fn opportunites(&self, space: Space<'_>, filter: &OpportuniteFilter, after: Option<&After>, limit: usize) -> Result<Vec<Opportunite>, StoreError> {
        let mut query = subject::select(&scope(site_id(space.site)?));
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
        behind(&mut query, after, " AND (o.created_at > ?", " OR (o.created_at = ? AND o.id > ?))", " ORDER BY o.created_at, o.id", limit);
        let rows = query.all::<Subject>(&mut self.conn().await?).await.map_err(away)?;
        Ok(rows.iter().map(Subject::shown).collect())
    }

    async fn entreprise(&self, space: Space<'_>, id: &str) -> Result<Option<Entreprise>, StoreError> {
        let mut query = entreprises(site_id(space.site)?);
        with_id(&mut query, " AND e.id = ?", id);
        Ok(query.optional::<Row>(&mut self.conn().await?).await.map_err(away)?.map(show))
    }

    async fn entreprises(&self, space: Space<'_>, filter: &EntrepriseFilter, after: Option<&After>, limit: usize) -> Result<Vec<Entreprise>, StoreError> {
        let mut query = entreprises(site_id(space.site)?);
        if let Some(siret) = &filter.siret {
            query.push(" AND e.siret = ?").arg(siret);
        }
        if let Some(active) = filter.active {
            query.push(" AND e.active = ?").arg(active);
        }
        if let Some(since) = filter.updated_since {
            query.push(" AND e.updated_at >= ?").arg(since);
        }
        behind(&mut query, after, " AND (e.created_at > ?", " OR (e.created_at = ? AND e.id > ?))", " ORDER BY e.created_at, e.id", limit);
        let rows = query.all::<Row>(&mut self.conn().await?).await.map_err(away)?;
        Ok(rows.into_iter().map(show).collect())
    }
}

impl Records {
    async fn conn(&self) -> Result<Conn, StoreError> {
        self.db.read().await.map_err(away)
    }
}

/// As the contract has it: further fields by their name in the API, those without a value absent.
fn show(row: Row) -> Entreprise {
    let address = present(json!({"line1": row.line1, "line2": row.line2, "country": row.country}));
    let data = present(json!({
        "siren": row.siren, "vatNumber": row.vat_number, "nafCode": row.naf_code, "idcc": row.idcc, "opco": row.opco, "kind": row.kind,
        "headcount": row.headcount, "address": address, "phone": row.phone, "email": row.email, "website": row.website,
        "tags": row.tags.0, "notes": row.notes,
    }));
    Entreprise {
        id: row.id.to_string(),
        name: row.name,
        siret: row.siret.unwrap_or_default(),
        postcode: row.postcode.unwrap_or_default(),
        city: row.city.unwrap_or_default(),
        localisation: row.localisation_id.to_string(),
        active: row.active,
        created_at: row.created_at,
        updated_at: row.updated_at,
        data: Value::Object(data).to_string(),
    }
}

fn present(all: Value) -> Map<String, Value> {
    let Value::Object(all) = all else { return Map::new() };
    all.into_iter().filter(|(_, value)| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())).collect()
}
