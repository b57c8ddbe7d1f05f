//! The people of an audience. Nobody is told about a record outside their scope.

use std::collections::BTreeSet;

use afpi_plugins::NotifierPlugin;
use afpi_plugins::contract::notifier::Audience;

use crate::opportunites::stored::StoredOpportunite;
use afpi_core::clock::Day;
use afpi_core::id::{LocalisationId, UserId};
use afpi_platform::people::Person;
use afpi_platform::state::App;

/// The facts of an event that decide who may see it.
pub(super) struct About<'a> {
    pub site: LocalisationId,
    pub subject: Option<&'a StoredOpportunite>,
    /// Who caused it, and need not be told.
    pub actor: Option<UserId>,
}

impl About<'_> {
    fn seen_by(&self, person: &Person) -> bool {
        match self.subject {
            Some(subject) => person.scope.sees(subject.localisation_id, Some(subject.commercial_id)),
            None => person.scope.sees(self.site, None),
        }
    }

    /// Is this person in this audience? The actor never is.
    pub fn means(&self, audience: &Audience, person: &Person) -> bool {
        let meant = match audience {
            Audience::User(id) => id.parse::<UserId>().is_ok_and(|id| id == person.id),
            Audience::Role(role) => person.role.kind().id() == role,
            Audience::Owner => self.subject.is_some_and(|subject| subject.commercial_id == person.id),
            // An audience of a later contract, which this host does not know.
            Audience::Other(_) => false,
        };
        meant && self.actor != Some(person.id) && self.seen_by(person)
    }

    /// Whom the deputy of each absent person in this audience stands in for. Who is in the audience anyway is none.
    pub fn deputies<'p>(
        &self,
        audiences: &[Audience],
        people: &'p [Person],
        today: Day,
    ) -> Vec<(&'p Person, &'p Person)> {
        let meant = |person: &Person| audiences.iter().any(|audience| self.means(audience, person));
        let mut deputies: Vec<(&Person, &Person)> = Vec::new();
        for absent in people.iter().filter(|person| meant(person)) {
            let Some(deputy) = absent.deputy(today).and_then(|id| people.iter().find(|person| person.id == id)) else {
                continue;
            };
            let known = meant(deputy) || deputies.iter().any(|(known, _)| known.id == deputy.id);
            if !known && self.actor != Some(deputy.id) && self.seen_by(deputy) {
                deputies.push((deputy, absent));
            }
        }
        deputies
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
