//! Whose records a caller sees. Scoped tables are only queried through the functions here, which want the scope: a
//! query without one does not compile (and a test looks for table names elsewhere). What such a query reads can be
//! [`Loaded`], and functions that change a record want that: a record that was not read in scope cannot be written.

use std::ops::{Deref, DerefMut};

use afpi_db::{Column, Conn, FromRow, Row, Sql, sql};
use strum::IntoStaticStr;

use crate::id::{LocalisationId, UserId};
use crate::rights::Reach;

/// A query of a scoped table. More conditions follow with `AND`.
#[derive(Debug, Clone)]
#[must_use = "a query does nothing until it is run"]
pub struct ScopedSql(Sql);

impl Deref for ScopedSql {
    type Target = Sql;

    fn deref(&self) -> &Sql {
        &self.0
    }
}

impl DerefMut for ScopedSql {
    fn deref_mut(&mut self) -> &mut Sql {
        &mut self.0
    }
}

impl From<ScopedSql> for Sql {
    fn from(query: ScopedSql) -> Sql {
        query.0
    }
}

impl ScopedSql {
    /// The record in scope, if there is one, ready to be written.
    pub async fn loaded<T: FromRow>(self, conn: &mut Conn) -> afpi_db::Result<Option<Loaded<T>>> {
        Ok(self.optional(conn).await?.map(Loaded))
    }

    /// All records in scope, ready to be written.
    pub async fn all_loaded<T: FromRow>(self, conn: &mut Conn) -> afpi_db::Result<Vec<Loaded<T>>> {
        Ok(self.all(conn).await?.into_iter().map(Loaded).collect())
    }

    /// As [`Sql::all`].
    pub async fn all<T: FromRow>(self, conn: &mut Conn) -> afpi_db::Result<Vec<T>> {
        self.0.all(conn).await
    }

    /// As [`Sql::optional`].
    pub async fn optional<T: FromRow>(self, conn: &mut Conn) -> afpi_db::Result<Option<T>> {
        self.0.optional(conn).await
    }

    /// As [`Sql::one`].
    pub async fn one<T: FromRow>(self, conn: &mut Conn) -> afpi_db::Result<T> {
        self.0.one(conn).await
    }

    /// As [`Sql::scalar`].
    pub async fn scalar<T: Column>(self, conn: &mut Conn) -> afpi_db::Result<T> {
        self.0.scalar(conn).await
    }

    /// As [`Sql::each`].
    pub async fn each(self, conn: &mut Conn, f: impl FnMut(Row) -> afpi_db::Result<bool>) -> afpi_db::Result<()> {
        self.0.each(conn, f).await
    }
}

/// A record that a query within a scope returned. Nothing else makes one, so that a function that wants one cannot be
/// called with an id that somebody sent.
#[derive(Debug, Clone)]
pub struct Loaded<T>(T);

impl<T> Deref for Loaded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: serde::Serialize> serde::Serialize for Loaded<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T> Loaded<T> {
    /// The same record in another form.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Loaded<U> {
        Loaded(form(self.0))
    }

    /// The same where the other form may not exist.
    pub fn try_map<U, E>(self, form: impl FnOnce(T) -> Result<U, E>) -> Result<Loaded<U>, E> {
        form(self.0).map(Loaded)
    }

    /// The record, to be shown.
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// Leaves out the accounts behind keys of the API: nobody signs in as one of them.
pub const NO_KEY: &str = " AND NOT EXISTS (SELECT 1 FROM api_keys k WHERE k.user_id = u.id)";

/// What part of the network a caller sees.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The host itself and roles that reach the network.
    All,
    /// Records of these localisations.
    Sites(Vec<LocalisationId>),
    /// Own opportunités, and those of the absent people whom one stands in for; for records that belong to nobody, these
    /// localisations.
    Own { user: UserId, absent: Vec<UserId>, sites: Vec<LocalisationId> },
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

/// Records whose scope can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scoped {
    Opportunite,
    Entreprise,
    Formateur,
    Salle,
}

/// Why a record lies in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Ground {
    /// The role reaches the whole network.
    Network,
    /// It is of one of the caller's localisations.
    Site,
    /// It is the caller's own.
    Own,
    /// It is of an absent person whom the caller stands in for.
    Absence,
    /// One of the caller's localisations has an opportunité with it.
    Dealings,
    /// Who sees own files only reads all companies, to avoid duplicates.
    Directory,
}

impl Scope {
    /// The scope of a person whose role reaches so far, and who stands in for these absent people.
    pub fn of(reach: Reach, user: UserId, absent: Vec<UserId>, sites: Vec<LocalisationId>) -> Scope {
        match reach {
            Reach::Network => Scope::All,
            Reach::Sites => Scope::Sites(sites),
            Reach::Own => Scope::Own { user, absent, sites },
        }
    }

