//! Trainees who look like the same person: one name and one birth date, or one e-mail address. Accents and case do not
//! count. A missing birth date contradicts nothing. This is a warning: two people may have one name.

use std::collections::HashMap;

use afpi_core::clock::Day;
use afpi_core::text::fold;

/// What people are compared by.
#[derive(Debug, Clone)]
pub struct Marks {
    name: String,
    birth_date: Option<Day>,
    email: Option<String>,
}

impl Marks {
    pub fn of(first_name: &str, last_name: &str, birth_date: Option<Day>, email: Option<&str>) -> Marks {
        let bare = |text: &str| fold(text).replace('-', " ");
        let mut words: Vec<String> =
            format!("{} {}", bare(first_name), bare(last_name)).split_whitespace().map(str::to_owned).collect();
        // People exchange first and last names.
        words.sort();
        Marks { name: words.join(" "), birth_date, email: email.map(str::to_lowercase) }
    }

    fn same(&self, other: &Marks) -> bool {
        let email = self.email.is_some() && self.email == other.email;
        let born = self.birth_date.is_none() || other.birth_date.is_none() || self.birth_date == other.birth_date;
        email || (self.name == other.name && born)
    }
}

/// For each of these people the first earlier one who looks the same, by position.
pub fn earlier(people: &[Marks]) -> Vec<Option<usize>> {
    let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut mailed: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut found = Vec::with_capacity(people.len());
    for (at, person) in people.iter().enumerate() {
        let alike = named.entry(&person.name).or_default();
        let by_name = alike.iter().copied().find(|other| people[*other].same(person));
        alike.push(at);
        let by_email = person.email.as_deref().and_then(|email| {
            let alike = mailed.entry(email).or_default();
            alike.push(at);
            alike.first().copied().filter(|first| *first != at)
        });
        found.push(by_name.into_iter().chain(by_email).min());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(first: &str, last: &str, born: &str, email: &str) -> Marks {
        Marks::of(first, last, born.parse().ok(), (!email.is_empty()).then_some(email))
    }

    #[test]
    fn one_person_is_known_again_however_it_is_typed() {
        let people = [
            person("Zoé", "Le Goff", "1990-01-02", ""),
            person("ZOE", "LE-GOFF", "", ""),
            person("Le Goff", "Zoé", "1990-01-02", ""),
            person("Zoé", "Le Goff", "1991-01-02", "z@example.fr"),
            person("Z.", "L.", "", "Z@Example.fr"),
            person("Ali", "Ben", "", ""),
        ];
        assert_eq!(earlier(&people), [None, Some(0), Some(0), Some(1), Some(3), None]);
    }
}
