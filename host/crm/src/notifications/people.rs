//! The people of an audience. Nobody is told about a record outside their scope.

use std::collections::BTreeSet;

use afpi_db::{Conn, FromRow, Row, sql};
use afpi_plugins::NotifierPlugin;
use afpi_plugins::contract::notifier::Audience;

use crate::opportunites::stored::StoredOpportunite;
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::{Reach, Role};
use afpi_core::scope::Scope;
use afpi_platform::roles::{self, Held};
use afpi_platform::state::App;

/// A person who may be told.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub id: UserId,
    role: Role,
    reach: Reach,
    sites: Vec<LocalisationId>,
}

struct PersonRow {
    id: UserId,
    role: Held,
    site: Option<LocalisationId>,
}

impl FromRow for PersonRow {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(PersonRow { id: row.get("id")?, role: Held::from_row(row)?, site: row.get("site")? })
    }
}

/// The facts of an event that decide who may see it.
pub(super) struct About<'a> {
    pub site: LocalisationId,
    pub subject: Option<&'a StoredOpportunite>,
    /// Who caused it, and need not be told.
    pub actor: Option<UserId>,
}

impl About<'_> {
    fn seen_by(&self, person: &Person) -> bool {
        let scope = Scope::of(person.reach, person.id, person.sites.clone());
        match self.subject {
            Some(subject) => scope.sees(subject.localisation_id, Some(subject.commercial_id)),
            None => scope.sees(self.site, None),
        }
    }

    /// Is this person in this audience?
    pub fn means(&self, audience: &Audience, person: &Person) -> bool {
        let meant = match audience {
            Audience::User(id) => id.parse::<UserId>().is_ok_and(|id| id == person.id),
            Audience::Role(role) => person.role.id() == role,
            Audience::Owner => self.subject.is_some_and(|subject| subject.commercial_id == person.id),
            // An audience of a later contract, which this host does not know.
            Audience::Other(_) => false,
        };
        meant && self.seen_by(person)
    }

    /// Active people in any of these audiences except the actor, with their localisations.
    pub async fn people(&self, conn: &mut Conn, audiences: impl Iterator<Item = &Audience>) -> Result<Vec<Person>> {
        let (mut ids, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        for audience in audiences {
            match audience {
                Audience::User(id) => drop(id.parse::<UserId>().map(|id| ids.insert(id))),
                Audience::Role(role) => drop(kinds.insert(role.as_str())),
                Audience::Owner => ids.extend(self.subject.map(|subject| subject.commercial_id)),
                Audience::Other(_) => {}
            }
        }
        let mut query = sql("SELECT u.id, ul.localisation_id AS site, ");
        query
            .push(roles::COLUMNS)
            .push(
                " FROM users u JOIN roles ro ON ro.id = u.role_id LEFT JOIN user_localisations ul ON ul.user_id = u.id \
                 WHERE u.active = ?",
            )
            .arg(true);
        query.push(" AND (u.id IN ").list(ids).push(" OR u.role IN ").list(kinds).push(") ORDER BY u.id");
        let mut people: Vec<Person> = Vec::new();
        for row in query.all::<PersonRow>(conn).await? {
            match people.last_mut().filter(|last| last.id == row.id) {
                Some(last) => last.sites.extend(row.site),
                None => people.push(Person {
                    id: row.id,
                    role: row.role.kind(),
                    reach: row.role.access.reach(),
                    sites: row.site.into_iter().collect(),
                }),
            }
        }
        people.retain(|person| Some(person.id) != self.actor);
        Ok(people)
    }
}

/// The notifiers of these localisations, each plugin once; of all localisations when `sites` is `None`.
pub fn notifiers(app: &App, sites: Option<&[LocalisationId]>) -> Vec<NotifierPlugin> {
    let registry = app.plugins.registry();
    let seats: Vec<String> = match sites {
        Some(sites) => sites.iter().map(LocalisationId::to_string).collect(),
        None => registry.seats().into_iter().map(|seat| seat.site.id.to_string()).collect(),
    };
    let mut seen = BTreeSet::new();
    let mut notifiers = Vec::new();
    for site in seats {
        notifiers.extend(
            registry.notifiers(&site).into_iter().filter(|plugin| seen.insert(plugin.plugin().id().to_owned())),
        );
    }
    notifiers
}