    /// Does this localisation lie inside?
    pub fn covers_site(&self, site: LocalisationId) -> bool {
        match self {
            Scope::All => true,
            Scope::Sites(sites) | Scope::Own { sites, .. } => sites.contains(&site),
        }
    }

    /// Is a file of this site, owned by this person, inside? Of what belongs to nobody: does its site lie inside?
    pub fn sees(&self, site: LocalisationId, owner: Option<UserId>) -> bool {
        match (self, owner) {
            (Scope::Own { user, absent, .. }, Some(owner)) => owner == *user || absent.contains(&owner),
            _ => self.covers_site(site),
        }
    }

    /// May a record of this kind that lies inside be changed? Reading all companies helps avoid duplicates; changing
    /// them stays with the site.
    pub fn changes(&self, kind: Scoped, site: LocalisationId) -> bool {
        kind != Scoped::Entreprise || self.covers_site(site)
    }

    /// Each reason for which a record of this kind lies inside, with its condition. One is enough.
    fn grounds(&self, kind: Scoped) -> Vec<(Ground, Sql)> {
        let among = |column: &'static str, sites: &[LocalisationId]| {
            let mut query = sql(column);
            query.push(" IN ").list(sites);
            query
        };
        match (kind, self) {
            (_, Scope::All) => vec![(Ground::Network, sql("1 = 1"))],
            (Scoped::Opportunite, Scope::Sites(sites)) => vec![(Ground::Site, among("o.localisation_id", sites))],
            (Scoped::Opportunite, Scope::Own { user, absent, .. }) => {
                let mut grounds = vec![(Ground::Own, sql("o.commercial_id = ?").bind(*user))];
                if !absent.is_empty() {
                    let mut theirs = sql("o.commercial_id IN ");
                    theirs.list(absent);
                    grounds.push((Ground::Absence, theirs));
                }
                grounds
            }
            (Scoped::Entreprise, Scope::Own { .. }) => vec![(Ground::Directory, sql("1 = 1"))],
            (Scoped::Entreprise, Scope::Sites(sites)) => {
                let mut dealings =
                    sql("EXISTS (SELECT 1 FROM opportunites x WHERE x.entreprise_id = e.id AND x.localisation_id IN ");
                dealings.list(sites).push(")");
                vec![(Ground::Site, among("e.localisation_id", sites)), (Ground::Dealings, dealings)]
            }
            (Scoped::Formateur, Scope::Sites(sites) | Scope::Own { sites, .. }) => {
                vec![(Ground::Site, among("f.localisation_id", sites))]
            }
            (Scoped::Salle, Scope::Sites(sites) | Scope::Own { sites, .. }) => {
                vec![(Ground::Site, among("s.localisation_id", sites))]
            }
        }
    }

    fn select(&self, kind: Scoped, columns: impl Columns, joins: &'static str) -> ScopedSql {
        let mut query = from(kind, columns, joins);
        for (at, (_, condition)) in self.grounds(kind).into_iter().enumerate() {
            query.push(if at == 0 { "(" } else { " OR " }).append(condition);
        }
        query.push(")");
        ScopedSql(query)
    }

    /// For each reason why a record of this kind may lie inside, `SELECT <columns> FROM … WHERE <it does>`.
    pub fn explained(&self, kind: Scoped, columns: &'static str, joins: &'static str) -> Vec<(Ground, Sql)> {
        let asked = |(ground, condition): (Ground, Sql)| {
            let mut query = from(kind, columns, joins);
            query.append(condition);
            (ground, query)
        };
        self.grounds(kind).into_iter().map(asked).collect()
    }

    /// `SELECT <columns> FROM opportunites o <joins> WHERE <in scope>`.
    pub fn opportunites(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        self.select(Scoped::Opportunite, columns, joins)
    }

    /// `SELECT <columns> FROM entreprises e <joins> WHERE <in scope>`. Who sees own files only reads all companies, to
    /// avoid duplicates; who is tied to sites reads those of his sites and those his sites work for.
    pub fn entreprises(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        self.select(Scoped::Entreprise, columns, joins)
    }

    /// `SELECT <columns> FROM formateurs f <joins> WHERE <in scope>`.
    pub fn formateurs(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        self.select(Scoped::Formateur, columns, joins)
    }

    /// `SELECT <columns> FROM formateurs f <joins> WHERE <in scope, or of the network>`: whom a planning may take, and
    /// whose name it then reads.
    pub fn bookable_formateurs(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM formateurs f ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) | Scope::Own { sites, .. } => {
                query.push("(f.localisation_id IN ").list(sites.iter()).push(" OR f.shared = ?)").arg(true)
            }
        };
        ScopedSql(query)
    }

    /// `SELECT <columns> FROM salles s <joins> WHERE <in scope>`.
    pub fn salles(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        self.select(Scoped::Salle, columns, joins)
    }

    /// `SELECT <columns> FROM produits p <joins> WHERE <in scope>`: the products of the network, and those of the legal
    /// entities of the caller's sites.
    pub fn produits(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM produits p ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) | Scope::Own { sites, .. } => query
                .push("(p.entite_legale_id IS NULL OR p.entite_legale_id IN ")
                .push("(SELECT x.entite_legale_id FROM localisations x WHERE x.id IN ")
                .list(sites.iter())
                .push("))"),
        };
        ScopedSql(query)
    }

    /// `SELECT <columns> FROM sessions n <joins> WHERE <in scope>`: sessions belong to a site, as rooms do.
    pub fn sessions(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM sessions n ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) | Scope::Own { sites, .. } => query.push("n.localisation_id IN ").list(sites.iter()),
        };
        ScopedSql(query)
    }

    /// `SELECT <columns> FROM stagiaires t JOIN opportunites o … <joins> WHERE <in scope>`: trainees of opportunités in
    /// scope.
    pub fn stagiaires(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM stagiaires t JOIN opportunites o ON o.id = t.opportunite_id ").push(joins).push(" WHERE (");
        for (at, (_, condition)) in self.grounds(Scoped::Opportunite).into_iter().enumerate() {
            query.push(if at == 0 { "" } else { " OR " }).append(condition);
        }
        query.push(")");
        ScopedSql(query)
    }

    /// `SELECT <columns> FROM faits t <joins> WHERE <in scope>`: the facts figures are made of.
    pub fn faits(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM faits t ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) => query.push("t.localisation_id IN ").list(sites.iter()),
            Scope::Own { user, .. } => query.push("t.commercial_id = ?").arg(*user),
        };
        ScopedSql(query)
    }

    /// `SELECT <columns> FROM objectifs j <joins> WHERE <in scope>`: own targets for a commercial, those of the sites
    /// and of the people there for site roles.
    pub fn objectifs(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
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
        ScopedSql(query)
    }

    /// `SELECT <columns> FROM journal j <joins> WHERE <in scope>`: acts on these localisations; those of the network
    /// only for who sees all of it.
    pub fn journal(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM journal j ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) | Scope::Own { sites, .. } => query.push("j.localisation_id IN ").list(sites.iter()),
        };
        ScopedSql(query)
    }

    /// `SELECT <columns> FROM anomalies a <joins> WHERE <in scope>`: what auditors found at these localisations; who sees own
    /// files only sees what concerns them.
    pub fn anomalies(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM anomalies a ").push(joins).push(" WHERE ");
        match self {
            Scope::All => drop(query.push("1 = 1")),
            Scope::Sites(sites) => drop(query.push("a.localisation_id IN ").list(sites.iter())),
            Scope::Own { .. } => {
                query.push("a.id IN (");
                query.append(
                    self.opportunites("x.anomalie_id", "JOIN anomalie_opportunites x ON x.opportunite_id = o.id")
                        .into(),
                );
                query.push(")");
            }
        }
        ScopedSql(query)
    }

    /// `SELECT <columns> FROM users u <joins> WHERE <in scope>`: people who share a localisation with the caller. The account
    /// behind a key of the API is no person.
    pub fn users(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
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
        query.push(NO_KEY);
        ScopedSql(query)
    }

    /// `SELECT <columns> FROM users u <joins> WHERE <in scope>`: people one works with, by name and role: those who
    /// share a localisation with the caller, and those who work for the whole network.
    pub fn colleagues(&self, columns: impl Columns, joins: &'static str) -> ScopedSql {
        let mut query = sql("SELECT ");
        columns.push_to(&mut query);
        query.push(" FROM users u ").push(joins).push(" WHERE ");
        match self {
            Scope::All => query.push("1 = 1"),
            Scope::Sites(sites) | Scope::Own { sites, .. } => query
                .push("(EXISTS (SELECT 1 FROM roles ro WHERE ro.id = u.role_id AND ro.reach = ?)")
                .arg(Reach::Network.id())
                .push(" OR EXISTS (SELECT 1 FROM user_localisations ul WHERE ul.user_id = u.id AND ul.localisation_id IN ")
                .list(sites.iter())
                .push("))"),
        };
        ScopedSql(query)
    }
}

/// `SELECT <columns> FROM … <joins> WHERE `.
fn from(kind: Scoped, columns: impl Columns, joins: &'static str) -> Sql {
    let table = match kind {
        Scoped::Opportunite => " FROM opportunites o ",
        Scoped::Entreprise => " FROM entreprises e ",
        Scoped::Formateur => " FROM formateurs f ",
        Scoped::Salle => " FROM salles s ",
    };
    let mut query = sql("SELECT ");
    columns.push_to(&mut query);
    query.push(table).push(joins).push(" WHERE ");
    query
}
