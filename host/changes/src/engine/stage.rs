//! Staging: every batch of a pass is compared with the known records and becomes rows of `sync_changes`. At the end it
//! adds the missing records and checks for suspiciously short lists. Memory grows by a few dozen bytes per record.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use afpi_db::Conn;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::change::{self, Action, Change, Entity, Fields, cut};
use super::companies::names::Names;
use super::fields::{Left, label};
use super::left_out::LeftOut;
use super::run::Counts;
use super::sites::Sites;
use super::source::{Batch, Item, Rules, Skipped};
use super::tabular::{Ground, nobody};
use super::{Stop, editable, hold, known};
use afpi_core::id::{EntrepriseId, RunId};
use afpi_core::text::{Text, text};

/// A received record with parsed fields.
#[derive(Debug, Clone)]
pub struct Taken {
    pub external_id: String,
    pub parent: String,
    pub archived: bool,
    pub sent: Fields,
    /// What the source repaired or left out.
    pub remarks: Vec<Text>,
}

/// The state of a pass.
pub struct Stage {
    run: RunId,
    pub(super) rules: Rules,
    pub(super) sites: Sites,
    next_seq: i64,
    pub counts: Counts,
    /// Records of this run by a short hash of entity and external id, with our record (nil for skipped ones).
    pub(super) seen: HashMap<u128, Uuid>,
    /// Records that were skipped before a match was searched.
    refused: HashSet<u128>,
    pub(super) sirets: HashSet<u64>,
    /// Contacts that were matched without their key. They cannot match a second time.
    pub(super) matched: HashSet<Uuid>,
    /// The names of the site's companies, loaded when first needed.
    pub(super) names: Option<Names>,
    /// The first line of each record that a file brings line by line.
    pub(super) keys: HashMap<String, String>,
    ground: Option<Arc<Ground>>,
    /// Received contacts, for a source that matches by name.
    pub(super) people: HashSet<(EntrepriseId, String)>,
    pub(super) companies_listed: i64,
    pub(super) companies_archived: i64,
    completed: HashSet<Entity>,
    /// Values that could not be taken over.
    pub left: LeftOut,
}

impl Stage {
    pub async fn open(conn: &mut Conn, run: RunId, rules: &Rules) -> Result<Stage, Stop> {
        Ok(Stage {
            run,
            sites: Sites::load(conn, rules).await?,
            rules: rules.clone(),
            next_seq: 1,
            counts: Counts::default(),
            seen: HashMap::new(),
            refused: HashSet::new(),
            sirets: HashSet::new(),
            matched: HashSet::new(),
            names: None,
            people: HashSet::new(),
            keys: HashMap::new(),
            ground: None,
            companies_listed: 0,
            companies_archived: 0,
            completed: HashSet::new(),
            left: LeftOut::default(),
        })
    }

    /// Who imports, for kinds that are written in a person's name.
    pub fn for_person(self, ground: Option<Arc<Ground>>) -> Stage {
        Stage { ground, ..self }
    }

    pub(super) fn ground(&self) -> Result<Arc<Ground>, Stop> {
        self.ground.clone().ok_or_else(nobody)
    }

    /// The changes for a batch, in the order of its records. Writes nothing.
    pub async fn compare(&mut self, conn: &mut Conn, batch: Batch) -> Result<Vec<Change>, Stop> {
        let mut changes = Vec::with_capacity(batch.items.len() + batch.skipped.len());
        changes.extend(batch.skipped.iter().map(|skipped| self.refused(skipped)));
        let mut groups: [Vec<Taken>; editable::ALL.len()] = Default::default();
        for item in batch.items {
            match self.take(item) {
                Ok((entity, taken)) => groups[entity as usize].push(taken),
                Err(change) => changes.push(*change),
            }
        }
        for change in &changes {
            self.refused.extend(change.entity.parse().ok().map(|entity: Entity| key(entity, &change.external_id)));
        }
        for (editable, taken) in editable::ALL.into_iter().zip(groups) {
            if !taken.is_empty() {
                editable.plan(self, conn, taken, &mut changes).await?;
            }
        }
        // Lines of a file that are a record each are told in their order, the unreadable ones too.
        let line_by_line = |change: &Change| change.entity.parse().is_ok_and(|entity: Entity| !entity.connected());
        if changes.iter().all(line_by_line) {
            changes.sort_by_key(|change| change.external_id.parse::<u64>().unwrap_or_default());
        }
        self.completed.extend(batch.completed.iter().filter_map(|word| word.parse::<Entity>().ok()));
        Ok(changes)
    }

    /// Writes changes in the transaction of their batch.
    pub async fn write(&self, tx: &mut Conn, changes: &[Change]) -> afpi_db::Result<()> {
        change::insert(tx, self.run, self.next_seq, changes).await
    }

    /// Counts changes after their transaction is committed.
    pub fn written(&mut self, changes: &[Change]) {
        self.next_seq += changes.len() as i64;
        for change in changes {
            *count(&mut self.counts, change.action) += 1;
        }
    }

