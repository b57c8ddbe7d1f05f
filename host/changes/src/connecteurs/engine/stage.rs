//! Staging: every batch of a pass becomes rows of `sync_changes`, compared with what is known here; at the end, what is
//! missing, and whether the lists are so short that a person must look. Memory grows by a few dozen bytes a record.

use std::collections::{HashMap, HashSet};

use afpi_db::Conn;
use afpi_plugins::contract::connector::{Batch, Item, Skipped};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::change::{self, Action, Change, Entity, Fields, cut};
use super::companies::{self, word};
use super::fields::{self, CONTACT, ENTREPRISE, Left};
use super::known::{self, Link};
use super::left_out::LeftOut;
use super::run::Counts;
use super::sites::Sites;
use super::{Stop, contacts, hold};
use crate::connecteurs::owners::Owners;
use afpi_core::email;
use afpi_core::text::{Text, text};

/// Longest fields of one record, as JSON; the columns take 64 KiB.
const MAX_FIELDS: usize = 48 << 10;

/// A record as it came, with its fields parsed.
#[derive(Debug, Clone)]
pub struct Taken {
    pub external_id: String,
    pub parent: String,
    pub archived: bool,
    pub sent: Fields,
}

/// What a pass has brought so far.
pub struct Stage {
    run: Uuid,
    source: String,
    sites: Sites,
    owners: Owners,
    next_seq: i64,
    pub counts: Counts,
    /// Records of this run by a short hash of entity and external id: where they lead (nil for skipped ones).
    seen: HashMap<u128, Uuid>,
    /// Those that came and were left alone before it was looked where they lead.
    refused: HashSet<u128>,
    sirets: HashSet<u64>,
    /// Contacts that were recognised by their address: not for a second one.
    matched: HashSet<Uuid>,
    pub(super) companies_listed: i64,
    pub(super) companies_archived: i64,
    completed: HashSet<Entity>,
    /// Values that could not be taken over.
    pub left: LeftOut,
}

impl Stage {
    /// `config`: the connector's settings.
    pub async fn open(conn: &mut Conn, run: Uuid, source: &str, config: &Value) -> Result<Stage, Stop> {
        Ok(Stage {
            run,
            source: source.to_owned(),
            sites: Sites::load(conn, source, config).await?,
            owners: Owners::load(conn, source).await?,
            next_seq: 1,
            counts: Counts::default(),
            seen: HashMap::new(),
            refused: HashSet::new(),
            sirets: HashSet::new(),
            matched: HashSet::new(),
            companies_listed: 0,
            companies_archived: 0,
            completed: HashSet::new(),
            left: LeftOut::default(),
        })
    }

    /// The changes a batch amounts to, in the order in which its records came. Nothing is written yet.
    pub async fn compare(&mut self, conn: &mut Conn, batch: Batch) -> Result<Vec<Change>, Stop> {
        let mut changes = Vec::with_capacity(batch.items.len() + batch.skipped.len());
        changes.extend(batch.skipped.iter().map(|skipped| self.refused(skipped)));
        let mut groups: [Vec<Taken>; 3] = Default::default();
        for item in batch.items {
            match self.take(item) {
                Ok((entity, taken)) => groups[entity as usize].push(taken),
                Err(change) => changes.push(*change),
            }
        }
        for change in &changes {
            self.refused.extend(Entity::parse(&change.entity).map(|entity| key(entity, &change.external_id)));
        }
        let [sites, entreprises, people] = groups;
        self.localisations(conn, sites, &mut changes).await?;
        self.entreprises(conn, entreprises, &mut changes).await?;
        self.contacts(conn, people, &mut changes).await?;
        self.completed.extend(batch.completed.iter().filter_map(|word| Entity::parse(word)));
        Ok(changes)
    }

    /// Stages changes within the transaction of their batch.
    pub async fn write(&self, tx: &mut Conn, changes: &[Change]) -> afpi_db::Result<()> {
        change::insert(tx, self.run, self.next_seq, changes).await
    }

