//! One audit: takes records in any order and batches, judges them all at the end.

use afpi_sdk::auditor::{self, Entry};
use afpi_sdk::calendar::Date;
use afpi_sdk::{Error, Result};

use crate::facts::Records;
use crate::finding::Finding;
use crate::rules::CHECKS;
use crate::settings::Settings;
use crate::world::World;

/// At most so many findings: who has more mends the worst first.
pub const MOST: usize = 1000;

/// A running audit.
#[derive(Debug, Clone)]
pub struct Audit {
    /// `None`: a day that does not read.
    today: Option<Date>,
    settings: Settings,
    records: Records,
}

impl Audit {
    pub fn new(settings: Settings, today: &str) -> Audit {
        Audit { today: today.parse().ok(), settings, records: Records::default() }
    }

    /// What is wrong on this day, the worst first.
    pub fn found(&self, today: Date) -> Vec<Finding> {
        let world = World::new(today, &self.settings, &self.records);
        let mut found: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&world)).collect();
        found.retain(|finding| self.settings.has(finding.rule));
        let order = |finding: &Finding| (finding.rule.severity(), finding.rule.id());
        found.sort_by(|one, two| order(one).cmp(&order(two)).then_with(|| one.key.cmp(&two.key)));
        found.dedup_by(|one, two| one.rule == two.rule && one.key == two.key);
        found.truncate(MOST);
        found
    }
}

impl auditor::Audit for Audit {
    fn add(&mut self, entries: &[Entry]) {
        entries.iter().for_each(|entry| self.records.add(entry));
    }

    fn finish(&mut self) -> Result<Vec<auditor::Finding>> {
        let today = self.today.ok_or_else(|| Error::other("the day of the audit is no day"))?;
        Ok(self.found(today).into_iter().map(Finding::told).collect())
    }
}
