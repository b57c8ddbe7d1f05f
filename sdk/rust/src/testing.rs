//! Plays the host on a developer's machine, so that a plugin's own tests can run its code without a sandbox. Each test thread
//! has a host of its own, empty at first: settings, clock, notes, secrets and web answers are what the test sets.
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

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub use crate::bindings::base::afpi::host::http_client::{Header, Method, Request, SecretHeader};
pub use crate::bindings::base::afpi::host::log::Level;
use crate::bindings::base::afpi::host::context::CallContext;
pub use crate::bindings::base::afpi::host::events::Event as Announcement;
pub use crate::bindings::base::afpi::host::jobs::Job;
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
    jobs: Vec<Job>,
    events: Vec<Announcement>,
}

thread_local! {
    static HOST: RefCell<Host> = RefCell::default();
}

fn with<T>(act: impl FnOnce(&mut Host) -> T) -> T {
    HOST.with_borrow_mut(act)
}

/// What the host's web answers with.
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

/// Sets the settings of the following calls, as JSON.
pub fn set_config(json: impl Into<String>) {
    with(|host| host.config = json.into());
}

/// Sets who calls.
pub fn set_context(context: CallContext) {
    with(|host| host.context = Some(context));
}

/// Sets the clock.
pub fn set_now(now: Instant) {
    with(|host| host.now = now);
}

/// An administrator enters a secret of this name.
pub fn set_secret(name: &str) {
    with(|host| host.secrets.insert(name.into()));
}

/// From now on `web` answers every request of this thread.
pub fn on_http(web: impl FnMut(&Request) -> Result<Answer> + 'static) {
    with(|host| host.web = Some(Box::new(web)));
}

/// The opportunités of the site.
pub fn set_opportunites(opportunites: Vec<Opportunite>) {
    with(|host| host.opportunites = opportunites);
}

/// The entreprises of the site.
pub fn set_entreprises(entreprises: Vec<Entreprise>) {
    with(|host| host.entreprises = entreprises);
}

/// The jobs enqueued so far; they are taken out.
pub fn take_jobs() -> Vec<Job> {
    with(|host| std::mem::take(&mut host.jobs))
}

/// The events announced so far; they are taken out.
pub fn take_events() -> Vec<Announcement> {
    with(|host| std::mem::take(&mut host.events))
}

/// The lines logged so far; they are taken out.
pub fn take_log() -> Vec<(Level, String)> {
    with(|host| std::mem::take(&mut host.log))
}

/// What was counted or set under a metric's name.
pub fn figure(name: &str) -> Option<i64> {
    with(|host| host.figures.get(name).copied())
}

/// An opportunité to begin a test with; change what matters: `Opportunite { budget: 5, ..opportunite() }`.
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

/// An entreprise to begin a test with.
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

/// Somebody with this role who is not the record's own commercial.
pub fn actor(role: &str) -> Actor {
    Actor { id: "0195a000-0000-7000-8000-000000000005".into(), name: "Personne d’essai".into(), role: role.into(), owner: false }
}

/// The same functions as the imports of the contract, answered here.
pub(crate) mod side {
    use super::*;

    pub mod config {
        pub fn get() -> String {
            super::with(|host| host.config.clone())
        }
    }

    pub mod context {
        use super::CallContext;

        pub fn current() -> CallContext {
            super::with(|host| host.context.clone()).unwrap_or(CallContext {
                site: String::new(),
                site_code: String::new(),
                locale: "fr".into(),
                call_id: "test".into(),
                deadline_ms: 1000,
            })
        }
    }

    pub mod log {
        pub fn write(level: super::Level, message: &str) {
            super::with(|host| host.log.push((level, message.into())));
        }
    }

    pub mod clock {
        pub fn now() -> super::Instant {
            super::with(|host| host.now)
        }
    }

    pub mod random {
        /// The same bytes in every run, so that a failing test fails again.
        pub fn bytes(count: u32) -> Vec<u8> {
            (0..count.min(1024)).map(|at| (at.wrapping_mul(167) ^ 0x5a) as u8).collect()
        }
    }

    pub mod secrets {
        pub fn has(name: &str) -> bool {
            super::with(|host| host.secrets.contains(name))
        }
    }

    pub mod metrics {
        pub fn add(name: &str, value: u64) {
            super::with(|host| *host.figures.entry(name.into()).or_default() += value as i64);
        }

        pub fn set(name: &str, value: i64) {
            super::with(|host| host.figures.insert(name.into(), value));
        }
    }

    pub mod kv {
        use super::Result;

        pub fn get(key: &str) -> Result<Option<Vec<u8>>> {
            Ok(super::with(|host| host.notes.get(key).cloned()))
        }

        pub fn set(key: &str, value: &[u8]) -> Result<()> {
            super::with(|host| host.notes.insert(key.into(), value.into()));
            Ok(())
        }

        pub fn delete(key: &str) -> Result<()> {
            super::with(|host| host.notes.remove(key));
            Ok(())
        }

