//! Companies that read like French ones, and what people type to find them.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

const TRADES: [&str; 40] = [
    "Chaudronnerie",
    "Mécanique",
    "Usinage",
    "Tôlerie",
    "Fonderie",
    "Métallerie",
    "Soudure",
    "Électricité",
    "Plasturgie",
    "Menuiserie",
    "Charpente",
    "Maçonnerie",
    "Peinture",
    "Transports",
    "Logistique",
    "Automatismes",
    "Maintenance",
    "Outillage",
    "Hydraulique",
    "Robotique",
    "Boulangerie",
    "Imprimerie",
    "Cartonnage",
    "Textiles",
    "Verrerie",
    "Forges",
    "Serrurerie",
    "Plomberie",
    "Chauffage",
    "Isolation",
    "Ingénierie",
    "Conseil",
    "Informatique",
    "Aéronautique",
    "Composites",
    "Câblage",
    "Emballages",
    "Nettoyage",
    "Garage",
    "Ateliers",
];
const FORMS: [&str; 8] = ["", "", "", "SARL", "SAS", "et Fils", "Industrie", "Groupe"];
const BEGIN: [&str; 40] = [
    "Mar", "Du", "Le", "Ber", "Gau", "Rous", "Vin", "Fa", "Gi", "Bo", "Che", "Ro", "Me", "La", "De", "Pi", "Col", "Au",
    "Bar", "Car", "Des", "Fer", "Gar", "Hu", "Jac", "Lam", "Mon", "Nau", "Oli", "Per", "Qui", "Ri", "Sau", "Thi",
    "Val", "Wa", "Ya", "É", "Cor", "Tis",
];
const MIDDLE: [&str; 30] = [
    "ti", "pon", "roi", "na", "the", "se", "cen", "bi", "ra", "gne", "va", "be", "ni", "lai", "ma", "che", "lo", "mi",
    "ber", "do", "que", "ta", "vi", "gno", "cha", "sa", "li", "pe", "ro", "nel",
];
const END: [&str; 24] = [
    "n", "t", "er", "ard", "eau", "et", "ot", "in", "ier", "ac", "lle", "son", "on", "el", "ault", "oux", "is", "ez",
    "ois", "aud", "ec", "and", "ain", "y",
];
const TOWN: [&str; 16] = [
    "ville",
    "court",
    "ac",
    "y",
    "ières",
    "sur-Loire",
    "le-Château",
    "mont",
    "bourg",
    "en-Brie",
    "les-Bains",
    "ay",
    "ogne",
    "igny",
    "euil",
    "an",
];

/// A company: its name first, then what else it is found by.
pub struct Company {
    pub name: String,
    pub others: Vec<String>,
}

pub fn dice() -> StdRng {
    StdRng::seed_from_u64(14)
}

fn one<'a>(dice: &mut StdRng, list: &[&'a str]) -> &'a str {
    list.choose(dice).copied().unwrap_or_default()
}

fn surname(dice: &mut StdRng) -> String {
    let middle = if dice.random_bool(0.6) { one(dice, &MIDDLE) } else { "" };
    format!("{}{}{}{}", one(dice, &BEGIN), one(dice, &MIDDLE), middle, one(dice, &END))
}

pub fn companies(dice: &mut StdRng, count: usize) -> Vec<Company> {
    let make = |_| {
        let (trade, form, who) = (one(dice, &TRADES), one(dice, &FORMS), surname(dice));
        let town = format!("{}{}{}", one(dice, &BEGIN), one(dice, &MIDDLE), one(dice, &TOWN));
        let name = match dice.random_range(0..4) {
            0 => format!("{trade} {who} {form}"),
            1 => format!("{who} {trade}"),
            2 => format!("{form} {who} et {}", surname(dice)),
            _ => format!("{trade} de {town}"),
        };
        let siren: u32 = dice.random_range(300_000_000..999_999_999);
        let siret = format!("{siren}{:05}", dice.random_range(10..999));
        let phone = format!("0{}{:08}", dice.random_range(1..=7), dice.random_range(0..100_000_000));
        let postcode = format!("{:05}", dice.random_range(1_000..95_999));
        let mail = format!("contact@{}{}.fr", who.to_lowercase(), dice.random_range(1..99));
        Company { name: name.trim().to_owned(), others: vec![siret, siren.to_string(), phone, town, postcode, mail] }
    };
    (0..count).map(make).collect()
}

/// The text with one typing error: a letter left out, doubled, exchanged with its neighbour, or another one.
pub fn mistype(dice: &mut StdRng, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = dice.random_range(0..letters.len().saturating_sub(1).max(1));
    match dice.random_range(0..4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => letters[at] = (b'a' + dice.random_range(0..26u8)) as char,
    }
    letters.into_iter().collect()
}
