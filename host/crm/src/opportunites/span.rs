//! A span of days in Paris, as a filter on an instant.

use chrono::NaiveDate;

use afpi_core::clock::{Day, Instant};
use afpi_db::Sql;

/// From the first to the last day, both included. Without both, everything, also what has no instant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    from: Option<Instant>,
    before: Option<Instant>,
}

impl Span {
    pub fn new(first: Option<NaiveDate>, last: Option<NaiveDate>) -> Span {
        let next = last.and_then(|last| last.succ_opt()).or(last);
        let start = |day: NaiveDate| Day::from(day).start();
        Span { from: first.map(start), before: next.map(start) }
    }

    pub fn holds(self, at: Option<Instant>) -> bool {
        match at {
            Some(at) => self.from.is_none_or(|from| from <= at) && self.before.is_none_or(|before| at < before),
            None => self.from.is_none() && self.before.is_none(),
        }
    }

    /// Appends the condition.
    pub fn push(self, query: &mut Sql, column: &'static str) {
        for (test, at) in [(" >= ?", self.from), (" < ?", self.before)] {
            if let Some(at) = at {
                query.push(" AND ").push(column).push(test).arg(at);
            }
        }
    }
}
