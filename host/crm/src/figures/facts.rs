//! Facts in the form that objectives plugins take: flat, with all texts in one dictionary. A window of facts is read
//! once, row by row, and then serves any number of calculations for periods within it. A fact takes 48 bytes; no JSON
//! is involved.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use afpi_db::{ReadDb, Row, Sql};
use afpi_plugins::contract::objectives::Fact;
use uuid::Uuid;

use afpi_core::clock::{Day, Instant};
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, OpportuniteId, UserId};
use afpi_core::scope::Scope;
use afpi_platform::localisations;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

/// An index that means “none”.
pub const NONE: u32 = u32::MAX;
/// Facts handed to the plugin at a time.
const BATCH: usize = 2000;

/// Only what is of this localisation and of this commercial, where given.
#[derive(Debug, Clone, Copy)]
pub struct Narrowing {
    pub site: Option<LocalisationId>,
    pub commercial: Option<UserId>,
}

/// Selects records of a scope.
#[derive(Debug, Clone)]
pub enum FactFilter {
    Of(Narrowing),
    /// Records of any of these people or localisations.
    Holders {
        users: Vec<UserId>,
        sites: Vec<LocalisationId>,
    },
}

impl FactFilter {
    /// Everything in scope.
    pub const ALL: FactFilter = FactFilter::Of(Narrowing { site: None, commercial: None });

    /// Appends the conditions, on the columns of table `t`: `t.localisation_id`, `t.commercial_id`.
    fn apply(&self, query: &mut Sql, site_column: &'static str, user_column: &'static str) {
        match self {
            FactFilter::Of(Narrowing { site, commercial }) => {
                if let Some(site) = site {
                    query.push(" AND ").push(site_column).push(" = ?").arg(site);
                }
                if let Some(commercial) = commercial {
                    query.push(" AND ").push(user_column).push(" = ?").arg(commercial);
                }
            }
            FactFilter::Holders { users, sites } => {
                query.push(" AND (").push(user_column).push(" IN ").list(users);
                query.push(" OR ").push(site_column).push(" IN ").list(sites).push(")");
            }
        }
    }
}

/// The facts of a window.
#[derive(Default)]
pub struct Facts {
    words: Words,
    list: Vec<Fact>,
    /// Open records now. They count only in the period that contains today.
    open: Vec<Fact>,
    /// First and last day of the window.
    window: Option<(Day, Day)>,
}

impl Facts {
    /// Reads the facts from the first to the last day, both included.
    pub async fn load(
        app: &App,
        reads: &ReadDb,
        scope: &Scope,
        which: &FactFilter,
        first: Day,
        last: Day,
    ) -> Result<Facts> {
        let definitions = definitions(app).await?;
        let window = instants(first, last);
        let mut reader = Reader::default();
        reader.facts.window = Some((first, last));
        let mut conn = reads.read().await?;

        let mut query =
            scope.faits("t.opportunite_id, t.kind, t.label, t.day, t.amount, t.commercial_id, t.localisation_id", "");
        which.apply(&mut query, "t.localisation_id", "t.commercial_id");
        query.push(" AND t.day >= ?").arg(first).push(" AND t.day <= ?").arg(last);
        query.each(&mut conn, |row| reader.happened(&row)).await?;

        let mut query = scope
            .opportunites("o.id AS opportunite_id, o.created_at, o.budget, o.commercial_id, o.localisation_id", "");
        which.apply(&mut query, "o.localisation_id", "o.commercial_id");
        query.push(" AND o.created_at >= ?").arg(window.start).push(" AND o.created_at < ?").arg(window.end);
        query.each(&mut conn, |row| reader.created(&row)).await?;

        let mut query = scope.opportunites(
            "o.id AS opportunite_id, s.section, s.started_at, s.ended_at, s.returned, o.commercial_id, o.localisation_id",
            "JOIN sejours s ON s.opportunite_id = o.id",
        );
        which.apply(&mut query, "o.localisation_id", "o.commercial_id");
        query.push(" AND s.ended_at >= ?").arg(window.start).push(" AND s.ended_at < ?").arg(window.end);
        query.each(&mut conn, |row| reader.stayed(&row)).await?;

        let mut query = scope.opportunites(
            "o.id AS opportunite_id, o.section, o.status, o.amount, o.commercial_id, o.localisation_id",
            "",
        );
        which.apply(&mut query, "o.localisation_id", "o.commercial_id");
        query.push(" AND o.outcome IN ('open', 'suspended')");
        query.each(&mut conn, |row| reader.open(&row, &definitions)).await?;
        Ok(reader.facts)
    }

    /// Open records now.
    pub fn open(&self) -> &[Fact] {
        &self.open
    }

    /// First and last day of the window. `None` for facts that were not read from the database.
    pub fn window(&self) -> Option<(Day, Day)> {
        self.window
    }

    /// The site or person of a score's group.
    pub fn id_of(&self, group: u32) -> Option<Uuid> {
        self.words.list.get(group as usize).and_then(|word| Uuid::parse_str(word).ok())
    }

    /// The dictionary.
    pub fn words(&self) -> &[String] {
        &self.words.list
    }

