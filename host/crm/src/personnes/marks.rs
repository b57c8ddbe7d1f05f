//! What a person is known by in texts, and how it is taken out of them.

use std::collections::{BTreeMap, BTreeSet};

use afpi_core::scope::Loaded;
use afpi_core::text::fold;
use afpi_text::folded;
use serde_json::{Value, json};

use super::Kind;
use super::record::Record;

/// What stands where a name stood.
pub const ERASED: &str = "Personne effacée";
/// What stands where an address stood: no domain ends like this (RFC 2606), and forms take it.
const ADDRESS: &str = "efface@efface.invalid";

/// The names, addresses and numbers of a person.
pub struct Marks {
    /// Folded texts that name this person alone, and what replaces each: full names, addresses, numbers.
    whole: Vec<(Vec<char>, &'static str)>,
    /// Folded values of fields, which name the person only beside each other, and what replaces each.
    parts: BTreeMap<String, &'static str>,
    last_names: BTreeSet<String>,
    /// What a text contains in which one of these can stand.
    hints: BTreeSet<String>,
}

impl Marks {
    /// Of these records.
    pub fn of(people: &[Loaded<Record>]) -> Marks {
        let mut marks =
            Marks { whole: vec![], parts: BTreeMap::new(), last_names: BTreeSet::new(), hints: BTreeSet::new() };
        for person in people.iter().filter(|person| person.kind != Kind::User) {
            marks.add(person);
        }
        // A longer text first: it may contain a shorter one.
        marks.whole.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        marks.whole.dedup();
        marks
    }

    fn add(&mut self, person: &Record) {
        match (person.text("firstName"), person.text("lastName"), person.text("name")) {
            (Some(first), Some(last), _) => {
                self.whole(&format!("{first} {last}"), ERASED);
                self.whole(&format!("{last} {first}"), ERASED);
                self.parts.insert(fold(first), "");
                self.parts.insert(fold(last), ERASED);
                self.last_names.insert(fold(last));
                self.hint(last);
            }
            // One word is the name of many.
            (None, _, Some(name)) if name.split_whitespace().count() > 1 => {
                self.whole(name, ERASED);
                let turned: Vec<&str> = name.split_whitespace().collect();
                self.whole(&format!("{} {}", turned[1..].join(" "), turned[0]), ERASED);
                self.hint(turned[turned.len() - 1]);
            }
            _ => {}
        }
        if let Some(email) = person.text("email") {
            self.whole(email, ADDRESS);
            self.parts.insert(fold(email), ADDRESS);
            self.hint(email);
        }
        if let Some(phone) = person.text("phone") {
            let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
            let national = digits.strip_prefix("33").map_or_else(|| digits.clone(), |rest| format!("0{rest}"));
            let pairs: Vec<&str> =
                national.as_bytes().chunks(2).filter_map(|two| std::str::from_utf8(two).ok()).collect();
            for written in [phone.to_owned(), national.clone(), pairs.join(" "), pairs.join("."), format!("+{digits}")]
            {
                self.whole(&written, "");
                self.parts.insert(fold(&written), "");
                self.hints.insert(written);
            }
        }
        if let Some(day) = person.text("birthDate") {
            self.parts.insert(fold(day), "");
        }
    }

    fn whole(&mut self, text: &str, instead: &'static str) {
        let letters: Vec<char> = fold(text).chars().collect();
        if letters.len() > 3 {
            self.whole.push((letters, instead));
        }
    }

    /// A text as people write it, for engines compare cases and accents differently, and in the normal form of searches.
    fn hint(&mut self, text: &str) {
        let plain = fold(text);
        self.hints.insert(crate::search::normal(text));
        let mut capital = plain.chars();
        let titled = capital.next().map(|first| first.to_uppercase().chain(capital).collect::<String>());
        self.hints.extend([text.to_owned(), text.to_lowercase(), text.to_uppercase(), plain.to_uppercase(), plain]);
        self.hints.extend(titled);
    }

    /// Texts of which each text has one that names the person. Patterns for `LIKE … ESCAPE '!'`.
    pub fn patterns(&self) -> Vec<String> {
        let escaped = |text: &String| text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        self.hints.iter().map(|text| format!("%{}%", escaped(text))).collect()
    }

    /// The text without the person; none when it does not name this person.
    pub fn without(&self, text: &str) -> Option<String> {
        let mut letters: Vec<(char, usize, usize)> = Vec::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            folded(c, |letter| letters.push((letter, at, at + c.len_utf8())));
        }
        let (mut out, mut copied, mut at) = (String::with_capacity(text.len()), 0, 0);
        while at < letters.len() {
            match self.begins(&letters, at) {
                Some((length, instead)) => {
                    out.push_str(&text[copied..letters[at].1]);
                    out.push_str(instead);
                    copied = letters[at + length - 1].2;
                    at += length;
                }
                None => at += 1,
            }
        }
        (copied > 0).then(|| {
            out.push_str(&text[copied..]);
            out
        })
    }

