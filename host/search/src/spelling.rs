//! The words of all documents that people may mistype, and where they stand.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::grams::{enter, leave};

/// How well a word matches what was typed; more is better.
pub(crate) type Tier = u8;

/// The typed word with one or two errors: a whole word, or the beginning of one.
const NEAR: [Tier; 2] = [5, 3];
const NEAR_BEGINNING: [Tier; 2] = [4, 2];
/// From this tier down there is a typing error.
pub(crate) const MISTYPED: Tier = NEAR[0];

/// Longer words have no typing errors: nobody types them.
const LONGEST: usize = 32;
/// Shorter words cannot be what four letters with an error mean.
const SHORTEST: usize = 3;
/// Beginnings whose letters are known: the first four, eight, twelve letters, and the whole word.
const STEPS: [usize; 4] = [4, 8, 12, usize::MAX];

/// The length of a word, and the letters of its beginnings as bits.
#[derive(Debug)]
struct Shape {
    letters: [u32; STEPS.len()],
    length: u8,
}

/// A word and where it stands.
#[derive(Debug)]
struct Word {
    text: Arc<str>,
    /// Sorted numbers that the index chooses.
    places: Vec<u32>,
}

/// How well a word of the index matches what was typed, and where it stands.
pub type Near<'a> = (Tier, &'a [u32]);

/// The words.
#[derive(Debug, Default)]
pub(crate) struct Spelling {
    words: Vec<Word>,
    /// Of each word, beside the words: every search reads all of them.
    shapes: Vec<Shape>,
    numbers: FxHashMap<Arc<str>, u32>,
}

/// The letters of a word as bits; others than a to z share what is left.
fn letters(text: &str, most: usize) -> u32 {
    let bit = |c: char| if c.is_ascii_lowercase() { c as u32 - 'a' as u32 } else { 26 + c as u32 % 6 };
    text.chars().take(most).fold(0, |bits, c| bits | 1 << bit(c))
}

fn at_most(bits: u32, errors: u8) -> bool {
    let fewer = |bits: u32| bits & bits.wrapping_sub(1);
    (0..errors).fold(bits, |bits, _| fewer(bits)) == 0
}

/// The words of a text that may be mistyped. « l-abbesse » is also found by a misspelt « abesse ».
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_ascii_whitespace()
        .flat_map(|word| {
            let whole = word.contains('-').then_some(word);
            whole.into_iter().chain(word.split('-'))
        })
        .filter(|word| is_spelt(word) && word.len() >= SHORTEST)
}

impl Spelling {
    /// This text stands there now instead of that one.
    pub fn change(&mut self, place: u32, before: &str, now: &str) {
        if before == now {
            return;
        }
        let now: FxHashSet<&str> = words(now).collect();
        now.iter().for_each(|word| self.add(word, place));
        words(before).filter(|word| !now.contains(word)).for_each(|word| self.remove(word, place));
    }

    fn add(&mut self, word: &str, place: u32) {
        let id = self.numbers.get(word).copied().unwrap_or_else(|| {
            let (id, text) = (self.words.len() as u32, Arc::from(word));
            let length = word.chars().count().min(LONGEST * 2) as u8;
            self.shapes.push(Shape { letters: STEPS.map(|most| letters(word, most)), length });
            self.words.push(Word { text: Arc::clone(&text), places: Vec::new() });
            self.numbers.insert(text, id);
            id
        });
        enter(&mut self.words[id as usize].places, place);
    }

    fn remove(&mut self, word: &str, place: u32) {
        let Some(id) = self.numbers.get(word).copied() else { return };
        let places = &mut self.words[id as usize].places;
        leave(places, place);
        if places.is_empty() {
            self.numbers.remove(word);
            self.words.swap_remove(id as usize);
            self.shapes.swap_remove(id as usize);
            if let Some(moved) = self.words.get(id as usize) {
                self.numbers.insert(Arc::clone(&moved.text), id);
            }
        }
    }

    /// Every word that what was typed can mean with an error, the best ones first, and where it stands. `last`: more
    /// letters may follow.
    pub fn near(&self, typed: &str, last: bool) -> Vec<Near<'_>> {
        let errors = errors(typed);
        let mut found = Vec::new();
        if errors == 0 {
            return found;
        }
        let (wanted, length) = (letters(typed, LONGEST), typed.chars().count());
        let (fewest, most) = (length - usize::from(errors), length + usize::from(errors));
        // An error brings in at most one foreign letter and takes away at most one. This rules out nearly all words
        // before they are compared: by the letters that the typed word must lie in, and by those it must contain.
        let step = |from: usize| if last { STEPS.iter().position(|step| *step >= from).unwrap_or(3) } else { 3 };
        let around = step(most);
        let within = if last { STEPS.iter().rposition(|step| *step <= fewest) } else { Some(3) };
        let mut compared = Compared::new(typed, errors);
        for (shape, word) in self.shapes.iter().zip(&self.words) {
            let long = usize::from(shape.length);
            if !at_most(wanted & !shape.letters[around], errors)
                || within.is_some_and(|step| !at_most(shape.letters[step] & !wanted, errors))
                || long < fewest
                || (!last && long > most)
            {
                continue;
            }
            if let Some(tier) = compared.judge(&word.text, last) {
                found.push((tier, word.places.as_slice()));
            }
        }
        found.sort_unstable_by_key(|(tier, _)| std::cmp::Reverse(*tier));
        found
    }
}

/// Numbers and addresses are never nearly right: another number is another number.
pub(crate) fn is_spelt(word: &str) -> bool {
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
        let mut spelling = Spelling::default();
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
            "martinsart",
            "tri",
        ];
        for (place, word) in list.iter().enumerate() {
            spelling.change(place as u32, "", word);
        }
        for typed in ["martin", "matrin", "metalrgie", "metalrgei", "electro", "mart", "artm", "martinsatr"] {
            for last in [true, false] {
                let near = spelling.near(typed, last);
                let mut found: Vec<(u32, Tier)> = near.iter().map(|(tier, places)| (places[0], *tier)).collect();
                found.sort_unstable();
                let long = |word: &&str| word.len() >= SHORTEST;
                let each = (0..).zip(list).filter(|(_, word)| long(word));
                let each = each.filter_map(|(place, word)| Some((place, tier(word, typed, last)?)));
                assert_eq!(found, each.collect::<Vec<_>>(), "{typed}");
            }
        }
    }
}
