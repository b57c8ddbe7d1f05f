//! The trainers and rooms that bookings name, for opportunités and sessions alike.

use std::collections::{BTreeSet, HashMap};

use afpi_db::Conn;
use uuid::Uuid;

use crate::{formateurs, salles};
use afpi_core::error::Result;
use afpi_core::id::SalleId;
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};

/// The names of the trainers and rooms that the table stores as (kind, resource).
pub async fn names<'a>(
    conn: &mut Conn,
    resources: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<HashMap<Uuid, String>> {
    let (mut trainers, mut rooms) = (BTreeSet::new(), BTreeSet::new());
    for (kind, resource) in resources {
        let Ok(id) = Uuid::parse_str(resource) else { continue };
        match kind {
            formateurs::RESOURCE => trainers.insert(id),
            salles::RESOURCE => rooms.insert(SalleId::from(id)),
            _ => false,
        };
    }
    let rooms = salles::names(conn, rooms.into_iter()).await?;
    let mut names: HashMap<Uuid, String> = rooms.into_iter().map(|(id, name)| (id.uuid(), name)).collect();
    let mut query = Scope::All.formateurs("f.id, f.name", "");
    query.push(" AND f.id IN ").list(trainers);
    names.extend(query.all::<(Uuid, String)>(conn).await?);
    Ok(names)
}

pub fn no_trainer() -> Text {
    text("Formateur inconnu ou inactif.", "Unknown or inactive trainer.")
}

pub fn no_room() -> Text {
    text("Salle inconnue de ce site ou inactive.", "A room this site does not know, or an inactive one.")
}
