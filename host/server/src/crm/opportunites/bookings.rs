//! Half-days taken for trainers and rooms. A trainer is one person wherever he works; a room belongs to its site, so that two
//! sites may both have a « Salle 1 ».

use std::collections::{BTreeSet, HashMap};

use afpi_db::{Conn, sql};
use afpi_plugins::contract::workflow::Booking;
use uuid::Uuid;

use super::read;
use super::subject::Subject;
use crate::http::problem::{ApiResult, conflict, field, invalid};
use crate::scope::Scope;
use crate::text::text;

const FORMATEUR: &str = "formateur";

/// How the table knows what is booked.
fn resource(site: Uuid, booking: &Booking) -> String {
    if booking.kind == FORMATEUR {
        booking.resource_id.clone()
    } else {
        format!("{}/{}", site.simple(), booking.resource_id)
    }
}

/// Replaces the opportunité's bookings; a half-day that somebody else has is a conflict that names him, if he is of the same site.
pub(super) async fn replace(tx: &mut Conn, before: &Subject, bookings: &[Booking]) -> ApiResult<()> {
    let site = before.localisation_id;
    sql("DELETE FROM reservations WHERE opportunite_id = ?").bind(before.id).execute(tx).await?;
    known_trainers(tx, bookings).await?;
    let held = holders(tx, site, bookings).await?;
    let mut taken = Vec::new();
    for booking in bookings {
        let Some(by) = held.get(&(resource(site, booking), booking.day.clone(), booking.half.clone())) else {
            continue;
        };
        let half = if booking.half == "am" { ("matin", "morning") } else { ("après-midi", "afternoon") };
        let by = by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
        let message = text(
            format!("{} {} : déjà pris{by}.", booking.day, half.0),
            format!("{} {}: already taken{by}.", booking.day, half.1),
        );
        taken.push(field(format!("/{}/{}/{}", booking.kind, booking.day, booking.half), "double-booking", message));
    }
    if !taken.is_empty() {
        return Err(conflict(
            "double-booking",
            text("Formateur ou salle déjà réservé", "Trainer or room already booked"),
        )
        .fields(taken));
    }
    for some in bookings.chunks(500) {
        let mut query =
            sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, opportunite_id) VALUES ");
        query.rows(some.iter().map(|b| {
            [
                b.kind.as_str().into(),
                resource(site, b).into(),
                b.day.as_str().into(),
                b.half.as_str().into(),
                site.into(),
                before.id.into(),
            ]
        }));
        query.execute(tx).await?;
    }
    Ok(())
}

/// Resource, day and half.
type Slot = (String, String, String);

/// Who has which of these resources on the days in question; by name only on the same site.
async fn holders(tx: &mut Conn, site: Uuid, bookings: &[Booking]) -> ApiResult<HashMap<Slot, Option<String>>> {
    let days = bookings.iter().map(|b| b.day.as_str());
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(HashMap::new()) };
    let resources: BTreeSet<String> = bookings.iter().map(|b| resource(site, b)).collect();
    let mut query =
        sql("SELECT r.resource_id, r.day, r.half, r.localisation_id, o.numero, r.reason FROM reservations r \
                         LEFT JOIN opportunites o ON o.id = r.opportunite_id WHERE r.day >= ? AND r.day <= ?")
        .bind(first)
        .bind(last);
    query.push(" AND r.resource_id IN ").list(resources);
    let rows = query.all::<(String, String, String, Uuid, Option<String>, Option<String>)>(tx).await?;
    let named = |(resource, day, half, at, numero, reason): (_, _, _, Uuid, Option<String>, _)| {
        ((resource, day, half), numero.or(reason).filter(|_| at == site))
    };
    Ok(rows.into_iter().map(named).collect())
}

/// A booked formateur must be one.
async fn known_trainers(tx: &mut Conn, bookings: &[Booking]) -> ApiResult<()> {
    let wanted: BTreeSet<Uuid> = bookings
        .iter()
        .filter(|b| b.kind == FORMATEUR)
        .map(|b| Uuid::parse_str(&b.resource_id).unwrap_or_default())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let mut query = Scope::All.formateurs("COUNT(*)", "");
    query.push(" AND f.active = ?").arg(true).push(" AND f.id IN ").list(wanted.iter().copied());
    if query.scalar::<i64>(tx).await? == wanted.len() as i64 {
        return Ok(());
    }
    Err(invalid(vec![field(
        "/formateur",
        "unknown",
        text("Formateur inconnu ou inactif.", "Unknown or inactive trainer."),
    )]))
}

/// The bookings of an opportunité as the API shows them.
pub(super) async fn of(conn: &mut Conn, id: Uuid) -> ApiResult<Vec<read::Booking>> {
    let rows =
        sql("SELECT kind, resource_id, day, half FROM reservations WHERE opportunite_id = ? ORDER BY day, half, kind")
            .bind(id)
            .all::<(String, String, String, String)>(conn)
            .await?;
    let ids: BTreeSet<Uuid> = rows
        .iter()
        .filter(|(kind, ..)| kind == FORMATEUR)
        .filter_map(|(_, resource, ..)| Uuid::parse_str(resource).ok())
        .collect();
    let mut names = HashMap::new();
    if !ids.is_empty() {
        let mut query = Scope::All.formateurs("f.id, f.name", "");
        query.push(" AND f.id IN ").list(ids);
        names.extend(query.all::<(Uuid, String)>(conn).await?.into_iter().map(|(id, name)| (id.to_string(), name)));
    }
    let shown = |(kind, resource, day, half): (String, String, String, String)| {
        let resource_id = if kind == FORMATEUR {
            resource
        } else {
            resource.split_once('/').map_or(resource.clone(), |(_, room)| room.to_owned())
        };
        let label = names.get(&resource_id).cloned().unwrap_or_else(|| resource_id.clone());
        read::Booking { kind, resource_id, day, half, label }
    };
    Ok(rows.into_iter().map(shown).collect())
}
