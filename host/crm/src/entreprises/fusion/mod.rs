//! Two records of one company become one. The survivor takes the chosen fields and all that refers to the other one, whose
//! row goes: nothing else in the product then needs to know of merged companies. A row of `fusions` has what brings both
//! back. Issued documents keep the identity that they were issued with: they are frozen.

mod apply;
mod choice;
mod contacts;
mod list;
mod relations;
mod row;
mod undo;

use afpi_core::error::{Error, ErrorKind, Result, not_found};
use afpi_core::id::EntrepriseId;
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_db::{Conn, sql};
use afpi_platform::state::App;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use row::{CONTACT, ENTREPRISE};

use crate::corbeille;
use row::Changed;

/// A company may have been merged on: no chain of merges is longer.
const HOPS: usize = 50;

/// `/api/entreprises/…`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(apply::preview))
        .routes(routes!(apply::merge))
        .routes(routes!(undo::undo))
}

/// What brings both companies back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    /// The row of the absorbed company.
    absorbed: afpi_db::stored::Stored,
    /// The columns of the survivor that changed.
    survivor: Vec<Changed>,
    moved: relations::Moved,
    contacts: contacts::Taken,
}

/// The companies that were merged into this one, also by way of others: what happened to them is part of its past.
pub async fn absorbed(conn: &mut Conn, id: EntrepriseId) -> afpi_db::Result<Vec<EntrepriseId>> {
    let (mut all, mut last) = (Vec::new(), vec![id]);
    while !last.is_empty() && all.len() < HOPS {
        let mut query = sql("SELECT absorbed_id FROM fusions WHERE undone_at IS NULL AND survivor_id IN ");
        query.list(last);
        let found: Vec<(EntrepriseId,)> = query.all(conn).await?;
        last = found.into_iter().map(|(id,)| id).filter(|found| *found != id && !all.contains(found)).collect();
        all.extend(&last);
    }
    Ok(all)
}

/// The company that this one was merged into, also by way of others; itself when it was not.
pub async fn survivor(conn: &mut Conn, id: EntrepriseId) -> afpi_db::Result<EntrepriseId> {
    let mut last = id;
    for _ in 0..HOPS {
        let query = sql(
            "SELECT survivor_id FROM fusions WHERE absorbed_id = ? AND undone_at IS NULL ORDER BY merged_at DESC, id DESC",
        );
        match query.bind(last).optional::<(EntrepriseId,)>(conn).await? {
            Some((survivor,)) => last = survivor,
            None => break,
        }
    }
    Ok(last)
}

/// Why there is no company of this id in scope: 410 with the company that it was merged into or with what the bin knows,
/// or 404.
pub(super) async fn gone(conn: &mut Conn, scope: &Scope, id: EntrepriseId) -> Result<Error> {
    let last = survivor(conn, id).await?;
    if last == id {
        let binned = corbeille::gone(conn, scope, corbeille::Kind::Entreprises, id.uuid()).await?;
        return Ok(binned.unwrap_or_else(not_found));
    }
    let mut query = scope.entreprises("e.id, e.name", "");
    query.push(" AND e.id = ?").arg(last);
    let Some((survivor, name)) = query.optional::<(EntrepriseId, String)>(conn).await? else { return Ok(not_found()) };
    let title = text("Fiche fusionnée", "Merged record");
    let detail = text(
        format!("Cette entreprise a été fusionnée dans « {name} »."),
        format!("This company was merged into “{name}”."),
    );
    Ok(Error::new(ErrorKind::Merged, title).detail(detail).with("survivor", json!({"id": survivor, "name": name})))
}
