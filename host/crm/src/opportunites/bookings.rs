//! Booked half-days of trainers and rooms. A trainer is one person on all sites. A room belongs to its site, so two
//! sites may both have a « Salle 1 ».

use std::collections::{BTreeMap, BTreeSet, HashMap};

use afpi_db::{Conn, Db, sql};
use afpi_plugins::contract::workflow::{Booking, Decision};
use serde_json::Value;
use uuid::Uuid;

use super::apply::Author;
use super::stored::StoredOpportunite;
use super::{places, read};
use crate::reservations::resources::{names, no_room, no_trainer};
use crate::reservations::{collided, double_booking, shared, taken};
use crate::{formateurs, salles, sessions};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, FieldProblem, Result, field, invalid};
use afpi_core::id::{FormateurId, LocalisationId, OpportuniteId};
use afpi_core::scope::Scope;
use afpi_core::text::Text;

const FORMATEUR: &str = formateurs::RESOURCE;
const SALLE: &str = salles::RESOURCE;

/// A booking as the table stores it (kind, resource, day, half), once each, with the texts that the documents use for
/// the resource.
type Wanted = BTreeMap<(String, String, String, String), BTreeSet<String>>;

/// What a decision wants to book.
struct Plan<'a> {
    site: LocalisationId,
    /// The documents that ask for the bookings.
    documents: Value,
    bookings: &'a [Booking],
    /// The trainers and rooms that the file had booked before, as (kind, resource). They may stay, even when they can
    /// no longer be chosen.
    had: BTreeSet<(String, String)>,
    now: Instant,
}

/// Replaces the opportunité's bookings with those that the decision wants, if it wants any. One that ends without
/// success keeps none. A half-day that another opportunité of the same session, or the session itself, has booked is
/// shared with it. Any other booked half-day is a conflict at its row. The message names the trainer or room, and the
/// holder if it belongs to the same site.
pub(super) async fn replace(
    tx: &mut Conn,
    before: &StoredOpportunite,
    decision: &Decision,
    author: &Author<'_>,
) -> Result<()> {
    // Nobody is kept for a training that does not take place, whatever move ended it.
    let lost = decision.outcome.as_str() == sessions::LOST;
    let none = Vec::new();
    let bookings = match &decision.bookings {
        _ if lost => &none,
        Some(bookings) => bookings,
        None => return Ok(()),
    };
    let site = before.localisation_id;
    let had: BTreeSet<(String, String)> =
        sql("SELECT DISTINCT kind, resource_id FROM reservations WHERE opportunite_id = ?")
            .bind(before.id)
            .all::<(String, String)>(tx)
            .await?
            .into_iter()
            .collect();
    shared::release(tx, shared::Holder::Opportunite(before.id)).await?;
    let documents = serde_json::from_str(&decision.data).unwrap_or_default();
    let plan = Plan { site, documents, bookings, had, now: author.act.now };
    known_trainers(tx, &plan, author.scope).await?;
    let mut wanted = resolved(tx, &plan).await?;
    let held = holders(tx, before, &wanted).await?;
    let (together, others): (HashMap<Slot, Holder>, HashMap<Slot, Holder>) =
        held.into_iter().partition(|(_, holder)| holder.together);
    if !others.is_empty() {
        return Err(double_booking(refused(tx, &plan, &wanted, &others).await?));
    }
    let mut shares: Vec<shared::Key> = Vec::new();
    wanted.retain(|key, _| {
        let (_, resource, day, half) = key;
        let own = !together.contains_key(&(resource.clone(), day.clone(), half.clone()));
        if !own {
            shares.push(key.clone());
        }
        own
    });
    shared::write(tx, before.id, &shares).await.map_err(collided)?;
    let rows: Vec<_> = wanted.into_keys().collect();
    for some in rows.chunks(500) {
        let mut query =
            sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, opportunite_id) VALUES ");
        query.rows(some.iter().map(|(kind, resource, day, half)| {
            [kind.into(), resource.into(), day.into(), half.into(), site.into(), before.id.into()]
        }));
        query.execute(tx).await.map_err(collided)?;
    }
    Ok(())
}

