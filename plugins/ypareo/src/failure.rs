//! Why an address of Ypareo could not be read. The message tells an administrator what to do.
//!
//! The causes need different actions: a refused token, an endpoint without permission, a filter that accepts only
//! browsers, a wrong base address, or an unavailable server.

use crate::outside::{Answer, Outside, Trouble};
use crate::split::Broken;
use afpi_sdk::{Error, FieldProblem, Text};

/// A cause, and the address where it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The displayed form, e.g. `GET /entreprises`.
    pub endpoint: String,
    pub cause: Cause,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// 401 or 403 from the web service: the token is wrong, or lacks the permission for the endpoint.
    Refused(u16),
    /// 401 or 403 as an HTML page, from a system in front of the web service.
    Filtered(u16),
    /// 404 or 405: there is no such route or no such record. With `page` the answer is HTML, so it does not come from
    /// the web service.
    NotFound {
        page: bool,
    },
    Redirected(u16),
    /// 429 or 5xx, with the wait that the server asked for, if any.
    Busy {
        status: u16,
        wait_ms: Option<u32>,
    },
    Unexpected(u16),
    Away(String),
    Wait(u32),
    NotGranted(Text),
    /// The status is 200, but the body is not a complete list of records.
    Broken(Broken),
    /// The list has records, but none of them is readable.
    NothingReadable,
}

impl Failure {
    pub fn new(endpoint: &str, cause: Cause) -> Self {
        Failure { endpoint: endpoint.to_owned(), cause }
    }

    pub fn of_trouble(endpoint: &str, trouble: Trouble) -> Self {
        let cause = match trouble {
            Trouble::Denied(text) => Cause::NotGranted(text),
            Trouble::Away(why) => Cause::Away(why),
            Trouble::Wait(ms) => Cause::Wait(ms),
        };
        Failure::new(endpoint, cause)
    }

    /// Whether the same request may succeed a little later.
    pub fn passing(&self) -> bool {
        matches!(self.cause, Cause::Busy { .. } | Cause::Away(_) | Cause::Wait(_))
    }

    /// Whether the token may not use this endpoint.
    pub fn refused(&self) -> bool {
        matches!(self.cause, Cause::Refused(_) | Cause::Filtered(_))
    }

    /// The wait that the server or the host asked for, in milliseconds.
    pub fn asked_wait(&self) -> Option<u32> {
        match self.cause {
            Cause::Busy { wait_ms, .. } => wait_ms,
            Cause::Wait(ms) => Some(ms),
            _ => None,
        }
    }

    /// The message for people.
    pub fn text(&self) -> Text {
        let (fr, en) = match &self.cause {
            Cause::Refused(status) => (
                format!("accès refusé ({status}) : le jeton est faux, ou cette ressource n'est pas cochée pour lui dans Ypareo"),
                format!("access refused ({status}): the token is wrong, or this resource is not ticked for it in Ypareo"),
            ),
            Cause::Filtered(status) => (
                format!("refusé ({status}) par un filtre placé devant Ypareo, qui répond une page web : faire autoriser l'adresse du serveur CRM"),
                format!("refused ({status}) by a filter in front of Ypareo that answers a web page: have the CRM server's address allowed"),
            ),
            Cause::NotFound { page: true } => (
                "introuvable (404, page web) : l'adresse du service web est sans doute fausse ; elle finit d'ordinaire par /index.php".into(),
                "not found (404, a web page): the address of the web service is probably wrong; it usually ends in /index.php".into(),
            ),
            Cause::NotFound { page: false } => (
                "introuvable (404) : cette version d'Ypareo ne connaît pas cette ressource, ou la fiche n'existe plus".into(),
                "not found (404): this version of Ypareo does not know this resource, or the record is gone".into(),
            ),
            Cause::Redirected(status) => (
                format!("réponse {status} vers une autre adresse, non suivie : entrer l'adresse définitive"),
                format!("answer {status} to another address, not followed: enter the final address"),
            ),
            Cause::Busy { status, .. } => {
                (format!("Ypareo est indisponible ({status})"), format!("Ypareo is unavailable ({status})"))
            }
            Cause::Unexpected(status) => (format!("réponse inattendue ({status})"), format!("unexpected answer ({status})")),
            Cause::Away(why) => (format!("pas de réponse complète : {why}"), format!("no complete answer: {why}")),
            Cause::Wait(ms) => (format!("trop d'appels, attendre {ms} ms"), format!("too many calls, wait {ms} ms")),
            Cause::NotGranted(text) => (text.fr.clone(), text.en.clone()),
            Cause::Broken(broken) => broken_text(*broken),
            Cause::NothingReadable => (
                "aucune fiche n'a pu être lue : vérifier la correspondance des champs".into(),
                "no record could be read: check the field map".into(),
            ),
        };
        Text::new(format!("{} : {fr}.", self.endpoint), format!("{}: {en}.", self.endpoint))
    }

