//! Half-days that several opportunités of one session share. One of them holds the booking, or the session itself when
//! a person planned it; the others are written beside it, and one of them gets it when the holder gives it back.

use afpi_db::{Conn, Sql, Value, sql};

use afpi_core::error::Result;
use afpi_core::id::{OpportuniteId, SessionId};

/// A booking as the table stores it: kind, resource, day, half.
pub type Key = (String, String, String, String);

/// Who holds a booking.
#[derive(Clone, Copy)]
pub enum Holder {
    Opportunite(OpportuniteId),
    Session(SessionId),
}

impl Holder {
    /// ` WHERE <the bookings of this holder>`.
    fn only(self, query: &mut Sql) {
        let (condition, id): (_, Value) = match self {
            Holder::Opportunite(id) => (" WHERE r.opportunite_id = ?", id.into()),
            Holder::Session(id) => (" WHERE r.session_id = ?", id.into()),
        };
        query.push(condition).arg(id);
    }
}

/// Gives back everything that this one has booked, or leaves it to those who share it.
pub async fn release(tx: &mut Conn, holder: Holder) -> Result<()> {
    if let Holder::Opportunite(id) = holder {
        sql("DELETE FROM reservation_shares WHERE opportunite_id = ?").bind(id).execute(tx).await?;
    }
    let mut query = sql(
        "SELECT s.kind, s.resource_id, s.day, s.half, MIN(s.opportunite_id) FROM reservation_shares s \
         JOIN reservations r ON r.kind = s.kind AND r.resource_id = s.resource_id AND r.day = s.day AND r.half = s.half",
    );
    holder.only(&mut query);
    query.push(" GROUP BY s.kind, s.resource_id, s.day, s.half");
    for (kind, resource, day, half, heir) in query.all::<(String, String, String, String, OpportuniteId)>(tx).await? {
        let key = (kind, resource, day, half);
        give(tx, &key, Holder::Opportunite(heir)).await?;
        let mut query = sql("DELETE FROM reservation_shares");
        at(&mut query, &key);
        query.push(" AND opportunite_id = ?").arg(heir);
        query.execute(tx).await?;
    }
    let query = match holder {
        Holder::Opportunite(id) => sql("DELETE FROM reservations WHERE opportunite_id = ?").bind(id),
        Holder::Session(id) => sql("DELETE FROM reservations WHERE session_id = ?").bind(id),
    };
    query.execute(tx).await?;
    Ok(())
}

/// Makes this one the holder of a booking that exists.
pub async fn give(tx: &mut Conn, key: &Key, to: Holder) -> Result<()> {
    let (opportunite, session) = match to {
        Holder::Opportunite(id) => (Some(id), None),
        Holder::Session(id) => (None, Some(id)),
    };
    let mut query = sql("UPDATE reservations SET opportunite_id = ?, session_id = ?").bind(opportunite).bind(session);
    at(&mut query, key);
    query.execute(tx).await?;
    Ok(())
}

/// ` WHERE <this booking>`.
fn at(query: &mut Sql, (kind, resource, day, half): &Key) {
    query.push(" WHERE kind = ?").arg(kind).push(" AND resource_id = ?").arg(resource);
    query.push(" AND day = ?").arg(day).push(" AND half = ?").arg(half);
}

/// Writes that the opportunité shares these half-days.
pub async fn write(tx: &mut Conn, id: OpportuniteId, keys: &[Key]) -> afpi_db::Result<()> {
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
