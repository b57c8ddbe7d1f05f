//! Generates data: the same seed, kind and number always give the same digits, names and addresses. All of it is
//! invented.

/// A small deterministic generator (SplitMix64). Each record gets a new one, so any record can be generated alone.
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64, kind: &str, number: u64) -> Self {
        let kind = kind
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
        let mut draw = Draw(seed ^ kind ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        draw.next();
        draw
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    pub fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    /// A SIRET with both check digits: of the SIREN and of the whole.
    pub fn siret(&mut self) -> String {
        let siren = with_key(&format!("8{:07}", self.below(10_000_000)));
        with_key(&format!("{siren}{:04}", 1 + self.below(40)))
    }

    pub fn phone(&mut self) -> String {
        // 01 99 00 … 05 …: numbers that the regulator reserves for fiction.
        let zone = self.one(&["019900", "026191", "035301", "046571", "053649"]);
        format!("{zone}{:04}", self.below(10_000))
    }

    pub fn date(&mut self, first_year: u64, years: u64) -> String {
        format!("{:02}/{:02}/{}", 1 + self.below(28), 1 + self.below(12), first_year + self.below(years))
    }
}

/// Appends the Luhn check digit.
fn with_key(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, byte)| match (i % 2, u32::from(byte - b'0')) {
            (1, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

pub const LAST_NAMES: &[&str] = &[
    "MERLANÇON",
    "DUVERNOY",
    "BRÉTIGNOLLE",
    "CASTEROUX",
    "FOUGERAND",
    "LÉCUYER-MAST",
    "HAUTECLOQUE",
    "NOIRMONTIN",
    "PRÉVALLÉE",
    "ROUSSILLARD",
    "TAILLEVENT",
    "VAUBERNAIS",
    "GRANDJONC",
    "ESTRÉGUIL",
    "MONTBRISARD",
    "CHÂTELUS",
    "OUDINELLE",
    "BELLEFRAISE",
];
pub const FIRST_NAMES: &[&str] = &[
    "Ilona",
    "Camille",
    "Éloïse",
    "Gaëtan",
    "Maïwenn",
    "Théo",
    "Aurélie",
    "Sacha",
    "Noémie",
    "Yanis",
    "Clémence",
    "Bastien",
    "Inès",
    "Loïc",
];
pub const TRADES: &[&str] = &[
    "FONDERIE",
    "MÉCANIQUE",
    "CHAUDRONNERIE",
    "ATELIERS",
    "USINAGE",
    "TÔLERIE",
    "FORGES",
    "PLASTURGIE",
    "OUTILLAGE",
    "SOUDURE",
    "HYDRAULIQUE",
    "ÉLECTROTECHNIQUE",
    "MAINTENANCE",
    "ROBOTIQUE",
];
pub const TOWNS: &[&str] = &[
    "VILLENEUVE-AUX-FORGES",
    "SAINT-AUBIN-LE-HAUT",
    "BOISJOLI-SUR-OISE",
    "LA FERTÉ-GRISE",
    "MONTCLAIR-EN-VEXIN",
    "CHÂTEAU-NOIRET",
    "ÉTREPILLE",
    "PONT-DES-AULNES",
    "GRANDFRESNE",
    "SAINT-ELME",
];
pub const STREETS: &[&str] = &[
    "RUE DES TANNEURS",
    "AVENUE DE L'INDUSTRIE",
    "ZI DU PORT",
    "CHEMIN DU MOULIN",
    "RUE JEANNE-LOUVET",
    "BOULEVARD DE L'ÉCLUSE",
];
pub const FUNCTIONS: &[&str] =
    &["DRH", "Responsable formation", "Gérant", "Assistante RH", "Directeur de site", "Maître d'apprentissage", ""];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sirets_are_valid_and_repeatable() {
        for number in 0..500 {
            let siret = Draw::new(1, "entreprise", number).siret();
            assert_eq!(siret, Draw::new(1, "entreprise", number).siret());
            assert_eq!(
                (siret.len(), with_key(&siret[..13]), with_key(&siret[..8])),
                (14, siret.clone(), siret[..9].to_owned())
            );
        }
        assert_ne!(Draw::new(1, "entreprise", 1).siret(), Draw::new(2, "entreprise", 1).siret());
        assert_eq!(with_key("7328293200007"), "73282932000074");
    }
}
