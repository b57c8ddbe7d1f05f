//! Why opportunités were lost in a period, and where those created in it come from. The filters are those of the list of
//! opportunités, so that a figure and the list it leads to agree.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::wire::{LostShare, OrigineShare};
use crate::book::{self, Row, Snapshot};
use crate::figures::facts::Narrowing;
use crate::figures::period::Period;
use crate::opportunites::{ListFilter, Outcome, Pick, Span};
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::money::Money;
use afpi_core::scope::Scope;
use afpi_platform::state::App;

/// The opportunités of one word.
#[derive(Default)]
struct Share {
    count: i64,
    amount: Money,
    won: i64,
}

pub(super) async fn of(
    app: &App,
    scope: &Scope,
    period: Period,
    narrowing: Narrowing,
) -> Result<(Vec<LostShare>, Vec<OrigineShare>)> {
    let book = book::read(app).await?;
    let days = Span::new(Some(period.first.date()), Some(period.last.date()));
    let whose =
        || ListFilter { localisation_id: narrowing.site, commercial_id: narrowing.commercial, ..ListFilter::default() };
    let lost = ListFilter { outcome: Some(Outcome::Lost), lost: days, ..whose() };
    let created = ListFilter { created: days, ..whose() };
    let lost = shared(&book, scope, &lost, |row| row.lost_reason).into_iter();
    let created = shared(&book, scope, &created, |row| row.origine).into_iter();
    Ok((
        lost.map(|(reason, Share { count, amount, .. })| LostShare { reason, count, amount }).collect(),
        created.map(|(origine, Share { count, amount, won })| OrigineShare { origine, count, amount, won }).collect(),
    ))
}

/// The rows that the list would show, by one of their words; the most frequent first, what nobody has said last.
fn shared(book: &Snapshot, scope: &Scope, which: &ListFilter, word: fn(&Row) -> u32) -> Vec<(Option<String>, Share)> {
    let (pick, now) = (Pick::new(which, book, None), Instant::now());
    let won = [Outcome::Won, Outcome::Done].map(|outcome| book.words().find(outcome.as_str()));
    let mut shares: HashMap<u32, Share> = HashMap::new();
    for (_, row) in book.rows(scope).filter(|(_, row)| pick.takes(row, now)) {
        let share = shares.entry(word(row)).or_default();
        share.count += 1;
        share.amount += row.amount;
        share.won += i64::from(won.contains(&Some(row.outcome)));
    }
    let text = |word| Some(book.words().text(word).to_owned()).filter(|text| !text.is_empty());
    let mut shares: Vec<_> = shares.into_iter().map(|(word, share)| (text(word), share)).collect();
    shares.sort_by(|(a, one), (b, other)| {
        (a.is_none(), Reverse(one.count), a).cmp(&(b.is_none(), Reverse(other.count), b))
    });
    shares
}
