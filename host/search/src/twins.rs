//! Which of all records may be the same, without comparing each with each: only those are compared that share a key (a
//! telephone, a mail, a name, or a word at one place). That takes a sort of some keys per record. A key that very many
//! share says nothing. The result is kept until a record changes what it is compared by.

use std::cmp::Reverse;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use uuid::Uuid;

use crate::likeness::{Likeness, SUSPECT, Traits};

/// More records than this under one key are not compared: a switchboard, a chain of shops, a common word.
const SHARED: usize = 40;
/// The most pairs that are kept, the most alike first.
const PAIRS: usize = 5_000;
/// Shorter words of a name say nothing.
const WORD: usize = 4;
/// The letters with which names at one place begin.
const FIRST: usize = 3;

/// Two records that may be the same. `one` has the lower id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub one: Uuid,
    pub other: Uuid,
    pub sites: [Uuid; 2],
    pub likeness: Likeness,
}

/// The records, and what was found among them.
#[derive(Debug, Default)]
pub struct Twins {
    known: FxHashMap<Uuid, Traits>,
    found: Mutex<Option<Arc<[Pair]>>>,
}

impl Twins {
    /// Makes these the traits of a record. Without any it is forgotten.
    pub fn replace(&mut self, record: Uuid, traits: Option<Traits>) {
        let before = self.known.get(&record);
        if before == traits.as_ref() {
            return;
        }
        match traits {
            Some(traits) => self.known.insert(record, traits),
            None => self.known.remove(&record),
        };
        *self.found.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The traits of a record.
    pub fn of(&self, record: Uuid) -> Option<&Traits> {
        self.known.get(&record)
    }

    /// The records that share a number, a group, a telephone, a mail or its domain with what somebody types.
    pub fn sharing(&self, typed: &Traits, most: usize) -> Vec<Uuid> {
        let shares = |known: &Traits| {
            let mine = [typed.number, typed.group, typed.phone, typed.email, typed.domain];
            let theirs = [known.number, known.group, known.phone, known.email, known.domain];
            mine.into_iter().zip(theirs).any(|(mine, theirs)| mine != 0 && mine == theirs)
        };
        self.known.iter().filter(|(_, known)| shares(known)).map(|(id, _)| *id).take(most).collect()
    }

    /// The pairs of records that may be the same, the most alike first.
    pub fn pairs(&self) -> Arc<[Pair]> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.get_or_insert_with(|| compare(&self.known).0.into()).clone()
    }
}

/// The pairs, and how many were compared.
fn compare(known: &FxHashMap<Uuid, Traits>) -> (Vec<Pair>, usize) {
    let records: Vec<(&Uuid, &Traits)> = known.iter().collect();
    let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(records.len() * 6);
    for (slot, (_, traits)) in (0..).zip(&records) {
        keys(traits, |key| keyed.push((key, slot)));
    }
    keyed.sort_unstable();
    keyed.dedup();
    let (mut pairs, mut compared) = (Vec::new(), FxHashSet::default());
    for sharing in keyed.chunk_by(|one, other| one.0 == other.0).filter(|sharing| sharing.len() <= SHARED) {
        for (at, (_, one)) in sharing.iter().enumerate() {
            for (_, other) in &sharing[at + 1..] {
                if !compared.insert((*one, *other)) {
                    continue;
                }
                let (one, other) = (records[*one as usize], records[*other as usize]);
                let (one, other) = if one.0 < other.0 { (one, other) } else { (other, one) };
                if let Some(likeness) = one.1.likeness(other.1).filter(|likeness| likeness.score >= SUSPECT) {
                    pairs.push(Pair { one: *one.0, other: *other.0, sites: [one.1.site, other.1.site], likeness });
                }
            }
        }
    }
    pairs.sort_unstable_by_key(|pair| (Reverse(pair.likeness.score), pair.one, pair.other));
    pairs.truncate(PAIRS);
    (pairs, compared.len())
}