    /// Known records that were not received, for lists read to their end; one page at a time.
    pub async fn missing(&self, conn: &mut Conn) -> Result<Vec<Change>, Stop> {
        let mut gone = Vec::new();
        for entity in &self.completed {
            // Not done in SQL: with the statistics of a table that has just grown, MariaDB compares every row with
            // every row.
            let mut rows = known::present(conn, self.rules.key(), *entity).await?;
            rows.retain(|(external_id, _)| !self.came(*entity, external_id));
            for page in rows.chunks(500) {
                let names = hold::names(conn, *entity, page.iter().map(|(_, record)| *record)).await?;
                gone.extend(page.iter().map(|(external_id, record)| Change {
                    record: Some(*record),
                    action: Action::Missing,
                    ..Change::skipped(
                        entity.as_str(),
                        external_id,
                        names.get(record).map_or("", String::as_str),
                        absent(),
                    )
                }));
            }
        }
        Ok(gone)
    }

    /// Why a person must look before anything is applied; `None` when nothing is suspicious.
    pub async fn suspicion(&self, conn: &mut Conn) -> Result<Option<Text>, Stop> {
        if !self.completed.contains(&Entity::Entreprise) {
            return Ok(None);
        }
        let known = hold::active_companies(conn, self.rules.key()).await?;
        Ok(hold::suspicion(self.companies_listed, self.companies_archived, known))
    }

    /// Was it received in this run, with any result?
    fn came(&self, entity: Entity, external_id: &str) -> bool {
        let key = key(entity, external_id);
        self.seen.contains_key(&key) || self.refused.contains(&key)
    }

    fn refused(&mut self, skipped: &Skipped) -> Change {
        if skipped.entity.parse() == Ok(Entity::Entreprise) {
            self.companies_listed += 1;
        }
        Change::skipped(&skipped.entity, skipped.external_id.trim(), "", skipped.reason.clone())
    }

    /// The checks that are the same for all kinds of records.
    fn take(&mut self, item: Item) -> Result<(Entity, Taken), Box<Change>> {
        let refuse =
            |fr: &str, en: &str| Err(Box::new(Change::skipped(&item.entity, &item.external_id, "", text(fr, en))));
        let known = item.entity.parse::<Entity>().ok().filter(|kind| kind.connected() || !self.rules.remembers());
        let Some(entity) = known else {
            return refuse("sorte de fiche inconnue", "unknown kind of record");
        };
        let external_id = item.external_id.trim();
        if external_id.is_empty() || external_id.chars().count() > 100 || item.parent.chars().count() > 100 {
            return refuse("clé vide ou trop longue", "key empty or too long");
        }
        let sent = match &item.fields {
            Ok(sent) => sent.clone(),
            Err(reason) => return Err(Box::new(Change::skipped(&item.entity, external_id, "", reason.clone()))),
        };
        // Noted before anything can fail: the record exists there, so it must not count as missing.
        if entity == Entity::Entreprise {
            self.companies_listed += 1;
        }
        if self.seen.insert(key(entity, external_id), Uuid::nil()).is_some() {
            return refuse("le même code est venu deux fois", "the same code came twice");
        }
        let taken = Taken {
            external_id: external_id.to_owned(),
            parent: item.parent.trim().to_owned(),
            archived: item.archived,
            sent,
            remarks: item.remarks,
        };
        Ok((entity, taken))
    }

    /// For a file: notes what was repaired and left out at the change itself, where a person looks at each line.
    pub(super) fn explain(&self, change: &mut Change, entity: Entity, taken: &Taken, left: &[Left]) {
        if self.rules.remembers() || change.reason.is_some() {
            return;
        }
        let mut parts = taken.remarks.clone();
        if !left.is_empty() {
            let of = |word: fn(Text) -> String| -> String {
                let told = left
                    .iter()
                    .map(|left| format!("{} ({})", word(label(entity, left.field)), word(left.reason.clone())));
                told.collect::<Vec<_>>().join(", ")
            };
            let (fr, en) = (of(|text| text.fr), of(|text| text.en));
            parts.push(text(format!("laissé de côté : {fr}"), format!("left out: {en}")));
        }
        let join = |word: fn(&Text) -> &str| parts.iter().map(word).collect::<Vec<_>>().join(" ; ");
        change.reason = (!parts.is_empty()).then(|| text(join(|text| &text.fr), join(|text| &text.en)));
    }

    /// Adds the default values of fields that neither the record nor the one here has.
    pub(super) fn fill(&self, entity: Entity, fields: &mut Fields, here: Option<&Fields>) {
        for (name, value) in self.rules.defaults.get(&entity).into_iter().flatten() {
            if here.is_none_or(|here| !here.contains_key(name)) {
                fields.entry(name).or_insert_with(|| value.clone());
            }
        }
    }

    /// Notes our record for a received one.
    pub(super) fn found(&mut self, entity: Entity, change: &Change) {
        if let Some(record) = change.record {
            self.seen.insert(key(entity, &change.external_id), record);
        }
    }
}

fn absent() -> Text {
    text("n'est plus dans la liste ; marquée, rien n'est supprimé", "no longer in the list; marked, nothing is deleted")
}

/// 128 bits of a hash are enough to tell all records apart.
pub(super) fn key(entity: Entity, external_id: &str) -> u128 {
    let mut hash = Sha256::new();
    hash.update([entity as u8]);
    hash.update(cut(external_id, 100).as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    u128::from_le_bytes(std::array::from_fn(|at| hash[at]))
}

/// The counter of an action.
pub fn count(counts: &mut Counts, action: Action) -> &mut i64 {
    match action {
        Action::Created => &mut counts.created,
        Action::Updated => &mut counts.updated,
        Action::Unchanged => &mut counts.unchanged,
        Action::Skipped => &mut counts.skipped,
        Action::Archived => &mut counts.archived,
        Action::Missing => &mut counts.missing,
        Action::Conflict => &mut counts.conflict,
    }
}
