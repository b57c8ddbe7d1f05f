//! Which OPCO a collective agreement belongs to: dated data in `opco.toml`. The agreement decides by law (article L6332-1-1
//! of the labour code: branches name their OPCO), the NAF code does not, so that nothing is guessed from it.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use afpi_core::clock::Day;
use afpi_core::text::Text;
use serde::Deserialize;

use super::found::OpcoGuess;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    table: Vec<Table>,
}

/// What one source says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    source: Text,
    dated: Day,
    /// Agreements by the OPCO's name.
    opco: BTreeMap<String, Vec<u16>>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| toml::from_str(include_str!("opco.toml")).expect("a test reads the data of the program"));

/// Agreements with the table and the name. A later table has the last word.
static OPCOS: LazyLock<HashMap<String, (&Table, &str)>> = LazyLock::new(|| {
    let mut tables: Vec<&Table> = DATA.table.iter().collect();
    tables.sort_by_key(|table| table.dated);
    let named = |table: &'static Table| table.opco.iter().map(move |(name, codes)| (table, name, codes));
    let all = tables.into_iter().flat_map(named);
    all.flat_map(|(table, name, codes)| codes.iter().map(move |code| (format!("{code:04}"), (table, &**name))))
        .collect()
});

/// The OPCO of these agreements. `None` if they are unknown, or belong to several.
pub fn guess(agreements: &[String]) -> Option<OpcoGuess> {
    let mut known = agreements.iter().filter_map(|idcc| OPCOS.get(idcc).map(|(table, name)| (idcc, *table, *name)));
    let (idcc, table, name) = known.next()?;
    if known.any(|(_, _, other)| other != name) {
        return None;
    }
    Some(OpcoGuess {
        name: name.to_owned(),
        idcc: idcc.clone(),
        source: table.source.clone(),
        dated: table.dated.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_are_eleven_and_a_source_names_an_agreement_once() {
        let names: HashSet<&str> = OPCOS.values().map(|(_, name)| *name).collect();
        assert_eq!(names.len(), 11, "{names:?}");
        for table in &DATA.table {
            let codes: Vec<u16> = table.opco.values().flatten().copied().collect();
            let once: HashSet<u16> = codes.iter().copied().collect();
            assert_eq!(codes.len(), once.len(), "{}", table.source.fr);
            assert!(codes.iter().all(|code| (1..=9999).contains(code)));
        }
    }

    #[test]
    fn agreements_of_one_opco_name_it_and_others_name_none() {
        let of = |codes: &[&str]| guess(&codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>());
        let named = |codes: &[&str]| of(codes).map(|guess| guess.name);
        assert_eq!(named(&["3248"]).as_deref(), Some("OPCO 2i"));
        assert_eq!(named(&["0016"]).as_deref(), Some("OPCO Mobilités"));
        assert_eq!(named(&["1596", "1597"]).as_deref(), Some("Constructys"));
        assert_eq!(named(&["1486"]).as_deref(), Some("Atlas"));
        assert_eq!(named(&["9998", "1979"]).as_deref(), Some("Akto"), "an unknown one beside it says nothing");
        assert_eq!(named(&["1486", "3248"]), None);
        assert_eq!(named(&[]), None);
        assert_eq!(of(&["1486"]).unwrap().dated, "2019-07-19");
    }
}
