//! One audit: takes records in any order and batches, judges them all at the end.

use afpi_sdk::calendar::Date;

use crate::facts::{Entry, Records};
use crate::finding::Finding;
use crate::rules::CHECKS;
use crate::settings::Settings;
use crate::world::World;

/// At most so many findings: who has more mends the worst first.
pub const MOST: usize = 1000;

/// A running audit.
#[derive(Debug, Clone)]
pub struct Audit {
    today: Date,
    settings: Settings,
    records: Records,
}

impl Audit {
    pub fn new(settings: Settings, today: Date) -> Audit {
        Audit { today, settings, records: Records::default() }
    }

    /// Takes a record.
    pub fn add(&mut self, entry: &Entry) {
        self.records.add(entry);
    }

    /// What is wrong, the worst first.
    pub fn finish(&self) -> Vec<Finding> {
        let world = World::new(self.today, &self.settings, &self.records);
        let mut found: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&world)).collect();
        found.retain(|finding| !self.settings.regles_desactivees.contains(&finding.rule));
        found.sort_by(|one, two| {
            let order = |finding: &Finding| (finding.rule.severity(), finding.rule.id());
            order(one).cmp(&order(two)).then_with(|| one.key.cmp(&two.key))
        });
        found.dedup_by(|one, two| one.rule == two.rule && one.key == two.key);
        found.truncate(MOST);
        found
    }
}
