//! Remembers between passes which contacts were read and when, and decides which are due. The notes of a pass count
//! only after its records are applied. The host deletes them with a preview or a failed run.

use crate::outside::Outside;
use std::collections::HashMap;

const HOUR_MS: i64 = 3_600_000;
const DAY_HOURS: i64 = 24;
/// A code (8 bytes) and an hour (4 bytes), little-endian.
const ENTRY: usize = 12;
/// A note has at most 64 KiB.
const ENTRIES_PER_NOTE: usize = 5000;

/// When each company's contacts were last read, in hours since 1970.
#[derive(Debug, Default)]
pub struct Memory {
    read: HashMap<u64, u32>,
}

/// How urgent it is to read a company's contacts. A smaller value is more urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    Never,
    Changed,
    /// The hours since the last reading, as a negative number, so that the oldest reading comes first.
    Old(i64),
}

impl Memory {
    pub fn load(outside: &impl Outside) -> Self {
        let mut read = HashMap::new();
        for note in (0..).map_while(|n| outside.recall(&key(n))) {
            if note.is_empty() {
                break;
            }
            for entry in note.chunks_exact(ENTRY) {
                let (code, hour) = entry.split_at(8);
                if let (Ok(code), Ok(hour)) = (code.try_into(), hour.try_into()) {
                    read.insert(u64::from_le_bytes(code), u32::from_le_bytes(hour));
                }
            }
        }
        Memory { read }
    }

    /// Whether it is time to read this company's contacts. `modified` is its last change in days since 1970, if known.
    pub fn due(&self, code: u64, modified: Option<i64>, now_ms: i64, refresh_days: u32) -> Option<Due> {
        let Some(&last) = self.read.get(&code) else { return Some(Due::Never) };
        let (now, last) = (now_ms / HOUR_MS, i64::from(last));
        let age = now - last;
        // A change has a day but no hour. If it is on the day of the reading, it may be later than the reading. So the
        // contacts are read once more after that day is over.
        let after = |day: i64| day * DAY_HOURS > last || (now >= (day + 1) * DAY_HOURS && (day + 1) * DAY_HOURS > last);
        if modified.is_some_and(after) {
            Some(Due::Changed)
        } else {
            (age >= i64::from(refresh_days) * DAY_HOURS).then_some(Due::Old(-age))
        }
    }

    /// Notes that all contacts of the company were read.
    pub fn mark(&mut self, code: u64, now_ms: i64) {
        self.read.insert(code, u32::try_from(now_ms / HOUR_MS).unwrap_or(0));
    }

    /// Writes the notes, only at the end of a complete pass: nothing of a failed pass is applied.
    pub fn save(&self, outside: &mut impl Outside) -> bool {
        let mut entries: Vec<(u64, u32)> = self.read.iter().map(|(&code, &hour)| (code, hour)).collect();
        entries.sort_unstable();
        let mut notes: Vec<Vec<u8>> = entries
            .chunks(ENTRIES_PER_NOTE)
            .map(|page| {
                page.iter().flat_map(|(code, hour)| code.to_le_bytes().into_iter().chain(hour.to_le_bytes())).collect()
            })
            .collect();
        // An empty note ends the series, because the old series may have been longer.
        notes.push(Vec::new());
        notes.iter().enumerate().all(|(n, note)| outside.remember(&key(n), note))
    }
}

fn key(n: usize) -> String {
    format!("contacts/{n:04}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Script;

    const DAY: i64 = 24 * HOUR_MS;
    const NOW: i64 = 20_000 * DAY;

    #[test]
    fn what_was_never_read_is_due_and_what_was_read_rests() {
        let mut memory = Memory::default();
        assert_eq!(memory.due(7, None, NOW, 30), Some(Due::Never));
        memory.mark(7, NOW);
        assert_eq!(memory.due(7, None, NOW + DAY, 30), None);
        assert_eq!(memory.due(7, None, NOW + 30 * DAY, 30), Some(Due::Old(-720)));
        assert_eq!(memory.due(7, Some(19_999), NOW + DAY, 30), None, "the change is older than the reading");
        assert_eq!(memory.due(7, Some(20_000), NOW + DAY / 2, 30), None, "the day of the change is not over");
        assert_eq!(
            memory.due(7, Some(20_000), NOW + DAY, 30),
            Some(Due::Changed),
            "the change may be later than the reading"
        );
        memory.mark(7, NOW + DAY);
        assert_eq!(memory.due(7, Some(20_000), NOW + 2 * DAY, 30), None);
    }

    #[test]
    fn the_most_urgent_comes_first() {
        let mut order = [Due::Old(-800), Due::Changed, Due::Old(-900), Due::Never];
        order.sort();
        assert_eq!(order, [Due::Never, Due::Changed, Due::Old(-900), Due::Old(-800)]);
    }

    #[test]
    fn twenty_thousand_companies_fit_into_notes_and_come_back() {
        let mut memory = Memory::default();
        (1..=20_000).for_each(|code| memory.mark(code * 1000, NOW));
        let mut script = Script::default();
        assert!(memory.save(&mut script));
        assert_eq!(Memory::load(&script).read, memory.read);
        assert!(script.notes().values().all(|note| note.len() <= 64 * 1024));
        let mut short = Memory::default();
        short.mark(5, NOW);
        assert!(short.save(&mut script));
        assert_eq!(Memory::load(&script).read.len(), 1, "older notes after the end are ignored");
    }
}
