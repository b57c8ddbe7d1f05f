//! Numbers of opportunités, `OPP-<year>-<5 digits>`: unique, but with gaps and not in order. Each process reserves them
//! in blocks, so that creations do not wait for one another.

use std::collections::HashMap;
use std::ops::Range;

use afpi_db::{Db, dialect};
use tokio::sync::Mutex;

use afpi_core::clock::Instant;

/// Numbers per block. When the process ends, the rest of a block is never used.
const BLOCK: i64 = 20;

/// This process's reserved, unused numbers by year.
#[derive(Default)]
pub struct Numeros(Mutex<HashMap<i32, Range<i64>>>);

impl Numeros {
    /// A unique number, in the year of `now`.
    pub async fn next(&self, db: &Db, now: Instant) -> afpi_db::Result<String> {
        let year = now.day().year();
        let mut blocks = self.0.lock().await;
        let block = blocks.entry(year).or_default();
        if block.is_empty() {
            let last = afpi_db::retry(|| take(db, year)).await?;
            *block = last - BLOCK + 1..last + 1;
        }
        let number = block.start;
        block.start += 1;
        Ok(format!("OPP-{year}-{number:05}"))
    }
}

/// Reserves the next block. Returns its last number.
async fn take(db: &Db, year: i32) -> afpi_db::Result<i64> {
    let mut tx = db.begin().await?;
    let key = [("serie", "opportunite".into()), ("scope", "".into()), ("year", year.into())];
    let last = dialect::count_up(tx.backend(), "compteurs", key, "value", BLOCK).scalar::<i64>(&mut tx).await?;
    tx.commit().await?;
    Ok(last)
}