        pub fn keys(prefix: &str, after: Option<&str>) -> Result<Vec<String>> {
            Ok(super::with(|host| {
                let wanted = |key: &&String| key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after);
                host.notes.keys().filter(wanted).take(500).cloned().collect()
            }))
        }
    }

    pub mod records_read {
        use super::{Entreprise, Error, Opportunite, Result};
        use crate::bindings::base::afpi::host::records_read::{EntreprisePage, OpportunitePage, PageRequest};

        pub fn get_opportunite(id: &str) -> Result<Opportunite> {
            let found = super::with(|host| host.opportunites.iter().find(|one| one.id == id).cloned());
            found.ok_or_else(|| Error::NotFound(id.into()))
        }

        pub fn get_entreprise(id: &str) -> Result<Entreprise> {
            let found = super::with(|host| host.entreprises.iter().find(|one| one.id == id).cloned());
            found.ok_or_else(|| Error::NotFound(id.into()))
        }

        pub fn list_opportunites(request: &PageRequest) -> Result<OpportunitePage> {
            let records = super::with(|host| host.opportunites.clone());
            let (items, next) = page(request, records, |one, field| match field {
                "section" => Some(one.section.clone()),
                "status" => Some(one.status.clone()),
                "entreprise" => Some(one.entreprise.clone()),
                "commercial" => Some(one.commercial.clone()),
                _ => None,
            }, |one| ("created-since", one.created_at))?;
            Ok(OpportunitePage { items, next })
        }

        pub fn list_entreprises(request: &PageRequest) -> Result<EntreprisePage> {
            let records = super::with(|host| host.entreprises.clone());
            let (items, next) = page(request, records, |one, field| match field {
                "siret" => Some(one.siret.clone()),
                "active" => Some(one.active.to_string()),
                _ => None,
            }, |one| ("updated-since", one.updated_at))?;
            Ok(EntreprisePage { items, next })
        }

        /// The records that fit, from where the last page ended; here a cursor is the number of records handed over.
        fn page<R>(
            request: &PageRequest,
            mut records: Vec<R>,
            word: impl Fn(&R, &str) -> Option<String>,
            since: impl Fn(&R) -> (&'static str, i64),
        ) -> Result<(Vec<R>, Option<String>)> {
            for criterion in &request.criteria {
                let known = records.iter().all(|one| word(one, &criterion.field).is_some() || since(one).0 == criterion.field);
                if !known {
                    return Err(Error::invalid("/criteria", "unknown-field", "Critère inconnu.", "Unknown criterion."));
                }
                records.retain(|one| match word(one, &criterion.field) {
                    Some(word) => word == criterion.value,
                    None => criterion.value.parse().is_ok_and(|from: i64| since(one).1 >= from),
                });
            }
            let start = request.after.as_ref().and_then(|after| after.parse().ok()).unwrap_or(0usize);
            let end = start.saturating_add(request.limit as usize);
            let next = (end < records.len()).then(|| end.to_string());
            Ok((records.into_iter().skip(start).take(request.limit as usize).collect(), next))
        }
    }

    pub mod jobs {
        use super::{Job, Result};

        pub fn enqueue(job: &Job) -> Result<bool> {
            Ok(super::with(|host| {
                let waits = job.dedupe_key.is_some() && host.jobs.iter().any(|other| other.dedupe_key == job.dedupe_key);
                if !waits {
                    host.jobs.push(job.clone());
                }
                !waits
            }))
        }
    }

    pub mod events {
        use super::{Announcement, Result};

        pub fn emit(event: &Announcement) -> Result<()> {
            super::with(|host| host.events.push(event.clone()));
            Ok(())
        }
    }

    pub mod http_client {
        use std::cell::RefCell;

        use super::{Answer, Error, Header, Request, Result};

        pub struct Response(RefCell<Answer>);

        impl Response {
            pub fn status(&self) -> u16 {
                self.0.borrow().status
            }

            pub fn headers(&self) -> Vec<Header> {
                self.0.borrow().headers.clone()
            }

            pub fn read(&self, max: u32) -> Result<Option<Vec<u8>>> {
                let mut answer = self.0.borrow_mut();
                let Some(mut chunk) = answer.chunks.pop_front() else {
                    return if answer.cut { Err(Error::Unavailable("connection closed".into())) } else { Ok(None) };
                };
                if chunk.len() > max as usize {
                    let rest = chunk.split_off(max as usize);
                    answer.chunks.push_front(rest);
                }
                Ok(Some(chunk))
            }
        }

        pub fn send(request: &Request) -> Result<Response> {
            // The web is taken out while it answers, so that it may itself use the host.
            let Some(mut web) = super::with(|host| host.web.take()) else {
                return Err(Error::denied("aucun accès au web", "no access to the web"));
            };
            let answer = web(request);
            super::with(|host| {
                host.web.get_or_insert(web);
            });
            answer.map(|answer| Response(RefCell::new(answer)))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::host::{http, kv, metrics};

    #[test]
    fn a_body_arrives_whole_however_it_is_cut_up() {
        on_http(|_| Ok(Answer { status: 200, chunks: VecDeque::from([b"ab".to_vec(), b"cde".to_vec()]), ..Answer::default() }));
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
        on_http(|_| Ok(Answer { status: 200, chunks: VecDeque::from([b"half".to_vec()]), cut: true, ..Answer::default() }));
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
