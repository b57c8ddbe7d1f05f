//! Who may edit the trainees of an opportunité: roles with the right, in their scope. Who sees only own opportunités
//! may do so until the file leaves the first section of its workflow.

use std::collections::BTreeSet;

use afpi_db::Conn;

use afpi_core::error::{Result, forbidden, not_found};
use afpi_core::id::{LocalisationId, OpportuniteId, SessionId};
use afpi_core::rights::{Action, Reach};
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The right to edit trainees and their attendance.
pub const WRITE: Action = Action::StagiairesWrite;

afpi_db::row! {
    /// An opportunité, as far as rights on its trainees depend on it.
    #[derive(Debug, Clone)]
    pub struct File {
        pub id: OpportuniteId, pub numero: String, pub title: String, pub site: LocalisationId, pub section: String,
        pub entreprise: String,
    }
}

const COLUMNS: &str = "o.id, o.numero, o.title, o.localisation_id AS site, o.section, e.name AS entreprise";
const JOINS: &str = "JOIN entreprises e ON e.id = o.entreprise_id";

/// The opportunité with this id, if in scope.
pub async fn load(conn: &mut Conn, scope: &Scope, id: OpportuniteId) -> Result<Loaded<File>> {
    let mut query = scope.opportunites(COLUMNS, JOINS);
    query.push(" AND o.id = ?").arg(id);
    query.loaded(conn).await?.ok_or_else(not_found)
}

/// The opportunités in scope of a session, and those of its trainees.
pub async fn of_session(conn: &mut Conn, scope: &Scope, session: SessionId) -> Result<Vec<File>> {
    let mut query = scope.opportunites(COLUMNS, JOINS);
    query
        .push(" AND (EXISTS (SELECT 1 FROM session_opportunites x WHERE x.session_id = ? AND x.opportunite_id = o.id)")
        .push(" OR EXISTS (SELECT 1 FROM session_stagiaires p, stagiaires t WHERE p.session_id = ? AND t.id = p.stagiaire_id")
        .push(" AND t.opportunite_id = o.id))")
        .arg(session)
        .arg(session);
    Ok(query.all(conn).await?)
}

/// Those of these opportunités whose trainees the caller may edit.
pub async fn editable(app: &App, caller: &Caller, files: Vec<File>) -> Result<BTreeSet<OpportuniteId>> {
    let mut editable = BTreeSet::new();
    for file in files {
        if may_edit(app, caller, &file).await {
            editable.insert(file.id);
        }
    }
    Ok(editable)
}

/// May the caller edit the trainees of this opportunité? No connection may be held: a workflow may be asked.
pub async fn may_edit(app: &App, caller: &Caller, file: &File) -> bool {
    if !caller.may(WRITE) {
        return false;
    }
    caller.reach() != Reach::Own
        || app.plugins.definition(file.site).await.is_some_and(|definition| definition.begins(&file.section))
}

/// 403 unless the caller may edit the trainees of this opportunité.
pub async fn require(app: &App, caller: &Caller, file: &File) -> Result<()> {
    caller.require(WRITE)?;
    if may_edit(app, caller, file).await {
        return Ok(());
    }
    let detail = text(
        "Le dossier est transmis : ses stagiaires ne sont plus à vous.",
        "The file is handed over: its trainees are no longer yours.",
    );
    Err(forbidden().detail(detail))
}
