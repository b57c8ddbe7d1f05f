//! Sessions that begin soon and lack something.

use serde::Serialize;
use utoipa::ToSchema;

use super::input::Status;
use afpi_core::clock::Day;
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, SessionId};
use afpi_core::scope::Scope;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// Sessions that begin within so many days are looked at: time enough to find trainees or a trainer.
const AHEAD: i64 = 45;
/// So many of them are shown.
const SHOWN: usize = 50;

/// A session that begins soon and lacks trainees or trainers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionAtRisk)]
pub struct AtRisk {
    #[schema(value_type = Uuid)]
    pub id: SessionId,
    pub numero: String,
    pub title: String,
    pub localisation: LocalisationRef,
    #[schema(value_type = NaiveDate)]
    pub first_day: Day,
    pub stagiaires: i64,
    pub capacity_min: Option<i64>,
    /// Half-days without a trainer.
    pub untaught: i64,
    /// How many trainees are missing; 0 for none.
    pub missing: i64,
}

afpi_db::row! {
    struct Row {
        id: SessionId, numero: String, title: String, localisation_id: LocalisationId, site_code: String, site_name: String,
        first_day: Day, stagiaires: i64, capacity_min: Option<i64>, untaught: i64,
    }
}

const COLUMNS: &str = "n.id, n.numero, n.title, n.localisation_id, l.code AS site_code, l.name AS site_name, n.first_day, \
     (SELECT COUNT(*) FROM session_stagiaires p WHERE p.session_id = n.id) AS stagiaires, n.capacity_min, \
     (SELECT COUNT(*) FROM session_half_days h WHERE h.session_id = n.id \
      AND NOT EXISTS (SELECT 1 FROM session_plans s WHERE s.session_id = n.id AND s.day = h.day AND s.half = h.half AND s.formateur IS NOT NULL) \
      AND NOT EXISTS (SELECT 1 FROM session_rows s WHERE s.session_id = n.id AND s.day = h.day AND s.half = h.half AND s.formateur IS NOT NULL)) \
     AS untaught";

/// Those in scope, and of this site where given, that begin within [`AHEAD`] days: with fewer trainees than they need, or
/// with a half-day that nobody teaches.
pub async fn at_risk(app: &App, scope: &Scope, site: Option<LocalisationId>) -> Result<Vec<AtRisk>> {
    let today = Day::today();
    let mut query = scope.sessions(COLUMNS, "JOIN localisations l ON l.id = n.localisation_id");
    query.push(" AND n.status IN ").list([Status::Prevue.as_str(), Status::Confirmee.as_str()]);
    query.push(" AND n.first_day > ?").arg(today).push(" AND n.first_day <= ?").arg(today.plus(AHEAD));
    if let Some(site) = site {
        query.push(" AND n.localisation_id = ?").arg(site);
    }
    query.push(" ORDER BY n.first_day, n.id");
    let rows: Vec<Row> = query.all(&mut app.db.read().await?).await?;
    let show = |row: Row| {
        let missing = row.capacity_min.map_or(0, |fewest| (fewest - row.stagiaires).max(0));
        (missing > 0 || row.untaught > 0).then_some(AtRisk {
            id: row.id,
            numero: row.numero,
            title: row.title,
            localisation: LocalisationRef { id: row.localisation_id, code: row.site_code, name: row.site_name },
            first_day: row.first_day,
            stagiaires: row.stagiaires,
            capacity_min: row.capacity_min,
            untaught: row.untaught,
            missing,
        })
    };
    Ok(rows.into_iter().filter_map(show).take(SHOWN).collect())
}
