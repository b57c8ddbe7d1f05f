//! A record that is a person: what its description calls personal, and the record that it lies in.

use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::LocalisationId;
use afpi_core::scope::{Loaded, Scope, ScopedSql};
use afpi_db::stored::json_of;
use afpi_db::{Conn, FromRow, Row, Value};
use serde_json::{Map, Value as Json};
use strum::VariantArray;
use uuid::Uuid;

use super::{Kind, Records};
use crate::description::{Field, Shape};

/// A person's record.
pub struct Record {
    pub kind: Kind,
    pub id: Uuid,
    /// The record whose page shows it, and what people call that.
    pub opens: Uuid,
    pub place: String,
    pub site: Option<LocalisationId>,
    pub site_name: Option<String>,
    values: Vec<(&'static Field, Value)>,
}

/// A row of [`select`] of the kind with this number.
struct Of<const KIND: usize>(Record);

impl<const KIND: usize> FromRow for Of<KIND> {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Record::of(Kind::VARIANTS[KIND], row).map(Of)
    }
}

/// These records in scope; 404 unless all are there.
pub async fn load(conn: &mut Conn, scope: &Scope, Records(records): &Records) -> Result<Vec<Loaded<Record>>> {
    let mut people = Vec::with_capacity(records.len());
    for (kind, id) in records {
        let mut query = select(scope, *kind);
        query.push(" AND ").push(kind.described().columns.id).push(" = ?").arg(*id);
        let found = match kind {
            Kind::Contact => found::<{ Kind::Contact as usize }>(query, conn).await,
            Kind::Stagiaire => found::<{ Kind::Stagiaire as usize }>(query, conn).await,
            Kind::Formateur => found::<{ Kind::Formateur as usize }>(query, conn).await,
            Kind::User => found::<{ Kind::User as usize }>(query, conn).await,
        };
        people.push(found?.ok_or_else(not_found)?);
    }
    Ok(people)
}

async fn found<const KIND: usize>(query: ScopedSql, conn: &mut Conn) -> afpi_db::Result<Option<Loaded<Record>>> {
    Ok(query.loaded::<Of<KIND>>(conn).await?.map(|found| found.map(|Of(record)| record)))
}

/// The columns before the personal fields: the record, the one that it lies in with its name, and its site.
fn columns(kind: Kind) -> [&'static str; 5] {
    match kind {
        Kind::Contact => [
            "c.id",
            "e.id",
            "e.name",
            "e.localisation_id",
            "(SELECT x.name FROM localisations x WHERE x.id = e.localisation_id)",
        ],
        Kind::Stagiaire => [
            "t.id",
            "o.id",
            "o.numero",
            "o.localisation_id",
            "(SELECT x.name FROM localisations x WHERE x.id = o.localisation_id)",
        ],
        Kind::Formateur => [
            "f.id",
            "f.id",
            "f.name",
            "f.localisation_id",
            "(SELECT x.name FROM localisations x WHERE x.id = f.localisation_id)",
        ],
        Kind::User => ["u.id", "u.id", "u.name", "NULL", "NULL"],
    }
}

/// The records of a kind in scope, for [`Record::of`]. The caller appends more conditions.
pub fn select(scope: &Scope, kind: Kind) -> ScopedSql {
    let description = kind.described();
    let columns: Vec<_> = columns(kind).into_iter().chain(description.personal().map(|field| field.column)).collect();
    (description.select)(scope, &columns)
}

/// Is this one of the names, addresses and numbers that a person is looked for by?
fn names(field: &Field) -> bool {
    field.searched || matches!(field.shape, Shape::Email | Shape::Phone)
}

/// Does a row of [`select`] answer to every word of `q`?
pub fn answers(kind: Kind, row: &Row, q: &str) -> afpi_db::Result<bool> {
    let from = columns(kind).len();
    let fields = kind.described().personal().enumerate().filter(|(_, field)| names(field));
    let words: afpi_db::Result<Vec<String>> = fields.map(|(at, field)| field.words(row, from + at)).collect();
    Ok(crate::search::found(&crate::search::index(words?.iter().map(String::as_str), 1000), q))
}

impl Record {
    /// A row of [`select`].
    pub fn of(kind: Kind, row: &Row) -> afpi_db::Result<Record> {
        let from = columns(kind).len();
        let fields = kind.described().personal().enumerate();
        let values: afpi_db::Result<Vec<_>> = fields.map(|(at, field)| Ok((field, row.at(from + at)?))).collect();
        Ok(Record {
            kind,
            id: row.at(0)?,
            opens: row.at(1)?,
            place: row.at(2)?,
            site: row.at(3)?,
            site_name: row.at(4)?,
            values: values?,
        })
    }

    /// The text of a field; none when it is empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.iter().find_map(|(field, value)| match value {
            Value::Text(text) if field.name == name && !text.is_empty() => Some(text.as_str()),
            _ => None,
        })
    }

    /// First name and last name.
    pub fn name(&self) -> String {
        let parts: Vec<&str> = ["firstName", "lastName"].into_iter().filter_map(|name| self.text(name)).collect();
        if parts.is_empty() { self.text("name").unwrap_or_default().to_owned() } else { parts.join(" ") }
    }

    /// The personal fields by their names in the API.
    pub fn fields(&self) -> Map<String, Json> {
        self.values.iter().map(|(field, value)| (field.name.to_owned(), shown(field.shape, value))).collect()
    }

    /// Those that are filled in.
    pub fn filled(&self) -> impl Iterator<Item = &'static Field> {
        self.values.iter().filter(|(_, value)| *value != Value::Null).map(|(field, _)| *field)
    }
}

/// A stored value as the API shows it.
fn shown(shape: Shape, value: &Value) -> Json {
    match (shape, value) {
        (Shape::Flag, Value::Int(flag)) => (*flag != 0).into(),
        (Shape::Instant, Value::Int(at)) => Instant::from_millis(*at).to_string().into(),
        (Shape::Words, Value::Text(words)) => serde_json::from_str(words).unwrap_or_default(),
        _ => json_of(value),
    }
}