    /// The mark that begins here, on its own: its length, and what replaces it.
    fn begins(&self, letters: &[(char, usize, usize)], at: usize) -> Option<(usize, &'static str)> {
        let joined = |place: Option<usize>| {
            place.and_then(|place| letters.get(place)).is_some_and(|(letter, ..)| letter.is_alphanumeric())
        };
        if joined(at.checked_sub(1)) {
            return None;
        }
        let fits = |mark: &[char]| {
            letters.len() >= at + mark.len()
                && mark.iter().zip(&letters[at..]).all(|(one, (other, ..))| one == other)
                && !joined(Some(at + mark.len()))
        };
        self.whole.iter().find(|(mark, _)| fits(mark)).map(|(mark, instead)| (mark.len(), *instead))
    }

    /// The same for a stored JSON text: also objects that name the person by their fields.
    pub fn without_json(&self, stored: &str) -> Option<String> {
        let Ok(mut value) = serde_json::from_str::<Value>(stored) else { return self.without(stored) };
        self.clean(&mut value).then(|| value.to_string())
    }

    fn clean(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => match self.without(text) {
                Some(clean) => {
                    *text = clean;
                    true
                }
                None => false,
            },
            Value::Array(items) => items.iter_mut().fold(false, |changed, item| self.clean(item) | changed),
            Value::Object(fields) => {
                let known: Vec<String> = fields.values().filter_map(Value::as_str).map(fold).collect();
                let parts = known.iter().filter(|text| self.parts.contains_key(*text)).count();
                let named = parts > 1 && known.iter().any(|text| self.last_names.contains(text));
                let mut changed = false;
                for (name, field) in fields.iter_mut() {
                    let clean = match field.as_str() {
                        Some(text) if name == "search" => self.without_words(text).map(Value::from),
                        Some(text) if named => self.parts.get(&fold(text)).map(|instead| (*instead).into()),
                        // A sort key spells the name.
                        None if named && name == "name_key" => Some(json!({"hex": ""})),
                        _ => None,
                    };
                    match clean {
                        Some(clean) => {
                            *field = clean;
                            changed = true;
                        }
                        None => changed |= self.clean(field),
                    }
                }
                changed
            }
            _ => false,
        }
    }

    /// The same for the normal form that searches look in: the person's words go.
    pub fn without_words(&self, searched: &str) -> Option<String> {
        let mut clean = format!(" {searched} ");
        for (mark, _) in &self.whole {
            let word = format!(" {} ", crate::search::normal(&mark.iter().collect::<String>()));
            while word.len() > 2 && clean.contains(&word) {
                clean = clean.replace(&word, " ");
            }
        }
        let clean = clean.trim();
        (clean != searched.trim()).then(|| clean.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Marks {
        let mut marks =
            Marks { whole: vec![], parts: BTreeMap::new(), last_names: BTreeSet::new(), hints: BTreeSet::new() };
        marks.whole("Zoé Le Goff", ERASED);
        marks.whole("zoe@exemple.fr", ADDRESS);
        marks.parts = [(fold("Zoé"), ""), (fold("Le Goff"), ERASED), (fold("zoe@exemple.fr"), ADDRESS)].into();
        marks.last_names.insert(fold("Le Goff"));
        marks
    }

    #[test]
    fn a_name_goes_however_it_is_written_and_other_names_stay() {
        let marks = marks();
        let clean = |text: &str| marks.without(text);
        assert_eq!(clean("Vu Zoé Le Goff, ravie.").as_deref(), Some("Vu Personne effacée, ravie."));
        assert_eq!(clean("ZOE LE GOFF (zoe@exemple.fr)").as_deref(), Some("Personne effacée (efface@efface.invalid)"));
        for other in ["Zoé Le Goffic", "Le Goff", "Azoé Le Goff", "Zoé Martin", ""] {
            assert_eq!(clean(other), None, "{other}");
        }
    }

    #[test]
    fn fields_beside_each_other_name_a_person_and_alone_they_do_not() {
        let marks = marks();
        let clean = |stored: &str| marks.without_json(stored);
        let named = clean(r#"{"a":[{"first":"Zoé","last":"LE GOFF","city":"Laon"}]}"#).unwrap();
        let named: Value = serde_json::from_str(&named).unwrap();
        assert_eq!(named, json!({"a": [{"city": "Laon", "first": "", "last": "Personne effacée"}]}));
        assert_eq!(clean(r#"{"first":"Zoé","last":"Martin"}"#), None);
        assert_eq!(clean(r#"{"street":"Le Goff"}"#), None);
        assert_eq!(clean(r#"{"note":"zoe le goff"}"#).as_deref(), Some(r#"{"note":"Personne effacée"}"#));
    }
}
