//! Writes lines. Each one carries a hash over the record's line before it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use afpi_db::{Conn, Db, DbError, sql};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::line::{Activity, Hashed, Line, SubjectKind};
use crate::plugins::hex;
use afpi_core::clock::Instant;
use afpi_core::id::LocalisationId;

/// Lines per transaction when the program fills in hashes.
const BATCH: u32 = 500;

/// The last line of a record's chain.
#[derive(Debug, Clone, Default)]
pub struct End {
    pub seq: i64,
    pub hash: String,
}

/// Writes lines in their order. The caller has changed the record's row in this transaction, or is its only writer. If
/// two transactions write at once nevertheless, one of them is run again.
pub async fn write(tx: &mut Conn, lines: Vec<Line<'_>>, correlation_id: &str) -> afpi_db::Result<()> {
    let ends = ends(tx, &lines).await?;
    chain(tx, lines, ends, correlation_id).await
}

/// The same for lines of one record whose last line was read before. If another line has come meanwhile, the
/// transaction is run again: then it must read the last line.
pub async fn write_after(tx: &mut Conn, end: End, lines: Vec<Line<'_>>, correlation_id: &str) -> afpi_db::Result<()> {
    let ends = lines.iter().map(|line| ((line.subject.kind(), line.subject.id()), end.clone())).collect();
    chain(tx, lines, ends, correlation_id).await
}

/// The last lines of records, by kind and id.
type Ends = HashMap<(&'static str, Vec<u8>), End>;

async fn chain(tx: &mut Conn, lines: Vec<Line<'_>>, mut ends: Ends, correlation_id: &str) -> afpi_db::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let (kind, subject) = (line.subject.kind(), line.subject.id());
        let end = ends.get(&(kind, subject.clone())).cloned().unwrap_or_default();
        let (id, seq) = (Uuid::now_v7(), end.seq + 1);
        let changes = line.changes.as_ref().map(ToString::to_string);
        let filled = |text: Option<&'_ str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let (transition, source, target, reason) =
            (filled(line.transition), filled(line.source), filled(line.target), filled(line.reason));
        let actor = line.actor.id();
        let hash = hash(&Hashed {
            previous: &end.hash,
            id,
            subject_kind: kind,
            subject_id: &subject,
            seq,
            at: line.at.millis(),
            site: line.site,
            actor_kind: line.actor.kind(),
            actor_id: &actor,
            act: line.activity.as_ref(),
            transition: transition.as_deref(),
            source: source.as_deref(),
            target: target.as_deref(),
            reason: reason.as_deref(),
            changes: changes.as_deref(),
            hooks: line.hooks.as_deref(),
            plugin_id: line.plugin.0,
            plugin_version: line.plugin.1,
            correlation_id,
        });
        rows.push([
            id.into(),
            kind.into(),
            subject.as_slice().into(),
            seq.into(),
            line.at.into(),
            line.site.into(),
            line.actor.kind().into(),
            actor.into(),
            line.activity.as_ref().into(),
            transition.into(),
            source.into(),
            target.into(),
            reason.into(),
            changes.into(),
            line.hooks.into(),
            line.plugin.0.into(),
            line.plugin.1.into(),
            correlation_id.into(),
            hash.as_str().into(),
        ]);
        ends.insert((kind, subject), End { seq, hash });
    }
    let mut query = sql(
        "INSERT INTO journal (id, subject_kind, subject_id, seq, at, localisation_id, actor_kind, actor_id, act, transition, source, target, \
         reason, changes, hooks, plugin_id, plugin_version, correlation_id, hash) VALUES ",
    );
    query.rows(rows);
    match query.execute(tx).await {
        Err(DbError::Unique(message)) => Err(DbError::Contention(message)),
        other => other.map(drop),
    }
}

