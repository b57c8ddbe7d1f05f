//! Reads what companies are compared by, for the twins of this process (`afpi-search`). What they name is read again in
//! the caller's scope.

use std::collections::HashMap;

use afpi_core::scope::Scope;
use afpi_db::Conn;
use afpi_search::{Facts, Traits};
use uuid::Uuid;

use crate::changed::Which;

afpi_db::row! {
    struct Row {
        id: Uuid, name: String, siret: Option<String>, siren: Option<String>, phone: Option<String>, email: Option<String>,
        postcode: Option<String>, localisation_id: Uuid,
    }
}

/// The traits of these companies. A company that does not exist has none.
pub async fn read(conn: &mut Conn, which: Which<'_>) -> afpi_db::Result<HashMap<Uuid, Traits>> {
    let columns = "e.id, e.name, e.siret, e.siren, e.phone, e.email, e.postcode, e.localisation_id";
    let mut query = Scope::All.entreprises(columns, "");
    which.push(&mut query, "e.id");
    let rows = query.all::<Row>(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let facts = Facts {
                name: &row.name,
                number: row.siret.as_deref(),
                group: row.siren.as_deref(),
                phone: row.phone.as_deref(),
                email: row.email.as_deref(),
                place: row.postcode.as_deref(),
                site: row.localisation_id,
            };
            (row.id, Traits::new(&facts))
        })
        .collect())
}
