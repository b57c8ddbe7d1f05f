//! The text of the file: 18 columns, tab or `|`, decimal comma, days as AAAAMMJJ, ISO 8859-15 (art. A47 A-1 LPF).

use afpi_core::money::Money;
use afpi_core::text::fold;

use super::ecriture::Ecriture;

/// The names of the columns, in the spelling and order of the article.
pub const COLUMNS: [&str; 18] = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
];

/// What stands between two fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = AccountingSeparator)]
pub enum Separator {
    #[default]
    Tab,
    Pipe,
}

impl Separator {
    fn char(self) -> char {
        match self {
            Separator::Tab => '\t',
            Separator::Pipe => '|',
        }
    }
}

/// An entry with its place in the books.
#[derive(Debug, Clone)]
pub struct Numbered {
    pub year: i64,
    pub number: i64,
    pub entry: Ecriture,
    /// The day on which it became final, as an ISO day.
    pub valid_on: String,
    /// Was it in an earlier file?
    pub repeated: bool,
}

impl Numbered {
    /// `EcritureNum`, e.g. `VE2026000118`.
    pub fn code(&self) -> String {
        format!("{}{}{:06}", self.entry.journal.code(), self.year, self.number)
    }

    /// Its lines, as fields.
    pub fn rows(&self) -> Vec<[String; 18]> {
        let entry = &self.entry;
        let mark = if self.repeated { " (déjà exporté)" } else { "" };
        entry
            .lines
            .iter()
            .map(|line| {
                let (aux, aux_label) = line.auxiliary.clone().unwrap_or_default();
                [
                    entry.journal.code().into(),
                    entry.journal.label().into(),
                    self.code(),
                    compact(&entry.day),
                    line.account.clone(),
                    line.account_label.clone(),
                    aux,
                    aux_label,
                    entry.piece_ref.clone(),
                    compact(&entry.piece_day),
                    format!("{}{mark}", line.label),
                    comma(line.debit),
                    comma(line.credit),
                    String::new(),
                    String::new(),
                    compact(&self.valid_on),
                    String::new(),
                    String::new(),
                ]
            })
            .collect()
    }
}

/// AAAAMMJJ of an ISO day.
fn compact(day: &str) -> String {
    day.replace('-', "")
}

/// Euros with a decimal comma, without thousands marks.
fn comma(amount: Money) -> String {
    amount.to_string().replace('.', ",")
}

/// The file: the names of the columns, then every line.
pub fn write(entries: &[Numbered], separator: Separator) -> Vec<u8> {
    let between = separator.char();
    let line = |fields: &[String; 18]| -> String {
        let clean = |field: &String| field.replace([between, '\t', '\r', '\n'], " ");
        fields.iter().map(clean).collect::<Vec<_>>().join(&between.to_string()) + "\r\n"
    };
    let head = COLUMNS.map(String::from);
    let rows = entries.iter().flat_map(Numbered::rows);
    let text: String = std::iter::once(head).chain(rows).map(|fields| line(&fields)).collect();
    latin9(&text)
}

/// ISO 8859-15. What it lacks becomes the nearest ASCII letters, or a question mark.
fn latin9(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut one = [0u8; 4];
    for c in text.chars() {
        let near = match c {
            '’' | '‘' => '\'',
            '–' | '—' => '-',
            '“' | '”' => '"',
            '\u{a0}' | '\u{202f}' => ' ',
            c => c,
        };
        let (encoded, _, unmappable) = encoding_rs::ISO_8859_15.encode(near.encode_utf8(&mut one));
        if unmappable {
            let folded = fold(&near.to_string());
            let letters = if folded.is_ascii() && !folded.is_empty() { folded } else { "?".to_owned() };
            bytes.extend(letters.bytes());
        } else {
            bytes.extend_from_slice(&encoded);
        }
    }
    bytes
}

