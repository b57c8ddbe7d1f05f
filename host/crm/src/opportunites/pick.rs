//! The filters of the list of opportunités, on rows of the book.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use afpi_core::clock::Instant;
use afpi_core::id::EntrepriseId;
use afpi_core::money::Money;
use afpi_core::scope::Scope;
use afpi_platform::plugins::site_words::SiteWords;
use uuid::Uuid;

use super::input::{Kind, Outcome};
use super::list::{ListFilter, UNSAID};
use super::span::Span;
use crate::book::{Row, Snapshot, Waits};

/// A word of a row, and which one is wanted: `None` without a filter, `Some(None)` for one that no opportunité has.
type Wanted = (fn(&Row) -> u32, Option<Option<u32>>);

/// The filters of the list but `q`.
pub struct Pick<'a> {
    book: &'a Snapshot,
    words: [Wanted; 8],
    entreprise: Option<EntrepriseId>,
    late: Option<bool>,
    waiting: Option<Waits<'a>>,
    amount: RangeInclusive<Money>,
    created: Span,
    lost: Span,
}

impl<'a> Pick<'a> {
    pub fn new(which: &ListFilter, book: &'a Snapshot, waiting: Option<&'a SiteWords>) -> Pick<'a> {
        let word = |text: Option<&str>| text.map(|text| book.words().find(text));
        let said = |text: Option<&str>| text.map(|text| book.words().find(if text == UNSAID { "" } else { text }));
        let id = |id: Option<Uuid>| id.map(|id| book.words().find_id(id));
        Pick {
            book,
            words: [
                (|row| row.section, word(which.section.as_deref())),
                (|row| row.status, word(which.status.as_deref())),
                (|row| row.outcome, word(which.outcome.map(Outcome::as_str))),
                (|row| row.kind, word(which.kind.map(Kind::as_str))),
                (|row| row.origine, said(which.origine.as_deref())),
                (|row| row.lost_reason, said(which.lost_reason.as_deref())),
                (|row| row.commercial, id(which.commercial_id.map(|id| id.uuid()))),
                (|row| row.site, id(which.localisation_id.map(|id| id.uuid()))),
            ],
            entreprise: which.entreprise_id,
            late: which.late,
            waiting: waiting.map(|words| Waits::new(book, words)),
            amount: which.min_amount.unwrap_or(Money::from_cents(i64::MIN))
                ..=which.max_amount.unwrap_or(Money::from_cents(i64::MAX)),
            created: which.created,
            lost: which.lost,
        }
    }

    /// The ids of the rows in scope that pass, of those in `found` where given.
    pub fn all(&self, scope: &Scope, found: Option<&[Uuid]>) -> Vec<Uuid> {
        let now = Instant::now();
        let found: Option<HashSet<Uuid>> = found.map(|ids| ids.iter().copied().collect());
        let known = |row: &&Row| found.as_ref().is_none_or(|found| found.contains(&row.id.uuid()));
        let rows = self.book.rows(scope).map(|(_, row)| row).filter(known);
        rows.filter(|row| self.takes(row, now)).map(|row| row.id.uuid()).collect()
    }

    /// Does this row pass all filters?
    pub fn takes(&self, row: &Row, now: Instant) -> bool {
        self.words.iter().all(|(of, wanted)| wanted.is_none_or(|wanted| wanted == Some(of(row))))
            && self.entreprise.is_none_or(|company| company == row.entreprise)
            && self.late.is_none_or(|late| late == row.is_late(now))
            && self.waiting.as_ref().is_none_or(|waiting| waiting.hold(row))
            && self.amount.contains(&row.amount)
            && self.created.holds(Some(row.created_at))
            && self.lost.holds(row.lost_at)
    }
}
