//! When a run must wait for a person: a complete list of companies is so short that the other system must have a fault.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use uuid::Uuid;

use super::change::Entity;
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};

/// A list shorter than this share of the linked and active companies is suspicious, in percent.
const SHARE: i64 = 80;
/// Archiving more than this share of the active companies at once is suspicious too, in percent, unless there are only
/// a few.
const ARCHIVED: i64 = 20;
const FEW: i64 = 10;

/// Active companies here that this connector has brought.
pub async fn active_companies(conn: &mut Conn, source: &str) -> afpi_db::Result<i64> {
    let mut query = Scope::All.entreprises("COUNT(*)", "JOIN external_ids x ON x.record_id = e.id");
    query.push(" AND e.active = ?").arg(true);
    query.push(" AND x.missing_since IS NULL AND x.entity = 'entreprise' AND x.source = ?").arg(source);
    query.scalar(conn).await
}

/// The suspicion about a list of `listed` companies that would archive `archived` of the `known` active ones.
pub fn suspicion(listed: i64, archived: i64, known: i64) -> Option<Text> {
    if listed == 0 {
        return Some(text(
            format!("La liste des entreprises est arrivée vide (connues et actives : {known})."),
            format!("The list of companies came empty (known and active: {known})."),
        ));
    }
    if listed * 100 < known * SHARE {
        return Some(text(
            format!("La liste ne contient que {listed} entreprises alors que {known} sont connues et actives."),
            format!("The list has only {listed} companies while {known} are known and active."),
        ));
    }
    if known >= FEW && archived * 100 > known * ARCHIVED {
        return Some(text(
            format!("{archived} entreprises sur {known} seraient archivées d'un coup."),
            format!("{archived} of {known} companies would be archived at once."),
        ));
    }
    None
}

/// Names of records, for display.
pub async fn names(
    conn: &mut Conn,
    entity: Entity,
    records: impl Iterator<Item = Uuid>,
) -> afpi_db::Result<HashMap<Uuid, String>> {
    if !entity.connected() {
        return Ok(HashMap::new());
    }
    let mut query = match entity {
        Entity::Entreprise => Scope::All.entreprises("e.id, e.name", "").into(),
        Entity::Contact => sql("SELECT c.id, c.last_name FROM contacts c WHERE 1 = 1"),
        _ => sql("SELECT l.id, l.name FROM localisations l WHERE 1 = 1"),
    };
    query.push(match entity {
        Entity::Entreprise => " AND e.id IN ",
        Entity::Contact => " AND c.id IN ",
        _ => " AND l.id IN ",
    });
    query.list(records);
    Ok(query.all::<(Uuid, String)>(conn).await?.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_or_empty_list_wants_a_person() {
        for (listed, archived, known, held) in [
            (0, 0, 0, true),
            (0, 0, 200, true),
            (159, 0, 200, true),
            (160, 0, 200, false),
            (200, 40, 200, false),
            (200, 41, 200, true),
            (3, 2, 3, false),
            (200, 0, 0, false),
        ] {
            assert_eq!(suspicion(listed, archived, known).is_some(), held, "{listed} {archived} {known}");
        }
    }
}