/// The field errors for each half-day that another file holds.
async fn refused(
    tx: &mut Conn,
    plan: &Plan<'_>,
    wanted: &Wanted,
    held: &HashMap<Slot, Holder>,
) -> Result<Vec<FieldProblem>> {
    let names = names(tx, wanted.keys().map(|(kind, resource, ..)| (kind.as_str(), resource.as_str()))).await?;
    let mut fields = Vec::new();
    for ((kind, resource, day, half), named) in wanted {
        let Some(by) = held.get(&(resource.clone(), day.clone(), half.clone())) else { continue };
        let message = taken(&label(&names, resource), day, half, by.name.as_deref());
        fields.extend(named.iter().flat_map(|named| plan.at((kind, named), (day, half), "double-booking", &message)));
    }
    Ok(fields)
}

impl Plan<'_> {
    /// The error wherever the documents name the resource for that half-day. A booking that no document names gets it
    /// at its kind.
    fn at(
        &self,
        (kind, named): (&str, &str),
        (day, half): (&str, &str),
        code: &str,
        message: &Text,
    ) -> Vec<FieldProblem> {
        let mut pointers = places::of(&self.documents, named, day, half);
        if pointers.is_empty() {
            pointers.push(format!("/{kind}"));
        }
        pointers.into_iter().map(|pointer| field(pointer, code, message.clone())).collect()
    }
}

/// The bookings with rooms by their ids.
async fn resolved(tx: &mut Conn, plan: &Plan<'_>) -> Result<Wanted> {
    let mut rooms: BTreeMap<&str, Option<String>> = BTreeMap::new();
    let mut wanted = Wanted::new();
    let mut unknown = Vec::new();
    for booking in plan.bookings {
        let named = booking.resource_id.as_str();
        let resource = match booking.kind.as_str() {
            FORMATEUR => Some(named.to_owned()),
            SALLE => match rooms.get(named) {
                Some(room) => room.clone(),
                None => {
                    let room = room(tx, plan, named).await?;
                    rooms.insert(named, room.clone());
                    room
                }
            },
            _ => Some(format!("{}/{named}", plan.site.uuid().simple())),
        };
        let half_day = (booking.day.as_str(), booking.half.as_str());
        match resource {
            Some(resource) => {
                let key = (booking.kind.clone(), resource, booking.day.clone(), booking.half.clone());
                wanted.entry(key).or_default().insert(named.to_owned());
            }
            None => unknown.extend(plan.at((SALLE, named), half_day, "unknown", &no_room())),
        }
    }
    if unknown.is_empty() { Ok(wanted) } else { Err(invalid(unknown)) }
}

/// The room that a booking names. `None` when it may not be booked.
async fn room(tx: &mut Conn, plan: &Plan<'_>, named: &str) -> Result<Option<String>> {
    let found = salles::resolve(tx, plan.site, named, plan.now).await?.map(|(room, active)| (room.to_string(), active));
    Ok(found
        .filter(|(room, active)| *active || plan.had.contains(&(SALLE.to_owned(), room.clone())))
        .map(|(room, _)| room))
}

/// Turns bookings of rooms by name, from before rooms were records, into bookings of room records.
pub async fn adopt_rooms(db: &Db) -> afpi_db::Result<()> {
    salles::adopt(db, SALLE, Instant::now()).await
}

/// Gives back what opportunités without success had booked before they gave it back by themselves. Each is a
/// transaction, so a killed process loses nothing.
pub async fn free_lost(db: &Db) -> Result<()> {
    let query = "SELECT r.opportunite_id FROM reservations r JOIN opportunites o ON o.id = r.opportunite_id WHERE o.outcome = ? \
         UNION SELECT s.opportunite_id FROM reservation_shares s JOIN opportunites o ON o.id = s.opportunite_id WHERE o.outcome = ?";
    let query = sql(query).bind(sessions::LOST).bind(sessions::LOST);
    for (id,) in query.all::<(OpportuniteId,)>(&mut db.read().await?).await? {
        afpi_db::retry(|| async {
            let mut tx = db.begin().await?;
            shared::release(&mut tx, shared::Holder::Opportunite(id)).await?;
            Ok::<_, Error>(tx.commit().await?)
        })
        .await?;
    }
    Ok(())
}

/// Resource, day and half.
type Slot = (String, String, String);

/// Who has a half-day.
struct Holder {
    /// None for a holder of another site.
    name: Option<String>,
    /// Is it another opportunité of the same session, or the session?
    together: bool,
}

afpi_db::row! {
    struct HeldRow {
        resource_id: String, day: String, half: String, localisation_id: LocalisationId, numero: Option<String>, reason: Option<String>,
        together: bool,
    }
}

