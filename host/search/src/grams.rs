//! The three-letter parts of words, and the documents that contain them. They find what begins with a typed word or
//! contains it, and how similar two names are.

use rustc_hash::FxHashMap;

/// Three bytes of a normal form. A space stands for the beginning or the end of a word.
pub(crate) type Gram = [u8; 3];

/// How many of the parts that few documents have are compared before a text is read.
const COMPARED: usize = 3;

/// The most parts of a query that are weighed.
const PARTS: usize = 256;

/// Calls `each` with every part of a text.
fn parts(text: &str, mut each: impl FnMut(Gram)) {
    for word in text.split_ascii_whitespace().map(str::as_bytes) {
        match *word {
            [only] => each([b' ', only, b' ']),
            [first, second, ..] => each([b' ', first, second]),
            [] => {}
        }
        word.windows(3).for_each(|part| each([part[0], part[1], part[2]]));
        if let [.., before, last] = *word {
            each([before, last, b' ']);
        }
        // « loire » begins a word in « sur-loire », too.
        word.windows(3).filter(|part| part[0] == b'-').for_each(|part| each([b' ', part[1], part[2]]));
    }
}

/// The parts of a text, sorted, each once.
pub(crate) fn grams(text: &str) -> Vec<Gram> {
    let mut found = Vec::with_capacity(text.len() + 8);
    parts(text, |gram| found.push(gram));
    found.sort_unstable();
    found.dedup();
    found
}

/// The parts that every text has in which the typed word stands. A single letter is a word, and two letters begin one.
fn typed_grams(word: &str) -> Vec<Gram> {
    match *word.as_bytes() {
        [only] => vec![[b' ', only, b' ']],
        [first, second] => vec![[b' ', first, second]],
        _ => word.as_bytes().windows(3).map(|part| [part[0], part[1], part[2]]).collect(),
    }
}

/// How many parts two sorted lists share.
pub(crate) fn shared(one: &[Gram], other: &[Gram]) -> usize {
    let (mut at, mut shared) = (0, 0);
    for gram in one {
        while other.get(at).is_some_and(|other| other < gram) {
            at += 1;
        }
        shared += usize::from(other.get(at) == Some(gram));
    }
    shared
}

/// Adds a number to a sorted list.
pub(crate) fn enter(sorted: &mut Vec<u32>, value: u32) {
    match sorted.last() {
        Some(last) if *last >= value => {
            if let Err(at) = sorted.binary_search(&value) {
                sorted.insert(at, value);
            }
        }
        _ => sorted.push(value),
    }
}

/// Removes a number from a sorted list.
pub(crate) fn leave(sorted: &mut Vec<u32>, value: u32) {
    if let Ok(at) = sorted.binary_search(&value) {
        sorted.remove(at);
    }
}

/// The documents of each part, sorted.
#[derive(Debug, Default)]
pub(crate) struct Grams {
    slots: FxHashMap<Gram, Vec<u32>>,
}

impl Grams {
    /// A document has these texts now instead of those. Only parts that differ are touched: a part's list is long.
    pub fn change(&mut self, slot: u32, before: [&str; 2], now: [&str; 2]) {
        // Most changes leave the texts as they are.
        if before == now {
            return;
        }
        let [before, now] = [before, now].map(|texts| grams(&texts.join(" ")));
        for gram in now.iter().filter(|gram| before.binary_search(gram).is_err()) {
            enter(self.slots.entry(*gram).or_default(), slot);
        }
        for gram in before.iter().filter(|gram| now.binary_search(gram).is_err()) {
            if let Some(slots) = self.slots.get_mut(gram) {
                leave(slots, slot);
            }
        }
    }

    fn of(&self, gram: &Gram) -> &[u32] {
        self.slots.get(gram).map_or(&[], Vec::as_slice)
    }

    fn rarest(&self, grams: impl IntoIterator<Item = Gram>) -> Vec<&[u32]> {
        let mut lists: Vec<&[u32]> = grams.into_iter().map(|gram| self.of(&gram)).collect();
        lists.sort_unstable_by_key(|slots| slots.len());
        lists
    }

    /// The documents in which all of these words may stand. Only their text knows.
    pub fn with<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = u32> {
        let lists = self.rarest(words.into_iter().flat_map(typed_grams));
        let first = lists.first().copied().unwrap_or_default();
        first
            .iter()
            .copied()
            .filter(move |slot| lists.iter().take(COMPARED).skip(1).all(|slots| slots.binary_search(slot).is_ok()))
    }

    /// The most documents in which this word may stand.
    pub fn most_with(&self, word: &str) -> usize {
        typed_grams(word).iter().map(|gram| self.of(gram).len()).min().unwrap_or_default()
    }

    /// How much each document has of these parts, by slot, and the most that is possible. A part that few documents have
    /// weighs more; those that most have say nothing, and are left out.
    pub fn weighed(&self, grams: &[Gram], slots: usize, documents: usize) -> (Vec<u16>, u16) {
        let lists = self.rarest(grams.iter().copied().take(PARTS));
        let (mut weights, mut all) = (vec![0; slots], 0);
        for list in &lists[..(lists.len() * 4).div_ceil(5)] {
            let weight = (documents / list.len().max(1)).max(1).ilog2() as u16 + 1;
            all += weight;
            for slot in *list {
                weights[*slot as usize] += weight;
            }
        }
        (weights, all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_know_where_words_begin_and_end() {
        let shown =
            |text| grams(text).iter().map(|gram| String::from_utf8_lossy(gram).into_owned()).collect::<Vec<_>>();
        assert_eq!(shown("a bo"), [" a ", " bo", "bo "]);
        assert_eq!(shown("le-cr"), [" cr", " le", "-cr", "cr ", "e-c", "le-"]);
        assert!(shown("").is_empty());
    }

    #[test]
    fn names_share_the_parts_that_a_typing_error_leaves() {
        let of = |one, other| shared(&grams(one), &grams(other));
        assert_eq!(of("martin", "martin"), 6);
        assert_eq!(of("martin", "marton"), 3);
        assert_eq!(of("du martin", "martin du"), 8);
        assert_eq!(of("martin", "zoe"), 0);
        assert_eq!(of("", "martin"), 0);
    }
}
