//! Trainers in the database. Their unavailable half-days are stored as bookings, so nobody else can book them.

use std::collections::BTreeMap;

use afpi_db::{Conn, Value, sql};
use uuid::Uuid;

use super::input::{Certification, FormateurCreate, Unavailability, days};
use super::read::Formateur;
use super::search;
use crate::reservations;
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Error, Result, field};

use afpi_core::id::{FormateurId, LocalisationId, OpportuniteId, SessionId};
use afpi_core::scope::{Loaded, Scope};
use afpi_platform::feed::{Changed, noted};

/// The kind of trainer bookings in the workflow contract.
pub const RESOURCE: &str = "formateur";

/// Stores a new, already checked trainer and books the unavailable days.
pub async fn insert(
    tx: &mut Conn,
    id: FormateurId,
    new: &FormateurCreate,
    localisation: LocalisationId,
    now: Instant,
) -> Result<()> {
    let skills = new.skills.as_deref().unwrap_or_default();
    let certifications: &[Certification] = new.certifications.as_deref().unwrap_or_default();
    let unavailability: &[Unavailability] = new.unavailability.as_deref().unwrap_or_default();
    let mut query = sql(
        "INSERT INTO formateurs (id, name, name_key, search, email, phone, kind, skills, certifications, unavailability, hourly_rate, localisation_id, \
         shared, active, created_at, updated_at, version) VALUES ",
    );
    query.rows([[
        id.into(),
        (&new.name).into(),
        collation::key(&new.name).into(),
        search::words(&new.name, new.email.as_deref(), new.phone.as_deref(), skills.iter().map(|skill| &**skill))
            .into(),
        (&new.email).into(),
        (&new.phone).into(),
        new.kind.as_str().into(),
        Value::json(skills),
        Value::json(certifications),
        Value::json(unavailability),
        new.hourly_rate.into(),
        localisation.into(),
        new.shared.unwrap_or(false).into(),
        true.into(),
        now.into(),
        now.into(),
        1i64.into(),
    ]]);
    query.execute(tx).await?;
    noted(tx, [(Changed::Formateur, id.uuid())]).await?;
    block(tx, &Scope::All, id, localisation, unavailability).await
}

/// The trainers with this address, of all sites; without an address those of this name at the site.
pub async fn find(
    conn: &mut Conn,
    email: Option<&str>,
    name: &str,
    site: LocalisationId,
) -> afpi_db::Result<Vec<FormateurId>> {
    let mut query = Scope::All.formateurs("f.id", "");
    match email {
        Some(email) => query.push(" AND LOWER(f.email) = ?").arg(email.to_lowercase()),
        None => {
            query.push(" AND f.name_key = ?").arg(collation::key(name)).push(" AND f.localisation_id = ?").arg(site)
        }
    };
    query.limit(2);
    Ok(query.all::<(FormateurId,)>(conn).await?.into_iter().map(|(id,)| id).collect())
}

/// Does anything refer to the trainer: a half-day, a session, a file, a note or a task?
pub(super) async fn used(tx: &mut Conn, id: FormateurId) -> afpi_db::Result<bool> {
    let booked = sql(
        "SELECT 1 FROM reservations WHERE kind = ? AND resource_id = ? AND (opportunite_id IS NOT NULL OR session_id IS NOT NULL) \
         UNION ALL SELECT 1 FROM reservation_shares WHERE kind = ? AND resource_id = ? \
         UNION ALL SELECT 1 FROM session_plans WHERE formateur = ? UNION ALL SELECT 1 FROM session_rows WHERE formateur = ? \
         UNION ALL SELECT 1 FROM attachments WHERE record_kind = 'formateurs' AND record_id = ? \
         UNION ALL SELECT 1 FROM notes WHERE record_kind = 'formateurs' AND record_id = ? \
         UNION ALL SELECT 1 FROM taches WHERE record_kind = 'formateurs' AND record_id = ? LIMIT 1",
    );
    let word = id.to_string();
    let booked = booked.bind(RESOURCE).bind(&word).bind(RESOURCE).bind(&word).bind(&word).bind(&word);
    Ok(booked.bind(id).bind(id).bind(id).optional::<(i64,)>(tx).await?.is_some())
}

