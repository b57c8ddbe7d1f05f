//! Writes lines, each with the hash over the one before it on the same record.

use std::collections::HashMap;

use afpi_db::{Conn, Db, DbError, sql};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::line::{Act, Hashed, Line};
use crate::plugins::hex;

/// Lines chained in one transaction when the program fills in hashes.
const BATCH: u32 = 500;

/// The end of a record's chain.
#[derive(Debug, Clone, Default)]
pub(super) struct End {
    pub seq: i64,
    pub hash: String,
}

/// Writes lines in their order. Whoever writes about a record has changed its row in this transaction, or is alone with
/// it; if two write at once nevertheless, one of them is run again.
pub async fn write(tx: &mut Conn, lines: Vec<Line<'_>>, correlation_id: &str) -> afpi_db::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut ends: HashMap<_, End> = HashMap::new();
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let (kind, subject) = (line.subject.kind(), line.subject.id());
        let end = match ends.get(&line.subject) {
            Some(end) => end.clone(),
            // A new record has no line yet.
            None if line.act == Act::Created => End::default(),
            None => last(tx, kind, &subject).await?,
        };
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
            at: line.at,
            site: line.site,
            actor_kind: line.actor.kind(),
            actor_id: &actor,
            act: line.act.as_ref(),
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
            subject.into(),
            seq.into(),
            line.at.into(),
            line.site.into(),
            line.actor.kind().into(),
            actor.into(),
            line.act.as_ref().into(),
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
        ends.insert(line.subject, End { seq, hash });
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

async fn last(tx: &mut Conn, kind: &str, subject: &[u8]) -> afpi_db::Result<End> {
    let row = sql("SELECT seq, hash FROM journal WHERE subject_kind = ? AND subject_id = ? ORDER BY seq DESC LIMIT 1")
        .bind(kind)
        .bind(subject)
        .optional::<(i64, String)>(tx)
        .await?;
    Ok(row.map(|(seq, hash)| End { seq, hash }).unwrap_or_default())
}

pub(super) fn hash(line: &Hashed<'_>) -> String {
    // Plain data, whose serialisation cannot fail.
    hex(&Sha256::digest(serde_json::to_vec(line).unwrap_or_default()))
}

afpi_db::row! {
    /// A line as it is stored.
    pub(super) struct Stored {
        pub id: Uuid, pub subject_kind: String, pub subject_id: Vec<u8>, pub seq: i64, pub at: i64, pub localisation_id: Option<Uuid>,
        pub actor_kind: String, pub actor_id: Vec<u8>, pub act: String, pub transition: Option<String>, pub source: Option<String>,
        pub target: Option<String>, pub reason: Option<String>, pub changes: Option<String>, pub hooks: Option<String>,
        pub plugin_id: String, pub plugin_version: String, pub correlation_id: String, pub hash: String,
    }
}

pub(super) const STORED: &str = "id, subject_kind, subject_id, seq, at, localisation_id, actor_kind, actor_id, act, transition, source, target, reason, \
     changes, hooks, plugin_id, plugin_version, correlation_id, hash";

impl Stored {
    /// The hash it must have after a line with this one.
    pub(super) fn expected(&self, previous: &str) -> String {
        hash(&Hashed {
            previous,
            id: self.id,
            subject_kind: &self.subject_kind,
            subject_id: &self.subject_id,
            seq: self.seq,
            at: self.at,
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

/// Chains the lines that a migration brought over. Several processes may do so at once: they write the same.
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
