//! How alike two records are by what names one in the world: name, numbers, telephone, mail, place. Two different
//! numbers are two records, and two groups too, however alike the rest is.

use std::hash::Hasher;

use rustc_hash::FxHasher;
use strsim::normalized_damerau_levenshtein;
use uuid::Uuid;

use crate::normal::{normal, phone};

/// From this score on, two stored records may be one.
pub const SUSPECT: u8 = 55;
/// From this score on, what somebody types may be known.
pub const TOLD: u8 = 40;

/// Names less alike than this say nothing, in thousandths.
const NAME: u16 = 700;
/// One name has all words of the other.
const CONTAINED: u16 = 850;
/// What is typed begins the name: the rest may still come.
const BEGUN: u16 = 800;
/// A typed beginning is not shorter.
const BEGINNING: usize = 6;
/// Shorter names are alike only when they are equal.
const SHORT: usize = 5;

/// Words that names are written with or without, in normal form.
const FILLERS: [&str; 31] = [
    "sarl",
    "sas",
    "sasu",
    "eurl",
    "sa",
    "sci",
    "snc",
    "scop",
    "scs",
    "gie",
    "ei",
    "eirl",
    "selarl",
    "ets",
    "etablisement",
    "etablisements",
    "societe",
    "ste",
    "cie",
    "et",
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "l",
    "d",
    "a",
    "au",
    "aux",
];

/// Providers whose domain says nothing about who writes, without the country.
const PROVIDERS: [&str; 20] = [
    "gmail",
    "googlemail",
    "orange",
    "wanadoo",
    "free",
    "hotmail",
    "outlook",
    "live",
    "msn",
    "yahoo",
    "laposte",
    "sfr",
    "icloud",
    "bbox",
    "aol",
    "neuf",
    "gmx",
    "protonmail",
    "club-internet",
    "numericable",
];

/// What a record is known by, as it is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    pub name: &'a str,
    /// What no other record has: a SIRET.
    pub number: Option<&'a str>,
    /// What records of one owner share: a SIREN.
    pub group: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub email: Option<&'a str>,
    /// A postcode.
    pub place: Option<&'a str>,
    /// Where it belongs. It is handed back, never compared.
    pub site: Uuid,
}

/// The same, ready to be compared: a name in its normal form, everything else as a hash. 0 stands for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traits {
    pub(crate) name: Box<str>,
    pub(crate) number: u64,
    pub(crate) group: u64,
    pub(crate) phone: u64,
    pub(crate) email: u64,
    pub(crate) domain: u64,
    pub(crate) place: u64,
    pub(crate) site: Uuid,
}

/// What two records have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Number,
    Group,
    Name,
    Phone,
    Email,
    Domain,
    Place,
}

/// How alike two records are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// From 0 to 100. 100: the number is the same.
    pub score: u8,
    pub reasons: Vec<Reason>,
}

impl Traits {
    pub fn new(facts: &Facts<'_>) -> Traits {
        let mail = facts.email.map(|email| email.trim().to_lowercase());
        let domain = mail.as_deref().and_then(|mail| mail.split_once('@')).map(|(_, domain)| domain);
        let own = domain.filter(|domain| !PROVIDERS.contains(&domain.split('.').next().unwrap_or_default()));
        let number = facts.phone.map(phone);
        Traits {
            name: core(facts.name).into(),
            number: code(facts.number),
            group: code(facts.group),
            phone: code(number.as_deref()),
            email: code(mail.as_deref()),
            domain: code(own),
            place: code(facts.place),
            site: facts.site,
        }
    }

    /// The words of the name that tell it from others, in normal form: what to look for it by.
    pub fn words(&self) -> &str {
        &self.name
    }

    /// The words of the name in their alphabetical order.
    pub(crate) fn sorted(&self) -> String {
        let mut words: Vec<&str> = self.name.split(' ').collect();
        words.sort_unstable();
        words.join(" ")
    }

    /// Does it share more than a group with the other, if it is not another one for certain?
    pub fn likeness(&self, other: &Traits) -> Option<Likeness> {
        self.compared(other, self.alike(other))
    }

    /// The same for a record whose name is being typed.
    pub fn typed_likeness(&self, other: &Traits) -> Option<Likeness> {
        let begun = self.name.len() >= BEGINNING && other.name.starts_with(&*self.name);
        self.compared(other, self.alike(other).max(if begun { BEGUN } else { 0 }))
    }

    fn compared(&self, other: &Traits, name: u16) -> Option<Likeness> {
        let both = |one: u64, other: u64| one != 0 && other != 0;
        let same = |one: u64, other: u64| one != 0 && one == other;
        let differ = |one: u64, other: u64| both(one, other) && one != other;
        if same(self.number, other.number) {
            return Some(Likeness { score: 100, reasons: vec![Reason::Number] });
        }
        if differ(self.number, other.number) || differ(self.group, other.group) {
            return None;
        }
        let mut score: i32 = 0;
        let mut reasons = Vec::new();
        let mut counts = |holds: bool, points: i32, reason: Reason| {
            if holds {
                score += points;
                reasons.push(reason);
            }
        };
        counts(name >= NAME, (i32::from(name) - 600) / 8, Reason::Name);
        counts(same(self.group, other.group), 20, Reason::Group);
        counts(same(self.phone, other.phone), 25, Reason::Phone);
        let mail = same(self.email, other.email);
        counts(mail, 25, Reason::Email);
        counts(!mail && same(self.domain, other.domain), 15, Reason::Domain);
        counts(same(self.place, other.place), 15, Reason::Place);
        score -= if differ(self.place, other.place) { 10 } else { 0 };
        let score = score.clamp(0, 99) as u8;
        (score > 0).then_some(Likeness { score, reasons })
    }

