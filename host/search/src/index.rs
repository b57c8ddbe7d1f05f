//! The documents, and what a query finds among them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::grams::{Grams, grams, shared};
use crate::listing::{Document, Listing, Typed};
use crate::normal::Query;
use crate::spelling::{MISTYPED, Near, Spelling, Tier, is_spelt};

/// Not every word is found, not even with errors, but the name is like what was typed.
const ALIKE: Tier = 1;
/// What has fewer parts is too short to be like a name as a whole.
const LIKE_PARTS: usize = 8;
/// From this likeness on a name is like what was typed.
const LIKE: u16 = 700;
/// Names with less than this part of the weight of what was typed are not compared.
const LIGHT: u16 = 5;
/// The names that are compared with what was typed.
const COMPARED: usize = 300;

/// A document that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub kind: u8,
    pub id: Uuid,
    /// Does a word match only with a typing error?
    pub mistyped: bool,
}

/// How well a document matches a query.
#[derive(Clone, Copy, Default)]
struct Match {
    /// Words that were found.
    words: u8,
    /// Words that were found in the name.
    named: u8,
    /// The tier of its worst word.
    worst: Tier,
    /// The sum of all tiers, or with typing errors the likeness of the name.
    score: u16,
}

impl Match {
    fn add(&mut self, tier: Tier, named: bool) {
        self.worst = if self.words == 0 { tier } else { self.worst.min(tier) };
        self.score += u16::from(tier);
        self.named += u8::from(named);
        self.words += 1;
    }
}

/// The order of hits: how well the words match, then whether the name holds nothing else, then words in the name, then
/// the caller's own site, then the newest change. The slot makes it complete.
type Rank = (Tier, u16, bool, u8, bool, i64, Reverse<u32>);

