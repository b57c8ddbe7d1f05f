//! What runs change. The engine knows records by this trait only: sites (which are linked, never changed), companies and
//! contacts are the three there are, in the order in which they are applied.

use afpi_db::Conn;
use async_trait::async_trait;

use super::change::{Action, Change, Entity, Staged};
use super::stage::{Stage, Taken};
use super::{Stop, apply, companies, contacts, sites, undo};
use sites::Sites;

/// A kind of record.
#[async_trait]
pub trait Editable: Send + Sync {
    fn entity(&self) -> Entity;

    /// Compares records that came with those that are known, many at a time; the changes they amount to.
    async fn plan(
        &self,
        stage: &mut Stage,
        conn: &mut Conn,
        taken: Vec<Taken>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Stop>;

    /// Does a change of this kind write the record?
    fn writes(&self, action: Action) -> bool;

    /// Applies changes through the record's own write functions. What can no longer be done becomes a refusal in the
    /// batch, and what a person has changed since is left alone and told.
    async fn apply(
        &self,
        tx: &mut Conn,
        batch: &mut apply::Batch<'_>,
        changes: &[&Staged],
        sites: &Sites,
    ) -> afpi_db::Result<()>;

    /// Takes changes back, last ones first. What was touched since stays, and is told.
    async fn undo(
        &self,
        tx: &mut Conn,
        batch: &mut undo::Batch<'_>,
        changes: &[&Staged],
        sites: &Sites,
    ) -> afpi_db::Result<()>;
}

/// All kinds, in the order in which they are planned and applied; taken back in the opposite one.
pub const ALL: [&dyn Editable; 3] = [&sites::Localisations, &companies::Entreprises, &contacts::Contacts];

/// What changes records of this kind.
pub fn of(entity: Entity) -> &'static dyn Editable {
    match entity {
        Entity::Localisation => &sites::Localisations,
        Entity::Entreprise => &companies::Entreprises,
        Entity::Contact => &contacts::Contacts,
    }
}
