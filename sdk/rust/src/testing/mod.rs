//! Replaces the host on a developer's machine, so that a plugin's own tests can run its code without a sandbox. Each
//! test thread has its own host, empty at first: the test sets settings, clock, notes, secrets and web answers.
//!
//! ```
//! use afpi_sdk::{notifier::*, testing};
//!
//! testing::on_http(|request| {
//!     assert_eq!(request.url, "https://api.example.fr/ping");
//!     Ok(testing::Answer::ok("pong"))
//! });
//! let answer = http::get("https://api.example.fr/ping").send().unwrap();
//! assert_eq!(answer.bytes(100).unwrap(), b"pong");
//! ```

pub(crate) mod query;
pub(crate) mod side;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::bindings::base::afpi::host::context::CallContext;
pub use crate::bindings::base::afpi::host::events::Event as Announcement;
pub use crate::bindings::base::afpi::host::http_client::{Header, Method, Request, SecretHeader};
pub use crate::bindings::base::afpi::host::jobs::Job;
pub use crate::bindings::base::afpi::host::log::Level;
pub use crate::bindings::base::afpi::types::records::Entry;
use crate::types::{Actor, Entreprise, Error, Instant, Opportunite, Result};

type Web = Box<dyn FnMut(&Request) -> Result<Answer>>;

#[derive(Default)]
struct Host {
    config: String,
    context: Option<CallContext>,
    now: Instant,
    log: Vec<(Level, String)>,
    notes: BTreeMap<String, Vec<u8>>,
    secrets: BTreeSet<String>,
    figures: BTreeMap<String, i64>,
    web: Option<Web>,
    opportunites: Vec<Opportunite>,
    entreprises: Vec<Entreprise>,
    entries: Vec<Entry>,
    /// How many entries were made.
    numbered: u64,
    jobs: Vec<Job>,
    events: Vec<Announcement>,
}

thread_local! {
    static HOST: RefCell<Host> = RefCell::default();
}

fn with<T>(act: impl FnOnce(&mut Host) -> T) -> T {
    HOST.with_borrow_mut(act)
}

/// An answer of the test's web.
///
/// ```
/// use afpi_sdk::testing::Answer;
///
/// let missing = Answer::with_status(404, "no such room");
/// // Whoever reads it gets a piece, and then `unavailable`.
/// let broken = Answer { cut: true, ..Answer::ok("half of ") };
/// # assert!(missing.status == 404 && broken.status == 200);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers in order.
    pub headers: Vec<Header>,
    /// The body in the pieces it arrives in.
    pub chunks: VecDeque<Vec<u8>>,
    /// The connection breaks after the last piece.
    pub cut: bool,
}

impl Answer {
    /// 200 with this body in one piece.
    pub fn ok(body: impl Into<Vec<u8>>) -> Answer {
        Answer::with_status(200, body)
    }

    /// Any status with this body in one piece.
    pub fn with_status(status: u16, body: impl Into<Vec<u8>>) -> Answer {
        Answer { status, chunks: VecDeque::from([body.into()]), ..Answer::default() }
    }
}

/// Sets the settings of the following calls, as JSON, for code that reads them through the exports. A plugin's own
/// functions take their settings as an argument.
///
/// ```
/// afpi_sdk::testing::set_config(r#"{"room":"sales"}"#);
/// ```
pub fn set_config(json: impl Into<String>) {
    with(|host| host.config = json.into());
}

/// Sets the call's context. Default: an empty site, in French.
///
/// ```
/// use afpi_sdk::{notifier::context, testing};
/// testing::set_context(context::CallContext { locale: "en".into(), ..context::current() });
/// assert_eq!(context::current().locale, "en");
/// ```
pub fn set_context(context: CallContext) {
    with(|host| host.context = Some(context));
}

/// Sets the clock, in epoch milliseconds. It stands still. Default: 0.
///
/// ```
/// use afpi_sdk::{notifier::clock, testing};
/// testing::set_now(1_767_600_000_000);
/// assert_eq!(clock::now(), 1_767_600_000_000);
/// ```
pub fn set_now(now: Instant) {
    with(|host| host.now = now);
}

