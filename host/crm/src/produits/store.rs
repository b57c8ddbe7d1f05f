//! Training products in the database, and who may write whose.

use afpi_db::{Conn, sql};

use super::input::ProduitCreate;
use crate::search::index;
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Result, field, forbidden, invalid};
use afpi_core::id::{LegalEntityId, LocalisationId, ProduitId};
use afpi_core::scope::Scope;
use afpi_core::text::{fold, text};

/// The search words for `?q=`.
pub(super) fn search(code: &str, title: &str, category: Option<&str>) -> String {
    index([code, title].into_iter().chain(category), 600)
}

/// The normal form of a code, for comparison.
pub(super) fn normalised(code: &str) -> String {
    fold(code).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(190).collect()
}

/// Stores a new product, already checked; [`afpi_db::DbError::Unique`] when there is one of this code.
pub async fn insert(
    tx: &mut Conn,
    new: &ProduitCreate,
    entity: Option<LegalEntityId>,
    now: Instant,
) -> afpi_db::Result<ProduitId> {
    let id = ProduitId::generate();
    let (code, title) = (new.code.as_str(), new.title.as_str());
    let mut query = sql(
        "INSERT INTO produits (id, entite_legale_id, code, code_norm, title, title_key, search, category, modality, \
         duration_minutes, price, price_unit, vat_rate, objectives, prerequisites, programme, active, created_at, \
         updated_at, version) VALUES ",
    );
    query.rows([[
        id.into(),
        entity.into(),
        code.into(),
        normalised(code).into(),
        title.into(),
        collation::key(title).into(),
        search(code, title, new.category.as_deref()).into(),
        new.category.as_deref().into(),
        new.modality.map(<&'static str>::from).into(),
        new.duration_minutes.into(),
        new.price.into(),
        <&'static str>::from(new.price_unit).into(),
        i64::from(new.vat_rate).into(),
        new.objectives.as_deref().into(),
        new.prerequisites.as_deref().into(),
        new.programme.as_deref().into(),
        true.into(),
        now.into(),
        now.into(),
        1i64.into(),
    ]]);
    query.execute(tx).await?;
    Ok(id)
}

/// The legal entities of the caller's sites; `None` for who sees the network.
pub(super) async fn entities(conn: &mut Conn, scope: &Scope) -> afpi_db::Result<Option<Vec<LegalEntityId>>> {
    let sites = match scope {
        Scope::All => return Ok(None),
        Scope::Sites(sites) | Scope::Own { sites, .. } => sites,
    };
    let mut query = sql("SELECT id, entite_legale_id FROM localisations WHERE id IN ");
    query.list(sites.iter());
    let rows = query.all::<(LocalisationId, LegalEntityId)>(conn).await?;
    // In the order of the caller's sites: the first one is the default.
    let of = |site| rows.iter().find(|(id, _)| id == site).map(|(_, entity)| *entity);
    Ok(Some(sites.iter().filter_map(of).collect()))
}

/// Checks whose product the caller writes: the legal entity exists (422 at `/legalEntityId`) and is one of the caller's
/// sites (403). Products of the network are written by who sees it.
pub(super) async fn writable(conn: &mut Conn, scope: &Scope, entity: Option<LegalEntityId>) -> Result<()> {
    if let Some(id) = entity
        && sql("SELECT 1 FROM entites_legales WHERE id = ?").bind(id).optional::<(i64,)>(conn).await?.is_none()
    {
        let unknown = text("Entité légale inconnue.", "Unknown legal entity.");
        return Err(invalid(vec![field("/legalEntityId", "unknown", unknown)]));
    }
    match entities(conn, scope).await? {
        None => Ok(()),
        Some(own) if entity.is_some_and(|entity| own.contains(&entity)) => Ok(()),
        Some(_) => Err(forbidden()),
    }
}
