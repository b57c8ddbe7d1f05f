//! Contacts: a received one is compared with the known ones ([`plan`]), applied ([`apply`]) and undone ([`undo`]).
//! People entered here are kept. A contact that was archived there is marked, never removed.

pub mod apply;
pub mod plan;
pub mod undo;

use std::collections::{HashMap, HashSet};

use afpi_db::{Conn, FromRow, Row, sql};
use async_trait::async_trait;
use serde_json::Value;

use super::Stop;
use super::apply::Batch as Applying;
use super::change::{Action, Change, Entity, Fields, Staged};
use super::companies::word;
use super::editable::Editable;
use super::fields::{self, CONTACT};
use super::known;
use super::sites::Sites;
use super::stage::{Stage, Taken, key};
use super::undo::Batch as Undoing;
use afpi_core::email;
use afpi_core::id::{ContactId, EntrepriseId};
use afpi_core::text::{fold, text};

/// A contact as it is now.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: ContactId,
    pub company: EntrepriseId,
    pub fields: Fields,
    pub position: i64,
    /// Is it the company's main contact?
    pub main: bool,
}

impl FromRow for Person {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(Person {
            id: row.get("id")?,
            company: row.get("entreprise_id")?,
            fields: fields::stored(&CONTACT, row)?,
            position: row.get("position")?,
            main: row.get("main")?,
        })
    }
}

/// These contacts, and all contacts of these companies.
pub async fn load(
    conn: &mut Conn,
    ids: impl Iterator<Item = ContactId>,
    companies: impl Iterator<Item = EntrepriseId>,
) -> afpi_db::Result<HashMap<ContactId, Person>> {
    let mut query = sql(
        "SELECT id, entreprise_id, first_name, last_name, job, email, phone, position, main FROM contacts WHERE id IN ",
    );
    query.list(ids).push(" OR entreprise_id IN ").list(companies);
    Ok(query.all::<Person>(conn).await?.into_iter().map(|p| (p.id, p)).collect())
}

/// The company that a change gives its contact.
pub fn company(fields: &Fields) -> Option<EntrepriseId> {
    fields.get("entreprise").and_then(Value::as_str).and_then(|id| id.parse().ok())
}

/// The contacts of a company in the form of the API, which hooks also read.
pub fn listed(mut people: Vec<Person>) -> Value {
    people.sort_by_key(|person| (person.position, person.id));
    let main = people.iter().position(|person| person.main).unwrap_or_default();
    let shown = people.into_iter().enumerate().map(|(at, person)| {
        let value = |name: &str| person.fields.get(name).cloned().unwrap_or(Value::Null);
        let mut shown: Fields = CONTACT.iter().map(|field| (field.name.to_owned(), value(field.name))).collect();
        shown.insert("id".into(), person.id.to_string().into());
        shown.insert("main".into(), (at == main).into());
        Value::Object(shown)
    });
    shown.collect()
}

/// Contacts as records that runs change.
pub struct Contacts;

#[async_trait]
impl Editable for Contacts {
    fn entity(&self) -> Entity {
        Entity::Contact
    }

    async fn plan(
        &self,
        stage: &mut Stage,
        conn: &mut Conn,
        taken: Vec<Taken>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Stop> {
        let links =
            known::by_external(conn, stage.rules.key(), Entity::Contact, taken.iter().map(|t| t.external_id.as_str()))
                .await?;
        let unseen = taken
            .iter()
            .map(|t| t.parent.as_str())
            .filter(|parent| !stage.seen.contains_key(&key(Entity::Entreprise, parent)));
        let parents = known::by_external(conn, stage.rules.key(), Entity::Entreprise, unseen).await?;
        let company = |parent: &str| match stage.seen.get(&key(Entity::Entreprise, parent)) {
            Some(record) => Some(*record).filter(|record| !record.is_nil()).map(EntrepriseId::from),
            None => parents.get(parent).map(|link| link.record.into()),
        };
        let people =
            load(conn, links.values().map(|l| l.record.into()), taken.iter().filter_map(|t| company(&t.parent)))
                .await?;
        let externals =
            known::by_record(conn, stage.rules.key(), Entity::Contact, people.keys().map(|id| id.uuid())).await?;
        let mut by_address: HashMap<(EntrepriseId, String), ContactId> = HashMap::new();
        for person in
            people.values().filter(|p| !externals.contains_key(&p.id.uuid()) && !stage.matched.contains(&p.id.uuid()))
        {
            if let Some(email) = word(&person.fields, "email") {
                by_address.insert((person.company, email::key(email)), person.id);
            }
        }
        let mut by_name: HashMap<(EntrepriseId, String), ContactId> = HashMap::new();
        if stage.rules.by_name {
            let free = people.values().filter(|person| !stage.matched.contains(&person.id.uuid()));
            by_name.extend(free.map(|person| ((person.company, fold(&plan::name(&person.fields))), person.id)));
        }
        let mut found: HashSet<ContactId> = HashSet::new();
        for taken in &taken {
            let (mut fields, left) = fields::read(&CONTACT, &taken.sent);
            let link = links.get(&taken.external_id);
            let company = company(&taken.parent);
            let address = link.is_none().then(|| company.zip(word(&fields, "email").map(email::key))).flatten();
            let namesake = address.and_then(|address| by_address.remove(&address));
            let called = company.map(|company| (company, fold(&plan::name(&fields))));
            let free = |id: &ContactId| !found.contains(id);
            let namesake = namesake
                .filter(free)
                .or_else(|| called.as_ref().and_then(|called| by_name.remove(called)).filter(free));
            if let Some((company, name)) = called.filter(|_| stage.rules.by_name) {
                let email = word(&fields, "email").map(email::key).unwrap_or_default();
                if !stage.people.insert((company, format!("{name}\n{email}"))) {
                    let twice = text("le même contact figure deux fois", "the same contact stands there twice");
                    let label = plan::name(&fields);
                    changes.push(Change::skipped("contact", &taken.external_id, &label, twice));
                    continue;
                }
            }
            let known = plan::Known {
                link,
                linked: link.and_then(|link| people.get(&ContactId::from(link.record))),
                company,
                namesake: namesake.and_then(|id| people.get(&id)),
                once: !stage.rules.remembers(),
            };
            stage.fill(Entity::Contact, &mut fields, known.linked.or(known.namesake).map(|person| &person.fields));
            let mut change = plan::plan(taken, fields, known, &stage.rules.owners);
            found.extend(namesake);
            stage.left.note(&change, &left);
            stage.explain(&mut change, Entity::Contact, taken, &left);
            changes.push(change);
        }
        stage.matched.extend(found.into_iter().map(ContactId::uuid));
        Ok(())
    }

    fn writes(&self, action: Action) -> bool {
        matches!(action, Action::Created | Action::Updated | Action::Conflict)
    }

    async fn apply(&self, tx: &mut Conn, batch: &mut Applying<'_>, changes: &[&Staged], _: &Sites) -> Result<(), Stop> {
        Ok(apply::apply(tx, batch, changes).await?)
    }

    async fn undo(&self, tx: &mut Conn, batch: &mut Undoing<'_>, changes: &[&Staged], _: &Sites) -> Result<(), Stop> {
        Ok(undo::undo(tx, batch, changes).await?)
    }
}
