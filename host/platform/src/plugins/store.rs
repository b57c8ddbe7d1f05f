//! Notes, jobs and events of plugins. The writes of a call are stored in one transaction at its end. Quotas are checked
//! in that transaction.

use std::sync::Arc;

use afpi_db::{AsContention, Conn, Db, DbError, Tx, dialect, retry, sql};
use afpi_jobs::Relay;
use afpi_plugins::ports::{Effects, Ledger, NewEvent, NewJob, Quota, Space, StoreError, Usage, Waiting};
use async_trait::async_trait;

use super::jobs;
use crate::events::{self, Event, Record};
use crate::secrets::{away, site_id};
use afpi_core::clock::Instant;
use afpi_core::id::{LocalisationId, OpportuniteId};
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};

/// The runtime's ledger.
pub struct PluginStore {
    pub db: Db,
    pub relay: Arc<Relay>,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum Refused {
    Full,
    NotFound,
    /// The queue or the outbox refused it.
    Other {
        cause: String,
        contended: bool,
    },
    Db(DbError),
}

impl Refused {
    /// For the log of the run or job that wanted it.
    pub fn words(&self) -> Text {
        match self {
            Refused::Full => {
                text("la limite de notes ou de traitements est atteinte.", "the quota of notes or jobs is used up.")
            }
            Refused::NotFound => {
                text("une opportunité n'existe pas sur ce site.", "an opportunité does not exist on this site.")
            }
            Refused::Other { .. } | Refused::Db(_) => text("la base ne répond pas.", "the database does not answer."),
        }
    }

    fn other(error: impl AsContention + std::fmt::Display) -> Refused {
        Refused::Other { cause: error.to_string(), contended: error.is_contention() }
    }
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Refused::Db(error)
    }
}

impl From<Refused> for StoreError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Full => StoreError::Full,
            Refused::NotFound => StoreError::NotFound,
            Refused::Other { cause, .. } => StoreError::Unavailable(cause),
            Refused::Db(error) => away(error),
        }
    }
}

impl AsContention for Refused {
    fn is_contention(&self) -> bool {
        match self {
            Refused::Db(error) => error.is_contention(),
            Refused::Other { contended, .. } => *contended,
            Refused::Full | Refused::NotFound => false,
        }
    }
}

