//! The records that runs change. The engine knows them only by this trait. There are three kinds, applied in this
//! order: sites (linked, never changed), companies and contacts.

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

    /// Compares received records with the known ones, many at a time. Returns the changes.
    async fn plan(
        &self,
        stage: &mut Stage,
        conn: &mut Conn,
        taken: Vec<Taken>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Stop>;

    /// Does a change of this kind write the record?
    fn writes(&self, action: Action) -> bool;

    /// Applies changes through the record's own write functions. A change that is no longer possible is refused in the
    /// batch. A field that a person has changed since is left alone and reported.
    async fn apply(
        &self,
        tx: &mut Conn,
        batch: &mut apply::Batch<'_>,
        changes: &[&Staged],
        sites: &Sites,
    ) -> afpi_db::Result<()>;

    /// Undoes changes, last ones first. A record that was changed since stays and is reported.
    async fn undo(
        &self,
        tx: &mut Conn,
        batch: &mut undo::Batch<'_>,
        changes: &[&Staged],
        sites: &Sites,
    ) -> afpi_db::Result<()>;
}

/// All kinds, in the order of planning and applying. Undo uses the reverse order.
pub const ALL: [&dyn Editable; 3] = [&sites::Localisations, &companies::Entreprises, &contacts::Contacts];

/// The implementation for records of this kind.
pub fn of(entity: Entity) -> &'static dyn Editable {
    match entity {
        Entity::Localisation => &sites::Localisations,
        Entity::Entreprise => &companies::Entreprises,
        Entity::Contact => &contacts::Contacts,
    }
}
