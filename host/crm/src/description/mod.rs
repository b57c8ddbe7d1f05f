//! What records are made of, said once per resource: each field with its name in the API, its labels, its column and
//! its shape. Lists and their filters, exports, runs of connectors, imports, the journal's labels, plugins' queries and
//! the web application's choice of columns read it. Structs of requests and answers stay beside their handlers.

mod api;
mod field;

pub use api::{Described, DescribedField, routes};
pub use field::{Field, Label, Shape, Shown, SortKind, Sorted, brought, pick};

use afpi_core::scope::Scope;
use afpi_db::{Row, Sql};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The kinds of records, by their words in the API, the journal and the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    Entreprise,
    Contact,
    Formateur,
    Salle,
    Objectif,
    Opportunite,
    User,
}

/// A kind of record: its fields, and how rows of it are selected.
pub struct Description {
    pub kind: Kind,
    /// What a list of them is called.
    pub label: Label,
    /// In the order in which lists offer them.
    pub fields: &'static [Field],
    pub columns: Columns,
    /// The columns in which words are looked for; empty where nothing is searched.
    pub search: &'static [&'static str],
    /// `SELECT <columns> FROM … WHERE <in scope>`; more conditions follow.
    pub select: fn(&Scope, &[&'static str]) -> Sql,
}

/// The columns that every record has in some form.
pub struct Columns {
    pub id: &'static str,
    /// The id of the record that a search finds for it.
    pub found_as: &'static str,
    /// The localisation the record belongs to.
    pub site: &'static str,
    /// What the record is called.
    pub label: &'static str,
    pub version: &'static str,
    /// Epoch ms.
    pub created_at: &'static str,
    /// Epoch ms; of records that do not keep it, when they were created.
    pub updated_at: &'static str,
}

impl Kind {
    /// What records of this kind are made of.
    pub fn description(self) -> &'static Description {
        match self {
            Kind::Entreprise => &crate::entreprises::description::ENTREPRISES,
            Kind::Contact => &crate::entreprises::description::CONTACTS,
            Kind::Formateur => &crate::formateurs::description::FORMATEURS,
            Kind::Salle => &crate::salles::description::SALLES,
            Kind::Objectif => &crate::objectifs::description::OBJECTIFS,
            Kind::Opportunite => &crate::opportunites::description::OPPORTUNITES,
            Kind::User => &crate::users::description::USERS,
        }
    }
}

impl Description {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// `SELECT <id>, <what a record is found by> FROM … WHERE <in scope>`, for [`Description::words`]. What belongs to
    /// another record is found with that one, and has its id.
    pub fn searched(&self, scope: &Scope) -> Sql {
        let searched = self.fields.iter().filter(|field| field.searched).map(|field| field.column);
        let columns: Vec<_> = std::iter::once(self.columns.found_as).chain(searched).collect();
        (self.select)(scope, &columns)
    }

    /// The words of a row of [`Description::searched`].
    pub fn words(&self, row: &Row) -> afpi_db::Result<Vec<String>> {
        let searched = self.fields.iter().filter(|field| field.searched);
        searched.enumerate().map(|(at, field)| field.words(row, at + 1)).collect()
    }

    /// The field that a JSON pointer of a difference leads to: `/address/city` is `address.city`, `/tags/0` is `tags`.
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

#[cfg(test)]
mod tests;
