//! Finds passwords that are easy to guess. zxcvbn tries words, names, dates, repeats and keyboard patterns like an
//! attacker. It knows English words and the world's most common passwords. This module adds French ones, the French
//! keyboard, and known words about this product and the person.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::zxcvbn;

use afpi_core::network;

/// The password's owner.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    pub email: &'a str,
    pub name: &'a str,
}

/// Why a password is easy to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Common words, keyboard rows, repeats or dates, with little around them.
    Common,
    /// Common after removing the person's own words and those of the product and its sites.
    Known,
}

/// The number of guesses (as a power of ten) that a password must withstand: zxcvbn's highest score, enough to protect
/// a copied hash.
const GUESSES: f64 = 10.0;

/// One or two common words are not enough, unless the rest alone needs this many guesses.
const GUESSES_FOR_FEW_WORDS: f64 = 14.0;

/// Only the first characters are checked: the work grows with the square of the length, and more characters never
/// weaken a password.
const JUDGED: usize = 40;

/// Rows of the French and the American keyboard. zxcvbn knows only the American one.
const ROWS: [&str; 6] = ["azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Shorter words may occur in any password.
const SHORTEST: usize = 3;

/// Words that an attacker tries, the most likely first: keyboard rows, then French words and names.
static LIKELY: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let walks = ROWS
        .into_iter()
        .flat_map(|row| (0..row.len()).flat_map(move |from| (from + 4..=row.len()).map(move |to| &row[from..to])));
    walks.chain(lines(include_str!("words/french.txt"))).collect()
});

/// Known words about the product, its trade and its sites.
static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let sites = network::words().flat_map(words).filter(|word| word.len() > SHORTEST);
    lines(include_str!("words/product.txt")).map(str::to_owned).chain(sites).collect()
});

/// The lines of a word list, without its notice.
fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#'))
}

/// Is this password easy to guess, and why?
pub fn weakness(password: &str, owner: Owner) -> Option<Weakness> {
    let plain: String = plain(password).chars().take(JUDGED).collect();
    let rest = without_known(&plain, owner);
    let (guesses, _) = judge(&rest);
    let letters: String = rest.chars().filter(|c| c.is_alphabetic()).collect();
    let weak = guesses < GUESSES || (guesses < GUESSES_FOR_FEW_WORDS && judge(&letters).1);
    weak.then_some(if rest == plain { Weakness::Common } else { Weakness::Known })
}

/// Without accents, which an attacker also leaves out. Case stays.
fn plain(password: &str) -> String {
    password.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// The words of a text in lower case.
fn words(text: &str) -> Vec<String> {
    let plain = plain(text).to_lowercase();
    plain.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
}

/// The password without known words and without the person's words.
fn without_known(password: &str, owner: Owner) -> String {
    let own = [owner.email, owner.name].into_iter().flat_map(words).filter(|word| word.len() >= SHORTEST);
    let mut known: Vec<String> = own.chain(KNOWN.iter().cloned()).collect();
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest = password.to_owned();
    for word in known {
        // ASCII only, so that byte positions match those of the text itself.
        while let Some(at) = rest.to_ascii_lowercase().find(&word) {
            rest.replace_range(at..at + word.len(), "");
        }
    }
    rest
}

/// The number of guesses (as a power of ten), and whether the password is only one or two things an attacker knows.
fn judge(password: &str) -> (f64, bool) {
    let near = substrings(password);
    // A word's position in this list is its rank. Positions of words that do not occur stay empty, since zxcvbn copies
    // the list for every spelling that it tries.
    let likely: Vec<&str> = LIKELY.iter().map(|word| if near.contains(*word) { *word } else { "" }).collect();
    let judged = zxcvbn(password, &likely);
    let pieces = judged.sequence();
    let few = (1..=2).contains(&pieces.len()) && pieces.iter().all(|m| m.pattern != MatchPattern::BruteForce);
    (judged.guesses_log10(), few)
}

/// All substrings of the password: as it is, backwards, and with the usual digits and signs read as letters.
fn substrings(password: &str) -> HashSet<String> {
    let spelt: BTreeMap<char, char> =
        [('4', 'a'), ('@', 'a'), ('3', 'e'), ('1', 'i'), ('!', 'i'), ('0', 'o'), ('5', 's'), ('$', 's'), ('7', 't')]
            .into();
    let lower: Vec<char> = password.to_lowercase().chars().collect();
    let backwards = lower.iter().rev().copied().collect();
    let read = lower.iter().map(|c| spelt.get(c).copied().unwrap_or(*c)).collect();
    let mut all = HashSet::new();
    for text in [lower, backwards, read] {
        for from in 0..text.len() {
            all.extend((from + SHORTEST..=text.len()).map(|to| text[from..to].iter().collect::<String>()));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARIE: Owner = Owner { email: "marie.durand@exemple.fr", name: "Marie Durand-Lévêque" };

    #[test]
    fn common_words_with_something_around_them_are_weak() {
        for weak in [
            "Azerty123456",
            "qwertyuiopas",
            "Bienvenue2026",
            "Bienvenue-2026-!",
            "BIENVENUE 2026 !!",
            "Printemps2026!",
            "P@ssw0rd2026!",
            "qsdfghjklm12",
            "mlkjhgfdsq12",
            "wxcvbn;:!123",
            "Azerty-Qwerty-1",
            "Chouchou-2026",
            "Décembre-2026",
            "jetaimemaman",
            "chocolatchocolat",
            "aaaaaaaaaaaaaaa",
            "123456789012",
            "14/07/1789 !",
        ] {
            assert_eq!(weakness(weak, MARIE), Some(Weakness::Common), "{weak}");
        }
    }

    #[test]
    fn what_everybody_knows_of_the_product_and_the_person_counts_for_nothing() {
        for weak in [
            "afpi2026crm!",
            "Motdepasse2026",
            "MotDePasse2026!",
            "AFPI-Lille-2026",
            "AFPIAmiens80000",
            "Saint-Quentin02",
            "Facturation-2026",
            "Commercial2026!",
            "demo-afpi-2026",
            "marie.durand1",
            "MarieLeveque59!",
            "Exemple-2026!!",
        ] {
            assert_eq!(weakness(weak, MARIE), Some(Weakness::Known), "{weak}");
        }
    }

    #[test]
    fn several_words_and_what_nobody_guesses_pass() {
        for strong in [
            "trois chats verts",
            "cheval pile agrafe correct",
            "le chat dort sur la pile",
            "J’aime la formation à Lille en 2026",
            "Marie aime les moutons bleus",
            "soleil-brille-4829!!",
            "sept lampes bleues",
            "neuf tables rouges",
            "xK9#mQ2$vL7p",
            "kqzjwvxbyfhg",
            "4829104733659",
            "наш кот спит на печи",
        ] {
            assert_eq!(weakness(strong, MARIE), None, "{strong}");
        }
    }

    /// An input with many possible spellings is the slowest for zxcvbn.
    #[test]
    fn any_text_is_judged() {
        for text in [
            "",
            "é",
            "🥖",
            "4@8({[<369&#!/1|0$57+%2".repeat(6).as_str(),
            "\u{301}\u{0}\u{202e}",
            "ǅ".repeat(128).as_str(),
        ] {
            weakness(text, Owner { email: "", name: "" });
        }
    }
}