    /// Counts changes whose transaction is committed.
    pub fn written(&mut self, changes: &[Change]) {
        self.next_seq += changes.len() as i64;
        for change in changes {
            *count(&mut self.counts, change.action) += 1;
        }
    }

    /// Records that were known and did not come, of lists that were read to their end; a page of them at a time.
    pub async fn missing(&self, conn: &mut Conn) -> Result<Vec<Change>, Stop> {
        let mut gone = Vec::new();
        for entity in &self.completed {
            // Not left to SQL: with the statistics of a table that has just grown, MariaDB compares each with each.
            let mut rows = known::present(conn, &self.source, *entity).await?;
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
        let known = hold::active_companies(conn, &self.source).await?;
        Ok(hold::suspicion(self.companies_listed, self.companies_archived, known))
    }

    /// Did it come in this run, whatever became of it?
    fn came(&self, entity: Entity, external_id: &str) -> bool {
        let key = key(entity, external_id);
        self.seen.contains_key(&key) || self.refused.contains(&key)
    }

    fn refused(&mut self, skipped: &Skipped) -> Change {
        let reason = text(&skipped.reason.fr, &skipped.reason.en);
        if Entity::parse(&skipped.entity) == Some(Entity::Entreprise) {
            self.companies_listed += 1;
        }
        Change::skipped(&skipped.entity, skipped.external_id.trim(), "", reason)
    }

    /// Checks what a plugin sent, as far as the kind of record does not matter.
    fn take(&mut self, item: Item) -> Result<(Entity, Taken), Box<Change>> {
        let refuse =
            |fr: &str, en: &str| Err(Box::new(Change::skipped(&item.entity, &item.external_id, "", text(fr, en))));
        let Some(entity) = Entity::parse(&item.entity) else {
            return refuse("sorte de fiche inconnue", "unknown kind of record");
        };
        let external_id = item.external_id.trim();
        if external_id.is_empty() || external_id.chars().count() > 100 || item.parent.chars().count() > 100 {
            return refuse("clé vide ou trop longue", "key empty or too long");
        }
        if item.fields.len() > MAX_FIELDS {
            return refuse("fiche trop longue", "record too long");
        }
        let Ok(Value::Object(sent)) = serde_json::from_str(&item.fields) else {
            return refuse("fiche illisible", "unreadable record");
        };
        // Before anything can go wrong with it: it was there, so it cannot count as vanished.
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
        };
        Ok((entity, taken))
    }

    fn found(&mut self, entity: Entity, change: &Change) {
        if let Some(record) = change.record {
            self.seen.insert(key(entity, &change.external_id), record);
        }
    }

