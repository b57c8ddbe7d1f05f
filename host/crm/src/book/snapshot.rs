//! The content of the book at one moment. Parts that did not change are shared between moments.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Weak};

use afpi_core::clock::Instant;
use afpi_core::id::{EntrepriseId, LocalisationId, OpportuniteId, UserId};
use afpi_core::money::Money;
use afpi_core::scope::Scope;
use afpi_platform::plugins::site_words::SiteWords;
use afpi_plugins::contract::objectives::Fact;
use uuid::Uuid;

/// An index that means “none”.
pub const NONE: u32 = u32::MAX;
/// Rows of one shared part.
const ROWS: usize = 512;
/// Facts that ended within so many milliseconds are one shared part: thirty days.
const SPAN: i64 = 30 * 24 * 3600 * 1000;

/// An opportunité. Sites, people and words are indices into [`Words`].
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub id: OpportuniteId,
    pub entreprise: EntrepriseId,
    pub site: u32,
    pub commercial: u32,
    pub section: u32,
    pub status: u32,
    pub outcome: u32,
    pub kind: u32,
    /// [`NONE`] when nobody has said it.
    pub origine: u32,
    pub lost_reason: u32,
    pub amount: Money,
    pub due_at: Option<Instant>,
    pub section_since: Instant,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub lost_at: Option<Instant>,
}

impl Row {
    pub fn is_late(&self, now: Instant) -> bool {
        self.due_at.is_some_and(|due| due < now)
    }
}

/// All texts and ids, each once.
#[derive(Debug, Clone, Default)]
pub struct Words {
    list: Vec<String>,
    texts: HashMap<String, u32>,
    ids: HashMap<Uuid, u32>,
}

impl Words {
    /// The index of a text. [`NONE`] for an empty one, `None` for an unknown one.
    pub fn find(&self, text: &str) -> Option<u32> {
        if text.is_empty() { Some(NONE) } else { self.texts.get(text).copied() }
    }

    /// The index of an id.
    pub fn find_id(&self, id: Uuid) -> Option<u32> {
        self.ids.get(&id).copied()
    }

    /// The text at an index. Empty for [`NONE`].
    pub fn text(&self, index: u32) -> &str {
        self.list.get(index as usize).map_or("", String::as_str)
    }

    /// The id at an index.
    pub fn id(&self, index: u32) -> Option<Uuid> {
        Uuid::parse_str(self.text(index)).ok()
    }

    pub fn all(&self) -> &[String] {
        &self.list
    }

    /// The index of a text, which is added when it is unknown.
    pub(super) fn of(words: &mut Arc<Words>, text: &str) -> u32 {
        words.find(text).unwrap_or_else(|| {
            let words = Arc::make_mut(words);
            words.texts.insert(text.to_owned(), words.list.len() as u32);
            words.push(text.to_owned())
        })
    }

    /// The index of an id, which is added when it is unknown.
    pub(super) fn of_id(words: &mut Arc<Words>, id: Uuid) -> u32 {
        words.find_id(id).unwrap_or_else(|| {
            let words = Arc::make_mut(words);
            words.ids.insert(id, words.list.len() as u32);
            words.push(id.to_string())
        })
    }

    fn push(&mut self, word: String) -> u32 {
        self.list.push(word);
        self.list.len() as u32 - 1
    }
}

/// A row, and the first and last part that hold facts of it.
type Kept = Option<(Row, Range<i64>)>;

/// The content of the book.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub(super) words: Arc<Words>,
    /// By number, in parts of [`ROWS`]. A deleted row leaves a gap.
    rows: Vec<Arc<Vec<Kept>>>,
    /// In parts of [`SPAN`].
    facts: BTreeMap<i64, Arc<Vec<Fact>>>,
}

