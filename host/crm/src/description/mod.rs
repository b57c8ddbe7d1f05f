//! Describes the records, once per resource: each field with its API name, labels, column and shape. Readers: lists and
//! their filters, exports, connectors, imports, the journal's labels, plugins' queries, and the choice of columns in
//! the web application. The structs of requests and answers stay beside their handlers.

mod field;

pub use field::{Field, Label, Shape, Shown, SortKind, Sorted, brought, pick};

use afpi_core::scope::{Scope, ScopedSql};
use afpi_db::Row;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The kinds of records, by their names in the API, the journal and the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    Entreprise,
    Contact,
    Formateur,
    Salle,
    Produit,
    Session,
    Stagiaire,
    Objectif,
    Opportunite,
    Creance,
    User,
}

impl Kind {
    /// The kinds that plugins can query. Trainees are people who never dealt with the network: no plugin needs them.
    /// Products belong to legal entities, and a plugin works for a site.
    pub fn queried() -> impl Iterator<Item = Kind> {
        Kind::VARIANTS.iter().copied().filter(|kind| !matches!(kind, Kind::Produit | Kind::Session | Kind::Stagiaire))
    }
}

/// A kind of record: its fields, and how its rows are selected.
pub struct Description {
    pub kind: Kind,
    /// The title of a list of them.
    pub label: Label,
    /// In the order in which lists offer them.
    pub fields: &'static [Field],
    pub columns: Columns,
    /// The columns that a search looks in. Empty when there is no search.
    pub search: &'static [&'static str],
    /// `SELECT <columns> FROM … WHERE <in scope>`. The caller appends more conditions.
    pub select: fn(&Scope, &[&'static str]) -> ScopedSql,
}

/// The columns that every record has in some form.
pub struct Columns {
    pub id: &'static str,
    /// The id of the record that a search returns.
    pub found_as: &'static str,
    /// The record's localisation.
    pub site: &'static str,
    /// The record's name.
    pub label: &'static str,
    pub version: &'static str,
    /// Epoch ms.
    pub created_at: &'static str,
    /// Epoch ms. Equals `created_at` for records that do not keep it.
    pub updated_at: &'static str,
}

impl Description {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The personal data in columns: what a person gets a copy of.
    pub fn personal(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| field.personal && field.stored_somewhere())
    }

    /// `SELECT <id>, <search words> FROM … WHERE <in scope>`, for [`Description::words`]. A record that belongs to
    /// another one is found through it and carries its id.
    pub fn searched(&self, scope: &Scope) -> ScopedSql {
        let searched = self.fields.iter().filter(|field| field.searched).map(|field| field.column);
        let columns: Vec<_> = std::iter::once(self.columns.found_as).chain(searched).collect();
        (self.select)(scope, &columns)
    }

    /// The search words of a row of [`Description::searched`].
    pub fn words(&self, row: &Row) -> afpi_db::Result<Vec<String>> {
        self.found_by(row, 1)
    }

    /// The search words of a row that holds the searched fields from this column on.
    pub fn found_by(&self, row: &Row, from: usize) -> afpi_db::Result<Vec<String>> {
        let searched = self.fields.iter().filter(|field| field.searched);
        searched.enumerate().map(|(at, field)| field.words(row, from + at)).collect()
    }

    /// The field that a JSON pointer of a difference names: `/address/city` is `address.city`, `/tags/0` is `tags`.
    pub fn at(&self, pointer: &str) -> Option<&'static Field> {
        let mut name = pointer.trim_start_matches('/').replace('/', ".");
        loop {
            if let Some(field) = self.field(&name) {
                return Some(field);
            }
            name.truncate(name.rfind('.')?);
        }
    }
}