/// The holders of the wanted half-days. Holders of other sites are not named.
async fn holders(tx: &mut Conn, of: &StoredOpportunite, wanted: &Wanted) -> Result<HashMap<Slot, Holder>> {
    let days = wanted.keys().map(|(_, _, day, _)| day.as_str());
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(HashMap::new()) };
    let resources: BTreeSet<&String> = wanted.keys().map(|(_, resource, ..)| resource).collect();
    let slots: BTreeSet<_> = wanted.keys().map(|(_, resource, day, half)| (resource, day, half)).collect();
    let mut query =
        sql("SELECT r.resource_id, r.day, r.half, r.localisation_id, COALESCE(o.numero, n.numero) AS numero, \
             r.reason, EXISTS (SELECT 1 FROM session_opportunites b \
             LEFT JOIN session_opportunites a ON a.session_id = b.session_id AND a.opportunite_id = r.opportunite_id \
             WHERE b.opportunite_id = ? AND (a.session_id IS NOT NULL OR b.session_id = r.session_id)) AS together \
             FROM reservations r LEFT JOIN opportunites o ON o.id = r.opportunite_id \
             LEFT JOIN sessions n ON n.id = r.session_id WHERE r.day >= ? AND r.day <= ?")
        .bind(of.id)
        .bind(first)
        .bind(last);
    query.push(" AND r.resource_id IN ").list(resources);
    let rows = query.all::<HeldRow>(tx).await?;
    let held = |row: HeldRow| {
        let name = row.numero.or(row.reason).filter(|_| row.localisation_id == of.localisation_id);
        ((row.resource_id, row.day, row.half), Holder { name, together: row.together })
    };
    let wanted = |(slot, _): &(Slot, _)| slots.contains(&(&slot.0, &slot.1, &slot.2));
    Ok(rows.into_iter().map(held).filter(wanted).collect())
}

/// A booked formateur must belong to the actor's sites or to the network. Formateurs who were booked before may stay.
async fn known_trainers(tx: &mut Conn, plan: &Plan<'_>, scope: &Scope) -> Result<()> {
    let new = |b: &&Booking| b.kind == FORMATEUR && !plan.had.contains(&(b.kind.clone(), b.resource_id.clone()));
    let id = |b: &Booking| b.resource_id.parse::<FormateurId>().ok();
    let mut wanted = plan.bookings.iter().filter(new).peekable();
    if wanted.peek().is_none() {
        return Ok(());
    }
    let mut query = scope.bookable_formateurs("f.id", "");
    query
        .push(" AND f.active = ?")
        .arg(true)
        .push(" AND f.id IN ")
        .list(wanted.filter_map(id).collect::<BTreeSet<_>>());
    let known: BTreeSet<FormateurId> = query.all::<(FormateurId,)>(tx).await?.into_iter().map(|(id,)| id).collect();
    let unknown: Vec<FieldProblem> = plan
        .bookings
        .iter()
        .filter(new)
        .filter(|b| id(b).is_none_or(|id| !known.contains(&id)))
        .flat_map(|b| plan.at((FORMATEUR, &b.resource_id), (&b.day, &b.half), "unknown", &no_trainer()))
        .collect();
    if unknown.is_empty() { Ok(()) } else { Err(invalid(unknown)) }
}

/// The bookings of an opportunité in the API form.
pub(super) async fn of(conn: &mut Conn, id: OpportuniteId) -> Result<Vec<read::Booking>> {
    let rows =
        sql("SELECT kind, resource_id, day, half FROM reservations WHERE opportunite_id = ? UNION ALL \
             SELECT kind, resource_id, day, half FROM reservation_shares WHERE opportunite_id = ? ORDER BY day, half, kind")
            .bind(id)
            .bind(id)
            .all::<(String, String, String, String)>(conn)
            .await?;
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let names = names(conn, rows.iter().map(|(kind, resource, ..)| (kind.as_str(), resource.as_str()))).await?;
    let shown = |(kind, resource, day, half): (String, String, String, String)| {
        let (resource_id, label) = (bare(&resource).to_owned(), label(&names, &resource));
        read::Booking { kind, resource_id, day, half, label }
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// The name of a resource without a record: the text after its site.
fn bare(resource: &str) -> &str {
    resource.split_once('/').map_or(resource, |(_, name)| name)
}

fn label(names: &HashMap<Uuid, String>, resource: &str) -> String {
    let name = Uuid::parse_str(resource).ok().and_then(|id| names.get(&id));
    name.map_or(bare(resource), String::as_str).to_owned()
}
