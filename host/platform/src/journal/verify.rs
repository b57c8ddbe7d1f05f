//! Checks every line against its hash and the line before it.

use afpi_db::{Db, sql};

use super::chain::{STORED, Stored};

/// Lines read at a time.
const BATCH: u32 = 2000;

/// The first bad line of a record: it was changed, or lines before it are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub subject_kind: String,
    /// Hexadecimal digits.
    pub subject_id: String,
    pub seq: i64,
}

/// Checks all chains. Returns the number of lines and the first bad line of each record with one.
///
/// It does not notice when a record's newest lines were deleted. Compare `seq` with a backup where that matters.
pub async fn verify(db: &Db) -> afpi_db::Result<(u64, Vec<Broken>)> {
    let (mut count, mut broken) = (0u64, Vec::<Broken>::new());
    let mut at = (String::new(), Vec::<u8>::new(), 0i64);
    let mut previous = String::new();
    loop {
        let mut query = sql("SELECT ");
        query.push(STORED).push(
            " FROM journal WHERE subject_kind > ? OR (subject_kind = ? AND (subject_id > ? OR (subject_id = ? AND seq > ?))) \
             ORDER BY subject_kind, subject_id, seq",
        );
        query.arg(at.0.as_str()).arg(at.0.as_str()).arg(at.1.as_slice()).arg(at.1.as_slice()).arg(at.2).limit(BATCH);
        let lines: Vec<Stored> = query.all(&mut db.read().await?).await?;
        if lines.is_empty() {
            return Ok((count, broken));
        }
        for line in lines {
            count += 1;
            let same = (line.subject_kind.as_str(), line.subject_id.as_slice()) == (at.0.as_str(), at.1.as_slice());
            let (expected_seq, before) = if same { (at.2 + 1, previous.as_str()) } else { (1, "") };
            let holds = line.seq == expected_seq && line.hash == line.expected(before);
            let subject_id = crate::plugins::hex(&line.subject_id);
            let known =
                broken.last().is_some_and(|b| b.subject_kind == line.subject_kind && b.subject_id == subject_id);
            if !holds && !known {
                broken.push(Broken { subject_kind: line.subject_kind.clone(), subject_id, seq: line.seq });
            }
            previous = line.hash;
            at = (line.subject_kind, line.subject_id, line.seq);
        }
    }
}
