//! The pass's stage for contacts. It sends one small request for each due company, because Ypareo has no list of all
//! contacts.
//!
//! If a company fails, only its own contacts are missing. A refused endpoint or repeated failures end the stage,
//! because thousands of failing requests are useless.

use crate::companies::{PATH, Subject};
use crate::contact::ContactReader;
use crate::failure::{Cause, Failure, Retry};
use crate::ground::{Ground, batch};
use crate::memory::{Due, Memory};
use crate::outside::Outside;
use crate::reading::Refusal;
use crate::settings::{self, Settings};
use crate::split::Broken;
use afpi_sdk::connector::{Batch, Item, Skipped};
use afpi_sdk::{Error, Result, Text};
use std::collections::{HashSet, VecDeque};

/// A call reports its progress after this time, with any number of items.
const PATIENCE_MS: i64 = 3000;
/// A call also reports after this many requests, because the host limits the cost of a call.
const REQUESTS: usize = 200;
/// This many consecutive failing companies end the stage. The limit for deleted companies is higher.
const FAILURES: u32 = 5;
const GONE: u32 = 50;
/// A company with more contacts than this is an error.
const PER_COMPANY: usize = 5000;

pub struct Contacts {
    reader: ContactReader,
    memory: Memory,
    queue: Vec<Subject>,
    at: usize,
    ready: VecDeque<Item>,
    seen: HashSet<String>,
    retry: Retry,
    wait: Option<u32>,
    failures: u32,
    /// Whether every company was asked and none has failed. Only then may a missing contact count as deleted.
    complete: bool,
}

impl Contacts {
    /// Chooses the companies whose contacts are read. The most urgent ones come first.
    pub fn plan(subjects: Vec<Subject>, outside: &impl Outside, settings: &Settings) -> Self {
        let memory = Memory::load(outside);
        let now = outside.now();
        let all = settings.contacts == settings::Contacts::Toutes;
        let due = |subject: &Subject| {
            let due = memory.due(subject.code, subject.modified, now, settings.contacts_refresh_days);
            if all { due.or(Some(Due::Old(0))) } else { due.filter(|_| !subject.archived) }
        };
        let mut wanted: Vec<(Due, Subject)> = subjects.into_iter().filter_map(|s| Some((due(&s)?, s))).collect();
        if !all {
            // The sort is stable: companies of equal urgency stay in the order of the list.
            wanted.sort_by_key(|(due, _)| *due);
            wanted.truncate(settings.contacts_max as usize);
        }
        Contacts {
            reader: ContactReader::new(&settings.contact_fields),
            memory,
            queue: wanted.into_iter().map(|(_, subject)| subject).collect(),
            at: 0,
            ready: VecDeque::new(),
            seen: HashSet::new(),
            retry: Retry::brief(),
            wait: None,
            failures: 0,
            complete: all,
        }
    }

    /// Returns up to `page` contacts. True if there are no more. The only error is a request to wait.
    pub fn page<O: Outside>(&mut self, ground: &mut Ground<O>, page: usize) -> Result<(Batch, bool)> {
        if let Some(wait) = self.wait.take() {
            return Err(Error::RateLimited(wait));
        }
        let mut batch = batch("contact");
        let until = ground.outside.now() + PATIENCE_MS;
        let mut requests = 0;
        while self.wait.is_none() && requests < REQUESTS {
            let room = page.saturating_sub(batch.items.len()).min(self.ready.len());
            batch.items.extend(self.ready.drain(..room));
            let Some(&subject) = self.queue.get(self.at) else { break };
            if batch.items.len() >= page || batch.skipped.len() >= page || ground.outside.now() > until {
                break;
            }
            requests += 1;
            match self.company(ground, subject.code, &mut batch.skipped) {
                Ok(items) => {
                    self.ready.extend(items);
                    self.memory.mark(subject.code, ground.outside.now());
                    self.failures = 0;
                    self.move_on();
                }
                Err(failure) => self.failed(failure, subject.code, &mut batch.skipped),
            }
        }
        batch.done = self.at as u64;
        batch.total = self.queue.len() as u64;
        let ended = self.at >= self.queue.len() && self.ready.is_empty() && self.wait.is_none();
        if ended {
            if !self.memory.save(&mut ground.outside) {
                ground
                    .outside
                    .warn("la mémoire des contacts lus n'a pas pu être gardée ; ils seront relus au prochain passage");
            }
            if self.complete {
                batch.completed.push("contact".into());
            }
        }
        Ok((batch, ended))
    }

    /// Reads all contacts of one company, or none. With half a list it would look as if people had left.
    fn company<O: Outside>(
        &mut self,
        ground: &mut Ground<O>,
        code: u64,
        skipped: &mut Vec<Skipped>,
    ) -> std::result::Result<Vec<Item>, Failure> {
        let path = format!("{PATH}/{code}/interlocuteurs");
        let mut list = ground.small_list(&path)?;
        let (mut items, mut refusals) = (Vec::new(), Vec::new());
        while let Some(picked) = list.next(&self.reader.paths)? {
            if items.len() + refusals.len() == PER_COMPANY {
                return Err(Failure::new(&format!("GET {path}"), Cause::Broken(Broken::TooLong)));
            }
            match self.reader.read(&picked, code) {
                Ok(taken) => {
                    ground.notes.add(&ground.outside, "interlocuteur", &taken.item.external_id, &taken.flaws);
                    items.push(taken.item);
                }
                Err(refusal) => refusals.push(refusal),
            }
        }
        // Only a complete list counts as seen. Otherwise a second attempt would count its records as repetitions.
        items.retain(|item| {
            let new = self.seen.insert(item.external_id.clone());
            if !new {
                refusals.push(Refusal::twice(&item.external_id));
            }
            new
        });
        skipped.extend(refusals.into_iter().map(|refusal| refusal.skipped("contact")));
        Ok(items)
    }

    /// After a failure: tries again, waits, continues with the next company, or ends the stage.
    fn failed(&mut self, failure: Failure, code: u64, skipped: &mut Vec<Skipped>) {
        match self.retry.after(&failure) {
            Some(0) => return,
            Some(wait) => {
                self.wait = Some(wait);
                return;
            }
            None => {}
        }
        self.complete = false;
        self.failures += 1;
        let reason = failure.text();
        skipped.push(Skipped { entity: "contact".into(), external_id: format!("{code}/interlocuteurs"), reason });
        self.move_on();
        let limit = if matches!(failure.cause, Cause::NotFound { page: false }) { GONE } else { FAILURES };
        let left = self.queue.len() - self.at;
        if left > 0 && (failure.refused() || self.failures >= limit) {
            let reason = Text::new(
                format!("les contacts de {left} autres entreprises n'ont pas été demandés"),
                format!("the contacts of {left} more companies were not asked for"),
            );
            skipped.push(Skipped { entity: "contact".into(), external_id: "*/interlocuteurs".into(), reason });
            self.queue.truncate(self.at);
        }
    }

    fn move_on(&mut self) {
        self.at += 1;
        self.retry = Retry::brief();
    }
}
