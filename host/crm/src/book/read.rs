//! Reads opportunités with their facts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use afpi_core::clock::{Day, Instant};
use afpi_core::id::{EntrepriseId, LocalisationId, OpportuniteId, UserId};
use afpi_core::money::Money;
use afpi_core::scope::Scope;
use afpi_db::{Conn, Row as DbRow};
use afpi_plugins::contract::objectives::Fact;
use uuid::Uuid;

use super::snapshot::{NONE, Row, Words};
use crate::changed::Which;

/// An opportunité with its facts. Facts do not know their subject yet.
pub struct Record {
    pub row: Row,
    pub facts: Vec<Fact>,
}

/// Reads these opportunités. One that does not exist has no entry.
pub async fn records(
    conn: &mut Conn,
    words: &mut Arc<Words>,
    which: Which<'_>,
) -> afpi_db::Result<BTreeMap<Uuid, Record>> {
    let mut reader = Reader { words, days: HashMap::new(), found: BTreeMap::new() };
    let mut query = Scope::All.opportunites(
        "o.id, o.entreprise_id, o.localisation_id, o.commercial_id, o.section, o.status, o.outcome, o.kind, o.amount, \
         o.budget, o.due_at, o.section_since, o.created_at, o.updated_at, o.origine, o.lost_reason, o.lost_at",
        "",
    );
    which.push(&mut query, "o.id");
    query.each(conn, |row| reader.record(&row)).await?;
    let rows = which.rows(reader.found.last_key_value().map(|(id, _)| *id));

    let mut query = Scope::All.opportunites(
        "o.id, s.section, s.started_at, s.ended_at, s.returned",
        "JOIN sejours s ON s.opportunite_id = o.id",
    );
    rows.push(&mut query, "o.id");
    query.push(" AND s.ended_at IS NOT NULL");
    query.each(conn, |row| reader.stayed(&row)).await?;

    let mut query =
        Scope::All.faits("t.opportunite_id, t.kind, t.label, t.day, t.amount, t.commercial_id, t.localisation_id", "");
    rows.push(&mut query, "t.opportunite_id");
    query.each(conn, |row| reader.happened(&row)).await?;
    Ok(reader.found)
}

struct Reader<'a> {
    words: &'a mut Arc<Words>,
    /// The start of each day seen so far. A lookup is faster than parsing the date.
    days: HashMap<String, Instant>,
    found: BTreeMap<Uuid, Record>,
}

impl Reader<'_> {
    fn record(&mut self, row: &DbRow) -> afpi_db::Result<bool> {
        let mut word = |at| row.at::<String>(at).map(|text| Words::of(self.words, &text));
        let (section, status, outcome, kind) = (word(4)?, word(5)?, word(6)?, word(7)?);
        let mut said =
            |at| row.at::<Option<String>>(at).map(|text| text.map_or(NONE, |text| Words::of(self.words, &text)));
        let (origine, lost_reason) = (said(14)?, said(15)?);
        let id: OpportuniteId = row.at(0)?;
        let site = Words::of_id(self.words, row.at::<LocalisationId>(2)?.uuid());
        let commercial = Words::of_id(self.words, row.at::<UserId>(3)?.uuid());
        let (budget, created): (Money, Instant) = (row.at(9)?, row.at(12)?);
        let own = Row {
            id,
            entreprise: row.at::<EntrepriseId>(1)?,
            site,
            commercial,
            section,
            status,
            outcome,
            kind,
            origine,
            lost_reason,
            amount: row.at(8)?,
            due_at: row.at(10)?,
            section_since: row.at(11)?,
            created_at: created,
            updated_at: row.at(13)?,
            lost_at: row.at(16)?,
        };
        let facts = vec![Fact {
            kind: Words::of(self.words, "cree"),
            key: NONE,
            user: commercial,
            site,
            subject: NONE,
            start: created.millis(),
            end: created.millis(),
            amount: budget.cents(),
            weight: 0,
        }];
        self.found.insert(id.uuid(), Record { row: own, facts });
        Ok(true)
    }

    fn stayed(&mut self, row: &DbRow) -> afpi_db::Result<bool> {
        // Whoever was changed meanwhile is read again.
        let Some(record) = self.found.get_mut(&row.at::<Uuid>(0)?) else { return Ok(true) };
        record.facts.push(Fact {
            kind: Words::of(self.words, "section"),
            key: Words::of(self.words, &row.at::<String>(1)?),
            user: record.row.commercial,
            site: record.row.site,
            subject: NONE,
            start: row.at(2)?,
            end: row.at(3)?,
            amount: 0,
            weight: row.at::<bool>(4)?.into(),
        });
        Ok(true)
    }

    fn happened(&mut self, row: &DbRow) -> afpi_db::Result<bool> {
        let Some(record) = self.found.get_mut(&row.at::<Uuid>(0)?) else { return Ok(true) };
        let day: String = row.at(3)?;
        let start = self.days.get(&day).copied().or_else(|| Some(day.parse::<Day>().ok()?.start()));
        let Some(at) = start else { return Ok(true) };
        self.days.insert(day, at);
        record.facts.push(Fact {
            kind: Words::of(self.words, &row.at::<String>(1)?),
            key: Words::of(self.words, &row.at::<String>(2)?),
            user: Words::of_id(self.words, row.at::<UserId>(5)?.uuid()),
            site: Words::of_id(self.words, row.at::<LocalisationId>(6)?.uuid()),
            subject: NONE,
            start: at.millis(),
            end: at.millis(),
            amount: row.at(4)?,
            weight: 0,
        });
        Ok(true)
    }
}