impl Snapshot {
    /// The outcomes of what is not decided.
    pub const UNDECIDED: [&str; 2] = ["open", "suspended"];

    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The number of facts.
    pub fn len(&self) -> usize {
        self.facts.values().map(|part| part.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The opportunités in scope, each with its number.
    pub fn rows(&self, scope: &Scope) -> impl Iterator<Item = (u32, &Row)> {
        let sieve = Sieve::of(self, scope);
        let rows = self.rows.iter().flat_map(|part| part.iter()).enumerate();
        rows.filter_map(|(number, kept)| Some((number as u32, &kept.as_ref()?.0)))
            .filter(move |(_, row)| sieve.lets(row.site, row.commercial))
    }

    /// The facts that ended within this time and pass the sieve.
    pub fn facts<'a>(&'a self, when: Range<Instant>, sieve: &'a Sieve) -> impl Iterator<Item = &'a Fact> + Send + 'a {
        let parts = part(when.start.millis())..=part(when.end.millis());
        let facts = self.facts.range(parts).flat_map(|(_, part)| part.iter());
        facts.filter(move |fact| when.contains(&Instant(fact.end)) && sieve.lets(fact.site, fact.user))
    }

    /// The parts that hold the facts of this time.
    pub fn parts(&self, when: Range<Instant>) -> Parts {
        let parts = part(when.start.millis())..=part(when.end.millis());
        Parts(self.facts.range(parts).map(|(_, part)| Arc::downgrade(part)).collect())
    }

    /// Removes these opportunités and their facts.
    pub(super) fn remove(&mut self, numbers: &HashSet<u32>) {
        let mut parts: Option<Range<i64>> = None;
        for number in numbers {
            let (part, at) = (*number as usize / ROWS, *number as usize % ROWS);
            let gone = Arc::make_mut(&mut self.rows[part])[at].take();
            if let Some((_, own)) = gone.filter(|(_, own)| !own.is_empty()) {
                let all = parts.get_or_insert(own.clone());
                *all = all.start.min(own.start)..all.end.max(own.end);
            }
        }
        let Some(parts) = parts else { return };
        for part in self.facts.range_mut(parts).map(|(_, part)| part) {
            if part.iter().any(|fact| numbers.contains(&fact.subject)) {
                Arc::make_mut(part).retain(|fact| !numbers.contains(&fact.subject));
            }
        }
    }

    /// Puts in an opportunité that is not there.
    pub(super) fn put(&mut self, number: u32, row: Row, facts: Vec<Fact>) {
        let parts = facts.iter().map(|fact| part(fact.end));
        let parts = parts.clone().min().map_or(0..0, |first| first..parts.max().unwrap_or(first) + 1);
        for fact in facts {
            let into = self.facts.entry(part(fact.end)).or_default();
            Arc::make_mut(into).push(Fact { subject: number, ..fact });
        }
        let (part, at) = (number as usize / ROWS, number as usize % ROWS);
        self.rows.resize_with(self.rows.len().max(part + 1), Arc::default);
        let rows = Arc::make_mut(&mut self.rows[part]);
        rows.resize(rows.len().max(at + 1), None);
        rows[at] = Some((row, parts));
    }

    /// A site's id.
    pub fn site(&self, index: u32) -> LocalisationId {
        self.words.id(index).map_or(LocalisationId::NETWORK, LocalisationId::from)
    }

    /// A person's id.
    pub fn person(&self, index: u32) -> UserId {
        UserId::from(self.words.id(index).unwrap_or_default())
    }

    /// Everything as text, for tests that compare two books. The order does not depend on when a record was taken over.
    pub fn lines(&self) -> Vec<String> {
        let text = |index: u32| self.words.text(index).to_owned();
        let rows = self.rows.iter().flat_map(|part| part.iter()).map(|kept| kept.as_ref().map(|(row, _)| row));
        let rows: Vec<Option<&Row>> = rows.collect();
        let mut lines: Vec<String> = rows
            .iter()
            .flatten()
            .map(|row| {
                let Row { site, commercial, section, status, outcome, kind, origine, lost_reason, .. } = **row;
                let words = [site, commercial, section, status, outcome, kind, origine, lost_reason].map(text);
                let own = Row {
                    site: 0,
                    commercial: 0,
                    section: 0,
                    status: 0,
                    outcome: 0,
                    kind: 0,
                    origine: 0,
                    lost_reason: 0,
                    ..(*row).clone()
                };
                format!("{} {own:?} {words:?}", row.id)
            })
            .collect();
        for fact in self.facts.values().flat_map(|part| part.iter()) {
            let of = rows.get(fact.subject as usize).and_then(|row| Some(row.as_ref()?.id));
            let words = [fact.kind, fact.key, fact.user, fact.site].map(text);
            lines.push(format!("{of:?} {words:?} {} {} {} {}", fact.start, fact.end, fact.amount, fact.weight));
        }
        lines.sort_unstable();
        lines
    }
}

/// Parts of the facts. Two are equal when nothing in them changed between their snapshots.
#[derive(Debug, Clone)]
pub struct Parts(Vec<Weak<Vec<Fact>>>);

impl PartialEq for Parts {
    fn eq(&self, other: &Parts) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(one, other)| one.ptr_eq(other))
    }
}

