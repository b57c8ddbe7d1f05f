//! Companies: how one that came is compared with what is here ([`plan`]), taken over ([`apply`]) and given back
//! ([`undo`]).

pub mod apply;
pub mod plan;
pub mod undo;

use std::collections::HashMap;

use afpi_db::{Conn, FromRow, Row, dialect};
use serde_json::Value;
use uuid::Uuid;

use super::change::Fields;
use super::fields::{self, ENTREPRISE};
use afpi_core::scope::Scope;

/// A company as it is now.
#[derive(Debug, Clone)]
pub struct Current {
    pub id: Uuid,
    pub fields: Fields,
    pub active: bool,
    pub site: Uuid,
    /// Has a person added what no connector brings (notes, tags)?
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

/// These companies, locked when they are about to be written. A run works for the whole network.
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

/// The companies that bear these SIRETs.
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

/// A text field.
pub fn word<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}
