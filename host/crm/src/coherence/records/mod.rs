//! The records of a site as auditors get them: sessions and opportunités of about the last year with whoever and whatever
//! takes part. `docs/auditors.md` describes their fields. They are read in bulk: a site takes some dozens of statements,
//! however many records it has.

mod opportunites;
mod people;
mod sessions;

use std::collections::HashMap;

use afpi_db::Conn;
use afpi_plugins::contract::query::Entry;
use serde::Serialize;
use uuid::Uuid;

use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Result, internal};
use afpi_core::id::{LocalisationId, OpportuniteId};

use super::read::Named;

/// Records per batch. The plugin's time limit applies to each.
const BATCH: usize = 100;

/// Ids per statement.
const IDS: usize = 200;

/// How far back sessions and opportunités are audited.
const DAYS: i64 = 400;

/// The records of a site, as they were at one moment.
pub struct Records {
    entries: Vec<Entry>,
    /// What they are called and whom they concern, by kind and id.
    pub known: HashMap<(String, String), Known>,
}

/// A record for those who read a finding about it.
#[derive(Clone)]
pub struct Known {
    pub named: Named,
    /// The opportunités that take part in it.
    pub opportunites: Vec<OpportuniteId>,
}

impl Records {
    /// All of them, some at a time.
    pub fn batches(&self) -> impl Iterator<Item = &[Entry]> {
        self.entries.chunks(BATCH)
    }
}

/// The records of this site on this day.
pub async fn of(conn: &mut Conn, site: LocalisationId, today: Day) -> Result<Records> {
    let since = today.plus(-DAYS);
    let sessions = sessions::of(conn, site, since).await?;
    let ids: Vec<_> = sessions.iter().map(|session| session.id).collect();
    let elsewhere = sessions::elsewhere(conn, site, since, sessions::trainers(&sessions)).await?;
    let mut all = people::formateurs(conn, site, sessions::trainers(sessions.iter().chain(&elsewhere))).await?;
    all.extend(people::salles(conn, site).await?);
    let mut opportunites: HashMap<(String, String), (Option<Named>, Vec<OpportuniteId>)> = HashMap::new();
    for session in sessions.into_iter().chain(elsewhere) {
        let concerned = (session.elsewhere(), session.opportunites().to_vec());
        let entry = session.entry()?;
        opportunites.insert((entry.kind.clone(), entry.id.clone()), concerned);
        all.push(entry);
    }
    all.extend(opportunites::of(conn, site, since, &ids).await?);
    let mut known = HashMap::new();
    for entry in &all {
        let key = (entry.kind.clone(), entry.id.clone());
        let (elsewhere, mut concerned) = opportunites.remove(&key).unwrap_or_default();
        if entry.kind == "opportunite" {
            concerned.extend(entry.id.parse::<OpportuniteId>());
        }
        let own = Named { kind: entry.kind.clone(), id: entry.id.clone(), label: entry.label.clone() };
        known.insert(key, Known { named: elsewhere.unwrap_or(own), opportunites: concerned });
    }
    Ok(Records { entries: all, known })
}

/// A record in its form for plugins.
fn entry(
    kind: &str,
    id: Uuid,
    site: LocalisationId,
    label: String,
    (version, updated_at): (i64, Instant),
    data: &impl Serialize,
) -> Result<Entry> {
    Ok(Entry {
        kind: kind.into(),
        id: id.to_string(),
        site: site.to_string(),
        version: version.unsigned_abs(),
        label,
        updated_at: updated_at.millis(),
        data: serde_json::to_string(data).map_err(internal)?,
    })
}
