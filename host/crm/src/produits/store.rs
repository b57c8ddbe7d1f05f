//! Training products in the database, and who may write whose.

use afpi_db::{Conn, sql};

use super::input::ProduitCreate;
use super::read::Produit;
use crate::search::index;
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Result, field, forbidden, invalid};
use afpi_core::id::{LegalEntityId, LocalisationId, ProduitId};
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::{fold, text};

/// The search words for `?q=`.
pub(super) fn search(code: &str, title: &str, category: Option<&str>) -> String {
    index([code, title].into_iter().chain(category), 600)
}

/// The normal form of a code, for comparison.
pub fn normalised(code: &str) -> String {
    fold(code).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(190).collect()
}

/// The product with this code, whoever's it is. 403 when these people may not write it.
pub async fn find(conn: &mut Conn, scope: &Scope, code: &str) -> Result<Option<ProduitId>> {
    let mut query = Scope::All.produits("p.id, p.entite_legale_id", "");
    query.push(" AND p.code_norm = ?").arg(normalised(code));
    let Some((id, entity)) = query.optional::<(ProduitId, Option<LegalEntityId>)>(conn).await? else { return Ok(None) };
    writable(conn, scope, entity).await?;
    Ok(Some(id))
}

/// Whose a new product is that is entered for this site: the network's for who sees all of it.
pub async fn home(conn: &mut Conn, scope: &Scope, site: LocalisationId) -> afpi_db::Result<Option<LegalEntityId>> {
    match scope {
        Scope::All => Ok(None),
        _ => sql("SELECT entite_legale_id FROM localisations WHERE id = ?").bind(site).scalar(conn).await.map(Some),
    }
}

/// Stores a new product, already checked; [`afpi_db::DbError::Unique`] when there is one of this code.
pub async fn insert(
    tx: &mut Conn,
    id: ProduitId,
    new: &ProduitCreate,
    entity: Option<LegalEntityId>,
    now: Instant,
) -> afpi_db::Result<()> {
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
    query.execute(tx).await.map(drop)
}

/// Deletes a product that still is as it was read; whether it was. No other record refers to products.
pub(super) async fn remove(tx: &mut Conn, produit: &Loaded<Produit>) -> afpi_db::Result<bool> {
    let query = sql("DELETE FROM produits WHERE id = ? AND version = ?").bind(produit.id).bind(produit.version);
    Ok(query.execute(tx).await? == 1)
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
        Some(_) => Err(forbidden().detail(text(
            "C'est un produit du réseau ou d'une autre entité légale.",
            "It is a product of the network or of another legal entity.",
        ))),
    }
}
