//! Whose records a caller sees. Scoped tables are only queried through the functions here, which want the scope: a
//! query without one does not compile (and a test looks for table names elsewhere).

use afpi_db::{Sql, sql};
use uuid::Uuid;

use crate::rights::Role;

/// What part of the network a caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The host itself and network-wide roles.
    All,
    /// Records of these localisations.
    Sites(Vec<Uuid>),
    /// Own opportunités; for records that belong to nobody, these localisations.
    Own { user: Uuid, sites: Vec<Uuid> },
}

/// The columns of a `SELECT`: as one text, or one by one.
pub trait Columns {
    fn push_to(self, query: &mut Sql);
}

impl Columns for &'static str {
    fn push_to(self, query: &mut Sql) {
        query.push(self);
    }
}

impl Columns for &[&'static str] {
    fn push_to(self, query: &mut Sql) {
        for (at, column) in self.iter().enumerate() {
            query.push(if at > 0 { ", " } else { "" }).push(column);
        }
    }
}

impl Scope {
    /// The scope of a role.
    pub fn of(role: Role, user: Uuid, sites: Vec<Uuid>) -> Scope {
        match role {
            Role::Admin | Role::ResponsableCommercial => Scope::All,
            Role::Commercial => Scope::Own { user, sites },
            _ => Scope::Sites(sites),
        }
    }

    /// Does this localisation lie inside?
    pub fn covers_site(&self, site: Uuid) -> bool {
        match self {
            Scope::All => true,
            Scope::Sites(sites) | Scope::Own { sites, .. } => sites.contains(&site),
        }
    }

    /// `SELECT <columns> FROM opportunites o <joins> WHERE <in scope>`.
    pub fn opportunites(&self, columns: impl Columns, joins: &'static str) -> Sql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM opportunites o ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) => query.push("o.localisation_id IN ").list(sites.iter()),
            Scope::Own { user, .. } => query.push("o.commercial_id = ?").arg(*user),
        };
        query
    }

    /// `SELECT <columns> FROM entreprises e <joins> WHERE <in scope>`. Commerciaux read all companies, to avoid
    /// duplicates; roles tied to sites read those of their sites and those their sites work for.
    pub fn entreprises(&self, columns: impl Columns, joins: &'static str) -> Sql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM entreprises e ").push(joins).push(" WHERE ");
        match self {
            Scope::All | Scope::Own { .. } => query.push("1 = 1"),
            Scope::Sites(sites) => query
                .push("(e.localisation_id IN ")
                .list(sites.iter())
                .push(" OR EXISTS (SELECT 1 FROM opportunites x WHERE x.entreprise_id = e.id AND x.localisation_id IN ")
                .list(sites.iter())
                .push("))"),
        };
        query
    }

    /// `SELECT <columns> FROM formateurs f <joins> WHERE <in scope>`.
    pub fn formateurs(&self, columns: impl Columns, joins: &'static str) -> Sql {
        self.sited("SELECT ", columns, " FROM formateurs f ", joins, "f.localisation_id")
    }

    /// `SELECT <columns> FROM formateurs f <joins> WHERE <in scope, or of the network>`: whom a planning may take, and
    /// whose name it then reads.
    pub fn bookable_formateurs(&self, columns: impl Columns, joins: &'static str) -> Sql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM formateurs f ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) | Scope::Own { sites, .. } => {
                query.push("(f.localisation_id IN ").list(sites.iter()).push(" OR f.shared = ?)").arg(true)
            }
        };
        query
    }

    /// `SELECT <columns> FROM salles s <joins> WHERE <in scope>`.
    pub fn salles(&self, columns: impl Columns, joins: &'static str) -> Sql {
        self.sited("SELECT ", columns, " FROM salles s ", joins, "s.localisation_id")
    }

    /// `SELECT <columns> FROM faits t <joins> WHERE <in scope>`: the facts figures are made of.
    pub fn faits(&self, columns: impl Columns, joins: &'static str) -> Sql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM faits t ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) => query.push("t.localisation_id IN ").list(sites.iter()),
            Scope::Own { user, .. } => query.push("t.commercial_id = ?").arg(*user),
        };
        query
    }

    /// `SELECT <columns> FROM objectifs j <joins> WHERE <in scope>`: own targets for a commercial, those of the sites
    /// and of the people there for site roles.
    pub fn objectifs(&self, columns: impl Columns, joins: &'static str) -> Sql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM objectifs j ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) => query
                .push("(j.localisation_id IN ")
                .list(sites.iter())
                .push(" OR j.user_id IN (SELECT ul.user_id FROM user_localisations ul WHERE ul.localisation_id IN ")
                .list(sites.iter())
                .push("))"),
            Scope::Own { user, .. } => query.push("j.user_id = ?").arg(*user),
        };
        query
    }

    /// `SELECT <columns> FROM journal j <joins> WHERE <in scope>`: acts on these localisations; those of the network
    /// only for who sees all of it.
    pub fn journal(&self, columns: impl Columns, joins: &'static str) -> Sql {
        self.sited("SELECT ", columns, " FROM journal j ", joins, "j.localisation_id")
    }

    /// `SELECT <columns> FROM users u <joins> WHERE <in scope>`: people who share a localisation with the caller.
    pub fn users(&self, columns: impl Columns, joins: &'static str) -> Sql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM users u ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) | Scope::Own { sites, .. } => query
                .push("EXISTS (SELECT 1 FROM user_localisations ul WHERE ul.user_id = u.id AND ul.localisation_id IN ")
                .list(sites.iter())
                .push(")"),
        };
        query
    }

    /// `SELECT <columns> FROM users u <joins> WHERE <in scope>`: people one works with, by name and role: those who
    /// share a localisation with the caller, and those who work for the whole network.
    pub fn colleagues(&self, columns: impl Columns, joins: &'static str) -> Sql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM users u ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) | Scope::Own { sites, .. } => query
                .push("(u.role IN ")
                .list(Role::ALL.into_iter().filter(|role| role.network_wide()).map(Role::id))
                .push(" OR EXISTS (SELECT 1 FROM user_localisations ul WHERE ul.user_id = u.id AND ul.localisation_id IN ")
                .list(sites.iter())
                .push("))"),
        };
        query
    }

    fn sited(
        &self,
        select: &'static str,
        columns: impl Columns,
        from: &'static str,
        joins: &'static str,
        column: &'static str,
    ) -> Sql {
        let mut query = sql(select);
        columns.push_to(&mut query);
        query.push(from).push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) | Scope::Own { sites, .. } => query.push(column).push(" IN ").list(sites.iter()),
        };
        query
    }
}
