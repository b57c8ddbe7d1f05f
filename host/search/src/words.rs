//! The words of all documents: in order for beginnings, by their three-letter parts for what lies inside of a word, and
//! by the letters they are made of for typing errors.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use rustc_hash::FxHashMap;

/// How well a word matches what was typed; more is better.
pub(crate) type Tier = u8;

const EXACT: Tier = 10;
const BEGINNING: Tier = 8;
const INSIDE: Tier = 6;
/// The typed word with one or two errors: a whole word, or the beginning of one.
const NEAR: [Tier; 2] = [4, 2];
const NEAR_BEGINNING: [Tier; 2] = [3, 1];
/// From this tier down there is a typing error.
pub(crate) const MISTYPED: Tier = NEAR[0];

/// Longer words have no typing errors: nobody types them.
const LONGEST: usize = 32;
/// Shorter words cannot be what four letters with an error mean.
const SHORTEST: usize = 3;

/// A word and where it stands.
#[derive(Debug, Default)]
struct Word {
    text: Arc<str>,
    /// Sorted.
    places: Vec<u32>,
    /// Where it stands among those that may be mistyped.
    spelt: Option<u32>,
}

/// A word that may be mistyped: its letters as bits, its length and its number.
#[derive(Debug)]
struct Spelt {
    letters: u32,
    length: u8,
    id: u32,
}

/// The words and where they stand. A place is a number that the index chooses.
#[derive(Debug, Default)]
pub(crate) struct Words {
    words: Vec<Word>,
    free: Vec<u32>,
    ordered: BTreeMap<Arc<str>, u32>,
    /// The words that contain these three bytes, sorted.
    parts: FxHashMap<[u8; 3], Vec<u32>>,
    spelt: Vec<Spelt>,
}

/// The letters of a word as bits; others than a to z share what is left.
fn letters(text: &str) -> u32 {
    text.chars()
        .fold(0, |bits, c| bits | 1 << if c.is_ascii_lowercase() { c as u32 - 'a' as u32 } else { 26 + c as u32 % 6 })
}