    /// Converts the failure to an error of the contract.
    pub fn into_error(self) -> Error {
        let text = self.text();
        match self.cause {
            Cause::Refused(_) | Cause::Filtered(_) | Cause::NotGranted(_) => Error::Denied(text),
            Cause::NotFound { .. } | Cause::Redirected(_) => {
                Error::Invalid(vec![FieldProblem::new("/baseUrl", "not-found", text)])
            }
            Cause::NothingReadable => {
                Error::Invalid(vec![FieldProblem::new("/entrepriseFields", "nothing-readable", text)])
            }
            Cause::Wait(ms) => Error::RateLimited(ms),
            // This error of the contract has only one text.
            Cause::Busy { .. } | Cause::Unexpected(_) | Cause::Away(_) | Cause::Broken(_) => {
                Error::Unavailable(format!("{} / {}", text.fr, text.en))
            }
        }
    }
}

fn broken_text(broken: Broken) -> (String, String) {
    let (fr, en) = match broken {
        Broken::Empty => {
            ("la réponse est vide, ce qui n'est pas une liste vide", "the answer is empty, which is not an empty list")
        }
        Broken::Html => ("la réponse est une page web au lieu de données", "the answer is a web page instead of data"),
        Broken::NotAList => ("la réponse n'est pas une liste de fiches", "the answer is not a list of records"),
        Broken::Truncated => {
            ("la réponse est coupée avant la fin de la liste", "the answer is cut before the end of the list")
        }
        Broken::Malformed => ("la réponse n'est pas du JSON correct", "the answer is not correct JSON"),
        Broken::NotUtf8 => ("la réponse n'est pas en UTF-8", "the answer is not UTF-8"),
        Broken::TooLong => ("une fiche de la réponse dépasse 1 Mio", "a record of the answer exceeds 1 MiB"),
        Broken::TooDeep => {
            ("une fiche de la réponse est imbriquée trop profondément", "a record of the answer is nested too deeply")
        }
    };
    (fr.into(), en.into())
}

/// Requests `url` and separates a usable answer (200) from everything else.
pub fn fetch<O: Outside>(outside: &mut O, endpoint: &str, url: &str, timeout_ms: u32) -> Result<O::Answer, Failure> {
    let mut answer = outside.get(url, timeout_ms).map_err(|trouble| Failure::of_trouble(endpoint, trouble))?;
    let cause = match answer.status() {
        200 => return Ok(answer),
        status @ (401 | 403) if is_page(&mut answer) => Cause::Filtered(status),
        status @ (401 | 403) => Cause::Refused(status),
        404 | 405 => Cause::NotFound { page: is_page(&mut answer) },
        status @ 300..=399 => Cause::Redirected(status),
        status @ (408 | 429 | 500..=599) => Cause::Busy { status, wait_ms: retry_after(&answer) },
        status => Cause::Unexpected(status),
    };
    Err(Failure::new(endpoint, cause))
}

/// Whether the answer is an HTML page, by its type or by its first visible byte.
fn is_page(answer: &mut impl Answer) -> bool {
    if answer.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("html")) {
        return true;
    }
    let start = answer.read().ok().flatten().unwrap_or_default();
    start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

/// `Retry-After` in milliseconds, at most a minute. The next run deals with longer maintenance.
fn retry_after(answer: &impl Answer) -> Option<u32> {
    let seconds: u32 = answer.header("retry-after")?.trim().parse().ok()?;
    Some(seconds.min(60) * 1000)
}

/// A limited number of attempts with growing waits, for temporary failures.
#[derive(Debug)]
pub struct Retry {
    waits_ms: &'static [u32],
}

impl Default for Retry {
    /// The first retry is immediate, because the connection may have been closed. The others follow after 1, 4 and 10
    /// seconds.
    fn default() -> Self {
        Retry { waits_ms: &[0, 1000, 4000, 10_000] }
    }
}

impl Retry {
    /// The policy for one small request among thousands.
    pub fn brief() -> Self {
        Retry { waits_ms: &[0, 1000] }
    }

    /// The milliseconds until the next attempt after `failure`. `None` if a retry is pointless or there were enough.
    pub fn after(&mut self, failure: &Failure) -> Option<u32> {
        let (&wait, rest) = self.waits_ms.split_first().filter(|_| failure.passing())?;
        self.waits_ms = rest;
        Some(wait.max(failure.asked_wait().unwrap_or(0)))
    }
}
