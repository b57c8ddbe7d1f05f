//! Asks the API: one GET per search, and its refusals as errors of the contract.

use afpi_sdk::app::http;
use afpi_sdk::lookup::{Query, Wanted};
use afpi_sdk::{Error, Result};
use form_urlencoded::Serializer;

use crate::Settings;
use crate::answer::Found;

/// A person waits, and the host ends a call after 4 seconds.
const PATIENCE_MS: u32 = 3_000;
/// The largest answer. Ten companies have some 50 KB.
const LARGEST: usize = 1 << 20;
/// The wait when the API names none.
const USUAL_WAIT_MS: u32 = 1_000;
/// The longest wait that is passed on.
const LONGEST_WAIT_MS: u32 = 60_000;
/// Companies per search.
const COMPANIES: &str = "10";
/// Establishments per company: enough to find the one of a SIRET or of a postcode.
const ESTABLISHMENTS: &str = "10";

/// Sends the search and reads the answer.
///
/// # Errors
/// `rate-limited` and `unavailable` as the API says or does not answer, `invalid` when it does not take the search.
pub fn send(settings: &Settings, query: &Query) -> Result<Found> {
    let base = settings.base().ok_or_else(|| Error::other("the address of the API is no web address"))?;
    let Some(url) = search(base, query) else { return Ok(Found::default()) };
    let answer = http::get(url).header("Accept", "application/json").timeout_ms(PATIENCE_MS).send()?;
    match answer.status() {
        200 => {
            let body = answer.bytes(LARGEST)?;
            let read = afpi_sdk::serde_json::from_slice(&body);
            read.map_err(|error| {
                Error::Unavailable(format!("the directory answers no JSON of the known shape: {error}"))
            })
        }
        400 => Err(Error::invalid(
            "/wanted",
            "refused",
            "L’annuaire refuse cette recherche.",
            "The directory refuses this search.",
        )),
        429 => Err(Error::RateLimited(wait(answer.header("retry-after").as_deref()))),
        other => Err(Error::Unavailable(format!("the directory answers {other}"))),
    }
}

/// The address of a search. `None` for what this version does not know.
fn search(base: &str, query: &Query) -> Option<String> {
    let q = match &query.wanted {
        Wanted::Siret(text) | Wanted::Siren(text) | Wanted::Name(text) => text,
        Wanted::Other(_) => return None,
    };
    let address = format!("{base}/search?");
    let end = address.len();
    let mut parameters = Serializer::for_suffix(address, end);
    parameters.append_pair("q", q);
    if matches!(query.wanted, Wanted::Name(_)) && !query.postcode.is_empty() {
        parameters.append_pair("code_postal", &query.postcode);
    }
    parameters
        .append_pair("per_page", COMPANIES)
        .append_pair("limite_matching_etablissements", ESTABLISHMENTS)
        // Without directors: their names are nobody's business here.
        .append_pair("minimal", "true")
        .append_pair("include", "siege,matching_etablissements,complements");
    Some(parameters.finish())
}

/// `Retry-After` in seconds, as milliseconds.
fn wait(header: Option<&str>) -> u32 {
    let seconds = header.and_then(|text| text.trim().parse::<u32>().ok());
    seconds.map_or(USUAL_WAIT_MS, |seconds| seconds.saturating_mul(1_000).clamp(USUAL_WAIT_MS, LONGEST_WAIT_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use afpi_sdk::testing::{Answer, Header, on_http};

    fn query(wanted: Wanted, postcode: &str) -> Query {
        Query { wanted, postcode: postcode.into() }
    }

    fn address(wanted: Wanted, postcode: &str) -> String {
        search(Settings::default().base().unwrap(), &query(wanted, postcode)).unwrap()
    }

    #[test]
    fn a_search_asks_for_companies_without_their_directors() {
        let siret = address(Wanted::Siret("73282932000074".into()), "60000");
        assert!(siret.starts_with("https://recherche-entreprises.api.gouv.fr/search?q=73282932000074&per_page=10&"));
        assert!(siret.contains("minimal=true") && !siret.contains("dirigeants") && !siret.contains("code_postal"));
        let name = address(Wanted::Name("Forges & fils d’Étouy".into()), "60600");
        assert!(name.contains("q=Forges+%26+fils+d%E2%80%99%C3%89touy&code_postal=60600&"), "{name}");
        let relay = Settings { base_url: "http://127.0.0.1:9/api/".into() };
        let relayed = search(relay.base().unwrap(), &query(Wanted::Siren("732829320".into()), "")).unwrap();
        assert!(relayed.starts_with("http://127.0.0.1:9/api/search?q=732829320&"), "{relayed}");
        assert_eq!(search(relay.base().unwrap(), &query(Wanted::Other("x".into()), "")), None);
    }

    #[test]
    fn what_the_api_refuses_is_an_error_of_the_contract() {
        let asked = |answer: Answer| {
            on_http(move |request| {
                assert_eq!(request.timeout_ms, PATIENCE_MS);
                Ok(answer.clone())
            });
            send(&Settings::default(), &query(Wanted::Name("Forges".into()), ""))
        };
        let busy = |wait: &str| Answer {
            headers: vec![Header { name: "Retry-After".into(), value: wait.into() }],
            ..Answer::with_status(429, "")
        };
        assert_eq!(asked(busy("2")).unwrap_err(), Error::RateLimited(2_000));
        assert_eq!(asked(busy("9999999999")).unwrap_err(), Error::RateLimited(1_000));
        assert_eq!(asked(busy("86400")).unwrap_err(), Error::RateLimited(60_000));
        assert_eq!(asked(Answer::with_status(429, "")).unwrap_err(), Error::RateLimited(1_000));
        assert!(matches!(asked(Answer::with_status(400, r#"{"erreur":"…"}"#)).unwrap_err(), Error::Invalid(_)));
        assert!(matches!(asked(Answer::with_status(503, "")).unwrap_err(), Error::Unavailable(_)));
        assert!(matches!(asked(Answer::with_status(302, "")).unwrap_err(), Error::Unavailable(_)));
        assert!(matches!(asked(Answer::ok("<html>")).unwrap_err(), Error::Unavailable(_)));
        assert!(matches!(asked(Answer { cut: true, ..Answer::ok("{") }).unwrap_err(), Error::Unavailable(_)));
        assert!(matches!(asked(Answer::ok(vec![b' '; LARGEST + 1])).unwrap_err(), Error::Other(_)));
    }
}
