//! `GET /api/anomalies/regles`.

use std::collections::HashMap;

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::read::Severity;
use afpi_core::clock::Instant;
use afpi_core::rights::Action;
use afpi_core::text::{Text, text};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::{self, LocalisationRef};
use afpi_platform::state::App;

/// The rules, and when the caller's sites were audited.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnomalieRegles)]
pub struct Regles {
    data: Vec<Regle>,
    controles: Vec<Controle>,
}

/// A rule of an auditor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnomalieRegle)]
pub struct Regle {
    id: String,
    plugin: String,
    label: Text,
    /// The law, norm or contract that it follows from.
    source: Text,
    severity: Severity,
    /// Open findings in the caller's scope.
    open: i64,
}

/// The last audit of a site.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AnomalieControle)]
pub struct Controle {
    localisation: LocalisationRef,
    /// None: never.
    checked_at: Option<Instant>,
    /// The plugin that could not audit. Its findings are those of the audit before.
    failed: Option<String>,
}

afpi_db::row! {
    struct Row {
        plugin_id: String, rule: String, severity: String, label_fr: String, label_en: String, source_fr: String, source_en: String,
    }
}

/// List the rules that auditors check, with the number of open findings in scope.
#[utoipa::path(get, path = "/regles", operation_id = "listAnomalieRegles", tag = "anomalies",
    responses((status = 200, body = Regles), (status = 403, body = ProblemBody)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<Regles>> {
    caller.require(Action::AnomaliesRead)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut query = scope.anomalies("a.plugin_id, a.rule, COUNT(*)", "");
    query.push(" AND a.gone_at IS NULL AND a.accepted_at IS NULL GROUP BY a.plugin_id, a.rule");
    let open: HashMap<(String, String), i64> = query
        .all::<(String, String, i64)>(&mut conn)
        .await?
        .into_iter()
        .map(|(plugin, rule, open)| ((plugin, rule), open))
        .collect();
    let rows: Vec<Row> = sql(
        "SELECT plugin_id, rule, severity, label_fr, label_en, source_fr, source_en FROM anomalie_regles ORDER BY plugin_id, position",
    )
    .all(&mut conn)
    .await?;
    let checked: HashMap<_, (Instant, String)> =
        sql("SELECT localisation_id, checked_at, problem FROM anomalie_controles")
            .all::<(afpi_core::id::LocalisationId, Instant, String)>(&mut conn)
            .await?
            .into_iter()
            .map(|(site, at, problem)| (site, (at, problem)))
            .collect();
    let sites = localisations::all(&mut conn).await?;
    let regle = |row: Row| {
        let key = (row.plugin_id, row.rule);
        Regle {
            open: open.get(&key).copied().unwrap_or_default(),
            plugin: key.0,
            id: key.1,
            label: text(row.label_fr, row.label_en),
            source: text(row.source_fr, row.source_en),
            severity: row.severity.parse().unwrap_or(Severity::Notice),
        }
    };
    let controle = |localisation: LocalisationRef| {
        let last = checked.get(&localisation.id);
        Controle {
            checked_at: last.map(|(at, _)| *at),
            failed: last.map(|(_, problem)| problem.clone()).filter(|problem| !problem.is_empty()),
            localisation,
        }
    };
    let sites = sites.into_iter().filter(|site| scope.covers_site(site.id));
    Ok(Json(Regles { data: rows.into_iter().map(regle).collect(), controles: sites.map(controle).collect() }))
}