/// Enters a secret of this name, like an administrator.
///
/// ```
/// use afpi_sdk::{notifier::secrets, testing};
/// testing::set_secret("token");
/// assert!(secrets::has("token"));
/// ```
pub fn set_secret(name: &str) {
    with(|host| host.secrets.insert(name.into()));
}

/// From now on `web` answers every request of this thread. Before, every request is `denied`. See the example
/// [above](self).
pub fn on_http(web: impl FnMut(&Request) -> Result<Answer> + 'static) {
    with(|host| host.web = Some(Box::new(web)));
}

/// Sets the opportunités of the site, replacing earlier ones.
///
/// ```
/// use afpi_sdk::{hook::records, testing};
/// testing::set_opportunites(vec![testing::opportunite()]);
/// testing::set_entreprises(vec![testing::entreprise()]);
/// assert_eq!(records::opportunites().page().unwrap().items.len(), 1);
/// ```
pub fn set_opportunites(opportunites: Vec<Opportunite>) {
    with(|host| host.opportunites = opportunites);
}

/// Sets the entreprises of the site, replacing earlier ones; see [`set_opportunites`].
pub fn set_entreprises(entreprises: Vec<Entreprise>) {
    with(|host| host.entreprises = entreprises);
}

/// What `query` finds, in the order of creation, in place of what was there before.
///
/// ```
/// use afpi_sdk::{app::query, testing};
/// testing::set_entries(vec![testing::entry("salle", r#"{"name":"A1"}"#)]);
/// assert_eq!(query::of("salle").count(), Ok(1));
/// ```
pub fn set_entries(entries: Vec<Entry>) {
    with(|host| host.entries = entries);
}

/// An entry of this kind with this data to begin a test with, with an id of its own.
///
/// ```
/// use afpi_sdk::testing;
/// assert_ne!(testing::entry("salle", "{}").id, testing::entry("salle", "{}").id);
/// ```
pub fn entry(kind: &str, data: &str) -> Entry {
    let number = with(|host| {
        host.numbered += 1;
        host.numbered
    });
    Entry {
        kind: kind.into(),
        id: format!("0195a000-0000-7000-8001-{number:012x}"),
        site: "0195a000-0000-7000-8000-000000000004".into(),
        version: 1,
        label: format!("{kind} {number}"),
        updated_at: 1_767_600_000_000,
        data: data.into(),
    }
}

/// Removes and returns the jobs enqueued so far.
///
/// ```
/// use afpi_sdk::{hook::jobs, testing};
/// jobs::job("remind").after_ms(60_000).enqueue().unwrap();
/// assert_eq!(testing::take_jobs()[0].run_after_ms, 60_000);
/// ```
pub fn take_jobs() -> Vec<Job> {
    with(|host| std::mem::take(&mut host.jobs))
}

/// Removes and returns the events announced so far.
///
/// ```
/// use afpi_sdk::{hook::events, testing};
/// events::emit("late", None, &3).unwrap();
/// assert_eq!(testing::take_events()[0].name, "late");
/// ```
pub fn take_events() -> Vec<Announcement> {
    with(|host| std::mem::take(&mut host.events))
}

/// Removes and returns the lines logged so far.
///
/// ```
/// use afpi_sdk::{hook::log, testing};
/// log::warn("odd");
/// assert_eq!(testing::take_log(), [(testing::Level::Warn, "odd".to_owned())]);
/// ```
pub fn take_log() -> Vec<(Level, String)> {
    with(|host| std::mem::take(&mut host.log))
}

/// The value of a metric; `None` when it was never set.
///
/// ```
/// use afpi_sdk::{hook::metrics, testing};
/// metrics::add("seen", 2);
/// assert_eq!((testing::figure("seen"), testing::figure("other")), (Some(2), None));
/// ```
pub fn figure(name: &str) -> Option<i64> {
    with(|host| host.figures.get(name).copied())
}

