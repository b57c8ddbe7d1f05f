//! Who may do what: the seven roles and the action matrix of the domain. Section-level rights (who validates, who
//! plans) are the workflow plugin's; what is stored of a role is in [`crate::access`], data scopes in [`crate::scope`].

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// The seven roles.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
    pub const ALL: [Role; 7] = {
        let mut all = [Role::Admin; 7];
        all.copy_from_slice(Role::VARIANTS);
        all
    };

    /// The id used everywhere outside.
    pub fn id(self) -> &'static str {
        self.into()
    }

    pub fn parse(id: &str) -> Option<Role> {
        id.parse().ok()
    }

    /// May somebody of this kind, who sees so far, be given the right to do this? The network's own business stays with
    /// administrators and who sees all of it, people and plugins with those who lead.
    pub fn ceiling(self, reach: Reach, action: Action) -> bool {
        use Action as A;
        match action {
            A::PluginsInstall
            | A::ConnecteursManage
            | A::JobsManage
            | A::RolesWrite
            | A::EntitesWrite
            | A::DonneesPersonnelles
            | A::IntegrationsManage => self == Role::Admin,
            A::JobsRead => reach == Reach::Network,
            A::UsersRead | A::UsersWrite | A::PluginsRead | A::PluginsConfigure | A::JournalRead => {
                matches!(self, Role::Admin | Role::ResponsableCommercial | Role::Manager)
            }
            _ => true,
        }
    }

    /// How far roles of this kind may see, the built-in one first: never further than it. An administrator sees
    /// everything, so that nobody is locked out. Only own files is for kinds that come to own some; the others would see
    /// none.
    pub fn reaches(self) -> &'static [Reach] {
        match self {
            Role::Admin => &[Reach::Network],
            Role::ResponsableCommercial => &[Reach::Network, Reach::Sites, Reach::Own],
            Role::Manager => &[Reach::Sites, Reach::Own],
            Role::Commercial => &[Reach::Own],
            Role::Planificateur | Role::Assistante | Role::Facturation => &[Reach::Sites],
        }
    }

    /// How far the built-in role sees, as the product comes.
    pub fn reach(self) -> Reach {
        self.reaches()[0]
    }

    /// May this role do this as the product comes? What an administrator makes of it is in [`crate::access::Access`].
    /// Whose records it may be done to is a question of scope.
    pub fn may(self, action: Action) -> bool {
        use Action as A;
        use Role as R;
        match self {
            R::Admin => true,
            R::ResponsableCommercial => !matches!(
                action,
                A::PluginsInstall
                    | A::ConnecteursManage
                    | A::JobsManage
                    | A::RolesWrite
                    | A::EntitesWrite
                    | A::DonneesPersonnelles
                    | A::IntegrationsManage
            ),
            R::Manager => matches!(
                action,
                A::OpportunitesCreate
                    | A::OpportunitesEdit
                    | A::OpportunitesAttach
                    | A::EntreprisesWrite
                    | A::FormateursRead
                    | A::FormateursWrite
                    | A::SallesWrite
                    | A::ProduitsWrite
                    | A::SessionsWrite
                    | A::StagiairesWrite
                    | A::StagiairesExport
                    | A::ObjectifsRead
                    | A::ObjectifsWrite
                    | A::UsersRead
                    | A::UsersWrite
                    | A::PluginsRead
                    | A::PluginsConfigure
                    | A::OpportunitesExport
                    | A::EntreprisesExport
                    | A::EntreprisesImport
                    | A::EntreprisesMerge
                    | A::Corbeille
                    | A::JournalRead
                    | A::EntitesRead
                    | A::CreancesRead
                    | A::CreancesWrite
                    | A::ComptaExport
                    | A::AnomaliesRead
                    | A::AnomaliesAccept
            ),
            R::Commercial => {
                matches!(
                    action,
                    A::OpportunitesCreate
                        | A::OpportunitesEdit
                        | A::OpportunitesAttach
                        | A::EntreprisesWrite
                        | A::Corbeille
                        | A::StagiairesWrite
                        | A::ObjectifsRead
                        | A::CreancesRead
                        | A::AnomaliesRead
                )
            }
            R::Planificateur => {
                matches!(
                    action,
                    A::OpportunitesAttach
                        | A::FormateursRead
                        | A::FormateursWrite
                        | A::SallesWrite
                        | A::SessionsWrite
                        | A::StagiairesWrite
                )
            }
            R::Assistante => {
                matches!(
                    action,
                    A::OpportunitesAttach
                        | A::EntreprisesWrite
                        | A::EntreprisesMerge
                        | A::FormateursRead
                        | A::StagiairesWrite
                        | A::CreancesRead
                        | A::AnomaliesRead
                )
            }
            R::Facturation => {
                matches!(
                    action,
                    A::OpportunitesAttach
                        | A::OpportunitesExport
                        | A::EntitesRead
                        | A::CreancesRead
                        | A::CreancesWrite
                        | A::ComptaExport
                        | A::AnomaliesRead
                )
            }
        }
    }

    /// Takes away only the opportunités that lie in a section this role owns.
    pub fn exports_own_sections(self) -> bool {
        self == Role::Facturation
    }

    /// May a user of this kind manage a user of that kind? A manager only those below him. What else it takes is in
    /// [`crate::access::Access::manages`].
    pub fn manages(self, other: Role) -> bool {
        match self {
            Role::Admin => true,
            Role::ResponsableCommercial => other != Role::Admin,
            Role::Manager => !matches!(other, Role::Admin | Role::ResponsableCommercial | Role::Manager),
            _ => false,
        }
    }
}