fn parts(text: &str) -> Vec<[u8; 3]> {
    let mut parts: Vec<_> = text.as_bytes().windows(3).map(|part| [part[0], part[1], part[2]]).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn enter(sorted: &mut Vec<u32>, value: u32) {
    match sorted.last() {
        Some(last) if *last >= value => {
            if let Err(at) = sorted.binary_search(&value) {
                sorted.insert(at, value);
            }
        }
        _ => sorted.push(value),
    }
}

fn leave(sorted: &mut Vec<u32>, value: u32) {
    if let Ok(at) = sorted.binary_search(&value) {
        sorted.remove(at);
    }
}

impl Words {
    /// Notes that a word stands there, and returns its number.
    pub fn add(&mut self, text: &str, place: u32) -> u32 {
        let id = match self.ordered.get(text) {
            Some(id) => *id,
            None => {
                let id = self.free.pop().unwrap_or(self.words.len() as u32);
                let length = text.chars().count();
                let spelt = (is_spelt(text) && length >= SHORTEST).then_some(self.spelt.len() as u32);
                if spelt.is_some() {
                    let length = length.min(LONGEST * 2) as u8;
                    self.spelt.push(Spelt { letters: letters(text), length, id });
                }
                let word = Word { text: text.into(), places: Vec::new(), spelt };
                self.ordered.insert(word.text.clone(), id);
                for part in parts(text) {
                    enter(self.parts.entry(part).or_default(), id);
                }
                if (id as usize) < self.words.len() {
                    self.words[id as usize] = word;
                } else {
                    self.words.push(word);
                }
                id
            }
        };
        enter(&mut self.words[id as usize].places, place);
        id
    }

    /// Forgets that the word of this number stands there.
    pub fn remove(&mut self, id: u32, place: u32) {
        let word = &mut self.words[id as usize];
        leave(&mut word.places, place);
        if word.places.is_empty() {
            let Word { text, spelt, .. } = std::mem::take(word);
            if let Some(at) = spelt {
                self.spelt.swap_remove(at as usize);
                if let Some(moved) = self.spelt.get(at as usize) {
                    self.words[moved.id as usize].spelt = Some(at);
                }
            }
            self.ordered.remove(&text);
            for part in parts(&text) {
                if let Some(words) = self.parts.get_mut(&part) {
                    leave(words, id);
                }
            }
            self.free.push(id);
        }
    }

    /// Where the word of this number stands.
    pub fn places(&self, id: u32) -> &[u32] {
        &self.words[id as usize].places
    }

    /// The words that what was typed can mean, the best ones first. `last`: more letters may follow.
    pub fn meant(&self, typed: &str, last: bool, mistyped: bool) -> Vec<(u32, Tier)> {
        let mut found: Vec<(u32, Tier)> = Vec::new();
        if typed.len() == 1 {
            found.extend(self.ordered.get(typed).map(|id| (*id, EXACT)));
            return found;
        }
        let from = self.ordered.range::<str, _>((Bound::Included(typed), Bound::Unbounded));
        for (text, id) in from.take_while(|(text, _)| text.starts_with(typed)) {
            found.push((*id, if text.len() == typed.len() { EXACT } else { BEGINNING }));
        }
        let with = parts(typed).into_iter().map(|part| self.parts.get(&part).map_or(&[][..], Vec::as_slice));
        let mut with: Vec<&[u32]> = with.collect();
        with.sort_unstable_by_key(|words| words.len());
        let (rarest, rare) = (with.first().copied().unwrap_or_default(), with.get(1).copied());
        for id in rarest.iter().filter(|id| rare.is_none_or(|rare| rare.binary_search(id).is_ok())) {
            let text = &self.words[*id as usize].text;
            if text.contains(typed) && !text.starts_with(typed) {
                found.push((*id, INSIDE));
            }
        }
        let errors = if mistyped { errors(typed) } else { 0 };
        if errors > 0 {
            let mut near = Vec::new();
            self.near(typed, errors, last, |id, tier| near.push((id, tier)));
            near.sort_unstable_by_key(|(_, tier)| std::cmp::Reverse(*tier));
            found.extend(near);
        }
        found
    }

    /// Every word within so many errors. An error brings in at most one foreign letter and takes away at most one, which
    /// rules out nearly all words before they are compared.
    fn near(&self, typed: &str, errors: u8, last: bool, mut each: impl FnMut(u32, Tier)) {
        let (wanted, length) = (letters(typed), typed.chars().count() as u8);
        let mut compared = Compared::new(typed, errors);
        for word in &self.spelt {
            let foreign = (wanted & !word.letters).count_ones() > u32::from(errors);
            let lacking = !last && (word.letters & !wanted).count_ones() > u32::from(errors);
            let long = !last && word.length > length + errors;
            if foreign || lacking || long || word.length + errors < length {
                continue;
            }
            if let Some(tier) = compared.judge(&self.words[word.id as usize].text, last) {
                each(word.id, tier);
            }
        }
    }
}

/// Numbers and addresses are never nearly right: another number is another number.
fn is_spelt(word: &str) -> bool {
    !word.contains(|c: char| c.is_ascii_digit() || c == '@')
}

/// The typing errors that a word of this length is forgiven.
fn errors(typed: &str) -> u8 {
    match typed.chars().count() {
        _ if !is_spelt(typed) => 0,
        4..=7 => 1,
        8..=LONGEST => 2,
        _ => 0,
    }
}

/// How well a word matches what was typed, if there is an error that is forgiven.
pub(crate) fn tier(word: &str, typed: &str, last: bool) -> Option<Tier> {
    let errors = errors(typed);
    if errors == 0 { None } else { Compared::new(typed, errors).judge(word, last) }
}

/// Compares words with what was typed: Damerau and Levenshtein's table, a row per letter, of which only the cells within
/// the errors are filled in.
struct Compared {
    typed: Vec<char>,
    errors: u8,
    /// The row of this letter and of the two before.
    rows: [[u8; LONGEST + 1]; 3],
}

/// More errors than are ever forgiven.
const MANY: u8 = u8::MAX / 2;

impl Compared {
    fn new(typed: &str, errors: u8) -> Compared {
        Compared { typed: typed.chars().take(LONGEST).collect(), errors, rows: [[MANY; LONGEST + 1]; 3] }
    }

    /// The tier of a word, if it is within the errors.
    fn judge(&mut self, word: &str, last: bool) -> Option<Tier> {
        let (band, length) = (usize::from(self.errors), self.typed.len());
        self.rows = [[MANY; LONGEST + 1]; 3];
        (0..=band.min(length)).for_each(|at| self.rows[0][at] = at as u8);
        let (mut before, mut fewest, mut whole) = ('\0', MANY, self.rows[0][length]);
        for (depth, c) in (1..).zip(word.chars()) {
            let (now, above, beyond) = (depth % 3, (depth + 2) % 3, (depth + 1) % 3);
            let mut row = [MANY; LONGEST + 1];
            if depth <= band {
                row[0] = depth as u8;
            }
            let mut least = row[0];
            for at in depth.saturating_sub(band).max(1)..=(depth + band).min(length) {
                let letter = self.typed[at - 1];
                let replaced = self.rows[above][at - 1] + u8::from(letter != c);
                let mut errors = replaced.min(self.rows[above][at] + 1).min(row[at - 1] + 1);
                if depth > 1 && at > 1 && letter == before && self.typed[at - 2] == c {
                    errors = errors.min(self.rows[beyond][at - 2] + 1);
                }
                row[at] = errors;
                least = least.min(errors);
            }
            whole = row[length];
            fewest = fewest.min(whole);
            (self.rows[now], before) = (row, c);
            if least > self.errors {
                // Nothing that follows can match, but the beginning may have.
                whole = MANY;
                break;
            }
        }
        let tier = |tiers: [Tier; 2], errors: u8| {
            (errors <= self.errors).then(|| tiers[usize::from(errors).saturating_sub(1).min(1)])
        };
        tier(NEAR, whole).max(if last { tier(NEAR_BEGINNING, fewest) } else { None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_error_from_four_letters_two_from_eight() {
        for (word, typed, tier_of) in [
            ("martin", "matrin", Some(NEAR[0])),
            ("martin", "marti", Some(NEAR[0])),
            ("martin", "marrtin", Some(NEAR[0])),
            ("martin", "martun", Some(NEAR[0])),
            ("martin", "matrun", None),
            ("bois", "bosi", Some(NEAR[0])),
            ("sas", "sae", None),
            ("metalurgie", "metlaurige", Some(NEAR[1])),
            ("metalurgie", "metlaurgie", Some(NEAR[0])),
            ("metalurgie", "mtlaurige", None),
        ] {
            assert_eq!(tier(word, typed, false), tier_of, "{word} {typed}");
        }
        assert_eq!(tier("martineau", "matrin", true), Some(NEAR_BEGINNING[0]));
        assert_eq!(tier("martineau", "matrin", false), None);
    }

    #[test]
    fn looking_through_all_words_finds_what_comparing_each_finds() {
        let mut words = Words::default();
        let list = [
            "martin",
            "marin",
            "martine",
            "mathis",
            "art",
            "bartin",
            "metalurgie",
            "metalerie",
            "zoe",
            "ab",
            "électro",
        ];
        let ids: Vec<u32> = list.iter().map(|word| words.add(word, 7)).collect();
        for typed in ["martin", "matrin", "metalrgie", "metalrgei", "electro", "mart"] {
            for last in [true, false] {
                let mut found = Vec::new();
                words.near(typed, errors(typed), last, |id, tier| found.push((id, tier)));
                found.sort_unstable();
                let each = ids.iter().zip(list).filter_map(|(id, word)| Some((*id, tier(word, typed, last)?)));
                assert_eq!(found, each.collect::<Vec<_>>(), "{typed}");
            }
        }
    }
}