    /// The facts of a period at these sites, in batches: events and endings within the period, and open records on
    /// request.
    pub fn batches(
        &self,
        (first, last): (Day, Day),
        sites: Option<&BTreeSet<LocalisationId>>,
        open: bool,
    ) -> impl Iterator<Item = Vec<Fact>> + Send + '_ {
        let window = instants(first, last);
        let sites: Option<HashSet<u32>> =
            sites.map(|sites| sites.iter().filter_map(|site| self.words.ids.get(&site.uuid()).copied()).collect());
        let open = self.open.iter().filter(move |_| open);
        let facts = self.list.iter().filter(move |fact| window.contains(&Instant(fact.end))).chain(open);
        let mut facts =
            facts.filter(move |fact| sites.as_ref().is_none_or(|sites| sites.contains(&fact.site))).copied();
        std::iter::from_fn(move || {
            let batch: Vec<Fact> = facts.by_ref().take(BATCH).collect();
            (!batch.is_empty()).then_some(batch)
        })
    }
}

/// From the beginning of the first day to the end of the last one, in Paris.
fn instants(first: Day, last: Day) -> Range<Instant> {
    let end = last.date().succ_opt().map_or(last, Day::from);
    first.start()..end.start()
}

/// The workflow definition of every site that has one. Called before a database connection is taken.
async fn definitions(app: &App) -> Result<HashMap<LocalisationId, Arc<Definition>>> {
    let mut conn = app.db.read().await?;
    let sites = localisations::all(&mut conn).await?;
    drop(conn);
    let mut definitions = HashMap::new();
    for site in sites {
        if let Some(definition) = app.plugins.definition(site.id).await {
            definitions.insert(site.id, definition);
        }
    }
    Ok(definitions)
}

#[derive(Default)]
struct Words {
    list: Vec<String>,
    texts: HashMap<String, u32>,
    ids: HashMap<Uuid, u32>,
}

impl Words {
    fn of(&mut self, word: &str) -> u32 {
        if word.is_empty() {
            return NONE;
        }
        if let Some(index) = self.texts.get(word) {
            return *index;
        }
        let index = self.push(word.to_owned());
        self.texts.insert(word.to_owned(), index);
        index
    }

    fn id(&mut self, id: Uuid) -> u32 {
        if let Some(index) = self.ids.get(&id) {
            return *index;
        }
        let index = self.push(id.to_string());
        self.ids.insert(id, index);
        index
    }

    fn push(&mut self, word: String) -> u32 {
        self.list.push(word);
        self.list.len() as u32 - 1
    }
}

struct Reader {
    facts: Facts,
    subjects: HashMap<OpportuniteId, u32>,
    /// The start of each day seen so far. A lookup is faster than parsing the date.
    days: HashMap<String, Instant>,
    now: Instant,
}

impl Default for Reader {
    fn default() -> Self {
        Reader { facts: Facts::default(), subjects: HashMap::new(), days: HashMap::new(), now: Instant::now() }
    }
}

impl Reader {
    /// The fields that all facts share: kind, and from the row the key, the record, its commercial and its site.
    fn fact(&mut self, row: &Row, kind: &str, key: &str, (start, end): (Instant, Instant)) -> afpi_db::Result<Fact> {
        let subject: OpportuniteId = row.get("opportunite_id")?;
        let next = self.subjects.len() as u32;
        let subject = *self.subjects.entry(subject).or_insert(next);
        let words = &mut self.facts.words;
        let (user, site) = (words.id(row.get("commercial_id")?), words.id(row.get("localisation_id")?));
        Ok(Fact {
            kind: words.of(kind),
            key: words.of(key),
            user,
            site,
            subject,
            start: start.millis(),
            end: end.millis(),
            amount: 0,
            weight: 0,
        })
    }

    fn happened(&mut self, row: &Row) -> afpi_db::Result<bool> {
        let day: String = row.get("day")?;
        let start = self.days.get(&day).copied().or_else(|| Some(day.parse::<Day>().ok()?.start()));
        let Some(at) = start else { return Ok(true) };
        self.days.insert(day, at);
        let (kind, label): (String, String) = (row.get("kind")?, row.get("label")?);
        let fact = self.fact(row, &kind, &label, (at, at))?;
        self.facts.list.push(Fact { amount: row.get("amount")?, ..fact });
        Ok(true)
    }

    fn created(&mut self, row: &Row) -> afpi_db::Result<bool> {
        let at = row.get("created_at")?;
        let fact = self.fact(row, "cree", "", (at, at))?;
        self.facts.list.push(Fact { amount: row.get("budget")?, ..fact });
        Ok(true)
    }

    fn stayed(&mut self, row: &Row) -> afpi_db::Result<bool> {
        let (section, returned): (String, bool) = (row.get("section")?, row.get("returned")?);
        let stay = (row.get("started_at")?, row.get("ended_at")?);
        let fact = self.fact(row, "section", &section, stay)?;
        self.facts.list.push(Fact { weight: returned.into(), ..fact });
        Ok(true)
    }

    fn open(&mut self, row: &Row, definitions: &HashMap<LocalisationId, Arc<Definition>>) -> afpi_db::Result<bool> {
        let (site, status, section): (LocalisationId, String, String) =
            (row.get("localisation_id")?, row.get("status")?, row.get("section")?);
        let probability = definitions.get(&site).and_then(|d| d.status(&status)).map_or(0, |s| s.probability);
        let fact = self.fact(row, "ouvert", &section, (self.now, self.now))?;
        self.facts.open.push(Fact { amount: row.get("amount")?, weight: probability.into(), ..fact });
        Ok(true)
    }
}