    /// Are both establishments of one owner?
    pub fn is_of_the_group_of(&self, other: &Traits) -> bool {
        self.group != 0 && self.group == other.group && self.number != other.number
    }

    /// How alike the names are, in thousandths.
    fn alike(&self, other: &Traits) -> u16 {
        let (one, other) = (&*self.name, &*other.name);
        if one.is_empty() || other.is_empty() {
            return 0;
        }
        if one == other {
            return 1000;
        }
        if one.len().min(other.len()) < SHORT {
            return 0;
        }
        let written = normalized_damerau_levenshtein(one, other);
        let (fewer, more) = if one.len() < other.len() { (one, other) } else { (other, one) };
        let more: Vec<&str> = more.split(' ').collect();
        let words = fewer.split(' ').count();
        let contained = words > 1 && fewer.split(' ').all(|word| more.contains(&word));
        match () {
            () if contained && words == more.len() => 990,
            () if contained => CONTAINED.max((1000.0 * written) as u16),
            () => (1000.0 * written) as u16,
        }
    }
}

/// The words of a name that tell it from others, in normal form.
fn core(name: &str) -> String {
    let normal = normal(name).replace('.', "");
    let words: Vec<&str> = normal.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let telling: Vec<&str> = words.iter().copied().filter(|word| !FILLERS.contains(word)).collect();
    if telling.is_empty() { words.join(" ") } else { telling.join(" ") }
}

/// The hash of a text. 0 for none.
fn code(text: Option<&str>) -> u64 {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return 0 };
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(one: Facts<'_>, other: Facts<'_>) -> u8 {
        Traits::new(&one).likeness(&Traits::new(&other)).map_or(0, |likeness| likeness.score)
    }

    fn named(name: &str) -> Facts<'_> {
        Facts { name, ..Facts::default() }
    }

    #[test]
    fn a_name_is_the_same_however_its_legal_form_is_written() {
        for (one, other) in [
            ("SARL Forges du Nord", "Forges du nord"),
            ("S.A.R.L. Forges-du-Nord", "FORGES DU NORD (SARL)"),
            ("Établissements Dupont & Fils", "Ets Dupont et fils"),
            ("L’Œuvre d'Évry", "oeuvre évry"),
        ] {
            assert_eq!(score(named(one), named(other)), 50, "{one} {other}");
        }
        assert!(score(named("Nord Forges"), named("Forges du Nord")) > 45);
        assert_eq!(score(named("Forges du Nord"), named("Soudure de l'Est")), 0);
        assert_eq!(score(named("ABC"), named("ABD")), 0);
    }

    #[test]
    fn a_name_alone_is_told_and_never_suspected() {
        assert!((TOLD..SUSPECT).contains(&score(named("Garage Martin"), named("Garage Martin"))));
        let at = |name, place| Facts { name, place: Some(place), ..Facts::default() };
        assert!(score(at("Boulangerie Dupont", "60000"), at("Boulangerie Dupond", "60000")) >= SUSPECT);
        assert!(score(at("Boulangerie Dupont", "60000"), at("Boulangerie Dupont", "80000")) < SUSPECT);
    }

    #[test]
    fn a_telephone_and_a_mail_count_in_any_spelling_and_public_providers_do_not() {
        let with = |name, phone, email| Facts { name, phone: Some(phone), email: Some(email), ..Facts::default() };
        let one = with("Forges du Nord", "+33 3 20 55 44 33", "accueil@forges.example");
        let other = with("Forges Nord SAS", "03.20.55.44.33", "Compta@Forges.example");
        let found = Traits::new(&one).likeness(&Traits::new(&other)).unwrap();
        assert_eq!(found.reasons, [Reason::Name, Reason::Phone, Reason::Domain]);
        assert!(found.score >= SUSPECT);
        let private = |email| Facts { name: "Garage", email: Some(email), ..Facts::default() };
        let found = Traits::new(&private("a@gmail.com")).likeness(&Traits::new(&private("b@gmail.com"))).unwrap();
        assert_eq!(found.reasons, [Reason::Name]);
    }

    #[test]
    fn two_numbers_are_two_records_and_one_group_is_no_duplicate() {
        let of = |number, group| Facts { name: "Forges", number, group, place: Some("59000"), ..Facts::default() };
        let (one, other) = (of(Some("1"), Some("9")), of(Some("2"), Some("9")));
        assert_eq!(score(one, other), 0);
        assert!(Traits::new(&one).is_of_the_group_of(&Traits::new(&other)));
        assert_eq!(score(one, of(Some("1"), None)), 100);
        assert_eq!(score(of(None, Some("9")), of(None, Some("8"))), 0);
        assert!(score(of(None, Some("9")), one) >= SUSPECT);
    }

    #[test]
    fn a_name_that_is_being_typed_is_known_from_its_beginning() {
        let at = |name| Facts { name, place: Some("59000"), ..Facts::default() };
        let (typed, whole) = (Traits::new(&at("Chaudron")), Traits::new(&at("Chaudronnerie industrielle du Nord")));
        assert!(typed.typed_likeness(&whole).unwrap().score >= TOLD);
        assert!(typed.likeness(&whole).unwrap().score < TOLD);
    }
}