/// Deletes a trainer that still is as it was read, with the unavailable days; whether it was.
pub(super) async fn remove(tx: &mut Conn, formateur: &Loaded<Formateur>) -> afpi_db::Result<bool> {
    sql("DELETE FROM reservations WHERE kind = ? AND resource_id = ?")
        .bind(RESOURCE)
        .bind(formateur.id.to_string())
        .execute(tx)
        .await?;
    noted(tx, [(Changed::Formateur, formateur.id.uuid())]).await?;
    let query = sql("DELETE FROM formateurs WHERE id = ? AND version = ?").bind(formateur.id).bind(formateur.version);
    Ok(query.execute(tx).await? == 1)
}

/// Makes exactly these days unavailable. 409 when a half-day is booked for an opportunité or a session; names it if it
/// is in scope.
pub(super) async fn block(
    tx: &mut Conn,
    scope: &Scope,
    formateur: FormateurId,
    localisation: LocalisationId,
    stretches: &[Unavailability],
) -> Result<()> {
    let resource = formateur.to_string();
    sql(
        "DELETE FROM reservations WHERE kind = ? AND resource_id = ? AND opportunite_id IS NULL AND session_id IS NULL",
    )
    .bind(RESOURCE)
    .bind(&resource)
    .execute(tx)
    .await?;
    let days = days(stretches);
    let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value()) else { return Ok(()) };
    let booked = sql("SELECT day, half, opportunite_id, session_id FROM reservations WHERE kind = ? AND resource_id = ? AND day >= ? \
         AND day <= ? ORDER BY day, half")
        .bind(RESOURCE)
        .bind(&resource)
        .bind(first)
        .bind(last)
        .all::<(String, String, Option<OpportuniteId>, Option<SessionId>)>(tx)
        .await?;
    if let Some((day, half, opportunite, session)) = booked.into_iter().find(|(day, ..)| days.contains_key(day)) {
        let by = match (opportunite, session) {
            (Some(id), _) => {
                let mut query = scope.opportunites("o.numero, o.title", "");
                query.push(" AND o.id = ?").arg(id);
                query.optional::<(String, String)>(tx).await?.map(|(numero, title)| (id.uuid(), numero, title))
            }
            (None, Some(id)) => {
                let mut query = scope.sessions("n.numero, n.title", "");
                query.push(" AND n.id = ?").arg(id);
                query.optional::<(String, String)>(tx).await?.map(|(numero, title)| (id.uuid(), numero, title))
            }
            (None, None) => None,
        };
        return Err(taken(tx, (formateur, &day, &half), by, stretches).await?);
    }
    write(tx, &resource, localisation, &days).await.map_err(reservations::collided)
}

async fn write(
    tx: &mut Conn,
    resource: &str,
    localisation: LocalisationId,
    days: &BTreeMap<String, Option<String>>,
) -> afpi_db::Result<()> {
    let halves: Vec<_> = days.iter().flat_map(|(day, reason)| [(day, "am", reason), (day, "pm", reason)]).collect();
    for chunk in halves.chunks(500) {
        let mut query = sql("INSERT INTO reservations (kind, resource_id, day, half, localisation_id, reason) VALUES ");
        query.rows(chunk.iter().map(|(day, half, reason)| {
            [RESOURCE.into(), resource.into(), (*day).into(), (*half).into(), localisation.into(), (*reason).into()]
        }));
        query.execute(tx).await?;
    }
    Ok(())
}

/// The 409 for a half-day that is booked `by` a record: its id, number and title.
async fn taken(
    tx: &mut Conn,
    (formateur, day, half): (FormateurId, &str, &str),
    by: Option<(Uuid, String, String)>,
    stretches: &[Unavailability],
) -> Result<Error> {
    let mut query = Scope::All.formateurs("f.name", "");
    query.push(" AND f.id = ?").arg(formateur);
    let name: String = query.scalar(tx).await?;
    let at = stretches.iter().position(|s| s.from.to_string().as_str() <= day && day <= s.to.to_string().as_str());
    let pointer = at.map_or("/unavailability".to_owned(), |i| format!("/unavailability/{i}"));
    let message = reservations::taken(&name, day, half, by.as_ref().map(|(_, numero, _)| numero.as_str()));
    let problem = reservations::double_booking(vec![field(pointer, "double-booking", message)]);
    Ok(match by {
        Some((id, numero, title)) => {
            problem.with("existing", serde_json::json!({"id": id, "name": format!("{numero} {title}")}))
        }
        None => problem,
    })
}