/// How far somebody sees.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Reach {
    /// Own files, and the sites' records that belong to nobody.
    Own,
    Sites,
    Network,
}

impl Reach {
    /// The word in the database.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// What the host itself guards. Its word is the name under which the web app knows it (`Me.permissions`).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Action {
    #[strum(serialize = "opportunites:create")]
    OpportunitesCreate,
    /// Title, budget, assignment of an opportunité; its sections are the workflow's.
    #[strum(serialize = "opportunites:edit")]
    OpportunitesEdit,
    /// Files of an opportunité: attach, rename, replace, remove.
    #[strum(serialize = "opportunites:attach")]
    OpportunitesAttach,
    #[strum(serialize = "opportunites:export")]
    OpportunitesExport,
    #[strum(serialize = "entreprises:write")]
    EntreprisesWrite,
    #[strum(serialize = "entreprises:export")]
    EntreprisesExport,
    /// Files of companies and contacts: handing in, applying and taking back.
    #[strum(serialize = "entreprises:import")]
    EntreprisesImport,
    /// Suspected duplicates: merging them, taking a merge back, saying that they are none.
    #[strum(serialize = "entreprises:merge")]
    EntreprisesMerge,
    /// The bin: what is in it, putting a record there that one may change, restoring it.
    #[strum(serialize = "corbeille:use")]
    Corbeille,
    #[strum(serialize = "formateurs:read")]
    FormateursRead,
    #[strum(serialize = "formateurs:write")]
    FormateursWrite,
    /// Rooms; reading them is a question of scope only.
    #[strum(serialize = "salles:write")]
    SallesWrite,
    /// Training products of the catalogue; reading them is a question of scope only.
    #[strum(serialize = "produits:write")]
    ProduitsWrite,
    /// Sessions: number, programme, times, places. Their half-days are planned in the workflow.
    #[strum(serialize = "sessions:write")]
    SessionsWrite,
    /// Trainees and their attendance, and reading what is restricted of them.
    #[strum(serialize = "stagiaires:write")]
    StagiairesWrite,
    #[strum(serialize = "stagiaires:export")]
    StagiairesExport,
    #[strum(serialize = "objectifs:read")]
    ObjectifsRead,
    #[strum(serialize = "objectifs:write")]
    ObjectifsWrite,
    #[strum(serialize = "users:read")]
    UsersRead,
    #[strum(serialize = "users:write")]
    UsersWrite,
    #[strum(serialize = "plugins:read")]
    PluginsRead,
    #[strum(serialize = "plugins:install")]
    PluginsInstall,
    #[strum(serialize = "plugins:configure")]
    PluginsConfigure,
    #[strum(serialize = "connecteurs:manage")]
    ConnecteursManage,
    #[strum(serialize = "jobs:read")]
    JobsRead,
    #[strum(serialize = "jobs:manage")]
    JobsManage,
    #[strum(serialize = "journal:read")]
    JournalRead,
    /// What the roles may do.
    #[strum(serialize = "roles:write")]
    RolesWrite,
    /// What documents say of legal entities: identity, bank, signatory.
    #[strum(serialize = "entites:read")]
    EntitesRead,
    /// The same, and what they say of sites.
    #[strum(serialize = "entites:write")]
    EntitesWrite,
    /// What payers owe and have paid.
    #[strum(serialize = "creances:read")]
    CreancesRead,
    /// Payments of several pieces, reminders, disputes. A workflow decides on each payment.
    #[strum(serialize = "creances:write")]
    CreancesWrite,
    /// The accountant's files, and the accounts in them.
    #[strum(serialize = "compta:export")]
    ComptaExport,
    /// What is known of a person, wherever it stands: finding it, handing out a copy of it.
    #[strum(serialize = "donnees:personnelles")]
    DonneesPersonnelles,
    /// What auditors find, in scope.
    #[strum(serialize = "anomalies:read")]
    AnomaliesRead,
    /// Findings: accepting them with a reason, and auditing a site now.
    #[strum(serialize = "anomalies:accept")]
    AnomaliesAccept,
    /// How other programs use the product: keys of the API, and addresses that are told what happens.
    #[strum(serialize = "integrations:manage")]
    IntegrationsManage,
}

