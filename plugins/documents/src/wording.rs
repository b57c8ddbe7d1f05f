//! Dated wording: what law or habit makes a document say, from one day to another, with its source. A document takes
//! what is in force on its own date, so it can be made again years later.

use std::sync::LazyLock;

use afpi_sdk::calendar::Date;
use serde::Deserialize;

use crate::Lang;

static FILES: [(&str, &str); 4] = [
    ("mentions", include_str!("../wording/mentions.toml")),
    ("convention", include_str!("../wording/convention.toml")),
    ("contrat", include_str!("../wording/contrat.toml")),
    ("certificat", include_str!("../wording/certificat.toml")),
];
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = |(file, text): &(&str, &str)| {
        let File { row } = toml::from_str(text).unwrap_or_else(|error| panic!("wording/{file}.toml: {error}"));
        row
    };
    FILES.iter().flat_map(rows).collect()
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    row: Vec<Row>,
}

/// One wording.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Row {
    /// What it is for. Rows of one key follow each other in time.
    pub key: String,
    /// First day. Absent: since before there were such documents here.
    pub valid_from: Option<Date>,
    /// Last day. Absent: still in force.
    pub valid_to: Option<Date>,
    /// Law, decree or model it comes from.
    pub source: String,
    /// The heading of an article.
    pub title: Option<String>,
    pub fr: String,
    /// Empty where the document exists in French only.
    #[serde(default)]
    pub en: String,
    /// The names of values without which the row is left out.
    #[serde(default)]
    pub needs: Vec<String>,
    /// An amount in cents, or a rate in hundredths of a percent.
    pub value: Option<i64>,
}

impl Row {
    pub fn text(&self, lang: Lang) -> &str {
        if lang == Lang::En && !self.en.is_empty() { &self.en } else { &self.fr }
    }

    fn in_force(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// The row of `key` in force on `day`. None: nobody knows the wording of that day yet, and nothing is guessed.
pub fn on(day: Date, key: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.key == key && row.in_force(day))
}

/// The text of `key` in force on `day`; empty if there is none.
pub fn text(day: Date, key: &str, lang: Lang) -> &'static str {
    on(day, key).map_or("", |row| row.text(lang))
}

/// The articles whose keys begin with `prefix`, in force on `day`, in the order of the file.
pub fn articles(day: Date, prefix: &str) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| row.key.starts_with(prefix) && row.in_force(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> Date {
        iso.parse().unwrap()
    }

    #[test]
    fn one_row_at_a_time_and_each_with_a_source() {
        for row in ROWS.iter() {
            assert!(!row.source.trim().is_empty() && !row.fr.trim().is_empty(), "{}", row.key);
            assert!(row.valid_from.zip(row.valid_to).is_none_or(|(from, to)| from <= to), "{}", row.key);
            let borders = [row.valid_from, row.valid_to, Some(day("2026-11-28"))];
            for border in borders.into_iter().flatten() {
                let count = ROWS.iter().filter(|other| other.key == row.key && other.in_force(border)).count();
                assert!(count <= 1, "{} on {border}", row.key);
            }
        }
    }

    #[test]
    fn the_vat_mention_ends_with_the_references_to_the_cgi() {
        assert!(text(day("2026-12-31"), "tva-exoneration", Lang::Fr).contains("261-4-4° a du CGI"));
        assert!(on(day("2028-06-30"), "tva-exoneration").is_some());
        assert!(on(day("2028-07-01"), "tva-exoneration").is_none());
    }

    #[test]
    fn the_remote_share_is_stated_since_july_2025() {
        assert!(on(day("2025-06-30"), "part-distance").is_none());
        assert!(on(day("2025-07-01"), "part-distance").is_some());
    }

    #[test]
    fn late_payment_rules_at_their_borders() {
        let article = |iso: &str| text(day(iso), "penalites", Lang::Fr);
        assert!(article("2019-04-25").contains("L441-6"));
        assert!(article("2019-04-26").contains("L441-10"));
        assert!(on(day("2012-12-31"), "indemnite").is_none());
        assert_eq!(on(day("2013-01-01"), "indemnite").unwrap().value, Some(4000));
    }
}
