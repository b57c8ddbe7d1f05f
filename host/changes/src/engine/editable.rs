//! The records that runs change. The engine knows them only by this trait. Applied in this order: sites (linked, never
//! changed), companies and contacts; then the kinds that only files bring ([`tabular`]).

use afpi_db::Conn;
use async_trait::async_trait;

use super::change::{Action, Change, Entity, Staged};
use super::stage::{Stage, Taken};
use super::{Stop, apply, companies, contacts, sites, tabular, undo};
use sites::Sites;
use strum::VariantArray as _;
use tabular::Lines;

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
    ) -> Result<(), Stop>;

    /// Undoes changes, last ones first. A record that was changed since stays and is reported.
    async fn undo(
        &self,
        tx: &mut Conn,
        batch: &mut undo::Batch<'_>,
        changes: &[&Staged],
        sites: &Sites,
    ) -> Result<(), Stop>;
}

/// All kinds, in the order of planning and applying. Undo uses the reverse order.
pub const ALL: [&dyn Editable; Entity::VARIANTS.len()] = [
    &sites::Localisations,
    &companies::Entreprises,
    &contacts::Contacts,
    &Lines(&tabular::Produits),
    &Lines(&tabular::Formateurs),
];

/// The implementation for records of this kind.
pub fn of(entity: Entity) -> &'static dyn Editable {
    ALL[entity as usize]
}