impl Action {
    pub fn every() -> impl Iterator<Item = Action> {
        Action::VARIANTS.iter().copied()
    }

    pub fn id(self) -> &'static str {
        self.into()
    }
}

impl TryFrom<String> for Action {
    type Error = strum::ParseError;

    fn try_from(word: String) -> Result<Action, strum::ParseError> {
        word.parse()
    }
}

impl PartialSchema for Action {
    fn schema() -> RefOr<Schema> {
        let words = Action::VARIANTS.iter().map(|action| action.id());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
    }
}

impl ToSchema for Action {
    fn name() -> Cow<'static, str> {
        "Permission".into()
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
            opportunites:attach  x     x    x    x    x    x    x
            opportunites:export  x     x    x    .    .    .    x
            entreprises:write    x     x    x    x    .    x    .
            entreprises:export   x     x    x    .    .    .    .
            entreprises:import   x     x    x    .    .    .    .
            entreprises:merge    x     x    x    .    .    x    .
            corbeille:use        x     x    x    x    .    .    .
            formateurs:read      x     x    x    .    x    x    .
            formateurs:write     x     x    x    .    x    .    .
            salles:write         x     x    x    .    x    .    .
            produits:write       x     x    x    .    .    .    .
            sessions:write       x     x    x    .    x    .    .
            stagiaires:write     x     x    x    x    x    x    .
            stagiaires:export    x     x    x    .    .    .    .
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
            journal:read         x     x    x    .    .    .    .
            roles:write          x     .    .    .    .    .    .
            entites:read         x     x    x    .    .    .    x
            entites:write        x     .    .    .    .    .    .
            creances:read        x     x    x    x    .    x    x
            creances:write       x     x    x    .    .    .    x
            compta:export        x     x    x    .    .    .    x
            donnees:personnelles x     .    .    .    .    .    .
            anomalies:read       x     x    x    x    .    x    x
            anomalies:accept     x     x    x    .    .    .    .
            integrations:manage  x     .    .    .    .    .    .";
        let mut seen = 0;
        for line in table.lines().skip(2) {
            let cells: Vec<_> = line.split_whitespace().collect();
            let action = cells[0].parse::<Action>().unwrap();
            for (role, cell) in Role::ALL.into_iter().zip(&cells[1..]) {
                assert_eq!(role.may(action), *cell == "x", "{} {}", role.id(), action.id());
            }
            seen += 1;
        }
        assert_eq!(seen, Action::VARIANTS.len());
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
