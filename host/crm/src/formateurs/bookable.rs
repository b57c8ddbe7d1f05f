//! `GET /api/formateurs/bookable`: the trainers that a planning may book.

use afpi_db::{Conn, Json as JsonColumn};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::expiries::{Expiry, Files};
use super::input::Certification;
use super::read::JOINS;
use afpi_core::error::Result;
use afpi_core::id::{FormateurId, LocalisationId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_http::input::Params;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// More than any network has.
const MOST: u32 = 1000;

/// The site whose sessions are planned.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AtSite {
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

/// The short form of a trainer. Other sites read only this of a trainer of the network.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormateurRef {
    #[schema(value_type = Uuid)]
    pub id: FormateurId,
    pub name: String,
    pub skills: Vec<String>,
    /// Certificates and files that expire. Those of a trainer of another site have no names.
    pub expiries: Vec<Expiry>,
    pub localisation: LocalisationRef,
    pub shared: bool,
}

afpi_db::row! {
    struct RefRow {
        id: FormateurId, name: String, skills: JsonColumn<Vec<String>>,
        certifications: JsonColumn<Vec<Certification>>, localisation_id: LocalisationId, site_code: String, site_name: String, shared: bool,
    }
}

/// List the active trainers of the site (or of all the caller's sites) and those of the network, by name.
#[utoipa::path(get, path = "/bookable", operation_id = "listBookableFormateurs", tag = "formateurs", params(AtSite),
    responses((status = 200, body = All<FormateurRef>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn bookable(
    State(app): State<App>,
    caller: Caller,
    Params(at): Params<AtSite>,
) -> ApiResult<Json<All<FormateurRef>>> {
    caller.require(Action::FormateursRead)?;
    let mut conn = app.db.read().await?;
    Ok(Json(All { data: choosable(&mut conn, &caller.scope(), at.localisation_id).await? }))
}

/// The active trainers of this site (or of all sites in scope) and those of the network, by name.
pub async fn choosable(conn: &mut Conn, scope: &Scope, site: Option<LocalisationId>) -> Result<Vec<FormateurRef>> {
    let mut query = scope.bookable_formateurs(
        "f.id, f.name, f.skills, f.certifications, f.localisation_id, l.code AS site_code, l.name AS site_name, f.shared",
        JOINS,
    );
    query.push(" AND f.active = ?").arg(true);
    if let Some(site) = site {
        query.push(" AND (f.localisation_id = ? OR f.shared = ?)").arg(site).arg(true);
    }
    query.push(" ORDER BY f.name_key, f.id").limit(MOST);
    let rows: Vec<RefRow> = query.all(conn).await?;
    let mut files = Files::of(conn, rows.iter().map(|row| row.id)).await?;
    let expiries = |row: &RefRow, files: &mut Files| {
        let mut all = files.with(row.id, &row.certifications.0);
        if !scope.covers_site(row.localisation_id) {
            all.iter_mut().for_each(|one| one.name = None);
        }
        all
    };
    let show = |row: RefRow| FormateurRef {
        expiries: expiries(&row, &mut files),
        id: row.id,
        name: row.name,
        skills: row.skills.0,
        localisation: LocalisationRef { id: row.localisation_id, code: row.site_code, name: row.site_name },
        shared: row.shared,
    };
    Ok(rows.into_iter().map(show).collect())
}
