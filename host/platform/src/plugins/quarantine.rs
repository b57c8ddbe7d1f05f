//! Seats that the host switches off after failures. The quarantine is stored, so that every process and every restart
//! knows it. Administrators are notified. A successful call or a person ends it.
//!
//! The runtime decides during a call, where nothing may wait. It leaves a message here, and [`settle`] does the rest.

use std::collections::HashSet;
use std::sync::Mutex;

use afpi_db::{Conn, dialect, sql};
use afpi_plugins::{Pause, Registry};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Plugins, seat_name, versions};
use crate::events::{self, Event};
use crate::journal::{self, Activity, Actor, Author, Subject};
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{LocalisationId, UserId};

/// Messages that may wait. More are dropped; the runtime's own state still applies in this process.
const WAITING: usize = 256;
/// Longest stored reason.
const LONGEST_REASON: usize = 500;

/// The runtime's message.
#[derive(Debug)]
pub enum Word {
    Held { plugin: String, site: LocalisationId, pause: Pause, reason: String },
    Recovered { plugin: String, site: LocalisationId },
}

/// Where the runtime leaves messages.
#[derive(Clone)]
pub struct Reporter(mpsc::Sender<Word>);

impl Reporter {
    pub fn report(&self, word: Word) {
        if self.0.try_send(word).is_err() {
            tracing::warn!("too many plugins fail at once: a quarantine is known to this process only");
        }
    }
}

/// The receiver, and the quarantines that this process has seen in the table.
pub struct Quarantines {
    words: tokio::sync::Mutex<mpsc::Receiver<Word>>,
    known: Mutex<HashSet<(String, LocalisationId)>>,
}

impl Quarantines {
    pub fn new() -> (Reporter, Quarantines) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Reporter(sender), Quarantines { words: tokio::sync::Mutex::new(receiver), known: Mutex::default() })
    }

    /// Updates the registry from the table: seats that other processes switched off, and released ones.
    pub(super) async fn mirror(&self, conn: &mut Conn, registry: &Registry) -> afpi_db::Result<()> {
        let now = Instant::now();
        let rows = of(conn, None).await?;
        let held: HashSet<(String, LocalisationId)> =
            rows.iter().map(|row| (row.plugin_id.clone(), row.localisation_id)).collect();
        let Ok(mut known) = self.known.lock() else { return Ok(()) };
        for (plugin, site) in known.difference(&held) {
            registry.release(&seat_name(*site), plugin);
        }
        for row in &rows {
            let site = seat_name(row.localisation_id);
            // This process's own finding is more exact.
            if registry.health(&site, &row.plugin_id).is_some_and(|view| view.health.quarantined.is_none()) {
                let length = row.until_at.since(now);
                registry.quarantine(&site, &row.plugin_id, Pause { length, relapses: row.relapses as u32 });
            }
        }
        *known = held;
        Ok(())
    }
}

afpi_db::row! {
    /// A seat that is switched off. After `until_at` the next call tries it again.
    #[derive(Debug, Clone)]
    pub struct Row {
        pub plugin_id: String, pub localisation_id: LocalisationId, pub reason: String, pub since_at: Instant, pub until_at: Instant, pub relapses: i64,
    }
}

/// Open quarantines, of one plugin or of all.
pub async fn of(conn: &mut Conn, plugin: Option<&str>) -> afpi_db::Result<Vec<Row>> {
    let mut query =
        sql("SELECT plugin_id, localisation_id, reason, since_at, until_at, relapses FROM plugin_quarantines");
    if let Some(plugin) = plugin {
        query.push(" WHERE plugin_id = ?").arg(plugin);
    }
    query.all(conn).await
}

/// Stores all waiting messages. For tests and the loop.
pub async fn settle(app: &App) {
    let mut words = app.plugins.quarantines.words.lock().await;
    while let Ok(word) = words.try_recv() {
        write_down(app, word).await;
    }
}

/// Stores messages as they arrive, until stopped.
pub async fn run(app: App, stop: CancellationToken) {
    let mut words = app.plugins.quarantines.words.lock().await;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            word = words.recv() => match word {
                Some(word) => write_down(&app, word).await,
                None => return,
            },
        }
    }
}

async fn write_down(app: &App, word: Word) {
    let done = afpi_db::retry(|| async {
        match &word {
            Word::Held { plugin, site, pause, reason } => hold(app, plugin, *site, *pause, reason).await,
            Word::Recovered { plugin, site } => free(app, plugin, *site, None).await,
        }
    });
    if let Err(problem) = done.await {
        tracing::warn!(error.cause = %problem, ?word, "a quarantine could not be written down; it is known to this process only");
    }
}

