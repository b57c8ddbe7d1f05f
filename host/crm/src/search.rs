//! The normal form that `?q=` compares, for stored texts and typed words. It ignores accents, case and punctuation, the
//! spelling of telephone numbers, and the letters that people most often omit or double in French.

use afpi_db::Sql;

use afpi_core::text::fold;

/// The most words of a query that are used.
const WORDS: usize = 8;

/// From this many digits on, several numbers in a row are read as one, as in `03 20 55 44 33` or `443 061 841`.
const DIGITS: usize = 4;

/// The normal form of a text. Each letter depends only on the letters before it. So the beginning of a word matches the
/// beginning of its normal form, and half a typed word finds it.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in fold(text).chars() {
        let c = if c == 'y' { 'i' } else { c };
        // « chaudronerie » finds « chaudronnerie », « electrotecnique » « électrotechnique », « ritme » « rythme ».
        let silent = c == 'h' && before.is_alphabetic() && !"aeiou".contains(before);
        if !silent && (c != before || !c.is_alphabetic()) {
            out.push(c);
        }
        before = c;
    }
    out
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

/// Appends the condition that every word of `q` occurs in one of these columns, which hold [`index`]ed texts.
pub fn matching(query: &mut Sql, columns: &[&'static str], q: Option<&str>) {
    for readings in terms(q.unwrap_or_default()) {
        query.push(" AND (");
        for (i, words) in readings.iter().enumerate() {
            query.push(if i > 0 { " OR (" } else { "(" });
            for (j, word) in words.iter().enumerate() {
                let escaped = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
                query.push(if j > 0 { " AND (" } else { "(" });
                for (k, column) in columns.iter().enumerate() {
                    query.push(if k > 0 { " OR " } else { "" }).push(column);
                    query.push(" LIKE ? ESCAPE '!'").arg(format!("%{escaped}%"));
                }
                query.push(")");
            }
            query.push(")");
        }
        query.push(")");
    }
}

/// Does an [`index`]ed text contain every word of `q`?
pub fn found(indexed: &str, q: &str) -> bool {
    terms(q)
        .iter()
        .all(|readings| readings.iter().any(|words| words.iter().all(|word| indexed.contains(word.as_str()))))
}

/// The words of a query, each with its alternatives. An alternative is a list of words that must all be found. Numbers
/// in a row are read both as one and separately.
fn terms(q: &str) -> Vec<Vec<Vec<String>>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_often_misspelt_is_forgiven() {
        for (stored, typed) in [
            ("Chaudronnerie", "chaudronerie"),
            ("Électrotechnique", "electrotecnique"),
            ("Électrotechnique", "éléctrotechnique"),
            ("Rythme et méthode", "ritme metode"),
            ("Mécanique d'Évry", "mecanique d'evri"),
            ("Habilitation électrique B1V", "habilitation b1v"),
            ("Hydraulique", "hidraulique"),
        ] {
            assert!(found(&index([stored], 1000), typed), "{stored} is not found by {typed}");
        }
        assert!(!found(&index(["Soudage"], 1000), "sondage"));
    }

    #[test]
    fn whoever_types_half_a_word_finds_it() {
        for stored in ["Électrotechnique", "Chaudronnerie", "Bibliothèque", "Apprenti", "Photographie", "Œuvre"] {
            let indexed = index([stored], 1000);
            let typed: Vec<char> = stored.chars().collect();
            for length in 2..=typed.len() {
                let half: String = typed[..length].iter().collect();
                assert!(found(&indexed, &half), "{stored} is not found by {half}");
            }
        }
    }

    #[test]
    fn a_number_is_found_however_it_is_grouped() {
        let company = index(["Forges", "44306184100047", "443061841", &phone("+33 3 20 55 44 33"), "59000"], 1000);
        for typed in [
            "0320554433",
            "03 20 55 44 33",
            "03.20.55.44.33",
            "+33 3 20 55 44 33",
            "+33 (0)3 20 55 44 33",
            "0033320554433",
            "+33320",
            "443 061 841 00047",
            "443 061 841",
            "44306184100047",
            "forges 03 20 55",
            "03 20 55 44 33 forges",
            "59000",
            "forges 59000 443061841",
        ] {
            assert!(found(&company, typed), "not found by {typed}");
        }
        assert!(!found(&company, "03 20 55 44 34"));
        let file = index(["OPP-2026-00012"], 1000);
        for typed in ["OPP-2026-00012", "2026-00012", "2026 00012", "00012", "opp 2026"] {
            assert!(found(&file, typed), "not found by {typed}");
        }
    }

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
}
