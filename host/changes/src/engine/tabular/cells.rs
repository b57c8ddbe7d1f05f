//! Reads the cells of a file as people write them: amounts, hours, days, yes and no, words of a list.

use serde::Serialize;
use serde_json::{Value, json};
use strum::EnumDiscriminants;
use utoipa::ToSchema;

use afpi_core::text::{Text, fold, text};
use afpi_crm::description::{Label, Shape};
use afpi_crm::stagiaires::written_day;

/// What a cell of a column holds.
#[derive(Clone, Copy, EnumDiscriminants)]
#[strum_discriminants(
    name(Shown),
    doc = "How a value of a field is shown.",
    derive(Serialize, ToSchema),
    serde(rename_all = "lowercase"),
    schema(as = ImportFieldShape)
)]
pub enum Reads {
    Text,
    /// One of these values, or its label in either language.
    Word(&'static [(&'static str, Label)]),
    /// Several texts, with commas, semicolons or bars in between.
    Words,
    /// A whole number.
    Count,
    /// Hours (`7`, `7,5`, `7h30`, `07:30`), as minutes.
    Hours,
    /// Euros, as cents.
    Euros,
    /// A percentage, as hundredths of a percent. A spreadsheet keeps `20 %` as `0,2`: less than one percent is such a
    /// part.
    Percent,
    Day,
    /// Certificates, each with or without the last day of its validity: `CACES R489 (31/12/2027), SST`.
    Dated,
}

impl Reads {
    /// How a column of this shape is read.
    pub const fn of(shape: Shape) -> Reads {
        match shape {
            Shape::Word(words) => Reads::Word(words),
            Shape::Words => Reads::Words,
            Shape::Count => Reads::Count,
            Shape::Minutes => Reads::Hours,
            Shape::Cents => Reads::Euros,
            Shape::Day => Reads::Day,
            _ => Reads::Text,
        }
    }

    /// The cell as the API has it, or why it cannot be read.
    pub fn cell(self, written: &str) -> Result<Value, Text> {
        let written = written.trim();
        match self {
            Reads::Text => Ok(written.into()),
            Reads::Word(words) => word(words, written).map(Into::into),
            Reads::Words => Ok(parts(written).collect::<Vec<_>>().into()),
            Reads::Dated => parts(written).map(dated).collect::<Result<Vec<Value>, Text>>().map(Into::into),
            Reads::Count => {
                whole(written).map(Into::into).ok_or_else(|| expected("un nombre entier", "a whole number"))
            }
            Reads::Hours => minutes(written)
                .map(Into::into)
                .ok_or_else(|| expected("des heures, comme 7,5 ou 7h30", "hours, such as 7.5 or 7h30")),
            Reads::Euros => hundredths(written)
                .map(Into::into)
                .ok_or_else(|| expected("un montant, comme 1 250,00", "an amount, such as 1250.00")),
            Reads::Percent => {
                percent(written).map(Into::into).ok_or_else(|| expected("un taux, comme 20 %", "a rate, such as 20 %"))
            }
            Reads::Day => written_day(written)
                .map(|day| day.to_string().into())
                .ok_or_else(|| expected("une date, comme 31/12/2026", "a date, such as 31/12/2026")),
        }
    }
}