#[async_trait]
impl Ledger for PluginStore {
    async fn note(&self, space: Space<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let site = site_id(space.site)?;
        let mut conn = self.db.read().await.map_err(away)?;
        let row = sql("SELECT content FROM plugin_kv WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
            .bind(space.plugin)
            .bind(site)
            .bind(key)
            .optional::<(Vec<u8>,)>(&mut conn)
            .await
            .map_err(away)?;
        Ok(row.map(|(content,)| content))
    }

    async fn notes(
        &self,
        space: Space<'_>,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let site = site_id(space.site)?;
        let mut conn = self.db.read().await.map_err(away)?;
        // Keys with a prefix are the first ones from the prefix on, so no LIKE (and none of its wildcards) is needed.
        let mut query = sql("SELECT name FROM plugin_kv WHERE plugin_id = ? AND localisation_id = ? AND name >= ? AND name > ? ORDER BY name")
            .bind(space.plugin).bind(site).bind(prefix).bind(after.unwrap_or(""));
        query.limit(limit.min(500) as u32);
        let rows = query.all::<(String,)>(&mut conn).await.map_err(away)?;
        Ok(rows.into_iter().map(|(name,)| name).take_while(|name| name.starts_with(prefix)).collect())
    }

    async fn usage(&self, space: Space<'_>) -> Result<Usage, StoreError> {
        let site = site_id(space.site)?;
        let mut conn = self.db.read().await.map_err(away)?;
        usage(&mut conn, space.plugin, site).await.map_err(away)
    }

    async fn waiting(&self, space: Space<'_>, key: Option<&str>) -> Result<Waiting, StoreError> {
        let site = site_id(space.site)?;
        let mut conn = self.db.read().await.map_err(away)?;
        let count = jobs::waiting(&mut conn, space.plugin, site).await.map_err(away)?;
        let twin = match key {
            Some(key) => jobs::waits(&mut conn, space.plugin, site, key).await.map_err(away)?,
            None => false,
        };
        Ok(Waiting { count, twin })
    }

    async fn apply(&self, space: Space<'_>, effects: &Effects, quota: Quota) -> Result<(), StoreError> {
        let site = site_id(space.site)?;
        retry(|| self.write(space.plugin, site, effects, quota)).await?;
        self.relay.wake();
        Ok(())
    }
}

impl PluginStore {
    async fn write(&self, plugin: &str, site: LocalisationId, effects: &Effects, quota: Quota) -> Result<(), Refused> {
        let mut tx = self.db.begin().await?;
        write(&mut tx, plugin, site, effects, quota).await?;
        Ok(tx.commit().await?)
    }
}

/// Writes the effects of a call. The caller commits, or rolls everything back on an error.
pub async fn write(
    tx: &mut Tx,
    plugin: &str,
    site: LocalisationId,
    effects: &Effects,
    quota: Quota,
) -> Result<(), Refused> {
    lock(tx, plugin).await?;
    if !effects.notes.is_empty() {
        let before = usage(tx, plugin, site).await?;
        write_notes(tx, plugin, site, effects).await?;
        if usage(tx, plugin, site).await?.breaks(quota, before) {
            return Err(Refused::Full);
        }
    }
    for job in &effects.jobs {
        enqueue(tx, plugin, site, job, quota).await?;
    }
    for event in &effects.events {
        announce(tx, site, event).await?;
    }
    Ok(())
}

/// One writer per plugin at a time: otherwise two could both take the last free place.
async fn lock(tx: &mut Tx, plugin: &str) -> afpi_db::Result<()> {
    let mut query = sql("SELECT id FROM plugins WHERE id = ?").bind(plugin);
    query.push(dialect::for_update(tx.backend()));
    query.optional::<(String,)>(tx).await.map(drop)
}

async fn usage(conn: &mut Conn, plugin: &str, site: LocalisationId) -> afpi_db::Result<Usage> {
    let (keys, bytes) = sql(
        "SELECT COUNT(*), CAST(COALESCE(SUM(OCTET_LENGTH(name) + OCTET_LENGTH(content)), 0) AS SIGNED) FROM plugin_kv \
         WHERE plugin_id = ? AND localisation_id = ?",
    )
    .bind(plugin)
    .bind(site)
    .one::<(i64, i64)>(conn)
    .await?;
    Ok(Usage { keys: keys as u64, bytes: bytes as u64 })
}

/// Notes per statement: a value may have 64 KiB, and a server accepts only limited statements.
const NOTES_AT_ONCE: usize = 50;

async fn write_notes(tx: &mut Tx, plugin: &str, site: LocalisationId, effects: &Effects) -> afpi_db::Result<()> {
    let set: Vec<_> =
        effects.notes.iter().filter_map(|(key, value)| value.as_ref().map(|value| (key, value))).collect();
    for some in set.chunks(NOTES_AT_ONCE) {
        let mut query = sql("INSERT INTO plugin_kv (plugin_id, localisation_id, name, content) VALUES ");
        query.rows(
            some.iter().map(|(key, value)| [plugin.into(), site.into(), key.as_str().into(), value.as_slice().into()]),
        );
        dialect::upsert(&mut query, tx.backend(), &["plugin_id", "localisation_id", "name"], &["content"]);
        query.execute(tx).await?;
    }
    for key in effects.notes.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| key) {
        sql("DELETE FROM plugin_kv WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
            .bind(plugin)
            .bind(site)
            .bind(key)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Into the product's queue, counted against the plugin's quota until it ends.
async fn enqueue(tx: &mut Tx, plugin: &str, site: LocalisationId, job: &NewJob, quota: Quota) -> Result<(), Refused> {
    if let Some(key) = &job.dedupe_key
        && jobs::waits(tx, plugin, site, key).await?
    {
        return Ok(());
    }
    if jobs::waiting(tx, plugin, site).await? >= quota.jobs {
        return Err(Refused::Full);
    }
    jobs::add(tx, plugin, site, job).await.map_err(Refused::other)
}

/// Into the outbox like the product's own events. The hooks and notifiers of the same site receive it.
async fn announce(tx: &mut Tx, site: LocalisationId, new: &NewEvent) -> Result<(), Refused> {
    let about = match &new.opportunite {
        None => None,
        Some(id) => {
            let id = id.parse::<OpportuniteId>().map_err(|_| Refused::NotFound)?;
            let scope = if site.is_network() { Scope::All } else { Scope::Sites(vec![site]) };
            let mut query = scope.opportunites("o.id", "");
            query.push(" AND o.id = ?").arg(id);
            Some(Record::Opportunite(query.optional::<(OpportuniteId,)>(tx).await?.ok_or(Refused::NotFound)?.0))
        }
    };
    let data = serde_json::from_str(&new.payload)
        .map_err(|error| Refused::Other { cause: error.to_string(), contended: false })?;
    let event = Event {
        name: new.name.clone(),
        at: Instant::now(),
        site_id: site,
        actor_id: None,
        about,
        data,
        depth: new.depth,
    };
    events::emit(tx, &event, if new.call_id.is_empty() { "plugin" } else { &new.call_id }).await.map_err(Refused::other)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;

    async fn store(db: &Db) -> PluginStore {
        let mut tx = db.begin().await.unwrap();
        sql("INSERT INTO plugins (id, kind, version, installed_at) VALUES ('p', 'connector', '1.0.0', 0)")
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let queue = Arc::new(afpi_jobs::SqlQueue::new(db.clone(), Default::default()));
        PluginStore { db: db.clone(), relay: Relay::new(db.clone(), queue) }
    }

    fn set(key: &str, value: &[u8]) -> Effects {
        Effects { notes: [(key.to_owned(), Some(value.to_vec()))].into(), ..Effects::default() }
    }

    const SPACE: Space<'static> = Space { plugin: "p", site: "" };

    #[tokio::test]
    async fn notes_are_kept_apart_listed_in_order_and_overwritten() {
        afpi_db::testing::on_both(|db| async move {
            let store = store(&db).await;
            let quota = Quota { keys: 10, bytes: 1 << 20, jobs: 0 };
            let site = Uuid::now_v7().to_string();
            let other = Space { plugin: "p", site: &site };
            let mut several = Effects::default();
            for key in ["a%", "a/1", "a/2", "é", "b"] {
                several.notes.insert(key.into(), Some(key.into()));
            }
            store.apply(SPACE, &several, quota).await.unwrap();
            store.apply(other, &set("a/1", b"elsewhere"), quota).await.unwrap();
            store.apply(SPACE, &set("a/1", &[0, 255]), quota).await.unwrap();
            assert_eq!(store.note(SPACE, "a/1").await.unwrap(), Some(vec![0, 255]));
            assert_eq!(store.note(other, "a/1").await.unwrap(), Some(b"elsewhere".to_vec()));
            assert_eq!(store.notes(SPACE, "a/", None, 500).await.unwrap(), ["a/1", "a/2"]);
            assert_eq!(store.notes(SPACE, "a/", Some("a/1"), 500).await.unwrap(), ["a/2"]);
            assert_eq!(store.notes(SPACE, "", Some("a/2"), 1).await.unwrap(), ["b"]);
            assert_eq!(store.notes(SPACE, "a%", None, 500).await.unwrap(), ["a%"]);
            assert_eq!(store.usage(other).await.unwrap(), Usage { keys: 1, bytes: 12 });
            let largest = vec![7u8; 64 << 10];
            let both = Effects {
                notes: [("a/1".into(), None), ("large".into(), Some(largest.clone()))].into(),
                ..Effects::default()
            };
            store.apply(SPACE, &both, quota).await.unwrap();
            assert_eq!(store.note(SPACE, "a/1").await.unwrap(), None);
            assert_eq!(store.note(SPACE, "large").await.unwrap(), Some(largest));
        })
        .await;
    }

    #[tokio::test]
    async fn the_quota_holds_even_when_many_write_at_once() {
        afpi_db::testing::on_both(|db| async move {
            let store = Arc::new(store(&db).await);
            let quota = Quota { keys: 5, bytes: 1000, jobs: 3 };
            let writes = (0..20).map(|n| {
                let store = store.clone();
                tokio::spawn(async move { store.apply(SPACE, &set(&format!("k{n:02}"), &[0; 7]), quota).await })
            });
            let mut full = 0;
            for write in futures::future::join_all(writes).await {
                match write.unwrap() {
                    Ok(()) => {}
                    Err(StoreError::Full) => full += 1,
                    Err(other) => panic!("{other}"),
                }
            }
            assert_eq!((full, store.notes(SPACE, "", None, 500).await.unwrap().len()), (15, 5));
            // Bytes count keys and values. Overwriting a note counts only the difference.
            let first = store.notes(SPACE, "", None, 1).await.unwrap().remove(0);
            assert_eq!(store.apply(SPACE, &set(&first, &[0; 1000]), quota).await, Err(StoreError::Full));
            assert_eq!(store.apply(SPACE, &set(&first, &[0; 900]), quota).await, Ok(()));
            assert_eq!(store.apply(SPACE, &set(&first, &[0; 960]), quota).await, Err(StoreError::Full));
            // Under a smaller quota existing notes may stay and shrink, but not grow.
            let smaller = Quota { keys: 2, bytes: 500, ..quota };
            assert_eq!(store.apply(SPACE, &set("another", &[0]), smaller).await, Err(StoreError::Full));
            assert_eq!(store.apply(SPACE, &set(&first, &[0; 800]), smaller).await, Ok(()));
        })
        .await;
    }

    fn job(key: Option<&str>) -> NewJob {
        NewJob {
            kind: "later".into(),
            payload: "{}".into(),
            run_after: Duration::ZERO,
            dedupe_key: key.map(Into::into),
            depth: 1,
            call_id: String::new(),
        }
    }

    /// When a call's job exceeds the quota, or its event names an unknown opportunité, its other notes and jobs are not
    /// written either.
    #[tokio::test]
    async fn a_call_is_written_whole_or_not_at_all() {
        afpi_db::testing::on_both(|db| async move {
            let store = store(&db).await;
            let quota = Quota { keys: 5, bytes: 1000, jobs: 2 };
            let event = |about: Option<String>| NewEvent {
                name: "plugin.p.late".into(),
                opportunite: about,
                payload: "{}".into(),
                depth: 1,
                call_id: String::new(),
            };
            let call = |jobs: Vec<NewJob>, about| Effects { jobs, events: vec![event(about)], ..set("note", b"1") };
            let state = async || {
                let outbox =
                    sql("SELECT COUNT(*) FROM outbox").scalar::<i64>(&mut db.read().await.unwrap()).await.unwrap();
                (
                    store.note(SPACE, "note").await.unwrap().is_some(),
                    store.waiting(SPACE, None).await.unwrap().count,
                    outbox,
                )
            };
            assert_eq!(store.apply(SPACE, &call(vec![job(None); 3], None), quota).await, Err(StoreError::Full));
            assert_eq!(
                store.apply(SPACE, &call(vec![job(None)], Some(Uuid::now_v7().to_string())), quota).await,
                Err(StoreError::NotFound)
            );
            assert_eq!(state().await, (false, 0, 0));
            assert_eq!(store.apply(SPACE, &call(vec![job(None), job(Some("k"))], None), quota).await, Ok(()));
            assert_eq!(state().await, (true, 2, 3));
            assert_eq!(store.waiting(SPACE, Some("k")).await.unwrap(), Waiting { count: 2, twin: true });
            assert_eq!(
                store.waiting(Space { site: &Uuid::now_v7().to_string(), ..SPACE }, Some("k")).await.unwrap(),
                Waiting::default()
            );
            // A job with its key is waiting: it is left out, and the rest is written.
            assert_eq!(store.apply(SPACE, &call(vec![job(Some("k"))], None), quota).await, Ok(()));
            assert_eq!(state().await, (true, 2, 4));
        })
        .await;
    }
}
