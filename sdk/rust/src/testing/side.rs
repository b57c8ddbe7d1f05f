//! The functions of the contract's imports, answered with the values that a test has set. Knows no plugin.

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
        let (items, next) = page(
            request,
            records,
            |one, field| match field {
                "section" => Some(one.section.clone()),
                "status" => Some(one.status.clone()),
                "entreprise" => Some(one.entreprise.clone()),
                "commercial" => Some(one.commercial.clone()),
                _ => None,
            },
            |one| ("created-since", one.created_at),
        )?;
        Ok(OpportunitePage { items, next })
    }

    pub fn list_entreprises(request: &PageRequest) -> Result<EntreprisePage> {
        let records = super::with(|host| host.entreprises.clone());
        let (items, next) = page(
            request,
            records,
            |one, field| match field {
                "siret" => Some(one.siret.clone()),
                "active" => Some(one.active.to_string()),
                _ => None,
            },
            |one| ("updated-since", one.updated_at),
        )?;
        Ok(EntreprisePage { items, next })
    }

    /// The matching records after the last page. Here a cursor is the number of records already returned.
    fn page<R>(
        request: &PageRequest,
        mut records: Vec<R>,
        word: impl Fn(&R, &str) -> Option<String>,
        since: impl Fn(&R) -> (&'static str, i64),
    ) -> Result<(Vec<R>, Option<String>)> {
        for criterion in &request.criteria {
            let known =
                records.iter().all(|one| word(one, &criterion.field).is_some() || since(one).0 == criterion.field);
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

pub(crate) use super::query as records_query;

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
        // The web is removed while it answers, so that it may itself use the host.
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