fn parts(written: &str) -> impl Iterator<Item = &str> {
    written.split([',', ';', '|', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

fn dated(part: &str) -> Result<Value, Text> {
    match part.strip_suffix(')').and_then(|part| part.rsplit_once('(')) {
        Some((name, day)) => {
            let day = Reads::Day.cell(day.trim_start_matches("jusqu'au").trim_start_matches("until"))?;
            Ok(json!({"name": name.trim(), "expiresOn": day}))
        }
        None => Ok(json!({"name": part})),
    }
}

fn expected(fr: &str, en: &str) -> Text {
    text(format!("attendu : {fr}"), format!("expected: {en}"))
}

fn word(words: &[(&'static str, Label)], written: &str) -> Result<&'static str, Text> {
    let bare = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let wanted = bare(written);
    let found = words.iter().find(|(value, (fr, en))| [*value, *fr, *en].iter().any(|known| bare(known) == wanted));
    found.map(|(value, _)| *value).ok_or_else(|| {
        let all =
            |of: fn(&Label) -> &'static str| words.iter().map(|(_, label)| of(label)).collect::<Vec<_>>().join(", ");
        expected(&all(|label| label.0), &all(|label| label.1))
    })
}

/// Without spaces, whatever kind of them.
fn bare(written: &str) -> String {
    written.chars().filter(|c| !c.is_whitespace()).collect()
}

fn whole(written: &str) -> Option<i64> {
    let bare = bare(written);
    // Spreadsheets write whole numbers with decimals that are zero.
    let digits = bare
        .split_once([',', '.'])
        .map_or(bare.as_str(), |(whole, rest)| if rest.bytes().all(|digit| digit == b'0') { whole } else { "" });
    digits.parse().ok()
}

/// Hundredths of a number with at most two decimals. A separator with three digits behind it is refused: it may stand
/// for thousands as well as for a decimal.
fn hundredths(written: &str) -> Option<i64> {
    let bare = bare(written);
    let bare = bare.trim_end_matches('€').trim_start_matches('€');
    let (whole, decimals) = bare.rsplit_once([',', '.']).unwrap_or((bare, ""));
    if decimals.len() > 2 || whole.contains([',', '.']) || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (sign, digits) = whole.strip_prefix('-').map_or((1, whole), |digits| (-1, digits));
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part = format!("{decimals:0<2}").parse::<i64>().ok()?;
    Some(sign * (digits.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)?))
}

fn minutes(written: &str) -> Option<i64> {
    let lower = bare(written).to_lowercase();
    if let Some((hours, rest)) = lower.split_once(['h', ':']) {
        let rest = if rest.is_empty() { 0 } else { rest.parse::<i64>().ok().filter(|rest| (0..60).contains(rest))? };
        return hours.parse::<i64>().ok()?.checked_mul(60)?.checked_add(rest);
    }
    // A hundredth of an hour is 36 seconds: rounded to the minute.
    hundredths(&lower)?.checked_mul(60).map(|hundredths| (hundredths + 50) / 100)
}

fn percent(written: &str) -> Option<i64> {
    let bare = bare(written);
    let (number, marked) = bare.strip_suffix('%').map_or((bare.as_str(), false), |number| (number, true));
    let rate = number.replace(',', ".").parse::<f64>().ok().filter(|rate| (0.0..=100.0).contains(rate))?;
    let rate = if rate < 1.0 && !marked { rate * 100.0 } else { rate };
    Some((rate * 100.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(reads: Reads, cells: &[(&str, Value)]) {
        for (written, wanted) in cells {
            assert_eq!(reads.cell(written).unwrap_or_default(), *wanted, "{written}");
        }
    }

    #[test]
    fn cells_are_read_as_people_and_spreadsheets_write_them() {
        all(
            Reads::Euros,
            &[
                ("1 250,00 €", json!(125_000)),
                ("1250.5", json!(125_050)),
                ("1\u{202f}250", json!(125_000)),
                ("-3", json!(-300)),
                ("1.250", Value::Null),
                ("1,250.00", Value::Null),
                ("cher", Value::Null),
            ],
        );
        all(
            Reads::Hours,
            &[
                ("35", json!(2100)),
                ("7,5", json!(450)),
                ("7h30", json!(450)),
                ("07:30", json!(450)),
                ("7 h", json!(420)),
                ("0,33", json!(20)),
                ("7h75", Value::Null),
            ],
        );
        all(
            Reads::Percent,
            &[("20", json!(2000)), ("5,5 %", json!(550)), ("0,2", json!(2000)), ("0", json!(0)), ("x", Value::Null)],
        );
        all(Reads::Count, &[("1 200", json!(1200)), ("12,0", json!(12)), ("12,5", Value::Null)]);
        all(Reads::Day, &[("31/12/2026", json!("2026-12-31")), ("31/02/2026", Value::Null)]);
        let certificates = json!([{"name": "CACES R489", "expiresOn": "2027-12-31"}, {"name": "SST"}]);
        all(Reads::Dated, &[("CACES R489 (31/12/2027), SST", certificates), ("SST (bientôt)", Value::Null)]);
        all(Reads::Words, &[("TIG, MIG ;", json!(["TIG", "MIG"]))]);
        let words: &[(&str, Label)] = &[("day", ("par jour", "per day")), ("hour", ("par heure", "per hour"))];
        all(Reads::Word(words), &[("Par jour", json!("day")), ("HOUR", json!("hour")), ("mois", Value::Null)]);
    }
}