/// The last lines of the records of these lines. A record without lines is left out.
async fn ends(tx: &mut Conn, lines: &[Line<'_>]) -> afpi_db::Result<Ends> {
    let mut wanted: BTreeMap<&'static str, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for line in lines {
        // A new record has no lines, unless its id is a word that was used before.
        if line.activity != Activity::Created || SubjectKind::from(&line.subject).is_named() {
            wanted.entry(line.subject.kind()).or_default().insert(line.subject.id());
        }
    }
    let mut ends = HashMap::new();
    for (kind, subjects) in wanted {
        let mut query =
            sql("SELECT j.subject_id, j.seq, j.hash FROM journal j WHERE j.subject_kind = ? AND j.subject_id IN ");
        query.arg(kind).list(subjects.iter().map(Vec::as_slice));
        query.push(
            " AND j.seq = (SELECT MAX(l.seq) FROM journal l WHERE l.subject_kind = j.subject_kind AND l.subject_id = j.subject_id)",
        );
        for (subject, seq, hash) in query.all::<(Vec<u8>, i64, String)>(tx).await? {
            ends.insert((kind, subject), End { seq, hash });
        }
    }
    Ok(ends)
}

pub(super) fn hash(line: &Hashed<'_>) -> String {
    // Serialising plain data cannot fail.
    hex(&Sha256::digest(serde_json::to_vec(line).unwrap_or_default()))
}

afpi_db::row! {
    /// A stored line.
    pub(super) struct Stored {
        pub id: Uuid, pub subject_kind: String, pub subject_id: Vec<u8>, pub seq: i64, pub at: Instant, pub localisation_id: Option<LocalisationId>,
        pub actor_kind: String, pub actor_id: Vec<u8>, pub act: String, pub transition: Option<String>, pub source: Option<String>,
        pub target: Option<String>, pub reason: Option<String>, pub changes: Option<String>, pub hooks: Option<String>,
        pub plugin_id: String, pub plugin_version: String, pub correlation_id: String, pub hash: String,
    }
}

pub(super) const STORED: &str = "id, subject_kind, subject_id, seq, at, localisation_id, actor_kind, actor_id, act, transition, source, target, reason, \
     changes, hooks, plugin_id, plugin_version, correlation_id, hash";

impl Stored {
    /// The hash that it must have after this previous hash.
    pub(super) fn expected(&self, previous: &str) -> String {
        hash(&Hashed {
            previous,
            id: self.id,
            subject_kind: &self.subject_kind,
            subject_id: &self.subject_id,
            seq: self.seq,
            at: self.at.millis(),
            site: self.localisation_id,
            actor_kind: &self.actor_kind,
            actor_id: &self.actor_id,
            act: &self.act,
            transition: self.transition.as_deref(),
            source: self.source.as_deref(),
            target: self.target.as_deref(),
            reason: self.reason.as_deref(),
            changes: self.changes.as_deref(),
            hooks: self.hooks.as_deref(),
            plugin_id: &self.plugin_id,
            plugin_version: &self.plugin_version,
            correlation_id: &self.correlation_id,
        })
    }
}

/// Adds hashes to lines from a migration. Several processes may do so at once: they write the same.
pub async fn fill(db: &Db) -> afpi_db::Result<()> {
    loop {
        let open = sql("SELECT subject_kind, subject_id FROM journal WHERE hash = '' GROUP BY subject_kind, subject_id ORDER BY subject_kind, subject_id LIMIT 100")
            .all::<(String, Vec<u8>)>(&mut db.read().await?)
            .await?;
        if open.is_empty() {
            return Ok(());
        }
        for (kind, subject) in open {
            afpi_db::retry(|| fill_one(db, &kind, &subject)).await?;
        }
    }
}

async fn fill_one(db: &Db, kind: &str, subject: &[u8]) -> afpi_db::Result<()> {
    let mut tx = db.begin().await?;
    let mut previous = String::new();
    let mut seq = 0;
    loop {
        let mut query = sql("SELECT ");
        query.push(STORED).push(" FROM journal WHERE subject_kind = ? AND subject_id = ? AND seq > ? ORDER BY seq");
        query.arg(kind).arg(subject).arg(seq).limit(BATCH);
        let lines: Vec<Stored> = query.all(&mut tx).await?;
        let Some(end) = lines.last() else { break };
        seq = end.seq;
        for line in lines {
            let hash = line.expected(&previous);
            if line.hash.is_empty() {
                sql("UPDATE journal SET hash = ? WHERE id = ? AND hash = ''")
                    .bind(&hash)
                    .bind(line.id)
                    .execute(&mut tx)
                    .await?;
            }
            previous = hash;
        }
    }
    tx.commit().await
}