/// The index.
#[derive(Debug, Default)]
pub struct Index {
    grams: Grams,
    spelling: Spelling,
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
        for document in documents {
            let slot = old.or_else(|| self.free.pop()).unwrap_or(self.slots.len() as u32);
            old = old.and_then(|slot| self.listing(slot)).and_then(|listing| listing.next);
            self.put(slot, Some(Listing::new(document, next)));
            next = Some(slot);
        }
        if let Some(first) = next {
            self.records.insert(record, first);
        }
        while let Some(slot) = old {
            old = self.listing(slot).and_then(|listing| listing.next);
            self.put(slot, None);
            self.free.push(slot);
        }
    }

    /// Puts a document in a place of its own or of one that leaves it.
    fn put(&mut self, slot: u32, listing: Option<Listing>) {
        if slot as usize == self.slots.len() {
            self.slots.push(None);
        }
        let before = std::mem::replace(&mut self.slots[slot as usize], listing);
        let (before, now) = (before.as_ref(), self.slots[slot as usize].as_ref());
        let [before, now] = [before, now].map(|listing| listing.map_or(["", ""], Listing::texts));
        self.grams.change(slot, before, now);
        self.spelling.change(place(slot, true), before[0], now[0]);
        self.spelling.change(place(slot, false), before[1], now[1]);
    }

    /// The best hits of each kind among the documents that count, at most `most` of each. With `mistyped` also those that
    /// match only with typing errors.
    pub fn best(
        &self,
        query: &Query,
        mistyped: bool,
        most: usize,
        counts: impl Fn(&Listing) -> bool,
        near: impl Fn(&Listing) -> bool,
    ) -> BTreeMap<u8, Vec<Hit>> {
        let mut ranked: BTreeMap<u8, Vec<(Rank, u32)>> = BTreeMap::new();
        self.each(query, mistyped, &counts, &mut |slot, listing, matched| {
            let whole = matched.named == matched.words && listing.words() <= usize::from(matched.words);
            let Match { worst, score, named, .. } = matched;
            let rank = (worst, score, whole, named, near(listing), listing.changed, Reverse(slot));
            ranked.entry(listing.kind).or_default().push((rank, slot));
        });
        let hits = |mut ranked: Vec<(Rank, u32)>| {
            // Each reading may name a document three times: without errors, with them, and as a name that is alike.
            let enough = most.saturating_mul(3 * query.readings.len());
            if ranked.len() > enough {
                ranked.select_nth_unstable_by_key(enough, |(rank, _)| Reverse(*rank));
                ranked.truncate(enough);
            }
            ranked.sort_unstable_by_key(|(rank, _)| Reverse(*rank));
            let mut hits: Vec<Hit> = Vec::new();
            for (rank, slot) in ranked {
                let Some(listing) = &self.slots[slot as usize] else { continue };
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
        self.each(query, mistyped, &|listing| listing.kind == kind, &mut |_, listing, _| {
            if found.len() <= most {
                found.push(listing.id);
            }
        });
        found.sort_unstable();
        found.dedup();
        (found.len() <= most).then_some(found)
    }

    /// Calls `found` with every document that counts and matches a reading. It may name one several times.
    fn each(
        &self,
        query: &Query,
        mistyped: bool,
        counts: &impl Fn(&Listing) -> bool,
        found: &mut impl FnMut(u32, &Listing, Match),
    ) {
        for words in &query.readings {
            self.exactly(words, counts, found);
            // A single word is often part of a longer name, and the words of a longer query may stand in other texts.
            if mistyped && (!self.alike(words, counts, found) || words.len() == 1) {
                self.nearly(words, counts, found);
            }
        }
    }

    fn listing(&self, slot: u32) -> Option<&Listing> {
        self.slots[slot as usize].as_ref()
    }

    /// The documents that have all words.
    fn exactly(
        &self,
        words: &[String],
        counts: &impl Fn(&Listing) -> bool,
        found: &mut impl FnMut(u32, &Listing, Match),
    ) {
        let typed: Vec<Typed> = words.iter().map(|word| Typed::new(word)).collect();
        for slot in self.grams.with(words.iter().map(String::as_str)) {
            let Some(listing) = self.listing(slot).filter(|listing| counts(listing)) else { continue };
            let mut matched = Match::default();
            let all =
                typed.iter().all(|word| word.find(listing).map(|(tier, named)| matched.add(tier, named)).is_some());
            if all {
                found(slot, listing, matched);
            }
        }
    }

    /// The documents that have all words, some of them with typing errors.
    fn nearly(
        &self,
        words: &[String],
        counts: &impl Fn(&Listing) -> bool,
        found: &mut impl FnMut(u32, &Listing, Match),
    ) {
        let mut words: Vec<(&str, Vec<Near>)> = (0..)
            .zip(words)
            .map(|(at, word): (usize, _)| (word.as_str(), self.spelling.near(word, at + 1 == words.len())))
            .collect();
        if words.iter().all(|(_, near)| near.is_empty()) {
            return;
        }
        // The rarest word first: only what has it is looked at again.
        words.sort_by_cached_key(|(word, near)| {
            self.grams.most_with(word) + near.iter().map(|(_, places)| places.len()).sum::<usize>()
        });
        let mut matches = vec![Match::default(); self.slots.len()];
        let mut reached: Vec<u32> = Vec::new();
        for (at, (word, near)) in words.iter().enumerate() {
            reached.clear();
            let typed = Typed::new(word);
            for slot in self.grams.with([*word]) {
                let matched = &mut matches[slot as usize];
                if usize::from(matched.words) == at
                    && let Some((tier, named)) = self.listing(slot).and_then(|listing| typed.find(listing))
                {
                    matched.add(tier, named);
                    reached.push(slot);
                }
            }
            // They come in the order of their tiers: the first one is a document's best.
            for (tier, places) in near {
                for place in *places {
                    let matched = &mut matches[(place / 2) as usize];
                    if usize::from(matched.words) == at {
                        matched.add(*tier, place % 2 == 0);
                        reached.push(place / 2);
                    }
                }
            }
        }
        for slot in reached {
            let Some(listing) = self.listing(slot).filter(|listing| counts(listing)) else { continue };
            let matched = matches[slot as usize];
            if matched.worst <= MISTYPED {
                found(slot, listing, matched);
            }
        }
    }

    /// The documents whose name is like what was typed as a whole: a word may have more errors, or be two words. Returns
    /// whether there are any.
    fn alike(
        &self,
        words: &[String],
        counts: &impl Fn(&Listing) -> bool,
        found: &mut impl FnMut(u32, &Listing, Match),
    ) -> bool {
        let (spelt, numbers): (Vec<&str>, Vec<&str>) =
            words.iter().map(String::as_str).partition(|word| is_spelt(word));
        let typed = spelt.join(" ");
        let wanted = grams(&typed);
        if wanted.len() < LIKE_PARTS {
            return false;
        }
        let numbers: Vec<Typed> = numbers.into_iter().map(Typed::new).collect();
        let (weights, all) = self.grams.weighed(&wanted, self.slots.len(), self.len());
        let mut by_weight: Vec<Vec<u32>> = vec![vec![]; usize::from(all) + 1];
        for (slot, weight) in (0..).zip(weights) {
            if weight * LIGHT >= all {
                by_weight[usize::from(weight)].push(slot);
            }
        }
        let mut any = false;
        let candidates = by_weight.into_iter().rev().flatten().filter_map(|slot| Some((slot, self.listing(slot)?)));
        for (slot, listing) in candidates.filter(|(_, listing)| counts(listing)).take(COMPARED) {
            let shared = shared(&wanted, &grams(listing.name()));
            if shared * 5 < wanted.len() * 2 || !numbers.iter().all(|number| number.find(listing).is_some()) {
                continue;
            }
            let score = listing.likeness(&typed);
            if score >= LIKE {
                found(slot, listing, Match { worst: ALIKE, score, ..Match::default() });
                any = true;
            }
        }
        any
    }
}

/// Where words stand: in the name of a document, or in its other texts.
fn place(slot: u32, named: bool) -> u32 {
    slot * 2 + u32::from(!named)
}
