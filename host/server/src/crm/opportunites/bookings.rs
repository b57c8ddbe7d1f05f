//! Half-days taken for trainers and rooms. A trainer is one person wherever he works; a room belongs to its site, so
//! that two sites may both have a « Salle 1 ».

use std::collections::{BTreeMap, BTreeSet, HashMap};

use afpi_db::{Conn, Db, sql};
use afpi_plugins::contract::workflow::Booking;
use uuid::Uuid;

use super::read;
use super::subject::Subject;
use crate::crm::salles;
use crate::http::problem::{ApiResult, conflict, field, invalid};
use crate::scope::Scope;
use crate::text::text;

const FORMATEUR: &str = "formateur";
const SALLE: &str = "salle";

/// A booking as the table knows it; each stands once, by kind, resource, day and half.
type Taken = BTreeSet<(String, String, String, String)>;

/// Replaces the opportunité's bookings; a half-day that somebody else has is a conflict that names him, if he is of the
/// same site.
pub(super) async fn replace(
    tx: &mut Conn,
    before: &Subject,
    bookings: &[Booking],
    scope: &Scope,
    now: i64,
) -> ApiResult<()> {
    let site = before.localisation_id;
    let had: BTreeSet<(String, String)> =
        sql("SELECT DISTINCT kind, resource_id FROM reservations WHERE opportunite_id = ?")
            .bind(before.id)
            .all::<(String, String)>(tx)
            .await?
            .into_iter()
            .collect();
    sql("DELETE FROM reservations WHERE opportunite_id = ?").bind(before.id).execute(tx).await?;
    known_trainers(tx, bookings, scope, &had).await?;
    let wanted = resolved(tx, site, bookings, &had, now).await?;
    let held = holders(tx, site, &wanted).await?;
    let mut taken = Vec::new();
    for (kind, resource, day, half) in &wanted {
        let Some(by) = held.get(&(resource.clone(), day.clone(), half.clone())) else {
            continue;
        };
        let words = if half == "am" { ("matin", "morning") } else { ("après-midi", "afternoon") };
        let by = by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
        let message =
            text(format!("{day} {} : déjà pris{by}.", words.0), format!("{day} {}: already taken{by}.", words.1));
        taken.push(field(format!("/{kind}/{day}/{half}"), "double-booking", message));
    }
    if !taken.is_empty() {
        return Err(conflict(
            "double-booking",
            text("Formateur ou salle déjà réservé", "Trainer or room already booked"),
        )
        .fields(taken));
    }
    let rows: Vec<_> = wanted.into_iter().collect();
    for some in rows.chunks(500) {
        let mut query =
            sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, opportunite_id) VALUES ");
        query.rows(some.iter().map(|(kind, resource, day, half)| {
            [kind.into(), resource.into(), day.into(), half.into(), site.into(), before.id.into()]
        }));
        query.execute(tx).await?;
    }
    Ok(())
}

/// What the bookings take, with rooms by their ids. What this file `had` before may stay, although it can no longer be
/// chosen.
async fn resolved(
    tx: &mut Conn,
    site: Uuid,
    bookings: &[Booking],
    had: &BTreeSet<(String, String)>,
    now: i64,
) -> ApiResult<Taken> {
    let mut rooms: BTreeMap<&str, String> = BTreeMap::new();
    let mut taken = Taken::new();
    for booking in bookings {
        let named = booking.resource_id.as_str();
        let resource = match booking.kind.as_str() {
            FORMATEUR => named.to_owned(),
            SALLE => match rooms.get(named) {
                Some(room) => room.clone(),
                None => {
                    let room = room(tx, site, named, had, now).await?;
                    rooms.insert(named, room.clone());
                    room
                }
            },
            _ => format!("{}/{named}", site.simple()),
        };
        taken.insert((booking.kind.clone(), resource, booking.day.clone(), booking.half.clone()));
    }
    Ok(taken)
}

async fn room(tx: &mut Conn, site: Uuid, named: &str, had: &BTreeSet<(String, String)>, now: i64) -> ApiResult<String> {
    let found = salles::resolve(tx, site, named, now).await?.map(|(room, active)| (room.to_string(), active));
    match found {
        Some((room, active)) if active || had.contains(&(SALLE.to_owned(), room.clone())) => Ok(room),
        _ => Err(invalid(vec![field(
            "/salle",
            "unknown",
            text("Salle inconnue de ce site ou inactive.", "A room this site does not know, or an inactive one."),
        )])),
    }
}

/// Bookings of rooms by name, from before rooms were records, become bookings of those records.
pub async fn adopt_rooms(db: &Db) -> afpi_db::Result<()> {
    salles::adopt(db, SALLE, crate::clock::now()).await
}

/// Resource, day and half.
type Slot = (String, String, String);

/// Who has which of these resources on the days in question; by name only on the same site.
async fn holders(tx: &mut Conn, site: Uuid, wanted: &Taken) -> ApiResult<HashMap<Slot, Option<String>>> {
    let days = wanted.iter().map(|(_, _, day, _)| day.as_str());
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(HashMap::new()) };
    let resources: BTreeSet<&String> = wanted.iter().map(|(_, resource, ..)| resource).collect();
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

/// A booked formateur must be one the actor may book: of his sites, or of the network. Who was booked before may stay.
async fn known_trainers(
    tx: &mut Conn,
    bookings: &[Booking],
    scope: &Scope,
    had: &BTreeSet<(String, String)>,
) -> ApiResult<()> {
    let wanted: BTreeSet<Uuid> = bookings
        .iter()
        .filter(|b| b.kind == FORMATEUR && !had.contains(&(b.kind.clone(), b.resource_id.clone())))
        .map(|b| Uuid::parse_str(&b.resource_id).unwrap_or_default())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let mut query = scope.bookable_formateurs("COUNT(*)", "");
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
    let ids = |of: &str| -> BTreeSet<Uuid> {
        let of_kind = rows.iter().filter(|(kind, ..)| kind == of);
        of_kind.filter_map(|(_, resource, ..)| Uuid::parse_str(resource).ok()).collect()
    };
    let (trainers, rooms) = (ids(FORMATEUR), ids(SALLE));
    let mut names = salles::names(conn, rooms.into_iter()).await?;
    let mut query = Scope::All.formateurs("f.id, f.name", "");
    query.push(" AND f.id IN ").list(trainers);
    names.extend(query.all::<(Uuid, String)>(conn).await?);
    let shown = |(kind, resource, day, half): (String, String, String, String)| {
        // What has no record is named by its text, behind its site.
        let resource_id = resource.split_once('/').map_or(resource.clone(), |(_, name)| name.to_owned());
        let name = Uuid::parse_str(&resource_id).ok().and_then(|id| names.get(&id));
        let label = name.unwrap_or(&resource_id).clone();
        read::Booking { kind, resource_id, day, half, label }
    };
    Ok(rows.into_iter().map(shown).collect())
}
