//! The documents, and what a query finds among them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::normal::{Query, normal};
use crate::words::{MISTYPED, Tier, Words};

/// Texts of a document that are told apart. What follows counts as the last one.
const TEXTS: usize = 8;

/// A record as it is found.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// A number of the caller's. Hits are grouped by it.
    pub kind: u8,
    pub id: Uuid,
    pub owner: Option<Uuid>,
    pub sites: Vec<Uuid>,
    /// When it last changed, in any unit: more is newer.
    pub changed: i64,
    /// The name first. A hit in it counts more than one in another text.
    pub texts: Vec<String>,
}

/// What the caller may judge a document by.
#[derive(Debug)]
pub struct Listing {
    pub kind: u8,
    pub id: Uuid,
    pub owner: Option<Uuid>,
    pub sites: Box<[Uuid]>,
    changed: i64,
    /// Words of the name.
    named: u8,
    /// Its words by their numbers, with the text they stand in.
    words: Box<[(u32, u8)]>,
    /// The next document of the same record.
    next: Option<u32>,
}

/// A document that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub kind: u8,
    pub id: Uuid,
    /// Does a word match only with a typing error?
    pub mistyped: bool,
}

/// How far a document has come through the words of a query.
#[derive(Clone, Copy, Default)]
struct Progress {
    words: u8,
    /// The tier of its worst word, and the sum of all.
    worst: Tier,
    sum: u8,
    /// Words that were found in the name.
    named: u8,
}

/// The order of hits: how well the words match, then whether the name holds nothing else, then words in the name, then
/// the caller's own site, then the newest change. The slot makes it complete.
type Rank = (Tier, u8, bool, u8, bool, i64, Reverse<u32>);

/// The index.
#[derive(Debug, Default)]
pub struct Index {
    words: Words,
    slots: Vec<Option<Listing>>,
    free: Vec<u32>,
    /// The first document of each record.
    records: HashMap<Uuid, u32>,
}

impl Index {
    /// The number of documents.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes these the documents of a record. Without any it is forgotten.
    pub fn replace(&mut self, record: Uuid, documents: Vec<Document>) {
        let mut old = self.records.remove(&record);
        let mut next = None;
        // Before the old ones go, so that words that stay keep their numbers.
        for document in documents {
            next = Some(self.enter(document, next));
        }
        if let Some(first) = next {
            self.records.insert(record, first);
        }
        while let Some(slot) = old {
            old = self.leave(slot);
        }
    }

    fn enter(&mut self, document: Document, next: Option<u32>) -> u32 {
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        let mut words = Vec::new();
        let mut named = 0u8;
        for (at, text) in document.texts.iter().enumerate() {
            let text = normal(text);
            for word in text.split_ascii_whitespace() {
                let at = at.min(TEXTS - 1) as u8;
                named = named.saturating_add(u8::from(at == 0));
                words.push((self.words.add(word, place(slot, at)), at));
                // « l-abbesse » is also found by a misspelt « abesse ».
                if word.contains('-') {
                    for part in word.split('-').filter(|part| part.len() > 2) {
                        words.push((self.words.add(part, place(slot, at)), at));
                    }
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        let Document { kind, id, owner, sites, changed, .. } = document;
        let listing = Listing { kind, id, owner, sites: sites.into(), changed, named, words: words.into(), next };
        match self.slots.get_mut(slot as usize) {
            Some(free) => *free = Some(listing),
            None => self.slots.push(Some(listing)),
        }
        slot
    }

    fn leave(&mut self, slot: u32) -> Option<u32> {
        let listing = self.slots[slot as usize].take()?;
        for (word, at) in &listing.words {
            self.words.remove(*word, place(slot, *at));
        }
        self.free.push(slot);
        listing.next
    }

    /// The best hits of each kind among the documents that count, at most `most` of each, and whether there are more.
    /// With `mistyped` also those that match only with typing errors.
    pub fn best(
        &self,
        query: &Query,
        mistyped: bool,
        most: usize,
        counts: impl Fn(&Listing) -> bool,
        near: impl Fn(&Listing) -> bool,
    ) -> BTreeMap<u8, Vec<Hit>> {
        let mut ranked: BTreeMap<u8, Vec<(Rank, u32)>> = BTreeMap::new();
        self.each(query, mistyped, |slot, listing, progress, words| {
            if counts(listing) {
                let whole = progress.named == words && listing.named <= words;
                let Progress { worst, sum, named, .. } = progress;
                let rank = (worst, sum, whole, named, near(listing), listing.changed, Reverse(slot));
                ranked.entry(listing.kind).or_default().push((rank, slot));
            }
        });
        let hits = |mut ranked: Vec<(Rank, u32)>| {
            // Each reading may name a document once.
            let enough = most.saturating_mul(query.readings.len());
            if ranked.len() > enough {
                ranked.select_nth_unstable_by_key(enough, |(rank, _)| Reverse(*rank));
                ranked.truncate(enough);
            }
            ranked.sort_unstable_by_key(|(rank, _)| Reverse(*rank));
            let mut hits: Vec<Hit> = Vec::new();
            for (rank, slot) in ranked {
                let Some(listing) = &self.slots[slot as usize] else { continue };
                // Another reading of the same query has it already.
                if hits.iter().any(|hit| hit.id == listing.id) {
                    continue;
                }
                hits.push(Hit { kind: listing.kind, id: listing.id, mistyped: rank.0 <= MISTYPED });
                if hits.len() == most {
                    break;
                }
            }
            hits
        };
        ranked.into_iter().map(|(kind, ranked)| (kind, hits(ranked))).collect()
    }

    /// All documents of a kind that match, or `None` when there are more than `most`.
    pub fn all(&self, query: &Query, mistyped: bool, kind: u8, most: usize) -> Option<Vec<Uuid>> {
        let mut found = Vec::new();
        self.each(query, mistyped, |_, listing, _, _| {
            if listing.kind == kind && found.len() <= most {
                found.push(listing.id);
            }
        });
        found.sort_unstable();
        found.dedup();
        (found.len() <= most).then_some(found)
    }

    /// Calls `found` with every document that has all words of a reading, and with their number.
    fn each(&self, query: &Query, mistyped: bool, mut found: impl FnMut(u32, &Listing, Progress, u8)) {
        for words in &query.readings {
            let mut progress = vec![Progress::default(); self.slots.len()];
            let mut reached: Vec<u32> = Vec::new();
            for (at, typed) in words.iter().enumerate() {
                reached.clear();
                for (word, tier) in self.words.meant(typed, at + 1 == words.len(), mistyped) {
                    for place in self.words.places(word) {
                        let slot = place / TEXTS as u32;
                        let own = &mut progress[slot as usize];
                        // Words come in the order of their tiers: the first one is a document's best.
                        if usize::from(own.words) == at {
                            own.worst = if at == 0 { tier } else { own.worst.min(tier) };
                            own.sum += tier;
                            own.words += 1;
                            own.named += u8::from(place % TEXTS as u32 == 0);
                            reached.push(slot);
                        }
                    }
                }
            }
            for slot in reached {
                if let Some(listing) = &self.slots[slot as usize] {
                    found(slot, listing, progress[slot as usize], words.len() as u8);
                }
            }
        }
    }
}

fn place(slot: u32, text: u8) -> u32 {
    slot * TEXTS as u32 + u32::from(text)
}