/// An opportunité for tests; change the fields that matter.
///
/// ```
/// use afpi_sdk::{Opportunite, testing};
/// let cheap = Opportunite { budget: 5_000, ..testing::opportunite() };
/// assert_eq!(cheap.section, "collecte");
/// ```
pub fn opportunite() -> Opportunite {
    Opportunite {
        id: "0195a000-0000-7000-8000-000000000001".into(),
        numero: "OPP-2026-00001".into(),
        title: "Habilitation électrique B1V".into(),
        kind: "intra-entreprise".into(),
        section: "collecte".into(),
        status: "en_cours_collecte".into(),
        amount: 480_000,
        budget: 500_000,
        entreprise: "0195a000-0000-7000-8000-000000000002".into(),
        entreprise_name: "Fonderies d’essai".into(),
        commercial: "0195a000-0000-7000-8000-000000000003".into(),
        localisation: "0195a000-0000-7000-8000-000000000004".into(),
        created_at: 1_767_600_000_000,
        section_since: 1_767_600_000_000,
        data: "{}".into(),
        state: "{}".into(),
    }
}

/// An entreprise for tests; the customer of [`opportunite`].
///
/// ```
/// use afpi_sdk::testing;
/// assert_eq!(testing::entreprise().id, testing::opportunite().entreprise);
/// ```
pub fn entreprise() -> Entreprise {
    Entreprise {
        id: "0195a000-0000-7000-8000-000000000002".into(),
        name: "Fonderies d’essai".into(),
        siret: "73282932000074".into(),
        postcode: "80000".into(),
        city: "Amiens".into(),
        localisation: "0195a000-0000-7000-8000-000000000004".into(),
        active: true,
        created_at: 1_767_600_000_000,
        updated_at: 1_767_600_000_000,
        data: "{}".into(),
    }
}

/// A person with this role of the domain, who is not the record's own commercial.
///
/// ```
/// use afpi_sdk::{Actor, testing};
/// let own = Actor { owner: true, ..testing::actor("commercial") };
/// assert!(own.owner && !testing::actor("commercial").owner);
/// ```
pub fn actor(role: &str) -> Actor {
    Actor {
        id: "0195a000-0000-7000-8000-000000000005".into(),
        name: "Personne d’essai".into(),
        role: role.into(),
        owner: false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::host::{http, kv, metrics};

    #[test]
    fn a_body_arrives_whole_however_it_is_cut_up() {
        on_http(|_| {
            Ok(Answer { status: 200, chunks: VecDeque::from([b"ab".to_vec(), b"cde".to_vec()]), ..Answer::default() })
        });
        let mut answer = http::get("https://x.example").send().unwrap();
        let mut two = [0; 1];
        answer.read_exact(&mut two).unwrap();
        assert_eq!(answer.chunk().unwrap().as_deref(), Some(&b"b"[..]));
        let mut rest = String::new();
        answer.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "cde");
        assert_eq!(answer.chunk().unwrap(), None);
    }

    #[test]
    fn a_cut_body_is_an_error_and_a_long_one_too() {
        on_http(|_| {
            Ok(Answer { status: 200, chunks: VecDeque::from([b"half".to_vec()]), cut: true, ..Answer::default() })
        });
        assert!(matches!(http::get("https://x.example").send().unwrap().bytes(100), Err(Error::Unavailable(_))));
        on_http(|_| Ok(Answer::ok("12345")));
        assert!(matches!(http::get("https://x.example").send().unwrap().bytes(4), Err(Error::Other(_))));
        assert_eq!(http::get("https://x.example").send().unwrap().json::<u32>(5).unwrap(), 12345);
    }

    #[test]
    fn notes_are_listed_in_order_after_a_key() {
        for key in ["b/2", "a", "b/1", "b/3"] {
            kv::set_json(key, &key).unwrap();
        }
        assert_eq!(kv::keys("b/", Some("b/1")).unwrap(), ["b/2", "b/3"]);
        assert_eq!(kv::get_json::<String>("a").unwrap().as_deref(), Some("a"));
        kv::delete("a").unwrap();
        assert_eq!(kv::get("a").unwrap(), None);
    }

    #[test]
    fn counters_add_up() {
        metrics::add("seen", 2);
        metrics::add("seen", 3);
        metrics::set("left", -1);
        assert_eq!((figure("seen"), figure("left"), figure("other")), (Some(5), Some(-1), None));
    }
}
