//! One pass over an instance: sites, then companies, then contacts. Each list is read while it arrives.
//!
//! Errors: if a list cannot be read to its end, the pass fails and nothing of it is applied. A single unusable record
//! is skipped. If the token may not read the sites or the contacts, that list is skipped with a message, and the pass
//! still reads the companies. A temporary failure is tried again after growing waits, which the host performs
//! (`rate-limited`).

use crate::companies::Companies;
use crate::contacts::Contacts;
use crate::failure::{Failure, Retry};
use crate::ground::{Ground, batch};
use crate::list::List;
use crate::outside::Outside;
use crate::settings::{self, Settings};
use crate::site::Sites;
use crate::{companies, sites};
use afpi_sdk::connector::{Batch, Skipped};
use afpi_sdk::{Error, Result};

/// The entities to return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    localisations: bool,
    entreprises: bool,
    contacts: bool,
}

impl Wanted {
    /// `entities` as the host names them. An empty list means all entities that the settings name.
    fn new(entities: &[String], settings: &Settings) -> Result<Self> {
        if let Some(unknown) =
            entities.iter().find(|e| !["localisation", "entreprise", "contact"].contains(&e.as_str()))
        {
            return Err(Error::NotFound(unknown.clone()));
        }
        let has = |entity: &str| entities.is_empty() || entities.iter().any(|e| e == entity);
        let contacts = has("contact") && settings.contacts != settings::Contacts::Jamais;
        let wanted = Wanted { localisations: has("localisation"), entreprises: has("entreprise"), contacts };
        if wanted.localisations || wanted.entreprises || wanted.contacts {
            return Ok(wanted);
        }
        Err(Error::invalid(
            "/contacts",
            "nothing-to-read",
            "Les réglages ne demandent aucun contact",
            "The settings ask for no contacts",
        ))
    }

    /// Contacts need companies. Companies need the sites, to find their localisation.
    fn needs_companies(self) -> bool {
        self.entreprises || self.contacts
    }
}

/// A running pass.
pub struct Pass<O: Outside> {
    ground: Ground<O>,
    wanted: Wanted,
    sites: Sites,
    companies: Companies,
    retry: Retry,
    stage: Stage<O::Answer>,
}

enum Stage<A> {
    Sites,
    /// The list is not open yet.
    Companies,
    Reading(List<A>),
    Contacts(Box<Contacts>),
    Over,
}

impl<O: Outside> Pass<O> {
    /// Prepares a pass. This sends no request.
    pub fn open(outside: O, settings: Settings, entities: &[String]) -> Result<Self> {
        let wanted = Wanted::new(entities, &settings)?;
        let ground = Ground::new(outside, settings)?;
        let (sites, companies) = (Sites::default(), Companies::new(&ground.settings.entreprise_fields));
        Ok(Pass { ground, wanted, sites, companies, retry: Retry::default(), stage: Stage::Sites })
    }

    /// Returns up to `max` items. [`Error::RateLimited`] asks for another call after a wait. Any other error ends the
    /// pass.
    pub fn next(&mut self, max: u32) -> Result<Batch> {
        let page = max.min(self.ground.settings.page_size).max(1) as usize;
        loop {
            // If a stage sets no next stage, the pass is over.
            match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Sites => match self.sites() {
                    Ok(batch) => return Ok(batch),
                    Err(failure) => self.again(failure, Stage::Sites)?,
                },
                Stage::Companies => match self.ground.whole_list(companies::PATH) {
                    Ok(list) => self.stage = Stage::Reading(list),
                    Err(failure) => self.again(failure, Stage::Companies)?,
                },
                // The pass has already returned records of this list, so the list cannot start again after a failure.
                Stage::Reading(list) => return self.companies(list, page).map_err(Failure::into_error),
                Stage::Contacts(contacts) => return self.contacts(contacts, page),
                Stage::Over => return Err(Error::conflict("Le passage est terminé", "The pass is over")),
            }
        }
    }

    /// Tries `stage` again, at once or after a wait, as long as this is useful.
    fn again(&mut self, failure: Failure, stage: Stage<O::Answer>) -> Result<()> {
        match self.retry.after(&failure) {
            None => Err(failure.into_error()),
            Some(wait) => {
                self.stage = stage;
                if wait == 0 { Ok(()) } else { Err(Error::RateLimited(wait)) }
            }
        }
    }

    fn sites(&mut self) -> std::result::Result<Batch, Failure> {
        let mut sites = Sites::new(&self.ground.settings.sites);
        let mut read = match sites::read(&mut self.ground, &mut sites) {
            Err(failure) if failure.refused() && self.wanted.needs_companies() => {
                let reason = failure.text();
                let closed = Skipped { entity: "localisation".into(), external_id: sites::PATH.into(), reason };
                Batch { skipped: vec![closed], ..batch("localisation") }
            }
            Err(failure) => return Err(failure),
            Ok(read) if self.wanted.localisations => Batch { completed: vec!["localisation".into()], ..read },
            Ok(_) => batch("localisation"),
        };
        self.sites = sites;
        self.retry = Retry::default();
        if self.wanted.needs_companies() {
            self.stage = Stage::Companies;
        } else {
            self.finish(&mut read);
        }
        Ok(read)
    }

    fn companies(&mut self, mut list: List<O::Answer>, page: usize) -> std::result::Result<Batch, Failure> {
        let (mut read, ended) = self.companies.page(&mut self.ground, &self.sites, &mut list, page)?;
        if !self.wanted.entreprises {
            read.items.clear();
            read.skipped.clear();
        } else if ended {
            read.completed.push("entreprise".into());
        }
        if !ended {
            self.stage = Stage::Reading(list);
        } else if self.wanted.contacts {
            let subjects = std::mem::take(&mut self.companies.subjects);
            self.stage =
                Stage::Contacts(Box::new(Contacts::plan(subjects, &self.ground.outside, &self.ground.settings)));
        } else {
            self.finish(&mut read);
        }
        Ok(read)
    }

    fn contacts(&mut self, mut contacts: Box<Contacts>, page: usize) -> Result<Batch> {
        let read = contacts.page(&mut self.ground, page);
        if let Ok((mut batch, true)) = read {
            self.finish(&mut batch);
            return Ok(batch);
        }
        self.stage = Stage::Contacts(contacts);
        read.map(|(batch, _)| batch)
    }

    fn finish(&mut self, batch: &mut Batch) {
        self.ground.notes.close(&self.ground.outside);
        batch.finished = true;
    }
}

#[cfg(test)]
mod tests;
