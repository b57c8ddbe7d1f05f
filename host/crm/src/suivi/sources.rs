//! Where the entries come from: the records whose notes, tasks and lines of the journal belong to the list.

use std::cmp::Reverse;

use afpi_db::{Conn, Sql};
use uuid::Uuid;

use super::Window;
use super::entry::{Of, told};
use crate::attachments::holder::{Holder, Kind};
use crate::courriels::read::{self as courriels, Courriel};
use crate::entreprises::fusion;
use crate::journal::{self, Row};
use crate::notes::read::{self as notes, Note};
use crate::taches::read::{self as taches, Tache};
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::EntrepriseId;
use afpi_core::scope::{Loaded, Scope, Scoped};
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, SubjectKind};

/// The most opportunités of a company whose moves are told: the newest ones.
const MOST: u32 = 200;
/// How many rows of each source are read at once.
const ROWS: u32 = 200;
/// What lines of the journal tell.
const LINES: [Of; 4] = [Of::Mail, Of::Document, Of::Mouvement, Of::Modification];

/// A place in the list: when something happened, and its id.
pub type Place = (Instant, Uuid);

/// What happened.
pub enum Item {
    /// With the record that it is about.
    Note((Kind, Uuid), Note),
    Tache(Tache),
    /// With the record that it is filed with.
    Courriel((Kind, Uuid), Courriel),
    Lines(Lines),
}

/// The lines of the journal that are one act, the newest first.
pub struct Lines {
    pub of: Of,
    pub rows: Vec<Row>,
    /// Of the newest line.
    place: Place,
}

impl Item {
    pub fn place(&self) -> Place {
        match self {
            Item::Note(_, note) => (note.at, note.id.uuid()),
            Item::Tache(tache) => (tache.done_at.unwrap_or(tache.created_at), tache.id.uuid()),
            Item::Courriel(_, mail) => (mail.at, mail.id.uuid()),
            Item::Lines(lines) => lines.place,
        }
    }

    pub fn kind(&self) -> Of {
        match self {
            Item::Note(..) => Of::Note,
            Item::Tache(_) => Of::Tache,
            Item::Courriel(..) => Of::Mail,
            Item::Lines(lines) => lines.of,
        }
    }

    /// Adds an older item when it is part of the same act: somebody changed fields of one record within an hour. Gives
    /// it back otherwise.
    pub fn join(&mut self, older: Item) -> Option<Item> {
        match (self, older) {
            (Item::Lines(act), Item::Lines(line)) if act.goes_on_with(&line) => {
                act.rows.extend(line.rows);
                None
            }
            (_, older) => Some(older),
        }
    }
}

impl Lines {
    fn goes_on_with(&self, older: &Lines) -> bool {
        let who = |row: &Row| (row.subject_id.clone(), row.actor_kind.clone(), row.actor_id.clone());
        let hour = |row: &Row| row.at.millis().div_euclid(3_600_000);
        (self.of, older.of) == (Of::Modification, Of::Modification)
            && self
                .rows
                .last()
                .zip(older.rows.first())
                .is_some_and(|(newer, older)| who(newer) == who(older) && hour(newer) == hour(older))
    }
}

/// The sources of a record's list.
pub struct Sources {
    scope: Scope,
    /// Whose notes, tasks and mails belong to it.
    records: Vec<(Kind, Vec<Uuid>)>,
    /// Which lines of the journal; none for who may not know them.
    lines: Option<Sql>,
}

