//! A record that is in the bin answers 410 with what the bin knows of it, instead of 404.

use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_db::Conn;
use uuid::Uuid;

use super::Kind;
use super::list::{self, Row};

/// Why there is no record of this id: 410, or `None` when the bin has none in scope either.
pub async fn gone(conn: &mut Conn, scope: &Scope, kind: Kind, id: Uuid) -> Result<Option<Error>> {
    let mut query = list::rows(scope);
    query.push(" AND c.record_id = ? AND c.record_kind = ?").arg(id).arg(kind.word());
    let Some(item) = query.optional::<Row>(conn).await?.and_then(Row::shown) else { return Ok(None) };
    let detail = text(format!("« {} » est dans la corbeille.", item.label), format!("“{}” is in the bin.", item.label));
    let error = Error::new(ErrorKind::InBin, text("Dans la corbeille", "In the bin"));
    Ok(Some(error.detail(detail).with("corbeille", item)))
}
