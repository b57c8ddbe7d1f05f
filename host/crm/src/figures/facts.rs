//! Facts in the form that objectives plugins take: flat, with all texts in one dictionary. They come from the book
//! ([`crate::book`]), which serves any number of calculations. A fact takes 48 bytes; no JSON is involved.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use afpi_plugins::contract::objectives::Fact;
use uuid::Uuid;

use crate::book::{self, Parts, Sieve, Snapshot};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::scope::Scope;
use afpi_platform::state::App;

/// Facts handed to the plugin at a time.
const BATCH: usize = 2000;

/// Only what is of this localisation and of this commercial, where given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Narrowing {
    pub site: Option<LocalisationId>,
    pub commercial: Option<UserId>,
}

/// Selects records of a scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FactFilter {
    Of(Narrowing),
    /// Records of any of these people or localisations.
    Holders {
        users: Vec<UserId>,
        sites: Vec<LocalisationId>,
    },
}

impl FactFilter {
    /// Everything in scope.
    pub const ALL: FactFilter = FactFilter::Of(Narrowing { site: None, commercial: None });

    fn narrow(&self, book: &Snapshot, sieve: Sieve) -> Sieve {
        match self {
            FactFilter::Of(Narrowing { site, commercial }) => {
                let sieve = site.iter().fold(sieve, |sieve, site| sieve.either(book, &[*site], &[]));
                commercial.iter().fold(sieve, |sieve, person| sieve.either(book, &[], &[*person]))
            }
            FactFilter::Holders { users, sites } => sieve.either(book, sites, users),
        }
    }
}

/// The facts of a window.
pub struct Facts {
    book: Arc<Snapshot>,
    /// What the sieve lets through.
    pub(super) whose: (Scope, FactFilter),
    sieve: Sieve,
    words: Vec<String>,
    /// Open records now. They count only in the period that contains today.
    open: Vec<Fact>,
    /// First and last day of the window.
    window: (Day, Day),
}

impl Facts {
    /// The facts from the first to the last day, both included.
    pub async fn load(app: &App, scope: &Scope, which: &FactFilter, first: Day, last: Day) -> Result<Facts> {
        let book = book::read(app).await?;
        let sieve = which.narrow(&book, Sieve::of(&book, scope));
        let words = book.words().all().to_vec();
        let whose = (scope.clone(), which.clone());
        let mut facts = Facts { book, whose, sieve, words, open: vec![], window: (first, last) };
        facts.open = facts.standing(app).await;
        Ok(facts)
    }

    /// The facts of open records, each with the probability that its site's workflow gives its status.
    async fn standing(&mut self, app: &App) -> Vec<Fact> {
        let book = self.book.clone();
        let undecided = Snapshot::UNDECIDED.map(|word| book.words().find(word));
        let now = Instant::now().millis();
        let kind = book.words().find("ouvert").unwrap_or_else(|| {
            self.words.push("ouvert".to_owned());
            self.words.len() as u32 - 1
        });
        let mut probabilities: HashMap<(u32, u32), u32> = HashMap::new();
        let mut open = Vec::new();
        for (number, row) in book.rows(&Scope::All) {
            if !undecided.contains(&Some(row.outcome)) || !self.sieve.lets(row.site, row.commercial) {
                continue;
            }
            let weight = match probabilities.get(&(row.site, row.status)) {
                Some(weight) => *weight,
                None => {
                    let definition = app.plugins.definition(book.site(row.site)).await;
                    let status = definition.as_ref().and_then(|d| d.status(book.words().text(row.status)));
                    let weight = status.map_or(0, |status| status.probability.into());
                    probabilities.insert((row.site, row.status), weight);
                    weight
                }
            };
            open.push(Fact {
                kind,
                key: row.section,
                user: row.commercial,
                site: row.site,
                subject: number,
                start: now,
                end: now,
                amount: row.amount.cents(),
                weight,
            });
        }
        open
    }

    /// First and last day of the window.
    pub fn window(&self) -> (Day, Day) {
        self.window
    }

    /// The site or person of a score's group.
    pub fn id_of(&self, group: u32) -> Option<Uuid> {
        self.book.words().id(group)
    }

    /// The dictionary.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The parts of the book that hold the facts of a period.
    pub(super) fn parts(&self, (first, last): (Day, Day)) -> Parts {
        self.book.parts(instants(first, last))
    }

    /// The facts of a period at these sites, in batches: events and endings within the period, and open records on
    /// request.
    pub fn batches(
        &self,
        (first, last): (Day, Day),
        sites: Option<&BTreeSet<LocalisationId>>,
        open: bool,
    ) -> impl Iterator<Item = Vec<Fact>> + Send + '_ {
        let sites: Vec<Vec<LocalisationId>> = sites.into_iter().map(|sites| sites.iter().copied().collect()).collect();
        let sieve = sites.iter().fold(Sieve::default(), |sieve, sites| sieve.either(&self.book, sites, &[]));
        let open = self.open.iter().filter(move |_| open);
        let facts = self.book.facts(instants(first, last), &self.sieve).chain(open);
        let mut facts = facts.filter(move |fact| sieve.lets(fact.site, fact.user)).copied();
        std::iter::from_fn(move || {
            let batch: Vec<Fact> = facts.by_ref().take(BATCH).collect();
            (!batch.is_empty()).then_some(batch)
        })
    }
}

/// From the beginning of the first day to the end of the last one, in Paris.
fn instants(first: Day, last: Day) -> Range<Instant> {
    let end = last.date().succ_opt().map_or(last, Day::from);
    first.start()..end.start()
}
