//! The routes of section 11.1 of the field sheet. Any other route answers a page with 404, like the real server.

mod companies;
mod people;
mod references;
mod writes;

use crate::control;
use crate::guard::{Call, above, guard};
use crate::options::{Options, Unknown};
use crate::spoil;
use crate::state::State;
use axum::Router;
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::collections::BTreeSet;
use std::sync::Arc;

pub fn router(state: Arc<State>, options: &Options) -> Router {
    let v1 = Router::new()
        .route("/sites", get(references::sites))
        .route("/periodes", get(references::periods))
        .route("/annees", get(references::years))
        .route("/statuts", get(references::statuses))
        .route("/formations", get(references::formations))
        .route("/formations/{code}", get(references::formation))
        .route("/pays", get(references::countries))
        .route("/nationalites", get(references::nationalities))
        .route("/types-evenement", get(references::event_kinds))
        .route("/entreprises", get(companies::all))
        .route("/entreprises/{code}", get(companies::one))
        .route("/entreprises/{code}/interlocuteurs", get(companies::contacts))
        .route("/formation-longue/groupes", get(people::long_groups))
        .route("/formation-longue/apprenants", get(people::long_apprentices))
        .route("/formation-courte/{from}/{to}/groupes", get(people::short_groups))
        .route("/formation-courte/{from}/{to}/apprenants", get(people::short_apprentices))
        .route("/groupes/{code}", get(people::group))
        .route("/groupes/{code}/apprenants", get(people::apprentices_of_group))
        .route("/apprenants/frequentes", get(people::attendances))
        .route("/apprenants/{code}", get(people::apprentice))
        .route("/rechercher/apprenants", get(people::search))
        .route("/personnels", get(people::staff))
        .route("/contrats", get(people::contracts))
        .route("/formation-longue/prospects-with-events", get(people::prospects))
        .route(
            "/formation-longue/prospects-with-events/{kind}/{step}/{from}/{to}/{closed}",
            get(people::prospects_between),
        )
        .route("/preinscription/candidat", post(writes::add_candidate).get(writes::candidates))
        .route("/preinscription/candidat/{code}", get(writes::candidate))
        .route("/document/apprenant/{code}/document", post(writes::add_document));
    let other_version = Router::new().route("/v1.1/personnels/{code}", get(people::staff_member));
    Router::new()
        .nest(&options.prefix, v1)
        .merge(if above(&options.prefix).is_empty() {
            other_version
        } else {
            Router::new().nest(&above(&options.prefix), other_version)
        })
        .route_layer(from_fn_with_state(state.clone(), guard))
        .route("/_control", get(control::show).post(control::change))
        .fallback(|| async { spoil::page(StatusCode::NOT_FOUND) })
        .with_state(state)
}

/// The answer for a code that does not exist.
fn unknown(call: &Call) -> Response {
    match call.options.profile.unknown {
        Unknown::NotFound => (StatusCode::NOT_FOUND, "Ressource inconnue").into_response(),
        Unknown::EmptyOk => ([(CONTENT_TYPE, "application/json; charset=utf-8")], "").into_response(),
    }
}

/// A code in a path; anything else is a route that does not exist.
fn code(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// A date in a path is `DD-MM-YYYY`; every other spelling is refused.
fn is_path_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, width: usize| if part.len() == width { part.parse::<u32>().ok() } else { None };
    let [day, month, year] = parts[..] else { return false };
    matches!((number(day, 2), number(month, 2), number(year, 4)), (Some(1..=31), Some(1..=12), Some(1900..=2200)))
}

/// The codes of a multi-valued filter: `codesSite=1,2`, with `%2C` for the comma, or PHP's repeated `codesSite[]=1`.
fn filter(query: Option<&str>, name: &str) -> Option<BTreeSet<u64>> {
    let mut codes = None;
    for pair in query?.split('&') {
        let pair = pair.replace("%2C", ",").replace("%2c", ",").replace("%5B%5D", "[]").replace("%5b%5d", "[]");
        let Some((key, value)) = pair.split_once('=') else { continue };
        if key == name || key.strip_suffix("[]") == Some(name) {
            codes
                .get_or_insert_with(BTreeSet::new)
                .extend(value.split(',').filter_map(|code| code.parse::<u64>().ok()));
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_come_in_three_spellings() {
        for query in ["codesSite=1,2", "x=9&codesSite=1%2C2", "codesSite[]=1&codesSite%5B%5D=2"] {
            assert_eq!(filter(Some(query), "codesSite"), Some([1, 2].into()), "{query}");
        }
        assert_eq!(filter(Some("codesPeriode=1"), "codesSite"), None);
        assert_eq!(filter(None, "codesSite"), None);
        assert_eq!(filter(Some("codesSite="), "codesSite"), Some(BTreeSet::new()));
    }

    #[test]
    fn path_dates_have_one_spelling() {
        assert!(is_path_date("31-12-2026"));
        for text in ["31/12/2026", "2026-12-31", "1-1-2026", "32-01-2026", "01-13-2026", "hier", ""] {
            assert!(!is_path_date(text), "{text}");
        }
    }
}
