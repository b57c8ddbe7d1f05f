//! An opportunité for plugins, with all its fields, read within the caller's scope.

use afpi_db::Conn;
use afpi_plugins::contract::Opportunite;
use afpi_plugins::contract::workflow::Moment;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::perte::Perte;
use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal, not_found};
use afpi_core::id::{EntrepriseId, LegalEntityId, LocalisationId, OpportuniteId, UserId};
use afpi_core::money::Money;
use afpi_core::scope::{Loaded, Scope, ScopedSql};
use afpi_platform::checklist::Filed;
use afpi_platform::journal;

afpi_db::row! {
    /// All fields of an opportunité.
    #[derive(Clone)]
    pub struct StoredOpportunite {
        pub id: OpportuniteId, pub numero: String, pub title: String, pub kind: String, pub section: String, pub status: String,
        pub outcome: String, pub amount: Money, pub budget: Money,
        pub entreprise_id: EntrepriseId, pub entreprise_name: String, pub commercial_id: UserId, pub localisation_id: LocalisationId,
        pub legal_entity_id: LegalEntityId, pub section_since: Instant, pub due_at: Option<Instant>, pub data: String, pub state: String,
        pub workflow_plugin: String, pub workflow_version: String, pub created_at: Instant, pub updated_at: Instant, pub version: i64,
        /// Are its issued documents already in the table of pieces?
        pub pieces_kept: bool,
        /// Is what its payers owe already in the table of that?
        pub creances_kept: bool,
        pub origine: Option<String>, pub lost_at: Option<Instant>, pub lost_reason: Option<String>, pub lost_remark: Option<String>,
    }
}

afpi_db::row! {
    /// What stands beside an opportunité that is read to be changed: the change then knows it. Select [`BESIDE`].
    #[derive(Clone)]
    pub(super) struct Beside {
        /// The end of its journal.
        pub journal_seq: Option<i64>, pub journal_hash: Option<String>,
        /// Its stay in the section.
        pub stay: Option<Uuid>,
        /// Has it files for pieces of a checklist?
        pub filed: bool,
        /// Has it half-days, of its own or shared?
        pub booked: bool,
        /// Does it belong to a session?
        pub joined: bool,
    }
}

pub(super) const BESIDE: &str = "(SELECT j.seq FROM journal j WHERE j.subject_kind = 'opportunite' AND j.subject_id = o.id ORDER BY j.seq DESC LIMIT 1) AS journal_seq, \
     (SELECT j.hash FROM journal j WHERE j.subject_kind = 'opportunite' AND j.subject_id = o.id ORDER BY j.seq DESC LIMIT 1) AS journal_hash, \
     (SELECT s.id FROM sejours s WHERE s.opportunite_id = o.id AND s.ended_at IS NULL LIMIT 1) AS stay, \
     EXISTS (SELECT 1 FROM attachments a WHERE a.record_kind = 'opportunites' AND a.record_id = o.id AND a.piece IS NOT NULL) AS filed, \
     (EXISTS (SELECT 1 FROM reservations r WHERE r.opportunite_id = o.id) \
      OR EXISTS (SELECT 1 FROM reservation_shares r WHERE r.opportunite_id = o.id)) AS booked, \
     EXISTS (SELECT 1 FROM session_opportunites x WHERE x.opportunite_id = o.id) AS joined";

impl Beside {
    pub fn journal_end(&self) -> Option<journal::End> {
        Some(journal::End { seq: self.journal_seq?, hash: self.journal_hash.clone()? })
    }

    /// The pieces that have a file, if that is none.
    pub fn no_files(&self) -> Option<Filed> {
        (!self.filed).then(Filed::new)
    }
}

const COLUMNS: &str = "o.id, o.numero, o.title, o.kind, o.section, o.status, o.outcome, o.amount, o.budget, \
     o.entreprise_id, e.name AS entreprise_name, o.commercial_id, o.localisation_id, l.entite_legale_id AS legal_entity_id, \
     o.section_since, o.due_at, o.data, o.state, o.workflow_plugin, o.workflow_version, o.created_at, o.updated_at, o.version, o.pieces_kept, o.creances_kept, \
     o.origine, o.lost_at, o.lost_reason, o.lost_remark";
const JOINS: &str = "JOIN entreprises e ON e.id = o.entreprise_id JOIN localisations l ON l.id = o.localisation_id";

/// Selects opportunités in scope for plugins. The caller appends more conditions.
pub fn select(scope: &Scope) -> ScopedSql {
    scope.opportunites(COLUMNS, JOINS)
}

/// The opportunité with this id; 404 outside the scope.
pub async fn load(conn: &mut Conn, scope: &Scope, id: OpportuniteId) -> Result<Loaded<StoredOpportunite>> {
    find(conn, scope, id).await?.ok_or_else(not_found)
}

/// The same, with `None` instead of an error.
pub async fn find(
    conn: &mut Conn,
    scope: &Scope,
    id: OpportuniteId,
) -> afpi_db::Result<Option<Loaded<StoredOpportunite>>> {
    let mut query = select(scope);
    query.push(" AND o.id = ?").arg(id);
    query.loaded(conn).await
}

impl StoredOpportunite {
    /// The form for plugins, without the workflow's private state.
    pub fn shown(&self) -> Opportunite {
        Opportunite { state: String::new(), ..self.for_workflow() }
    }

    /// The form for the workflow of the record, with its private state.
    pub fn for_workflow(&self) -> Opportunite {
        Opportunite {
            id: self.id.to_string(),
            numero: self.numero.clone(),
            title: self.title.clone(),
            kind: self.kind.clone(),
            section: self.section.clone(),
            status: self.status.clone(),
            amount: self.amount.cents(),
            budget: self.budget.cents(),
            entreprise: self.entreprise_id.to_string(),
            entreprise_name: self.entreprise_name.clone(),
            commercial: self.commercial_id.to_string(),
            localisation: self.localisation_id.to_string(),
            created_at: self.created_at.millis(),
            section_since: self.section_since.millis(),
            data: self.data.clone(),
            state: self.state.clone(),
        }
    }

    /// When and why it was lost.
    pub fn perte(&self) -> Perte {
        Perte { at: self.lost_at, reason: self.lost_reason.clone(), remark: self.lost_remark.clone() }
    }

    /// The section documents.
    pub fn documents(&self) -> Result<Map<String, Value>> {
        serde_json::from_str(&self.data).map_err(|e| internal(format!("documents of {}: {e}", self.numero)))
    }
}

/// Now, for a plugin that has no clock.
pub fn moment(now: Instant) -> Moment {
    Moment { now: now.millis(), today: now.day().to_string() }
}
