//! The record that files hang on, read in scope.

use std::collections::HashMap;
use std::str::FromStr;

use afpi_db::{Conn, Sql, sql};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use afpi_core::error::{ErrorKind, Result, forbidden, not_found};
use afpi_core::id::{AttachmentId, LocalisationId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope, Scoped, ScopedSql};
use afpi_http::problem::Problem;
use afpi_platform::auth::caller::Caller;
use afpi_platform::events::Record;
use afpi_platform::journal::Subject;
use afpi_platform::people::Person;

/// The kinds of records that files hang on, as in paths and in `record_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = AttachmentRecordKind)]
pub enum Kind {
    Opportunites,
    Entreprises,
    Contacts,
    Formateurs,
    Sessions,
}

impl Kind {
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// The right to see files of these records; none where the scope alone decides.
    fn reading(self) -> Option<Action> {
        (self == Kind::Formateurs).then_some(Action::FormateursRead)
    }

    /// The right to change them.
    pub fn writing(self) -> Action {
        match self {
            Kind::Opportunites => Action::OpportunitesAttach,
            Kind::Entreprises | Kind::Contacts => Action::EntreprisesWrite,
            Kind::Formateurs => Action::FormateursWrite,
            Kind::Sessions => Action::SessionsWrite,
        }
    }

    /// 403 unless the caller's role may see such files.
    pub fn require_read(self, caller: &Caller) -> Result<()> {
        self.reading().map_or(Ok(()), |action| caller.require(action))
    }
}

/// A record in the caller's scope.
#[derive(Debug, Clone)]
pub struct Holder {
    pub kind: Kind,
    pub id: Uuid,
    /// The record whose page shows it: of a contact its company, otherwise itself.
    pub opens: Uuid,
    pub site: LocalisationId,
    /// What the journal and hooks know it by. A contact counts as its company.
    pub subject: Subject,
    pub about: Option<Record>,
    /// What people call it.
    pub label: String,
}

afpi_db::row! {
    struct Row { record: Uuid, site: LocalisationId, label: String }
}

/// `SELECT <record>, <site>, <label>, <id> …`, and the id's column.
fn select(scope: &Scope, kind: Kind) -> (ScopedSql, &'static str) {
    match kind {
        Kind::Opportunites => {
            (scope.opportunites("o.id AS record, o.localisation_id AS site, o.numero AS label, o.id AS id", ""), "o.id")
        }
        Kind::Entreprises => {
            (scope.entreprises("e.id AS record, e.localisation_id AS site, e.name AS label, e.id AS id", ""), "e.id")
        }
        Kind::Contacts => (
            scope.entreprises(
                "e.id AS record, e.localisation_id AS site, c.last_name AS label, c.id AS id",
                "JOIN contacts c ON c.entreprise_id = e.id",
            ),
            "c.id",
        ),
        Kind::Formateurs => {
            (scope.formateurs("f.id AS record, f.localisation_id AS site, f.name AS label, f.id AS id", ""), "f.id")
        }
        Kind::Sessions => {
            (scope.sessions("n.id AS record, n.localisation_id AS site, n.numero AS label, n.id AS id", ""), "n.id")
        }
    }
}

/// A record in a list of something else: a task or a note is about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecordRef {
    pub kind: Kind,
    pub id: Uuid,
    /// The record whose page shows it: of a contact its company, otherwise itself.
    pub opens: Uuid,
    pub label: String,
}

/// What people call these records, as far as they lie in the scope.
pub async fn named(
    conn: &mut Conn,
    scope: &Scope,
    records: impl IntoIterator<Item = (Kind, Uuid)>,
) -> Result<HashMap<(Kind, Uuid), RecordRef>> {
    let mut wanted: HashMap<Kind, Vec<Uuid>> = HashMap::new();
    for (kind, id) in records {
        wanted.entry(kind).or_default().push(id);
    }
    let mut known = HashMap::new();
    for (kind, ids) in wanted {
        let (mut query, column) = select(scope, kind);
        query.push(" AND ").push(column).push(" IN ").list(ids);
        let rows: Vec<(Uuid, LocalisationId, String, Uuid)> = query.all(conn).await?;
        known.extend(rows.into_iter().map(|(opens, _, label, id)| ((kind, id), RecordRef { kind, id, opens, label })));
    }
    Ok(known)
}

/// The condition that a row is about one of these records.
pub fn among(kind: &'static str, id: &'static str, records: &[(Kind, Vec<Uuid>)]) -> Sql {
    let mut query = sql("(1 = 0");
    for (of, ids) in records.iter().filter(|(_, ids)| !ids.is_empty()) {
        query.push(" OR (").push(kind).push(" = ?").arg(of.word()).push(" AND ").push(id).push(" IN ");
        query.list(ids.iter().copied()).push(")");
    }
    query.push(")");
    query
}

/// The record with this id; 404 outside the scope.
pub async fn load(conn: &mut Conn, scope: &Scope, kind: Kind, id: Uuid) -> Result<Loaded<Holder>> {
    let (mut query, column) = select(scope, kind);
    query.push(" AND ").push(column).push(" = ?").arg(id);
    let row = query.loaded::<Row>(conn).await?.ok_or_else(not_found)?;
    Ok(row.map(|Row { record, site, label }| {
        let (subject, about) = match kind {
            Kind::Opportunites => (Subject::Opportunite(record.into()), Some(Record::Opportunite(record.into()))),
            Kind::Entreprises | Kind::Contacts => {
                (Subject::Entreprise(record.into()), Some(Record::Entreprise(record.into())))
            }
            Kind::Formateurs => (Subject::Formateur(record.into()), None),
            Kind::Sessions => (Subject::Session(record.into()), None),
        };
        Holder { kind, id, opens: record, site, subject, about, label }
    }))
}

/// Does this person see the record?
pub async fn seen_by(conn: &mut Conn, person: &Person, kind: Kind, id: Uuid) -> Result<bool> {
    match load(conn, &person.scope, kind, id).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The same for somebody who wants to change its files. 403 for a company that the caller only reads.
pub async fn load_writable(conn: &mut Conn, caller: &Caller, kind: Kind, id: Uuid) -> Result<Loaded<Holder>> {
    let scope = caller.scope();
    let holder = load(conn, &scope, kind, id).await?;
    let company = matches!(kind, Kind::Entreprises | Kind::Contacts);
    if company && !scope.changes(Scoped::Entreprise, holder.site) {
        return Err(forbidden());
    }
    Ok(holder)
}

/// Kind and id in a path. An unknown kind and an invalid id answer 404.
pub struct OfRecord(pub Kind, pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for OfRecord {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((kind, id)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        Ok(OfRecord(read(&kind)?, Uuid::parse_str(&id).map_err(|_| not_found())?))
    }
}

/// The same with something of the record: a file, a note.
pub struct OfRecordPart<T>(pub Kind, pub Uuid, pub T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for OfRecordPart<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((kind, id, part)) =
            Path::<(String, String, String)>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        let part = part.parse().map_err(|_| not_found())?;
        Ok(OfRecordPart(read(&kind)?, Uuid::parse_str(&id).map_err(|_| not_found())?, part))
    }
}

/// A file of a record.
pub type OfAttachment = OfRecordPart<AttachmentId>;

fn read(kind: &str) -> Result<Kind> {
    kind.parse().map_err(|_| not_found())
}