impl Sources {
    /// Who sees an opportunité reads all its history, as on its own page. The history of other records is read by who
    /// may change them. The opportunités of a company are those in the caller's scope.
    pub async fn of(conn: &mut Conn, caller: &Caller, holder: &Loaded<Holder>) -> Result<Sources> {
        let scope = caller.scope();
        let mut records = vec![(holder.kind, vec![holder.id])];
        let (mut opportunites, mut subjects) = (vec![], vec![holder.id]);
        if holder.kind == Kind::Entreprises {
            let mut contacts = scope.entreprises("c.id", "JOIN contacts c ON c.entreprise_id = e.id");
            contacts.push(" AND e.id = ?").arg(holder.id);
            let contacts: Vec<(Uuid,)> = contacts.all(conn).await?;
            records.push((Kind::Contacts, contacts.into_iter().map(|(id,)| id).collect()));
            let mut query = scope.opportunites("o.id", "");
            query.push(" AND o.entreprise_id = ?").arg(holder.id).push(" ORDER BY o.id DESC").limit(MOST);
            opportunites = query.all::<(Uuid,)>(conn).await?.into_iter().map(|(id,)| id).collect();
            records.push((Kind::Opportunites, opportunites.clone()));
            let absorbed = fusion::absorbed(conn, holder.id.into()).await?;
            subjects.extend(absorbed.into_iter().map(EntrepriseId::uuid));
        }
        let company = matches!(holder.kind, Kind::Entreprises | Kind::Contacts);
        let changes = caller.may(holder.kind.writing()) && (!company || scope.changes(Scoped::Entreprise, holder.site));
        let subject = match holder.kind {
            Kind::Opportunites => Some(SubjectKind::Opportunite),
            Kind::Entreprises if changes => Some(SubjectKind::Entreprise),
            Kind::Formateurs if changes => Some(SubjectKind::Formateur),
            Kind::Sessions if changes => Some(SubjectKind::Session),
            // The journal tells a contact's changes with those of its company.
            _ => None,
        };
        let mut lines = None;
        if subject.is_some() || !opportunites.is_empty() {
            let mut query: Sql = Scope::All.journal(journal::COLUMNS, journal::JOINS).into();
            query.push(" AND (1 = 0");
            if let Some(subject) = subject {
                query.push(" OR (j.subject_kind = ?").arg(<&'static str>::from(subject));
                query.push(" AND j.subject_id IN ").list(subjects).push(")");
            }
            if !opportunites.is_empty() {
                query.push(" OR (j.subject_kind = ?").arg(<&'static str>::from(SubjectKind::Opportunite));
                query.push(" AND j.subject_id IN ").list(opportunites);
                query.push(" AND j.act IN ").list([Activity::Created.as_ref(), Activity::Moved.as_ref()]).push(")");
            }
            query.push(")");
            lines = Some(query);
        }
        Ok(Sources { scope, records, lines })
    }

    /// What happened before a place in the list, the newest first, and the place up to which nothing is missing; `None` at
    /// the end. `of`: nothing else is asked for.
    pub async fn before(
        &self,
        conn: &mut Conn,
        after: Option<Place>,
        of: Option<Of>,
    ) -> Result<(Vec<Item>, Option<Place>)> {
        let window = Window { after, rows: ROWS };
        let wants = |kinds: &[Of]| of.is_none_or(|of| kinds.contains(&of));
        let mut items = Vec::new();
        // Where the sources that have more rows were left.
        let mut left: Vec<Place> = Vec::new();
        if wants(&[Of::Note]) {
            let notes = notes::of_records(conn, &self.records, &window).await?;
            let notes: Vec<Item> = notes.into_iter().map(|(record, note)| Item::Note(record, note)).collect();
            left.extend(end(&notes, Item::place));
            items.extend(notes);
        }
        if wants(&[Of::Tache]) {
            let taches = taches::of_records(conn, &self.scope, &self.records, &window).await?;
            let taches: Vec<Item> = taches.into_iter().map(Item::Tache).collect();
            left.extend(end(&taches, Item::place));
            items.extend(taches);
        }
        if wants(&[Of::Mail]) {
            let mails = courriels::of_records(conn, &self.records, &window).await?;
            let mails: Vec<Item> = mails.into_iter().map(|(record, mail)| Item::Courriel(record, mail)).collect();
            left.extend(end(&mails, Item::place));
            items.extend(mails);
        }
        if let Some(lines) = self.lines.as_ref().filter(|_| wants(&LINES)) {
            let mut query = lines.clone();
            window.apply(&mut query, "j.at", "j.id");
            let rows: Vec<Row> = query.all(conn).await?;
            left.extend(end(&rows, |row| (row.at, row.id)));
            items.extend(rows.into_iter().filter_map(|row| {
                Some(Item::Lines(Lines { of: told(&row)?, place: (row.at, row.id), rows: vec![row] }))
            }));
        }
        let left = left.into_iter().max();
        items.retain(|item| wants(&[item.kind()]) && left.is_none_or(|left| item.place() >= left));
        items.sort_by_key(|item| Reverse(item.place()));
        Ok((items, left))
    }
}

/// The place of the last row, when there may be more rows.
fn end<T>(rows: &[T], place: impl Fn(&T) -> Place) -> Option<Place> {
    rows.last().filter(|_| rows.len() == ROWS as usize).map(place)
}
