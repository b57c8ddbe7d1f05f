//! Companies: a received one is compared with the known ones ([`plan`]), applied ([`apply`]) and undone ([`undo`]).

pub mod apply;
pub mod names;
pub mod plan;
pub mod undo;

use afpi_db::Conn;
use async_trait::async_trait;

use super::Stop;
use super::apply::Batch as Applying;
use super::change::{Action, Change, Entity, Fields, Staged};
use super::editable::Editable;
use super::fields::{self, ENTREPRISE, Left};
use super::known::{self, Link};
use super::sites::Sites;
use super::stage::{Stage, Taken};
use super::undo::Batch as Undoing;
use afpi_core::id::EntrepriseId;
use names::Namesake;

pub use afpi_crm::entreprises::bulk::{Current, by_id, by_siret};
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
            .map(|link| link.record.into());
        let current = by_id(conn, stale, false).await?;
        let twins = by_siret(conn, clean.iter().filter_map(|(_, (f, _))| word(f, "siret"))).await?;
        let externals =
            known::by_record(conn, stage.rules.key(), Entity::Entreprise, twins.values().map(|c| c.id.uuid())).await?;
        let namesakes = names::find(stage, conn, &clean, &twins).await?;
        for (taken, (mut fields, mut left)) in clean {
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
                linked: link.and_then(|link| current.get(&EntrepriseId::from(link.record))).map(|company| &**company),
                twin,
                twin_external: twin.and_then(|twin| externals.get(&twin.id.uuid())).map(String::as_str),
                siret_seen: siret.and_then(|siret| siret.parse().ok()).is_some_and(|siret| !stage.sirets.insert(siret)),
            };
            stage.fill(Entity::Entreprise, &mut fields, known.linked.or(known.twin).map(|company| &company.fields));
            let ground = plan::Ground {
                sites: &stage.sites,
                owners: &stage.rules.owners,
                remembers: stage.rules.remembers(),
                only: stage.rules.only,
            };
            let mut change = plan::plan(&taken, fields, known, &ground, &mut left);
            stage.left.note(&change, &left);
            stage.explain(&mut change, Entity::Entreprise, &taken, &left);
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
    ) -> Result<(), Stop> {
        Ok(apply::apply(tx, batch, changes, sites).await?)
    }

    async fn undo(
        &self,
        tx: &mut Conn,
        batch: &mut Undoing<'_>,
        changes: &[&Staged],
        sites: &Sites,
    ) -> Result<(), Stop> {
        Ok(undo::undo(tx, batch, changes, sites).await?)
    }
}
