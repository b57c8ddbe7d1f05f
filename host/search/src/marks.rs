//! Which parts of a shown text a query matches.

use crate::normal::{Query, Traced, traced};
use crate::spelling::tier;

/// From this many letters on a number is also found where it is written in groups.
const GROUPED: usize = 4;

/// The parts of `text` that match, as `[from, to)` in UTF-16 units, in order and apart from each other.
pub fn marks(text: &str, query: &Query) -> Vec<[usize; 2]> {
    let letters = traced(text);
    let together: Vec<Traced> = letters.iter().copied().filter(|letter| letter.c.is_ascii_digit()).collect();
    let words: Vec<&[Traced]> = letters.split(|letter| letter.c == ' ').filter(|word| !word.is_empty()).collect();
    let mut found: Vec<[usize; 2]> = Vec::new();
    for reading in &query.readings {
        for (at, typed) in reading.iter().enumerate() {
            let wanted: Vec<char> = typed.chars().collect();
            let begins = words.iter().filter(|word| starts(word, &wanted));
            let mut here: Vec<[usize; 2]> = begins.filter_map(|word| range(&word[..wanted.len()])).collect();
            if here.is_empty() && wanted.len() > 1 {
                here.extend(inside(&letters, &wanted));
            }
            let number = wanted.len() >= GROUPED && wanted.iter().all(char::is_ascii_digit);
            if here.is_empty() && number {
                here.extend(inside(&together, &wanted));
            }
            if here.is_empty() {
                let last = at + 1 == reading.len();
                let parts = words.iter().flat_map(|word| word.split(|letter| letter.c == '-'));
                let near = |part: &&[Traced]| {
                    let word: String = part.iter().map(|letter| letter.c).collect();
                    tier(&word, typed, last).is_some()
                };
                here.extend(parts.filter(near).filter_map(range));
            }
            found.extend(here);
        }
        // A number that was found as one is not marked again group by group.
        if !found.is_empty() {
            break;
        }
    }
    found.sort_unstable();
    let mut apart: Vec<[usize; 2]> = Vec::new();
    for [from, to] in found {
        match apart.last_mut() {
            Some(before) if from <= before[1] => before[1] = before[1].max(to),
            _ => apart.push([from, to]),
        }
    }
    apart
}

fn starts(word: &[Traced], wanted: &[char]) -> bool {
    word.len() >= wanted.len() && word.iter().zip(wanted).all(|(letter, wanted)| letter.c == *wanted)
}

fn range(letters: &[Traced]) -> Option<[usize; 2]> {
    Some([letters.first()?.from, letters.last()?.to])
}

/// Where the wanted letters first stand.
fn inside(letters: &[Traced], wanted: &[char]) -> Option<[usize; 2]> {
    let at = (0..letters.len()).find(|at| starts(&letters[*at..], wanted))?;
    range(&letters[at..at + wanted.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, q: &str) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let (mut out, mut at) = (String::new(), 0);
        for [from, to] in marks(text, &Query::new(q)) {
            out += &String::from_utf16(&units[at..from]).unwrap();
            out += &format!("[{}]", String::from_utf16(&units[from..to]).unwrap());
            at = to;
        }
        out + &String::from_utf16(&units[at..]).unwrap()
    }

    #[test]
    fn what_matches_is_marked() {
        for (text, q, shown) in [
            ("Chaudronnerie du Nord", "chaudronerie", "[Chaudronnerie] du Nord"),
            ("Chaudronnerie du Nord", "nor chau", "[Chau]dronnerie du [Nor]d"),
            ("Électrotechnique", "electrotec", "[Électrotec]hnique"),
            ("Élec", "éle", "[Éle]c"),
            ("E\u{301}lec", "e", "[E\u{301}]lec"),
            ("Œuvre", "oe", "[Œ]uvre"),
            ("443 061 841 00047", "44306184100047", "[443 061 841 00047]"),
            ("03 20 55 44 33", "+33 3 20 55", "[03 20 55] 44 33"),
            ("0320554433", "03 20 55", "[032055]4433"),
            ("OPP-2026-00012", "2026-00012", "OPP-[2026-00012]"),
            ("Dubois", "bois", "Du[bois]"),
            ("Martin Matériaux", "matrin", "[Martin] Matériaux"),
            ("Jean-Mihcel", "michel", "Jean-[Mihcel]"),
            ("𝐀 Martin", "martin", "𝐀 [Martin]"),
            ("Nord", "sud", "Nord"),
            ("", "sud", ""),
        ] {
            assert_eq!(marked(text, q), shown, "{q}");
        }
    }
}
