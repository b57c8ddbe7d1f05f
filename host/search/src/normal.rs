//! The normal form that a search compares, for stored texts and typed words. It ignores accents, case and punctuation,
//! the spelling of telephone numbers, and the letters that people most often omit or double in French.

use afpi_text::folded;

/// The most words of a query that are used.
const WORDS: usize = 8;

/// The most readings of a query whose numbers can be read as one or separately.
const READINGS: usize = 4;

/// From this many digits on, several numbers in a row are read as one, as in `03 20 55 44 33` or `443 061 841`.
const DIGITS: usize = 4;

/// The normal form of a text. Each letter depends only on the letters before it. So the beginning of a word matches the
/// beginning of its normal form, and half a typed word finds it.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    walk(text, |c, _| out.push(c));
    out.truncate(out.trim_end().len());
    out
}

/// A character of a normal form, and the part of the text that it comes from, in UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traced {
    pub c: char,
    pub from: usize,
    pub to: usize,
}

/// The normal form with its origin. Accents of their own belong to the letter before.
pub(crate) fn traced(text: &str) -> Vec<Traced> {
    let mut out: Vec<Traced> = Vec::with_capacity(text.len());
    let mut to = 0;
    let ends: Vec<usize> = text
        .chars()
        .map(|c| {
            to += c.len_utf16();
            to
        })
        .collect();
    walk(text, |c, at| {
        let from = if at == 0 { 0 } else { ends[at - 1] };
        out.push(Traced { c, from, to: ends[at] });
    });
    for (at, c) in text.chars().enumerate().filter(|(_, c)| is_accent(*c)) {
        if let Some(letter) = out.iter_mut().rfind(|letter| letter.to == ends[at] - c.len_utf16()) {
            letter.to = ends[at];
        }
    }
    out
}

fn is_accent(c: char) -> bool {
    let mut letters = 0;
    folded(c, |_| letters += 1);
    letters == 0
}

/// Calls `each` with every character of the normal form and the number of the character that it comes from.
fn walk(text: &str, mut each: impl FnMut(char, usize)) {
    let mut before = ' ';
    for (at, written) in text.chars().enumerate() {
        folded(written, |c| {
            let c = if c == 'y' { 'i' } else { c };
            // « chaudronerie » finds « chaudronnerie », « electrotecnique » « électrotechnique », « ritme » « rythme ».
            let silent = c == 'h' && before.is_alphabetic() && !"aeiou".contains(before);
            if !silent && (c != before || !(c.is_alphabetic() || c == ' ')) {
                each(c, at);
            }
            before = c;
        });
    }
}

/// The digits of a telephone number in its national form: `+33 3 20 55 44 33` is `0320554433`. Foreign numbers begin
/// with their country code.
pub fn phone(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let abroad = number.trim_start().starts_with('+');
    match digits.strip_prefix("00").or(abroad.then_some(digits.as_str())) {
        Some(foreign) => match foreign.strip_prefix("33") {
            // « +33 (0)3 … »
            Some(national) => format!("0{}", national.trim_start_matches('0')),
            None => foreign.to_owned(),
        },
        None => digits,
    }
}

/// The search words of a row: the normal form of these texts, cut to `longest` characters.
pub fn index<'a>(texts: impl IntoIterator<Item = &'a str>, longest: usize) -> String {
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    normal(&texts.join(" ")).chars().take(longest).collect()
}

/// The words of a query, each with its alternatives. An alternative is a list of words that must all be found. Numbers
/// in a row are read both as one and separately.
pub fn terms(q: &str) -> Vec<Vec<Vec<String>>> {
    let mut terms = Vec::new();
    let mut row: Vec<&str> = Vec::new();
    for word in q.split_whitespace().take(WORDS * 2) {
        if numeric(word) {
            row.push(word);
            continue;
        }
        terms.extend(numbers(&std::mem::take(&mut row)));
        terms.extend(normal(word).split_whitespace().map(|word| vec![vec![word.to_owned()]]));
    }
    terms.extend(numbers(&row));
    terms.truncate(WORDS);
    terms
}

fn numeric(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || "+.-/()".contains(c))
}

fn numbers(row: &[&str]) -> Option<Vec<Vec<String>>> {
    let apart: Vec<String> = normal(&row.join(" ")).split_whitespace().map(str::to_owned).collect();
    if apart.is_empty() {
        return None;
    }
    let joined = phone(&row.join(" "));
    let one = joined.len() >= DIGITS && apart != [joined.clone()];
    Some(if one { vec![vec![joined], apart] } else { vec![apart] })
}

/// What somebody typed, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Query {
    /// Each reading is a list of words that must all be found; one reading is enough.
    pub(crate) readings: Vec<Vec<String>>,
}

impl Query {
    pub fn new(q: &str) -> Query {
        let mut readings: Vec<Vec<String>> = vec![vec![]];
        for alternatives in terms(q) {
            let longer = |words: &Vec<String>| {
                let more = alternatives.iter().map(|more| [words.as_slice(), more].concat());
                more.collect::<Vec<_>>()
            };
            readings = readings.iter().flat_map(longer).take(READINGS).collect();
        }
        readings.retain(|words| !words.is_empty());
        Query { readings }
    }

    /// Is there no word in it?
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    /// Is every word long enough to be looked for inside of words?
    pub fn is_long(&self) -> bool {
        self.readings.iter().flatten().all(|word| word.len() >= 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_have_one_national_form() {
        for (typed, digits) in [
            ("+33 3 20 55 44 33", "0320554433"),
            ("0033 3 20 55 44 33", "0320554433"),
            ("+33 (0)3 20 55 44 33", "0320554433"),
            ("03.20.55.44.33", "0320554433"),
            ("+32 2 555 12 12", "3225551212"),
            ("0032 2 555 12 12", "3225551212"),
            ("", ""),
        ] {
            assert_eq!(phone(typed), digits, "{typed}");
        }
    }

    #[test]
    fn each_letter_knows_where_it_comes_from() {
        assert_eq!(normal("  L’Œuvre — d'Évry "), "l oeuvre d evri");
        let places = |text| traced(text).into_iter().map(|letter| (letter.from, letter.to)).collect::<Vec<_>>();
        assert_eq!(places("Œuf"), [(0, 1), (0, 1), (1, 2), (2, 3)]);
        // An accent of its own belongs to its letter.
        assert_eq!(places("e\u{301}t"), [(0, 2), (2, 3)]);
        // UTF-16 units: this letter takes two.
        assert_eq!(places("𝐀b"), [(0, 2), (2, 3)]);
    }
}
