//! The record that files hang on, read in scope.

use afpi_db::Conn;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use afpi_core::error::{Result, forbidden, not_found};
use afpi_core::id::{AttachmentId, LocalisationId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope, Scoped};
use afpi_http::problem::Problem;
use afpi_platform::auth::caller::Caller;
use afpi_platform::events::Record;
use afpi_platform::journal::Subject;

/// The kinds of records that files hang on, as in paths and in `record_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
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

/// The record with this id; 404 outside the scope.
pub async fn load(conn: &mut Conn, scope: &Scope, kind: Kind, id: Uuid) -> Result<Loaded<Holder>> {
    let mut query = match kind {
        Kind::Opportunites => scope.opportunites("o.id AS record, o.localisation_id AS site, o.numero AS label", ""),
        Kind::Entreprises => scope.entreprises("e.id AS record, e.localisation_id AS site, e.name AS label", ""),
        Kind::Contacts => scope.entreprises(
            "e.id AS record, e.localisation_id AS site, c.last_name AS label",
            "JOIN contacts c ON c.entreprise_id = e.id",
        ),
        Kind::Formateurs => scope.formateurs("f.id AS record, f.localisation_id AS site, f.name AS label", ""),
        Kind::Sessions => scope.sessions("n.id AS record, n.localisation_id AS site, n.numero AS label", ""),
    };
    query.push(match kind {
        Kind::Opportunites => " AND o.id = ?",
        Kind::Entreprises => " AND e.id = ?",
        Kind::Contacts => " AND c.id = ?",
        Kind::Formateurs => " AND f.id = ?",
        Kind::Sessions => " AND n.id = ?",
    });
    query.arg(id);
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
        Holder { kind, id, site, subject, about, label }
    }))
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

/// The same with a file of the record.
pub struct OfAttachment(pub Kind, pub Uuid, pub AttachmentId);

impl<S: Send + Sync> FromRequestParts<S> for OfAttachment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((kind, id, attachment)) =
            Path::<(String, String, String)>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        let attachment = attachment.parse().map_err(|_| not_found())?;
        Ok(OfAttachment(read(&kind)?, Uuid::parse_str(&id).map_err(|_| not_found())?, attachment))
    }
}

fn read(kind: &str) -> Result<Kind> {
    kind.parse().map_err(|_| not_found())
}
