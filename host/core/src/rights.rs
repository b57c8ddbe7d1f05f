//! Who may do what: the seven roles and the action matrix of the domain. Section-level rights (who validates, who
//! plans) are the workflow plugin's; data scopes are in [`crate::scope`].

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The seven roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Admin,
    ResponsableCommercial,
    Manager,
    Commercial,
    Planificateur,
    Assistante,
    Facturation,
}

impl Role {
    pub const ALL: [Role; 7] = [
        Role::Admin,
        Role::ResponsableCommercial,
        Role::Manager,
        Role::Commercial,
        Role::Planificateur,
        Role::Assistante,
        Role::Facturation,
    ];

    /// The id used everywhere outside.
    pub fn id(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::ResponsableCommercial => "responsable_commercial",
            Role::Manager => "manager",
            Role::Commercial => "commercial",
            Role::Planificateur => "planificateur",
            Role::Assistante => "assistante",
            Role::Facturation => "facturation",
        }
    }

    pub fn parse(id: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.id() == id)
    }

    /// Sees all localisations; the others are tied to theirs.
    pub fn network_wide(self) -> bool {
        matches!(self, Role::Admin | Role::ResponsableCommercial)
    }

    /// May this role ever do this? Whose records it may be done to is a question of scope.
    pub fn may(self, action: Action) -> bool {
        use Action as A;
        use Role as R;
        match self {
            R::Admin => true,
            R::ResponsableCommercial => !matches!(action, A::PluginsInstall | A::ConnecteursManage | A::JobsManage),
            R::Manager => matches!(
                action,
                A::OpportunitesCreate
                    | A::OpportunitesEdit
                    | A::EntreprisesWrite
                    | A::FormateursRead
                    | A::FormateursWrite
                    | A::SallesWrite
                    | A::ObjectifsRead
                    | A::ObjectifsWrite
                    | A::UsersRead
                    | A::UsersWrite
                    | A::PluginsRead
                    | A::PluginsConfigure
                    | A::OpportunitesExport
                    | A::EntreprisesExport
                    | A::JournalRead
            ),
            R::Commercial => {
                matches!(action, A::OpportunitesCreate | A::OpportunitesEdit | A::EntreprisesWrite | A::ObjectifsRead)
            }
            R::Planificateur => matches!(action, A::FormateursRead | A::FormateursWrite | A::SallesWrite),
            R::Assistante => matches!(action, A::EntreprisesWrite | A::FormateursRead),
            R::Facturation => matches!(action, A::OpportunitesExport),
        }
    }

    /// Takes away only the opportunités that lie in a section this role owns.
    pub fn exports_own_sections(self) -> bool {
        self == Role::Facturation
    }

    /// May a user of this role manage a user of that role? A manager only those below him.
    pub fn manages(self, other: Role) -> bool {
        match self {
            Role::Admin => true,
            Role::ResponsableCommercial => other != Role::Admin,
            Role::Manager => !matches!(other, Role::Admin | Role::ResponsableCommercial | Role::Manager),
            _ => false,
        }
    }
}

/// What the host itself guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    OpportunitesCreate,
    /// Title, budget, assignment of an opportunité; its sections are the workflow's.
    OpportunitesEdit,
    OpportunitesExport,
    EntreprisesWrite,
    EntreprisesExport,
    FormateursRead,
    FormateursWrite,
    /// Rooms; reading them is a question of scope only.
    SallesWrite,
    ObjectifsRead,
    ObjectifsWrite,
    UsersRead,
    UsersWrite,
    PluginsRead,
    PluginsInstall,
    PluginsConfigure,
    ConnecteursManage,
    JobsRead,
    JobsManage,
    JournalRead,
}

impl Action {
    pub const ALL: [Action; 19] = [
        Action::OpportunitesCreate,
        Action::OpportunitesEdit,
        Action::OpportunitesExport,
        Action::EntreprisesWrite,
        Action::EntreprisesExport,
        Action::FormateursRead,
        Action::FormateursWrite,
        Action::SallesWrite,
        Action::ObjectifsRead,
        Action::ObjectifsWrite,
        Action::UsersRead,
        Action::UsersWrite,
        Action::PluginsRead,
        Action::PluginsInstall,
        Action::PluginsConfigure,
        Action::ConnecteursManage,
        Action::JobsRead,
        Action::JobsManage,
        Action::JournalRead,
    ];

    /// The name under which the web app knows it (`Me.permissions`).
    pub fn id(self) -> &'static str {
        match self {
            Action::OpportunitesCreate => "opportunites:create",
            Action::OpportunitesEdit => "opportunites:edit",
            Action::OpportunitesExport => "opportunites:export",
            Action::EntreprisesWrite => "entreprises:write",
            Action::EntreprisesExport => "entreprises:export",
            Action::FormateursRead => "formateurs:read",
            Action::FormateursWrite => "formateurs:write",
            Action::SallesWrite => "salles:write",
            Action::ObjectifsRead => "objectifs:read",
            Action::ObjectifsWrite => "objectifs:write",
            Action::UsersRead => "users:read",
            Action::UsersWrite => "users:write",
            Action::PluginsRead => "plugins:read",
            Action::PluginsInstall => "plugins:install",
            Action::PluginsConfigure => "plugins:configure",
            Action::ConnecteursManage => "connecteurs:manage",
            Action::JobsRead => "jobs:read",
            Action::JobsManage => "jobs:manage",
            Action::JournalRead => "journal:read",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The matrix of the domain, written a second time as a table: a change must be made in both places on purpose.
    #[test]
    fn matrix() {
        let table = "
            action               admin resp mana comm plan assi fact
            opportunites:create  x     x    x    x    .    .    .
            opportunites:edit    x     x    x    x    .    .    .
            opportunites:export  x     x    x    .    .    .    x
            entreprises:write    x     x    x    x    .    x    .
            entreprises:export   x     x    x    .    .    .    .
            formateurs:read      x     x    x    .    x    x    .
            formateurs:write     x     x    x    .    x    .    .
            salles:write         x     x    x    .    x    .    .
            objectifs:read       x     x    x    x    .    .    .
            objectifs:write      x     x    x    .    .    .    .
            users:read           x     x    x    .    .    .    .
            users:write          x     x    x    .    .    .    .
            plugins:read         x     x    x    .    .    .    .
            plugins:install      x     .    .    .    .    .    .
            plugins:configure    x     x    x    .    .    .    .
            connecteurs:manage   x     .    .    .    .    .    .
            jobs:read            x     x    .    .    .    .    .
            jobs:manage          x     .    .    .    .    .    .
            journal:read         x     x    x    .    .    .    .";
        let mut seen = 0;
        for line in table.lines().skip(2) {
            let cells: Vec<_> = line.split_whitespace().collect();
            let action = Action::ALL.into_iter().find(|a| a.id() == cells[0]).unwrap();
            for (role, cell) in Role::ALL.into_iter().zip(&cells[1..]) {
                assert_eq!(role.may(action), *cell == "x", "{} {}", role.id(), action.id());
            }
            seen += 1;
        }
        assert_eq!(seen, Action::ALL.len());
    }

    #[test]
    fn a_manager_only_manages_below_manager() {
        assert!(Role::Manager.manages(Role::Commercial) && Role::Manager.manages(Role::Facturation));
        assert!(!Role::Manager.manages(Role::Manager) && !Role::Manager.manages(Role::Admin));
        assert!(
            !Role::ResponsableCommercial.manages(Role::Admin) && Role::ResponsableCommercial.manages(Role::Manager)
        );
        assert!(!Role::Commercial.manages(Role::Assistante));
    }
}
