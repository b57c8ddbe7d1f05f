//! A document as the index keeps it, and how well typed words match it.

use memchr::memmem::Finder;
use strsim::normalized_damerau_levenshtein;
use uuid::Uuid;

use crate::normal::normal;
use crate::spelling::Tier;

const EXACT: Tier = 10;
const BEGINNING: Tier = 8;
const INSIDE: Tier = 6;

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
    pub(crate) changed: i64,
    /// The normal forms of its texts, a line each. The name is the first line.
    text: Box<str>,
    /// The length of the name.
    name: usize,
    /// The next document of the same record.
    pub(crate) next: Option<u32>,
}

impl Listing {
    pub(crate) fn new(document: Document, next: Option<u32>) -> Listing {
        let Document { kind, id, owner, sites, changed, texts } = document;
        let lines: Vec<String> = texts.iter().map(|text| normal(text)).collect();
        let name = lines.first().map_or(0, String::len);
        Listing { kind, id, owner, sites: sites.into(), changed, text: lines.join("\n").into(), name, next }
    }

    pub(crate) fn name(&self) -> &str {
        &self.text[..self.name]
    }

    /// The name and the other texts.
    pub(crate) fn texts(&self) -> [&str; 2] {
        self.text.split_at(self.name).into()
    }

    /// The number of words of the name.
    pub(crate) fn words(&self) -> usize {
        self.name().split_ascii_whitespace().count()
    }

    /// How alike the name is to what was typed, in thousandths. The rest of the name may still have to be typed.
    pub(crate) fn likeness(&self, typed: &str) -> u16 {
        let name = self.name();
        let begun = name.char_indices().nth(typed.chars().count()).map_or(name, |(at, _)| &name[..at]);
        let alike = |text| normalized_damerau_levenshtein(typed, text);
        (1000.0 * alike(name)).max(990.0 * alike(begun)) as u16
    }
}

/// A typed word, ready to be looked for in texts.
pub(crate) struct Typed<'a> {
    finder: Finder<'a>,
    length: usize,
}

impl<'a> Typed<'a> {
    pub(crate) fn new(word: &'a str) -> Typed<'a> {
        Typed { finder: Finder::new(word), length: word.len() }
    }

    /// How well the word matches at its best place, and whether that is in the name. A single letter matches a whole word,
    /// two letters the beginning of one.
    pub(crate) fn find(&self, listing: &Listing) -> Option<(Tier, bool)> {
        let text = listing.text.as_bytes();
        let edge = |c: &u8| matches!(c, b' ' | b'\n' | b'-');
        let place = |at: usize| {
            let begins = at == 0 || text.get(at - 1).is_some_and(edge);
            let ends = text.get(at + self.length).is_none_or(edge);
            let tier = match (begins, ends) {
                (true, true) => EXACT,
                (true, false) if self.length > 1 => BEGINNING,
                (false, _) if self.length > 2 => INSIDE,
                _ => return None,
            };
            Some((tier, at < listing.name))
        };
        let mut best = None;
        for found in self.finder.find_iter(text).filter_map(place) {
            best = best.max(Some(found));
            if found == (EXACT, true) {
                break;
            }
        }
        best
    }
}
