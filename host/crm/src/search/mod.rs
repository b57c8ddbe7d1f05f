//! What records are found by. `GET /api/search` and the `q` of lists ask the index of this process (`afpi-search`),
//! which [`keep`] holds to the tables; whatever it names is read again through the caller's scope. Where the index
//! cannot answer, columns with the normal form of the texts are searched by SQL.

mod documents;
mod find;
mod keep;
mod sought;

use afpi_db::Sql;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use afpi_search::{index, normal, phone};
pub use find::Kind;
pub use keep::{keep, nearly, ready, seek};
pub use sought::Sought;

use afpi_platform::state::App;
use afpi_search::terms;

/// `/api/search`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find::search))
}

/// Appends the condition that the record is one of those that the index has found, or else that every word of `q`
/// occurs in one of these columns.
pub fn narrow(
    query: &mut Sql,
    id: &'static str,
    columns: &[&'static str],
    q: Option<&str>,
    found: Option<&[uuid::Uuid]>,
) {
    match found {
        Some(ids) => drop(query.push(" AND ").push(id).push(" IN ").list(ids.iter().copied())),
        None => matching(query, columns, q),
    }
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
}
