//! Companies: a received one is compared with the known ones ([`plan`]), applied ([`apply`]) and undone ([`undo`]).

pub mod apply;
pub mod names;
pub mod plan;
pub mod undo;

use std::collections::HashMap;

use afpi_db::{Conn, FromRow, Row, dialect};
use async_trait::async_trait;
use uuid::Uuid;

use super::Stop;
use super::apply::Batch as Applying;
use super::change::{Action, Change, Entity, Fields, Staged};
use super::editable::Editable;
use super::fields::{self, ENTREPRISE, Left};
use super::known::{self, Link};
use super::sites::Sites;
use super::stage::{Stage, Taken};
use super::undo::Batch as Undoing;
use afpi_core::scope::Scope;
use names::Namesake;

/// A company as it is now.
#[derive(Debug, Clone)]
pub struct Current {
    pub id: Uuid,
    pub fields: Fields,
    pub active: bool,
    pub site: Uuid,
    /// Has a person added something that no connector brings (notes, tags)?
    pub enriched: bool,
}

impl FromRow for Current {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(Current {
            id: row.get("id")?,
            fields: fields::stored(&ENTREPRISE, row)?,
            active: row.get("active")?,
            site: row.get("localisation_id")?,
            enriched: row.get::<Option<String>>("notes")?.is_some() || row.get::<String>("tags")? != "[]",
        })
    }
}

const COLUMNS: &str = "e.id, e.name, e.siret, e.siren, e.vat_number, e.naf_code, e.naf_nomenclature, e.idcc, e.opco, e.kind, e.headcount, \
     e.line1, e.line2, e.postcode, e.city, e.country, e.phone, e.email, e.website, e.active, e.localisation_id, e.notes, e.tags";

/// These companies, locked when the caller is going to write them. A run covers the whole network.
pub async fn by_id(
    conn: &mut Conn,
    ids: impl Iterator<Item = Uuid>,
    lock: bool,
) -> afpi_db::Result<HashMap<Uuid, Current>> {
    let mut query = Scope::All.entreprises(COLUMNS, "");
    query.push(" AND e.id IN ").list(ids);
    if lock {
        query.push(dialect::for_update(conn.backend()));
    }
    Ok(query.all::<Current>(conn).await?.into_iter().map(|c| (c.id, c)).collect())
}

/// The companies with these SIRETs.
pub async fn by_siret<'a>(
    conn: &mut Conn,
    sirets: impl Iterator<Item = &'a str>,
) -> afpi_db::Result<HashMap<String, Current>> {
    let mut query = Scope::All.entreprises(COLUMNS, "");
    query.push(" AND e.siret IN ").list(sirets);
    Ok(query
        .all::<Current>(conn)
        .await?
        .into_iter()
        .filter_map(|c| Some((word(&c.fields, "siret")?.to_owned(), c)))
        .collect())
}

pub use afpi_crm::entreprises::fields::word;

/// Companies as records that runs change.
pub struct Entreprises;

#[async_trait]
impl Editable for Entreprises {
    fn entity(&self) -> Entity {
        Entity::Entreprise
    }

    async fn plan(
        &self,
        stage: &mut Stage,
        conn: &mut Conn,
        taken: Vec<Taken>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Stop> {
        let clean: Vec<(Taken, (Fields, Vec<Left>))> = taken
            .into_iter()
            .map(|taken| {
                let read = fields::read(&ENTREPRISE, &taken.sent);
                (taken, read)
            })
            .collect();
        let links = known::by_external(
            conn,
            stage.rules.key(),
            Entity::Entreprise,
            clean.iter().map(|(t, _)| t.external_id.as_str()),
        )
        .await?;
        let all = stage.rules.owners.source_owns(Entity::Entreprise);
        let differs = |taken: &Taken, link: &&Link| {
            all || link.missing || link.digest != known::digest(&taken.sent, "", taken.archived)
        };
        let stale = clean
            .iter()
            .filter_map(|(t, _)| links.get(&t.external_id).filter(|link| differs(t, link)))
            .map(|link| link.record);
        let current = by_id(conn, stale, false).await?;
        let twins = by_siret(conn, clean.iter().filter_map(|(_, (f, _))| word(f, "siret"))).await?;
        let externals =
            known::by_record(conn, stage.rules.key(), Entity::Entreprise, twins.values().map(|c| c.id)).await?;
        let namesakes = names::find(stage, conn, &clean, &twins).await?;
        for (taken, (fields, mut left)) in clean {
            let siret = word(&fields, "siret");
            let link = links.get(&taken.external_id);
            let twin = match namesakes.get(&taken.external_id) {
                Some(Namesake::One(company)) => Some(company),
                Some(Namesake::Several) => {
                    let name = word(&fields, "name").unwrap_or_default();
                    changes.push(Change::skipped("entreprise", &taken.external_id, name, names::several()));
                    continue;
                }
                None => siret.and_then(|siret| twins.get(siret)),
            };
            let known = plan::Known {
                link,
                linked: link.and_then(|link| current.get(&link.record)),
                twin,
                twin_external: twin.and_then(|twin| externals.get(&twin.id)).map(String::as_str),
                siret_seen: siret.and_then(|siret| siret.parse().ok()).is_some_and(|siret| !stage.sirets.insert(siret)),
            };
            let ground = plan::Ground {
                sites: &stage.sites,
                owners: &stage.rules.owners,
                remembers: stage.rules.remembers(),
                only: stage.rules.only,
            };
            let mut change = plan::plan(&taken, fields, known, &ground, &mut left);
            stage.left.note(&change, &left);
            stage.explain(&mut change, &left);
            stage.companies_archived += i64::from(change.action == Action::Archived);
            stage.found(Entity::Entreprise, &change);
            changes.push(change);
        }
        Ok(())
    }

    fn writes(&self, action: Action) -> bool {
        matches!(action, Action::Created | Action::Updated | Action::Archived | Action::Conflict)
    }

    async fn apply(
        &self,
        tx: &mut Conn,
        batch: &mut Applying<'_>,
        changes: &[&Staged],
        sites: &Sites,
    ) -> afpi_db::Result<()> {
        apply::apply(tx, batch, changes, sites).await
    }

    async fn undo(
        &self,
        tx: &mut Conn,
        batch: &mut Undoing<'_>,
        changes: &[&Staged],
        sites: &Sites,
    ) -> afpi_db::Result<()> {
        undo::undo(tx, batch, changes, sites).await
    }
}