async fn hold(app: &App, plugin: &str, site: LocalisationId, pause: Pause, reason: &str) -> Result<()> {
    let now = Instant::now();
    let until = now + pause.length;
    let reason: String = reason.chars().take(LONGEST_REASON).collect();
    let mut tx = app.db.begin().await?;
    // The plugin may have been removed meanwhile.
    if versions::lock(&mut tx, plugin).await?.is_none_or(|standing| standing.version.is_empty()) {
        return Ok(());
    }
    let mut query = sql(
        "INSERT INTO plugin_quarantines (plugin_id, localisation_id, reason, since_at, until_at, relapses) VALUES ",
    );
    query.rows([[
        plugin.into(),
        site.into(),
        reason.as_str().into(),
        now.into(),
        until.into(),
        i64::from(pause.relapses).into(),
    ]]);
    dialect::upsert(&mut query, tx.backend(), &["plugin_id", "localisation_id"], &["reason", "until_at", "relapses"]);
    query.execute(&mut tx).await?;
    // Once per quarantine: a message for every relapse would be one an hour.
    if pause.relapses <= 1 {
        let state = NewState { plugin, site, state: "quarantined", by: None, error: Some(&reason) };
        tell(app, &mut tx, state).await?;
    }
    versions::touch(&mut tx).await?;
    if pause.relapses <= 1 {
        let author = Author { actor: Actor::System, correlation_id: "quarantine" };
        let why = vec![journal::field("reason", Value::Null, reason.as_str())];
        author.on(Subject::Plugin(plugin.into()), Some(site)).record(&mut tx, Activity::Quarantined, why).await?;
    }
    tx.commit().await?;
    app.jobs.wake();
    tracing::warn!(plugin.id = plugin, site = %site, seconds = pause.length.as_secs(), relapses = pause.relapses, reason, "plugin switched off after failures");
    Ok(())
}

/// Deletes a quarantine from the table. `by`: the person who ended it.
async fn free(app: &App, plugin: &str, site: LocalisationId, by: Option<Author<'_>>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let rows = sql("DELETE FROM plugin_quarantines WHERE plugin_id = ? AND localisation_id = ?")
        .bind(plugin)
        .bind(site)
        .execute(&mut tx)
        .await?;
    if rows > 0 {
        let person = by.and_then(|author| author.person());
        tell(app, &mut tx, NewState { plugin, site, state: "active", by: person, error: None }).await?;
        versions::touch(&mut tx).await?;
        if let Some(author) = by {
            author.on(Subject::Plugin(plugin.into()), Some(site)).record(&mut tx, Activity::Released, vec![]).await?;
        }
    }
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}

/// A plugin was switched on a site.
pub struct NewState<'a> {
    pub plugin: &'a str,
    pub site: LocalisationId,
    /// `active`, `disabled` or `quarantined`.
    pub state: &'a str,
    /// The person who did it.
    pub by: Option<UserId>,
    /// Why the host did it.
    pub error: Option<&'a str>,
}

/// Sends notifiers the plugin's state on a site, in the same transaction.
pub async fn tell(app: &App, tx: &mut Conn, new: NewState<'_>) -> Result<()> {
    let NewState { plugin, site, state, by, error } = new;
    let code = sql("SELECT code FROM localisations WHERE id = ?").bind(site).optional::<(String,)>(tx).await?;
    let name = app.plugins.registry().plugin(plugin).map(|p| p.manifest().name.clone());
    let mut data = json!({"plugin": plugin, "name": name, "state": state, "siteCode": code.map(|(code,)| code)});
    if let Some(error) = error {
        data["error"] = json!(error);
    }
    let event = Event {
        name: "plugin.state".into(),
        at: Instant::now(),
        site_id: site,
        actor_id: by,
        about: None,
        data,
        depth: 0,
    };
    events::emit(tx, &event, "plugin.state").await
}

impl Plugins {
    /// Ends a quarantine at once. 404 where the plugin has no seat.
    pub async fn release(&self, app: &App, plugin: &str, site: LocalisationId, by: Author<'_>) -> Result<()> {
        afpi_db::retry(|| free(app, plugin, site, Some(by))).await?;
        if self.registry().release(&seat_name(site), plugin) { Ok(()) } else { Err(not_found()) }
    }
}