/// Calls `each` with the keys of a record. Records that may be the same share one.
fn keys(traits: &Traits, mut each: impl FnMut(u64)) {
    let key = |kind: u8, parts: (u64, &str)| {
        let mut hasher = FxHasher::default();
        (kind, parts).hash(&mut hasher);
        hasher.finish()
    };
    for (kind, number) in (0..).zip([traits.group, traits.phone, traits.email, traits.domain]) {
        if number != 0 {
            each(key(kind, (number, "")));
        }
    }
    each(key(10, (0, &traits.sorted())));
    if traits.place != 0 {
        for word in traits.name.split(' ').filter(|word| word.len() >= WORD) {
            each(key(11, (traits.place, word)));
        }
        let first = traits.name.char_indices().nth(FIRST).map_or(&*traits.name, |(end, _)| &traits.name[..end]);
        each(key(12, (traits.place, first)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::likeness::Facts;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn company(name: &str, phone: &str, place: &str) -> Traits {
        fn some(text: &str) -> Option<&str> {
            (!text.is_empty()).then_some(text)
        }
        Traits::new(&Facts { name, phone: some(phone), place: some(place), ..Facts::default() })
    }

    #[test]
    fn the_pairs_are_those_that_comparing_each_with_each_finds() {
        let towns = ["59000", "60000", "80000", "02100"];
        let names = [
            "Forges du Nord",
            "SARL Forges Nord",
            "Garage Martin",
            "Garage Martain",
            "Boulangerie Dupont",
            "Dupont Boulangerie",
        ];
        let mut twins = Twins::default();
        for n in 0..120u128 {
            let at = n as usize;
            let phone = format!("03 20 55 44 {:02}", n % 37);
            let (name, place) = (names[at % names.len()], towns[at % towns.len()]);
            let name = if at.is_multiple_of(5) { format!("{name} {}", at / 24) } else { name.to_owned() };
            twins.replace(id(n), Some(company(&name, &phone, place)));
        }
        let mut every: Vec<(Uuid, Uuid)> = Vec::new();
        for one in 0..120 {
            for other in one + 1..120 {
                let likeness = twins.known[&id(one)].likeness(&twins.known[&id(other)]);
                if likeness.is_some_and(|likeness| likeness.score >= SUSPECT) {
                    every.push((id(one), id(other)));
                }
            }
        }
        let mut found: Vec<(Uuid, Uuid)> = twins.pairs().iter().map(|pair| (pair.one, pair.other)).collect();
        found.sort_unstable();
        assert!(every.len() > 100);
        assert_eq!(found, every);
    }

    #[test]
    fn ten_times_the_records_are_about_ten_times_the_work() {
        // As many records per town, whatever their number.
        let work = |records: u128| {
            let known = (0..records).map(|n| {
                let name = format!("{} {}", ["Forges", "Garage", "Menuiserie"][n as usize % 3], n / 2);
                (id(n), company(&name, &format!("0320{n:06}"), &format!("{:05}", 10_000 + n % (records / 20))))
            });
            compare(&known.collect()).1
        };
        let (few, many) = (work(2_000), work(20_000));
        assert!(few > 2_000 && many < 12 * few, "{few} {many}");
    }

    #[test]
    fn what_changes_is_looked_at_again_and_what_goes_is_forgotten() {
        let mut twins = Twins::default();
        twins.replace(id(1), Some(company("Forges du Nord", "", "59000")));
        twins.replace(id(2), Some(company("SAS Forges du Nord", "", "59000")));
        let pairs = twins.pairs();
        assert_eq!((pairs.len(), pairs[0].one, pairs[0].other), (1, id(1), id(2)));
        // The same traits again: the result stays.
        twins.replace(id(2), Some(company("Forges du Nord", "", "59000")));
        assert!(Arc::ptr_eq(&pairs, &twins.pairs()));
        twins.replace(id(2), Some(company("Soudure", "", "59000")));
        assert!(twins.pairs().is_empty());
        twins.replace(id(2), Some(company("Forges du Nord", "", "59000")));
        twins.replace(id(1), None);
        assert!(twins.pairs().is_empty());
    }
}