    async fn localisations(
        &mut self,
        conn: &mut Conn,
        taken: Vec<Taken>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Stop> {
        if taken.is_empty() {
            return Ok(());
        }
        let links =
            known::by_external(conn, &self.source, Entity::Localisation, taken.iter().map(|t| t.external_id.as_str()))
                .await?;
        for taken in &taken {
            changes.push(self.sites.plan(taken, links.get(&taken.external_id)));
        }
        Ok(())
    }

    async fn entreprises(&mut self, conn: &mut Conn, taken: Vec<Taken>, changes: &mut Vec<Change>) -> Result<(), Stop> {
        if taken.is_empty() {
            return Ok(());
        }
        let clean: Vec<(Taken, (Fields, Vec<Left>))> = taken
            .into_iter()
            .map(|taken| {
                let read = fields::read(&ENTREPRISE, &taken.sent);
                (taken, read)
            })
            .collect();
        let links = known::by_external(
            conn,
            &self.source,
            Entity::Entreprise,
            clean.iter().map(|(t, _)| t.external_id.as_str()),
        )
        .await?;
        let all = self.owners.source_owns(Entity::Entreprise);
        let differs = |taken: &Taken, link: &&Link| {
            all || link.missing || link.digest != known::digest(&taken.sent, "", taken.archived)
        };
        let stale = clean
            .iter()
            .filter_map(|(t, _)| links.get(&t.external_id).filter(|link| differs(t, link)))
            .map(|link| link.record);
        let current = companies::by_id(conn, stale, false).await?;
        let twins = companies::by_siret(conn, clean.iter().filter_map(|(_, (f, _))| word(f, "siret"))).await?;
        let externals = known::by_record(conn, &self.source, Entity::Entreprise, twins.values().map(|c| c.id)).await?;
        for (taken, (fields, mut left)) in clean {
            let siret = word(&fields, "siret");
            let link = links.get(&taken.external_id);
            let twin = siret.and_then(|siret| twins.get(siret));
            let known = companies::plan::Known {
                link,
                linked: link.and_then(|link| current.get(&link.record)),
                twin,
                twin_external: twin.and_then(|twin| externals.get(&twin.id)).map(String::as_str),
                siret_seen: siret.and_then(|siret| siret.parse().ok()).is_some_and(|siret| !self.sirets.insert(siret)),
            };
            let ground = companies::plan::Ground { sites: &self.sites, owners: &self.owners };
            let change = companies::plan::plan(&taken, fields, known, &ground, &mut left);
            self.left.note(&change, &left);
            self.companies_archived += i64::from(change.action == Action::Archived);
            self.found(Entity::Entreprise, &change);
            changes.push(change);
        }
        Ok(())
    }

    async fn contacts(&mut self, conn: &mut Conn, taken: Vec<Taken>, changes: &mut Vec<Change>) -> Result<(), Stop> {
        if taken.is_empty() {
            return Ok(());
        }
        let links =
            known::by_external(conn, &self.source, Entity::Contact, taken.iter().map(|t| t.external_id.as_str()))
                .await?;
        let unseen = taken
            .iter()
            .map(|t| t.parent.as_str())
            .filter(|parent| !self.seen.contains_key(&key(Entity::Entreprise, parent)));
        let parents = known::by_external(conn, &self.source, Entity::Entreprise, unseen).await?;
        let company = |parent: &str| match self.seen.get(&key(Entity::Entreprise, parent)) {
            Some(record) => Some(*record).filter(|record| !record.is_nil()),
            None => parents.get(parent).map(|link| link.record),
        };
        let people =
            contacts::load(conn, links.values().map(|l| l.record), taken.iter().filter_map(|t| company(&t.parent)))
                .await?;
        let externals = known::by_record(conn, &self.source, Entity::Contact, people.keys().copied()).await?;
        let mut by_address: HashMap<(Uuid, String), Uuid> = HashMap::new();
        for person in people.values().filter(|p| !externals.contains_key(&p.id) && !self.matched.contains(&p.id)) {
            if let Some(email) = word(&person.fields, "email") {
                by_address.insert((person.company, email::key(email)), person.id);
            }
        }
        let mut found = Vec::new();
        for taken in &taken {
            let (fields, left) = fields::read(&CONTACT, &taken.sent);
            let link = links.get(&taken.external_id);
            let company = company(&taken.parent);
            let address = link.is_none().then(|| company.zip(word(&fields, "email").map(email::key))).flatten();
            let namesake = address.and_then(|address| by_address.remove(&address));
            let change = contacts::plan::plan(
                taken,
                fields,
                contacts::plan::Known {
                    link,
                    linked: link.and_then(|link| people.get(&link.record)),
                    company,
                    namesake: namesake.and_then(|id| people.get(&id)),
                },
                &self.owners,
            );
            found.extend(namesake);
            self.left.note(&change, &left);
            changes.push(change);
        }
        self.matched.extend(found);
        Ok(())
    }
}

fn absent() -> Text {
    text("n'est plus dans la liste ; marquée, rien n'est supprimé", "no longer in the list; marked, nothing is deleted")
}

/// 128 bits of a hash are enough to tell any number of records apart.
fn key(entity: Entity, external_id: &str) -> u128 {
    let mut hash = Sha256::new();
    hash.update([entity as u8]);
    hash.update(cut(external_id, 100).as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    u128::from_le_bytes(hash[..16].try_into().expect("16 of 32 bytes"))
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
