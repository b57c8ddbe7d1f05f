//! Trainees in the database.

use afpi_db::{Conn, sql};

use super::input::StagiaireCreate;
use super::read::{COLUMNS, JOINS, StagiaireRow};
use super::rights::File;
use crate::search::index;
use crate::sessions;
use afpi_core::clock::{Day, Instant};
use afpi_core::collation;
use afpi_core::error::Result;
use afpi_core::id::{OpportuniteId, StagiaireId};
use afpi_core::scope::{Loaded, Scope};
use afpi_platform::feed::{Changed, noted};

/// Last name and first name.
pub(super) fn name(first: &str, last: &str) -> String {
    format!("{last} {first}")
}

/// The search words for `?q=`.
pub(super) fn words(name: &str, company: Option<&str>, email: Option<&str>) -> String {
    index([name, company.unwrap_or_default(), email.unwrap_or_default()], 600)
}

/// Stores a new trainee, already checked, who takes part in the sessions of the opportunité.
pub async fn insert(tx: &mut Conn, of: &Loaded<File>, new: &StagiaireCreate, now: Instant) -> Result<StagiaireId> {
    let id = StagiaireId::generate();
    let name = name(&new.first_name, &new.last_name);
    let company = new.company.as_deref().unwrap_or(&of.entreprise);
    let mut query = sql(
        "INSERT INTO stagiaires (id, opportunite_id, first_name, last_name, name, name_key, search, birth_date, email, phone, company, job, \
         status, needs, created_at, updated_at, version) VALUES ",
    );
    query.rows([[
        id.into(),
        of.id.into(),
        (&new.first_name).into(),
        (&new.last_name).into(),
        name.as_str().into(),
        collation::key(&name).into(),
        words(&name, Some(company), new.email.as_deref()).into(),
        new.birth_date.map(Day::from).into(),
        (&new.email).into(),
        (&new.phone).into(),
        company.into(),
        (&new.function).into(),
        new.status.map(|status| status.as_str()).into(),
        (&new.needs).into(),
        now.into(),
        now.into(),
        1i64.into(),
    ]]);
    query.execute(tx).await?;
    noted(tx, [(Changed::Opportunite, of.id.uuid())]).await?;
    sessions::enrol(tx, id).await?;
    Ok(id)
}

/// The trainees of an opportunité in the order in which they were entered.
pub(super) async fn of(conn: &mut Conn, scope: &Scope, id: OpportuniteId) -> Result<Vec<StagiaireRow>> {
    let mut query = scope.stagiaires(COLUMNS, JOINS);
    query.push(" AND t.opportunite_id = ?").arg(id).push(" ORDER BY t.id");
    Ok(query.all(conn).await?)
}

/// Removes a trainee from the sessions and from the opportunité.
pub(super) async fn remove(tx: &mut Conn, stagiaire: &Loaded<StagiaireRow>, seen: i64) -> Result<bool> {
    sql("DELETE FROM session_stagiaires WHERE stagiaire_id = ?").bind(stagiaire.id).execute(tx).await?;
    noted(tx, [(Changed::Opportunite, stagiaire.opportunite_id.uuid())]).await?;
    let rows = sql("DELETE FROM stagiaires WHERE id = ? AND version = ?").bind(stagiaire.id).bind(seen);
    Ok(rows.execute(tx).await? == 1)
}
