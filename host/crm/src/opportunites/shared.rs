//! Half-days that several opportunités of one session share. One of them holds the booking; the others are written
//! beside it, and one of them gets it when the holder gives it back.

use afpi_db::{Conn, sql};

use afpi_core::error::Result;
use afpi_core::id::OpportuniteId;

/// A booking as the table stores it: kind, resource, day, half.
pub(super) type Key = (String, String, String, String);

/// Gives back everything that the opportunité has booked, or leaves it to those who share it.
pub(super) async fn release(tx: &mut Conn, id: OpportuniteId) -> Result<()> {
    sql("DELETE FROM reservation_shares WHERE opportunite_id = ?").bind(id).execute(tx).await?;
    let heirs = sql("SELECT s.kind, s.resource_id, s.day, s.half, MIN(s.opportunite_id) FROM reservation_shares s \
         JOIN reservations r ON r.kind = s.kind AND r.resource_id = s.resource_id AND r.day = s.day AND r.half = s.half \
         WHERE r.opportunite_id = ? GROUP BY s.kind, s.resource_id, s.day, s.half")
        .bind(id)
        .all::<(String, String, String, String, OpportuniteId)>(tx)
        .await?;
    for (kind, resource, day, half, heir) in heirs {
        sql("UPDATE reservations SET opportunite_id = ? WHERE kind = ? AND resource_id = ? AND day = ? AND half = ?")
            .bind(heir)
            .bind(&kind)
            .bind(&resource)
            .bind(&day)
            .bind(&half)
            .execute(tx)
            .await?;
        sql("DELETE FROM reservation_shares WHERE kind = ? AND resource_id = ? AND day = ? AND half = ? AND opportunite_id = ?")
            .bind(kind)
            .bind(resource)
            .bind(day)
            .bind(half)
            .bind(heir)
            .execute(tx)
            .await?;
    }
    sql("DELETE FROM reservations WHERE opportunite_id = ?").bind(id).execute(tx).await?;
    Ok(())
}

/// Writes that the opportunité shares these half-days.
pub(super) async fn write(tx: &mut Conn, id: OpportuniteId, keys: &[Key]) -> afpi_db::Result<()> {
    for some in keys.chunks(500) {
        let mut query = sql("INSERT INTO reservation_shares (kind, resource_id, day, half, opportunite_id) VALUES ");
        query.rows(
            some.iter()
                .map(|(kind, resource, day, half)| [kind.into(), resource.into(), day.into(), half.into(), id.into()]),
        );
        query.execute(tx).await?;
    }
    Ok(())
}
