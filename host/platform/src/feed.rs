//! Which records have changed, for what each process holds in memory: the index of the search, and the book of figures.
//! Whoever changes a record writes [`noted`] in the same transaction, and each process reads these rows in their order.
//! Knows no record: the CRM reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant as Moment};

use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result};
use afpi_db::{Conn, Db, sql};
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

/// Rows per statement.
const BATCH: usize = 500;

/// How long a number that was skipped is looked for. MariaDB gives numbers out before the commit, so a lower one may
/// become visible after a higher one. Numbers of transactions that were undone never come. No transaction lasts this
/// long: a statement ends after 5 s.
const LATE: Duration = Duration::from_secs(600);

/// More skipped numbers than this, and everything is read again.
const SKIPPED: i64 = 10_000;

/// Rows are kept for a day. Who has not read for so long reads everything again.
const KEPT: Duration = Duration::from_secs(24 * 3600);
const BEHIND: i64 = 12 * 3600 * 1000;

/// The records that changes are noted of. Contacts belong to their company, pieces and trainees to their opportunité.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum Changed {
    Entreprise,
    Opportunite,
    Session,
    Formateur,
    User,
}

/// Notes that every process must read these records again.
pub async fn noted(tx: &mut Conn, records: impl IntoIterator<Item = (Changed, Uuid)>) -> afpi_db::Result<()> {
    let now = Instant::now();
    let records: Vec<(Changed, Uuid)> = records.into_iter().collect();
    for some in records.chunks(BATCH) {
        let mut query = sql("INSERT INTO search_changes (kind, record_id, at) VALUES ");
        query.rows(some.iter().map(|(kind, id)| [<&str>::from(*kind).into(), (*id).into(), now.into()]));
        query.execute(tx).await?;
    }
    Ok(())
}

/// Deletes rows that every process has read.
pub async fn forget(db: &Db, now: Instant) -> Result<()> {
    let old = sql("SELECT MAX(seq) FROM search_changes WHERE at < ?").bind(now - KEPT);
    let Some(last) = old.scalar::<Option<i64>>(&mut db.read().await?).await? else { return Ok(()) };
    loop {
        let first = sql("SELECT MIN(seq) FROM search_changes").scalar::<Option<i64>>(&mut db.read().await?).await?;
        let Some(first) = first.filter(|first| *first <= last) else { return Ok(()) };
        afpi_db::retry(|| async {
            let mut tx = db.begin().await?;
            let end = last.min(first + BATCH as i64);
            sql("DELETE FROM search_changes WHERE seq <= ?").bind(end).execute(&mut tx).await?;
            Ok::<(), Error>(tx.commit().await?)
        })
        .await?;
    }
}

/// What has been read of the changes.
#[derive(Debug, Default)]
pub struct Feed {
    /// Everything was read once, and what changed up to the last reading too.
    built: bool,
    last: i64,
    /// Numbers below `last` that have not been seen, and since when.
    skipped: BTreeMap<i64, Moment>,
    read_at: Option<Instant>,
    began: Option<Moment>,
    /// Records that have changed and were not read again yet. They outlive a request that ends halfway.
    pub waiting: BTreeSet<(Changed, Uuid)>,
}

impl Feed {
    /// Was everything read once, and can it be brought up to date? Otherwise everything must be read.
    pub fn follows(&self) -> bool {
        let behind = self.read_at.is_none_or(|at| Instant::now().millis() - at.millis() > BEHIND);
        self.built && !behind && (self.skipped.len() as i64) < SKIPPED
    }

    /// Was the last reading begun after this moment? Then it has seen all that was committed before.
    pub fn has_read_since(&self, moment: Moment) -> bool {
        self.built && self.waiting.is_empty() && self.began.is_some_and(|began| began > moment)
    }

    /// Where to follow from, before everything is read.
    pub async fn begin(&mut self, conn: &mut Conn) -> afpi_db::Result<()> {
        let now = Moment::now();
        let last = sql("SELECT MAX(seq) FROM search_changes").scalar::<Option<i64>>(conn).await?.unwrap_or_default();
        // Numbers that were given out lately and are not visible yet.
        let lately = sql("SELECT seq FROM search_changes WHERE seq > ?").bind(last - SKIPPED / 2);
        let seen: BTreeSet<i64> = lately.all::<(i64,)>(conn).await?.into_iter().map(|(seq,)| seq).collect();
        let from = seen.first().copied().unwrap_or(last);
        let skipped = (from..=last).filter(|seq| !seen.contains(seq)).map(|seq| (seq, now)).collect();
        let waiting = BTreeSet::new();
        *self = Feed { built: false, last, skipped, read_at: Some(Instant::now()), began: Some(now), waiting };
        Ok(())
    }

    /// Everything that was committed when [`Feed::begin`] was called is read.
    pub fn built(&mut self) {
        self.built = true;
    }

    /// Reads at most so many changes into `waiting`. Returns whether there may be more.
    pub async fn next(&mut self, conn: &mut Conn, most: u32) -> afpi_db::Result<bool> {
        let began = Moment::now();
        let at = Instant::now();
        self.skipped.retain(|_, since| since.elapsed() < LATE);
        let mut query = sql("SELECT seq, kind, record_id FROM search_changes WHERE seq > ?").bind(self.last);
        if !self.skipped.is_empty() {
            query.push(" OR seq IN ").list(self.skipped.keys().copied());
        }
        query.push(" ORDER BY seq").limit(most);
        let rows: Vec<(i64, String, Uuid)> = query.all(conn).await?;
        let more = rows.len() == most as usize;
        for (seq, kind, id) in rows {
            if self.skipped.remove(&seq).is_none() {
                let gap = (self.last + 1).max(seq - SKIPPED)..seq;
                self.skipped.extend(gap.map(|seq| (seq, began)));
                self.last = seq;
            }
            // A word of a newer version.
            if let Ok(kind) = kind.parse() {
                self.waiting.insert((kind, id));
            }
        }
        if !more {
            (self.read_at, self.began) = (Some(at), Some(began));
        }
        Ok(more)
    }
}
