//! The people of the house, for everything that names them or tells them something. Almost every list and every event
//! needs them, and they rarely change: they are read once a second at most.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use afpi_db::{Db, FromRow, Row, sql};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::absence::{self, Absence};
use crate::digest::Digest;
use crate::quiet::Quiet;
use crate::roles::{self, Held};
use afpi_core::clock::Day;
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::scope::Scope;

/// How long another process may not know of a change.
const FRESH: Duration = Duration::from_secs(1);

/// An active person.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub role: Held,
    /// The part of the network that this person sees.
    pub scope: Scope,
    /// The channels that the person chose, by kind of message. Other kinds have the plugin's.
    pub channels: HashMap<String, Channels>,
    /// When the person gets no mail about what happens.
    pub quiet: Option<Quiet>,
    /// When the person gets mails about what happens as one.
    pub digest: Option<Digest>,
    /// The present absence, or the next one.
    pub absence: Option<Absence>,
}

impl Person {
    /// Who stands in for this person on this day.
    pub fn deputy(&self, on: Day) -> Option<UserId> {
        self.absence.filter(|absence| absence.covers(on))?.deputy
    }
}

/// The channels of a kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "camelCase")]
pub struct Channels {
    pub app: bool,
    pub email: bool,
    /// Does a mail of this kind come at once even if the person gets the others as one?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_once: bool,
}

/// The active people, sorted by name.
#[derive(Default)]
pub struct People {
    read: Mutex<Option<Read>>,
    /// Grows with every change that this process makes.
    changes: AtomicU64,
}

struct Read {
    people: Arc<[Person]>,
    at: Instant,
    changes: u64,
}

impl People {
    /// Everybody who is active, with the changes of this process, and those of others that are a second old.
    pub async fn active(&self, db: &Db) -> afpi_db::Result<Arc<[Person]>> {
        // Whoever comes while they are read waits for the same answer.
        let mut read = self.read.lock().await;
        let changes = self.changes.load(Ordering::Acquire);
        if let Some(read) = read.as_ref().filter(|read| read.changes == changes && read.at.elapsed() < FRESH) {
            return Ok(read.people.clone());
        }
        let at = Instant::now();
        let people: Arc<[Person]> = load(db).await?.into();
        *read = Some(Read { people: people.clone(), at, changes });
        Ok(people)
    }

    /// Call it after the commit of a change to people, their roles, sites or choices.
    pub fn changed(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }
}

/// A person at one of their sites.
struct PersonRow {
    id: UserId,
    name: String,
    role: Held,
    site: Option<LocalisationId>,
}

impl FromRow for PersonRow {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(PersonRow { id: row.get("id")?, name: row.get("name")?, role: Held::from_row(row)?, site: row.get("site")? })
    }
}

async fn load(db: &Db) -> afpi_db::Result<Vec<Person>> {
    let mut conn = db.read().await?;
    let mut query = sql("SELECT u.id, u.name, ul.localisation_id AS site, ");
    query.push(roles::COLUMNS).push(
        " FROM users u JOIN roles ro ON ro.id = u.role_id LEFT JOIN user_localisations ul ON ul.user_id = u.id \
         WHERE u.active = ? ORDER BY u.name_key, u.id",
    );
    let rows: Vec<PersonRow> = query.bind(true).all(&mut conn).await?;
    let chosen = sql("SELECT user_id, kind, app, email, at_once FROM notification_preferences")
        .all::<(UserId, String, bool, bool, bool)>(&mut conn)
        .await?;
    let mut by_person: HashMap<UserId, HashMap<String, Channels>> = HashMap::new();
    for (user, kind, app, email, at_once) in chosen {
        by_person.entry(user).or_default().insert(kind, Channels { app, email, at_once });
    }
    let mut quiet: HashMap<UserId, Quiet> = sql("SELECT user_id, from_hour, to_hour, weekends FROM notification_quiet")
        .all::<(UserId, i64, i64, bool)>(&mut conn)
        .await?
        .into_iter()
        .map(|(user, from, to, weekends)| (user, Quiet::new(from, to, weekends)))
        .collect();
    let mut digests: HashMap<UserId, Digest> = sql("SELECT user_id, weekday, hour FROM notification_digest")
        .all::<(UserId, Option<i64>, i64)>(&mut conn)
        .await?
        .into_iter()
        .map(|(user, weekday, hour)| (user, Digest::new(weekday, hour)))
        .collect();
    let absences = absence::read(&mut conn).await?;
    let today = Day::today();
    let person = |rows: &[PersonRow]| {
        let PersonRow { id, name, role, .. } = &rows[0];
        let sites = rows.iter().filter_map(|row| row.site).collect();
        let stands_in = |absence: &Absence| absence.deputy == Some(*id) && absence.covers(today);
        let absent = absences.iter().filter(|(_, absence)| stands_in(absence)).map(|(user, _)| *user).collect();
        Person {
            id: *id,
            name: name.clone(),
            role: role.clone(),
            scope: Scope::of(role.access.reach(), *id, absent, sites),
            channels: by_person.remove(id).unwrap_or_default(),
            quiet: quiet.remove(id),
            digest: digests.remove(id),
            absence: absences.get(id).copied(),
        }
    };
    Ok(rows.chunk_by(|a, b| a.id == b.id).map(person).collect())
}
