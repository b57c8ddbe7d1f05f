//! What somebody may do and how far he sees: a role's record, within the limits of the built-in role it stands on. The
//! same code decides and gives the reason.

use std::collections::BTreeSet;

use strum::IntoStaticStr;

use crate::rights::{Action, Reach, Role};

/// A role's record as far as it decides. The words in the database count within the limits of the built-in role only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    kind: Role,
    reach: Reach,
    given: BTreeSet<Action>,
}

/// Why an action is allowed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// An administrator may do everything.
    Administrator,
    /// The role's record has it.
    Given,
    /// The role's record does not have it.
    NotGiven,
    /// No role of this kind, or none that sees no further, can have it.
    BeyondKind,
}

impl Verdict {
    pub fn allows(self) -> bool {
        matches!(self, Verdict::Administrator | Verdict::Given)
    }
}

impl Access {
    /// As the product comes.
    pub fn built_in(role: Role) -> Access {
        let given = Action::every().filter(|action| role.may(*action)).collect();
        Access { kind: role, reach: role.reach(), given }
    }

    /// From the words in the database; actions are parted by commas. An action of another version of the program counts
    /// for nothing, a reach that this kind cannot have for the nearest one.
    pub fn stored(kind: Role, reach: &str, actions: &str) -> Access {
        let possible = kind.reaches();
        let reach = reach.parse().ok().filter(|reach| possible.contains(reach));
        Access {
            kind,
            reach: reach.unwrap_or(possible[possible.len() - 1]),
            given: actions.split(',').filter_map(|word| word.parse().ok()).collect(),
        }
    }

    /// The built-in role: what workflows and plugins see.
    pub fn kind(&self) -> Role {
        self.kind
    }

    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Sees all localisations; the others are tied to theirs.
    pub fn network_wide(&self) -> bool {
        self.reach == Reach::Network
    }

    /// May somebody with this access do it, and why?
    pub fn verdict(&self, action: Action) -> Verdict {
        if self.kind == Role::Admin {
            Verdict::Administrator
        } else if !self.kind.ceiling(self.reach, action) {
            Verdict::BeyondKind
        } else if self.given.contains(&action) {
            Verdict::Given
        } else {
            Verdict::NotGiven
        }
    }

    pub fn may(&self, action: Action) -> bool {
        self.verdict(action).allows()
    }

    pub fn actions(&self) -> impl Iterator<Item = Action> {
        Action::every().filter(|action| self.may(*action))
    }

    /// What it could be given.
    pub fn grantable(&self) -> impl Iterator<Item = Action> {
        Action::every().filter(|action| self.kind.ceiling(self.reach, *action))
    }

    /// May somebody with this access manage people with that one, and give it to them? Only below or beside him, and
    /// nobody gives or takes over more than he has himself: a password he sets would open it to him.
    pub fn manages(&self, other: &Access) -> bool {
        self.kind.manages(other.kind) && other.reach <= self.reach && other.actions().all(|action| self.may(action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_stays_below_its_ceiling_and_an_administrator_keeps_everything() {
        for role in Role::ALL {
            let built_in = Access::built_in(role);
            assert_eq!(
                built_in.actions().collect::<Vec<_>>(),
                Action::every().filter(|a| role.may(*a)).collect::<Vec<_>>()
            );
            assert!(role.reaches().iter().all(|reach| *reach <= role.reach()), "{}", role.id());
        }
        let stored = Access::stored(Role::Commercial, "network", "entreprises:write,plugins:install,of:tomorrow");
        assert_eq!(
            (stored.reach(), stored.actions().collect::<Vec<_>>()),
            (Reach::Own, vec![Action::EntreprisesWrite])
        );
        assert_eq!(stored.verdict(Action::PluginsInstall), Verdict::BeyondKind);
        assert_eq!(stored.verdict(Action::ObjectifsRead), Verdict::NotGiven);
        let admin = Access::stored(Role::Admin, "own", "");
        assert_eq!((admin.reach(), admin.actions().count()), (Reach::Network, Action::every().count()));
    }

    #[test]
    fn the_queues_of_the_network_are_for_who_sees_the_network() {
        let tied = Access::stored(Role::ResponsableCommercial, "sites", "jobs:read,users:read");
        assert_eq!(tied.actions().collect::<Vec<_>>(), [Action::UsersRead]);
    }

    #[test]
    fn nobody_manages_more_than_he_has() {
        let built_in = Access::built_in;
        let tied = Access::stored(Role::ResponsableCommercial, "sites", "users:read,users:write");
        assert!(built_in(Role::ResponsableCommercial).manages(&tied) && tied.manages(&tied));
        // A password he sets would let him see the whole network.
        assert!(!tied.manages(&built_in(Role::ResponsableCommercial)));
        // And take away the companies as a file.
        assert!(!tied.manages(&built_in(Role::Manager)));
        for below in [Role::Commercial, Role::Planificateur, Role::Assistante, Role::Facturation] {
            assert!(built_in(Role::Manager).manages(&built_in(below)), "{}", below.id());
        }
    }
}
