//! `GET /api/anomalies`.

use afpi_db::Sql;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::read::{Anomalie, COLUMNS, JOINS, Row, Severity, show};
use crate::search;
use afpi_core::error::bad_parameter;
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, SortKey, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// Which findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = AnomalieState)]
pub enum Which {
    /// Nobody has accepted them.
    #[default]
    Open,
    Accepted,
    /// They are not found any more.
    Gone,
}

/// The kinds of records that findings are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = AnomalieSubjectKind)]
pub enum Kind {
    Opportunite,
    Session,
    Formateur,
    Salle,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
    /// Words of the message or of the records.
    q: Option<String>,
    /// Default: open ones.
    state: Option<Which>,
    severity: Option<Severity>,
    /// A rule by its id.
    rule: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    /// With `record`: those that concern this record. Of an opportunité also those of its sessions.
    kind: Option<Kind>,
    record: Option<Uuid>,
}

static SORTS: Sorts<Row> = Sorts {
    default: "-severity",
    keys: &[
        SortKey { name: "severity", column: "a.severity_rank", key: |r| Key::Int(r.severity_rank) },
        SortKey { name: "foundAt", column: "a.found_at", key: |r| Key::Int(r.found_at.millis()) },
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

fn filter(query: &mut Sql, f: &Filters) {
    query.push(match f.state.unwrap_or_default() {
        Which::Open => " AND a.gone_at IS NULL AND a.accepted_at IS NULL",
        Which::Accepted => " AND a.gone_at IS NULL AND a.accepted_at IS NOT NULL",
        Which::Gone => " AND a.gone_at IS NOT NULL",
    });
    search::matching(query, &["a.search"], f.q.as_deref());
    if let Some(severity) = f.severity {
        query.push(" AND a.severity = ?").arg(severity.word());
    }
    if let Some(rule) = &f.rule {
        query.push(" AND a.rule = ?").arg(rule.as_str());
    }
    if let Some(site) = f.localisation_id {
        query.push(" AND a.localisation_id = ?").arg(site);
    }
    if let (Some(kind), Some(record)) = (f.kind, f.record) {
        query.push(" AND (a.subject_kind = ?").arg(<&'static str>::from(kind));
        query.push(" AND a.subject_id = ?").arg(record);
        if kind == Kind::Opportunite {
            query.push(" OR a.id IN (SELECT y.anomalie_id FROM anomalie_opportunites y WHERE y.opportunite_id = ?");
            query.arg(record).push(")");
        }
        query.push(")");
    }
}

/// List what auditors have found at the caller's sites, the gravest first. Who sees own files only sees what concerns them.
#[utoipa::path(get, path = "/", operation_id = "listAnomalies", tag = "anomalies", params(Filters),
    responses((status = 200, body = Page<Anomalie>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Anomalie>>> {
    caller.require(Action::AnomaliesRead)?;
    if f.kind.is_some() != f.record.is_some() {
        let message = text("« kind » et « record » vont ensemble.", "\"kind\" and \"record\" belong together.");
        return Err(bad_parameter("record", message).into());
    }
    let bound = (&f.q, f.state, f.severity, &f.rule, f.localisation_id, f.kind, f.record);
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &bound)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut matching = scope.anomalies("1", "");
    filter(&mut matching, &f);
    let total = page.total(&mut conn, matching).await?;
    let mut query = scope.anomalies(COLUMNS, JOINS);
    filter(&mut query, &f);
    page.apply(&mut query, "a.id");
    Ok(Json(page.page(query.all(&mut conn).await?, total, |row: &Row| row.id.uuid(), show)))
}
