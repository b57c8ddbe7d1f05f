//! When a person is absent, and who stands in. The deputy sees what the absent person owns, gets the messages too, and
//! acts with the rights of the deputy's own role.

use std::collections::BTreeMap;

use afpi_core::clock::Day;
use afpi_core::id::UserId;
use afpi_db::{Conn, sql};

/// An absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
    pub deputy: Option<UserId>,
}

impl Absence {
    pub fn covers(&self, day: Day) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// The present or next absence of each person who has one.
pub async fn read(conn: &mut Conn) -> afpi_db::Result<BTreeMap<UserId, Absence>> {
    let rows = sql("SELECT user_id, from_on, until_on, deputy_id FROM absences WHERE until_on >= ?")
        .bind(Day::today())
        .all::<(UserId, Day, Day, Option<UserId>)>(conn)
        .await?;
    Ok(rows.into_iter().map(|(user, from, until, deputy)| (user, Absence { from, until, deputy })).collect())
}