fn part(end: i64) -> i64 {
    end.div_euclid(SPAN)
}

/// Lets through what is of certain sites or people.
#[derive(Debug, Clone, Default)]
pub struct Sieve(Vec<Mesh>);

/// By index: the sites and the people of which one is enough.
#[derive(Debug, Clone)]
struct Mesh {
    sites: Vec<bool>,
    people: Vec<bool>,
}

impl Sieve {
    /// Lets through what lies in the scope.
    pub fn of(book: &Snapshot, scope: &Scope) -> Sieve {
        let all = Sieve::default();
        match scope {
            Scope::All => all,
            Scope::Sites(sites) => all.either(book, sites, &[]),
            Scope::Own { user, absent, .. } => {
                let people: Vec<UserId> = absent.iter().chain([user]).copied().collect();
                all.either(book, &[], &people)
            }
        }
    }

    /// Also wants one of these sites or one of these people.
    pub fn either(mut self, book: &Snapshot, sites: &[LocalisationId], people: &[UserId]) -> Sieve {
        let marked = |ids: &mut dyn Iterator<Item = Uuid>| {
            let mut marks = vec![false; book.words.list.len()];
            ids.filter_map(|id| book.words.find_id(id)).for_each(|index| marks[index as usize] = true);
            marks
        };
        let sites = marked(&mut sites.iter().map(|site| site.uuid()));
        let people = marked(&mut people.iter().map(|person| person.uuid()));
        self.0.push(Mesh { sites, people });
        self
    }

    pub fn lets(&self, site: u32, person: u32) -> bool {
        let marked = |marks: &[bool], index: u32| marks.get(index as usize).copied().unwrap_or_default();
        self.0.iter().all(|mesh| marked(&mesh.sites, site) || marked(&mesh.people, person))
    }
}

/// Which rows hold a status that is one of these words of its site. Each site and status is looked up once.
pub struct Waits<'a> {
    book: &'a Snapshot,
    of: &'a SiteWords,
    seen: RefCell<HashMap<(u32, u32), bool>>,
}

impl<'a> Waits<'a> {
    pub fn new(book: &'a Snapshot, of: &'a SiteWords) -> Waits<'a> {
        Waits { book, of, seen: RefCell::default() }
    }

    pub fn hold(&self, row: &Row) -> bool {
        let look = || self.of.contains(self.book.site(row.site), self.book.words.text(row.status));
        *self.seen.borrow_mut().entry((row.site, row.status)).or_insert_with(look)
    }
}

/// Which rows are open work: undecided, or signed with a role that still has to act.
pub struct UnderWay<'a> {
    undecided: [Option<u32>; 2],
    awaited: Waits<'a>,
}

impl<'a> UnderWay<'a> {
    /// `awaited`: the statuses in which a role must act.
    pub fn new(book: &'a Snapshot, awaited: &'a SiteWords) -> UnderWay<'a> {
        UnderWay {
            undecided: Snapshot::UNDECIDED.map(|word| book.words.find(word)),
            awaited: Waits::new(book, awaited),
        }
    }

    pub fn holds(&self, row: &Row) -> bool {
        self.undecided.contains(&Some(row.outcome)) || self.awaited.hold(row)
    }
}