/// `SIRENFECAAAAMMJJ.txt`: the closing day is the last day of the period. Without a SIREN nine zeros stand there.
pub fn name(siret: Option<&str>, to: &str, extension: &str) -> String {
    let siren = siret.and_then(|siret| siret.get(..9)).unwrap_or("000000000");
    format!("{siren}FEC{}.{extension}", compact(to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compta::comptes::Comptes;
    use crate::compta::ecriture::{Ligne, Reglement, Tiers, Vente};
    use afpi_platform::pieces::{Amount, Deducted};

    const TEN: &str = "\
VE|Ventes|VE2026000118|20261128|41100000|Clients|C732829320|Client SAS|FA-2026-00003|20261128|Facture|1680,48|0,00|||20261130||
VE|Ventes|VE2026000118|20261128|70610000|Formations exonérées|||FA-2026-00003|20261128|Soudage TIG|0,00|1592,50|||20261130||
VE|Ventes|VE2026000118|20261128|70880000|Annexes 20 %|||FA-2026-00003|20261128|Soudage TIG|0,00|73,32|||20261130||
VE|Ventes|VE2026000118|20261128|44571200|TVA 20 %|||FA-2026-00003|20261128|TVA|0,00|14,66|||20261130||
VE|Ventes|VE2026000121|20261201|70610000|Formations exonérées|||AV-2026-00001|20261201|Avoir|318,50|0,00|||20261231||
VE|Ventes|VE2026000121|20261201|41100000|Clients|C732829320|Client SAS|AV-2026-00001|20261201|Avoir|0,00|318,50|||20261231||
BQ|Banque|BQ2026000077|20261210|51210000|Banque|||VIR-778|20261210|Virement|1000,00|0,00|||20261231||
BQ|Banque|BQ2026000077|20261210|41100000|Clients|C732829320|Client SAS|VIR-778|20261210|Règlement|0,00|1000,00|||20261231||
BQ|Banque|BQ2026000081|20261215|41100000|Clients|C732829320|Client SAS|REJ-12|20261215|Impayé|1000,00|0,00|||20261231||
BQ|Banque|BQ2026000081|20261215|51210000|Banque|||REJ-12|20261215|Impayé|0,00|1000,00|||20261231||
";

    fn cents(amount: i64) -> Money {
        Money::from_cents(amount)
    }

    fn client() -> Tiers {
        Tiers { key: "company:1".into(), name: "Client SAS".into(), siren: Some("732829320".into()) }
    }

    fn ten() -> Vec<Numbered> {
        let (comptes, tiers) = (Comptes::usual(), client());
        let amount = |rate, net, vat| Amount { rate, net: cents(net), vat: cents(vat) };
        let (sold, back) = ([amount(0, 159_250, 0), amount(2_000, 7_332, 1_466)], [amount(0, -31_850, 0)]);
        let sale = |number, day, total, amounts| Vente {
            number,
            day,
            title: "Soudage TIG",
            tiers: &tiers,
            total: cents(total),
            amounts,
            advance: false,
            deducted: None,
        };
        let money =
            |day, mode, reference, amount| Reglement { day, mode, reference, shares: vec![(&tiers, cents(amount))] };
        let entries = [
            (118, "2026-11-30", sale("FA-2026-00003", "2026-11-28", 168_048, &sold).book(&comptes)),
            (121, "2026-12-31", sale("AV-2026-00001", "2026-12-01", -31_850, &back).book(&comptes)),
            (77, "2026-12-31", money("2026-12-10", Some("virement"), "VIR-778", 100_000).book(&comptes)),
            (81, "2026-12-31", money("2026-12-15", Some("cheque"), "REJ-12", -100_000).book(&comptes)),
        ];
        let numbered = |(number, valid_on, entry): (i64, &str, Ecriture)| Numbered {
            year: 2026,
            number,
            entry,
            valid_on: valid_on.into(),
            repeated: false,
        };
        entries.map(numbered).into()
    }

    /// The ten lines of `documents.md` 3. Their third says « Repas »: a piece keeps no product of an amount, so the
    /// title of the opportunité stands there.
    #[test]
    fn the_ten_example_lines() {
        let entries = ten();
        assert!(entries.iter().all(|entry| entry.entry.balanced()));
        let bytes = write(&entries, Separator::Pipe);
        assert!(bytes.contains(&0xE9) && !bytes.starts_with(&[0xEF, 0xBB, 0xBF]), "ISO 8859-15, no mark");
        let (text, ..) = encoding_rs::ISO_8859_15.decode(&bytes);
        let (head, lines) = text.split_once("\r\n").unwrap();
        assert_eq!(head.split('|').collect::<Vec<_>>(), COLUMNS);
        assert_eq!(lines.replace("\r\n", "\n"), TEN);
    }

    /// Case 15 of the worked amounts: a deposit is no sale until the final invoice deducts it.
    #[test]
    fn a_deposit_waits_in_its_account_for_the_final_invoice() {
        let (comptes, tiers) = (Comptes::usual(), client());
        let book = |total, net, vat, advance, deducted| {
            let amounts = [Amount { rate: 2_000, net: cents(net), vat: cents(vat) }];
            let sale = Vente {
                number: "F",
                day: "2026-11-28",
                title: "Conseil",
                tiers: &tiers,
                total: cents(total),
                amounts: &amounts,
                advance,
                deducted,
            };
            let entry = sale.book(&comptes);
            assert!(entry.balanced(), "{entry:?}");
            let line = |line: &Ligne| (line.account.clone(), line.debit.cents() - line.credit.cents());
            entry.lines.iter().map(line).collect::<Vec<_>>()
        };
        let of = |account: &str, amount: i64| (account.to_owned(), amount);
        let deposit = book(68_400, 57_000, 11_400, true, None);
        assert_eq!(deposit, [of("41100000", 68_400), of("41910000", -57_000), of("44571200", -11_400)]);
        let deducted = Deducted { net: cents(57_000), vat: cents(11_400), total: cents(68_400) };
        let last = book(228_000, 190_000, 38_000, false, Some(deducted));
        let expected = [
            of("41100000", 159_600),
            of("70880000", -190_000),
            of("44571200", -38_000),
            of("41910000", 57_000),
            of("44571200", 11_400),
        ];
        assert_eq!(last, expected);
    }

    #[test]
    fn every_line_has_18_fields_whatever_stands_in_them() {
        let mut entries = ten();
        entries[0].entry.piece_ref = "A\tB|C\nD".into();
        entries[0].entry.lines[0].label = "L’œuvre – 5 € ł 漢".into();
        for separator in [Separator::Tab, Separator::Pipe] {
            let bytes = write(&entries, separator);
            let (text, ..) = encoding_rs::ISO_8859_15.decode(&bytes);
            for line in text.lines() {
                assert_eq!(line.split(separator.char()).count(), 18, "{line}");
            }
            assert!(text.contains("L'œuvre - 5 € ? ?") || text.contains("L'œuvre - 5 € l ?"), "{text}");
        }
    }

    #[test]
    fn a_repeated_entry_says_so_and_the_file_has_its_legal_name() {
        let entry = Numbered { repeated: true, ..ten().remove(0) };
        assert!(entry.rows().iter().all(|row| row[10].ends_with("(déjà exporté)")));
        assert_eq!(name(Some("73282932000074"), "2026-12-31", "txt"), "732829320FEC20261231.txt");
        assert_eq!(name(None, "2026-12-31", "txt"), "000000000FEC20261231.txt");
    }

    #[test]
    fn two_payers_never_share_an_account() {
        let named = |key: &str, name: &str| Tiers { key: key.into(), name: name.into(), siren: None };
        let account = |tiers: &Tiers| {
            let entry = Reglement { day: "2026-12-10", mode: None, reference: "V", shares: vec![(tiers, cents(1))] };
            entry.book(&Comptes::usual()).lines[1].auxiliary.clone().unwrap().0
        };
        assert_eq!(account(&named("opco:opco 2i", "OPCO 2i")), "COPCO2I");
        let one = account(&named("a", "Association régionale de formation de la Somme"));
        let two = account(&named("b", "Association régionale de formation du Nord"));
        assert!(one != two && one.len() <= 17 && one.starts_with("CASSOCIAT"), "{one} {two}");
    }
}
