//! A staged change: a record of the other system, and its effect here. The rows of `sync_changes` are the preview, and
//! the journal for undoing the run.

use std::collections::HashSet;

use afpi_db::{Conn, Json, Value as Sql, sql};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationErrors};

use super::merge::Conflicts;
use afpi_core::clock::Instant;
use afpi_core::id::{EntrepriseId, RunId};
use afpi_core::text::Text;

pub use super::fields::Fields;

/// The kinds of records that runs change. Connectors bring the first three.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[schema(as = RunEntity)]
#[strum(serialize_all = "lowercase")]
pub enum Entity {
    Localisation,
    Entreprise,
    Contact,
    Produit,
    Formateur,
}

impl Entity {
    /// May a connector bring it?
    pub fn connected(self) -> bool {
        matches!(self, Entity::Localisation | Entity::Entreprise | Entity::Contact)
    }

    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Validate for Entity {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

/// The effect on a record.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RunAction)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    Created,
    Updated,
    Unchanged,
    Skipped,
    /// Archived in the other system: a company becomes inactive, a contact is kept and marked.
    Archived,
    /// No longer in the other system. The record is marked, never deleted.
    Missing,
    /// Both sides changed a field, which waits for a person. The other fields are as in `updated`.
    Conflict,
}

impl Action {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A change before it is staged.
#[derive(Debug, Clone)]
pub struct Change {
    pub entity: String,
    pub external_id: String,
    /// For a contact: the external id of its company.
    pub parent: String,
    pub action: Action,
    pub label: String,
    /// The record's id, set when the change is staged, also for a record that does not exist yet: contacts refer to it,
    /// and applying twice is harmless.
    pub record: Option<Uuid>,
    pub digest: Option<[u8; 32]>,
    pub before: Option<Fields>,
    pub after: Option<Fields>,
    pub reason: Option<Text>,
    /// The values to remember as last seen there. None when nothing new was seen.
    pub source: Option<Fields>,
    pub conflicts: Conflicts,
}

impl Change {
    /// A record that is skipped, with a reason for people.
    pub fn skipped(entity: &str, external_id: &str, label: &str, reason: Text) -> Change {
        Change {
            entity: cut(entity, 30),
            external_id: cut(external_id, 100),
            parent: String::new(),
            action: Action::Skipped,
            label: cut(&afpi_text::salvage(label), 250),
            record: None,
            digest: None,
            before: None,
            after: None,
            reason: Some(reason),
            source: None,
            conflicts: Conflicts::new(),
        }
    }
}

/// Cuts a text to this many characters.
pub fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Stages changes. The first one gets the number `seq`.
pub async fn insert(tx: &mut Conn, run: RunId, seq: i64, changes: &[Change]) -> afpi_db::Result<()> {
    for (at, page) in changes.chunks(500).enumerate() {
        let mut query = sql(
            "INSERT INTO sync_changes (run_id, seq, entity, external_id, parent, action, label, record_id, digest, before_fields, \
             after_fields, reason_fr, reason_en, source_fields, conflicts) VALUES ",
        );
        let json = |fields: &Option<Fields>| fields.as_ref().map_or(Sql::Null, Sql::json);
        query.rows(page.iter().enumerate().map(|(i, c)| -> [Sql; 15] {
            [
                run.into(),
                (seq + (at * 500 + i) as i64).into(),
                (&c.entity).into(),
                (&c.external_id).into(),
                (&c.parent).into(),
                c.action.as_str().into(),
                (&c.label).into(),
                c.record.into(),
                c.digest.into(),
                json(&c.before),
                json(&c.after),
                c.reason.as_ref().map(|r| &r.fr).into(),
                c.reason.as_ref().map(|r| &r.en).into(),
                json(&c.source),
                column(&c.conflicts),
            ]
        }));
        query.execute(tx).await?;
    }
    Ok(())
}

afpi_db::row! {
    struct Row {
        seq: i64, entity: String, external_id: String, action: String, label: String, record_id: Option<Uuid>, digest: Option<Vec<u8>>,
        before_fields: Option<Json<Fields>>, after_fields: Option<Json<Fields>>, source_fields: Option<Json<Fields>>,
        conflicts: Option<Json<Conflicts>>,
    }
}

/// A staged change, read from its row.
#[derive(Debug, Clone)]
pub struct Staged {
    pub seq: i64,
    pub entity: Entity,
    pub external_id: String,
    pub action: Action,
    pub label: String,
    pub record: Uuid,
    pub digest: Vec<u8>,
    pub before: Fields,
    pub after: Fields,
    pub source: Option<Fields>,
    pub conflicts: Conflicts,
}

const SELECT: &str = "SELECT seq, entity, external_id, action, label, record_id, digest, before_fields, after_fields, source_fields, conflicts FROM sync_changes \
     WHERE run_id = ? AND record_id IS NOT NULL AND action <> 'skipped'";

/// The next changes to be applied, after the one numbered `after`.
pub async fn to_apply(tx: &mut Conn, run: RunId, after: i64, most: u32) -> afpi_db::Result<Vec<Staged>> {
    let mut query = sql(SELECT).bind(run);
    query.push(" AND applied_at IS NULL AND seq > ?").arg(after).push(" ORDER BY seq").limit(most);
    Ok(query.all::<Row>(tx).await?.into_iter().filter_map(staged).collect())
}

/// The next changes to be undone, before the one numbered `before`, last ones first.
pub async fn to_undo(tx: &mut Conn, run: RunId, before: i64, most: u32) -> afpi_db::Result<Vec<Staged>> {
    let mut query = sql(SELECT).bind(run);
    query
        .push(" AND action <> 'unchanged' AND applied_at IS NOT NULL AND seq < ?")
        .arg(before)
        .push(" ORDER BY seq DESC")
        .limit(most);
    Ok(query.all::<Row>(tx).await?.into_iter().filter_map(staged).collect())
}

/// Those of these companies that the run itself creates.
pub async fn created(
    conn: &mut Conn,
    run: RunId,
    companies: impl Iterator<Item = EntrepriseId>,
) -> afpi_db::Result<HashSet<EntrepriseId>> {
    let mut query = sql("SELECT record_id FROM sync_changes WHERE run_id = ?").bind(run);
    query.push(" AND entity = 'entreprise' AND action = 'created' AND record_id IN ").list(companies);
    Ok(query.all::<(EntrepriseId,)>(conn).await?.into_iter().map(|(id,)| id).collect())
}

/// Reads a row of this program. A row with unknown words (from a newer version) is skipped.
fn staged(row: Row) -> Option<Staged> {
    Some(Staged {
        seq: row.seq,
        entity: row.entity.parse().ok()?,
        external_id: row.external_id,
        action: row.action.parse().ok()?,
        label: row.label,
        record: row.record_id?,
        digest: row.digest.unwrap_or_default(),
        before: row.before_fields.map(|f| f.0).unwrap_or_default(),
        after: row.after_fields.map(|f| f.0).unwrap_or_default(),
        source: row.source_fields.map(|f| f.0),
        conflicts: row.conflicts.map(|c| c.0).unwrap_or_default(),
    })
}

/// The changes with conflicts that were applied, in order.
pub async fn in_conflict(tx: &mut Conn, run: RunId) -> afpi_db::Result<Vec<Staged>> {
    let mut query = sql(SELECT).bind(run);
    query.push(" AND conflicts IS NOT NULL AND applied_at IS NOT NULL ORDER BY seq");
    Ok(query.all::<Row>(tx).await?.into_iter().filter_map(staged).collect())
}

/// Rewrites a change: its fields, its conflicts, and the action that follows from them.
pub async fn settle(tx: &mut Conn, run: RunId, change: &Staged) -> afpi_db::Result<()> {
    sql("UPDATE sync_changes SET action = ?, before_fields = ?, after_fields = ?, conflicts = ? WHERE run_id = ? AND seq = ?")
        .bind(change.action.as_str())
        .bind(Sql::json(&change.before))
        .bind(Sql::json(&change.after))
        .bind(column(&change.conflicts))
        .bind(run)
        .bind(change.seq)
        .execute(tx)
        .await?;
    Ok(())
}

/// Conflicts for their column.
fn column(conflicts: &Conflicts) -> Sql {
    if conflicts.is_empty() { Sql::Null } else { Sql::json(conflicts) }
}

/// Marks changes as applied (an instant) or as undone (`None`).
pub async fn mark(tx: &mut Conn, run: RunId, seqs: &[i64], applied_at: Option<Instant>) -> afpi_db::Result<()> {
    if seqs.is_empty() {
        return Ok(());
    }
    let mut query =
        sql("UPDATE sync_changes SET applied_at = ? WHERE run_id = ? AND seq IN ").bind(applied_at).bind(run);
    query.list(seqs.iter().copied());
    query.execute(tx).await?;
    Ok(())
}

/// Stores the real old values when they differ from the staged ones.
pub async fn rewrite(tx: &mut Conn, run: RunId, seq: i64, before: &Fields, after: &Fields) -> afpi_db::Result<()> {
    sql("UPDATE sync_changes SET before_fields = ?, after_fields = ? WHERE run_id = ? AND seq = ?")
        .bind(Sql::json(before))
        .bind(Sql::json(after))
        .bind(run)
        .bind(seq)
        .execute(tx)
        .await?;
    Ok(())
}

/// Marks a change that cannot be applied (any more).
pub async fn refuse(tx: &mut Conn, run: RunId, seq: i64, reason: &Text) -> afpi_db::Result<()> {
    sql("UPDATE sync_changes SET action = 'skipped', reason_fr = ?, reason_en = ? WHERE run_id = ? AND seq = ?")
        .bind(&reason.fr)
        .bind(&reason.en)
        .bind(run)
        .bind(seq)
        .execute(tx)
        .await?;
    Ok(())
}

/// Adds a remark to a change, e.g. why it was not undone.
pub async fn explain(tx: &mut Conn, run: RunId, seq: i64, reason: &Text) -> afpi_db::Result<()> {
    sql("UPDATE sync_changes SET reason_fr = ?, reason_en = ? WHERE run_id = ? AND seq = ?")
        .bind(&reason.fr)
        .bind(&reason.en)
        .bind(run)
        .bind(seq)
        .execute(tx)
        .await?;
    Ok(())
}
