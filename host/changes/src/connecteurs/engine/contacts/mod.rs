//! Contacts: how one that came is compared with what is here ([`plan`]), taken over ([`apply`]) and given back
//! ([`undo`]). People that were entered here are kept; one that was archived over there is marked, never removed.

pub mod apply;
pub mod plan;
pub mod undo;

use std::collections::HashMap;

use afpi_db::{Conn, FromRow, Row, sql};
use serde_json::Value;
use uuid::Uuid;

use super::change::Fields;
use super::fields::{self, CONTACT};

/// A contact as it is now.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: Uuid,
    pub company: Uuid,
    pub fields: Fields,
    pub position: i64,
}

impl FromRow for Person {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(Person {
            id: row.get("id")?,
            company: row.get("entreprise_id")?,
            fields: fields::stored(&CONTACT, row)?,
            position: row.get("position")?,
        })
    }
}

/// These contacts, and everybody at these companies.
pub async fn load(
    conn: &mut Conn,
    ids: impl Iterator<Item = Uuid>,
    companies: impl Iterator<Item = Uuid>,
) -> afpi_db::Result<HashMap<Uuid, Person>> {
    let mut query =
        sql("SELECT id, entreprise_id, first_name, last_name, job, email, phone, position FROM contacts WHERE id IN ");
    query.list(ids).push(" OR entreprise_id IN ").list(companies);
    Ok(query.all::<Person>(conn).await?.into_iter().map(|p| (p.id, p)).collect())
}

/// The company a change puts its contact at.
pub fn company(fields: &Fields) -> Option<Uuid> {
    fields.get("entreprise").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok())
}
