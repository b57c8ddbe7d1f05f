//! Which records to read for what this process holds in memory: those that changed, or all of them page by page.

use afpi_core::scope::ScopedSql;
use uuid::Uuid;

/// Records per page.
pub const PAGE: u32 = 2000;

/// Which records to read.
#[derive(Clone, Copy)]
pub enum Which<'a> {
    These(&'a [Uuid]),
    /// The next [`PAGE`] after this one.
    After(Uuid),
}

/// The same for rows that belong to them.
#[derive(Clone, Copy)]
pub enum Rows<'a> {
    These(&'a [Uuid]),
    Between(Uuid, Uuid),
}

impl<'a> Which<'a> {
    /// Appends the condition on the record's id.
    pub fn push(self, query: &mut ScopedSql, id: &'static str) {
        query.push(" AND ").push(id);
        match self {
            Which::These(ids) => query.push(" IN ").list(ids.iter().copied()),
            Which::After(last) => query.push(" > ?").arg(last).push(" ORDER BY ").push(id).limit(PAGE),
        };
    }

    /// What belongs to the records that were read, the last of which is this one.
    pub fn rows(self, end: Option<Uuid>) -> Rows<'a> {
        match self {
            Which::These(ids) => Rows::These(ids),
            Which::After(last) => Rows::Between(last, end.unwrap_or(last)),
        }
    }
}

impl Rows<'_> {
    /// Appends the condition on the id of the record that the rows belong to.
    pub fn push(self, query: &mut ScopedSql, id: &'static str) {
        query.push(" AND ").push(id);
        match self {
            Rows::These(ids) => query.push(" IN ").list(ids.iter().copied()),
            Rows::Between(after, last) => query.push(" > ? AND ").arg(after).push(id).push(" <= ?").arg(last),
        };
    }
}
