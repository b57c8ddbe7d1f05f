//! `/api/relances/etapes`: after how many days a payer is reminded.

use std::collections::BTreeSet;

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::Validate;

use afpi_core::error::{Error, FieldProblem, Result, field, forbidden, invalid};
use afpi_core::rights::Action;
use afpi_core::text::{Text, text};
use afpi_http::bounds::{Int, List};
use afpi_http::input::Body;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::{Line, filled};
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Activity, Change, Subject};
use afpi_platform::state::App;

/// A step of the reminders.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelanceStep {
    /// The workflow's word for a kind of payer; none: every other payer.
    pub payer_kind: Option<String>,
    /// From 1.
    pub step: i64,
    /// Days after the due day.
    pub days: i64,
    pub label: Text,
}

/// All steps.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelanceStepsUpdate {
    /// In any order. The steps of one kind of payer are numbered by their days.
    #[validate(nested)]
    pub steps: StepInputs,
}

/// The steps of one request.
pub type StepInputs = List<RelanceStepInput, 40>;

/// A step of the reminders.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelanceStepInput {
    /// The workflow's word for a kind of payer. Without one: every other payer.
    #[serde(default, deserialize_with = "filled")]
    #[validate(nested)]
    pub payer_kind: Option<Line<40>>,
    #[validate(nested)]
    pub days: Int<1, 365>,
    #[validate(nested)]
    pub label_fr: Line<120>,
    #[validate(nested)]
    pub label_en: Line<120>,
}

/// The steps of every kind of payer, in order.
pub async fn load(conn: &mut Conn) -> afpi_db::Result<Vec<RelanceStep>> {
    let rows = sql("SELECT payer_kind, step, days, label_fr, label_en FROM relance_etapes ORDER BY payer_kind, step")
        .all::<(String, i64, i64, String, String)>(conn)
        .await?;
    let step = |(kind, step, days, fr, en): (String, i64, i64, String, String)| RelanceStep {
        payer_kind: Some(kind).filter(|kind| !kind.is_empty()),
        step,
        days,
        label: text(fr, en),
    };
    Ok(rows.into_iter().map(step).collect())
}

/// The steps for a kind of payer: its own, otherwise those of every other payer.
pub fn of_payer<'a>(steps: &'a [RelanceStep], kind: Option<&str>) -> Vec<&'a RelanceStep> {
    let own: Vec<_> = steps.iter().filter(|step| kind.is_some() && step.payer_kind.as_deref() == kind).collect();
    if own.is_empty() { steps.iter().filter(|step| step.payer_kind.is_none()).collect() } else { own }
}

/// The steps of the reminders.
#[utoipa::path(get, path = "/etapes", operation_id = "listRelanceSteps", tag = "facturation",
    responses((status = 200, body = All<RelanceStep>), (status = 403, body = ProblemBody)))]
pub(in crate::facturation) async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<All<RelanceStep>>> {
    caller.require(Action::CreancesRead)?;
    Ok(Json(All { data: load(&mut app.db.read().await?).await? }))
}

/// Replace all steps. They hold for the whole network, so only who sees all of it may. The last write wins.
#[utoipa::path(put, path = "/etapes", operation_id = "putRelanceSteps", tag = "facturation", request_body = RelanceStepsUpdate,
    responses((status = 200, body = All<RelanceStep>), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(in crate::facturation) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<RelanceStepsUpdate>,
) -> ApiResult<Json<All<RelanceStep>>> {
    caller.require(Action::CreancesWrite)?;
    if !caller.role.access.network_wide() {
        return Err(forbidden().into());
    }
    let wanted = numbered(&input.steps)?;
    let steps = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = shown(&load(&mut tx).await?);
        sql("DELETE FROM relance_etapes").execute(&mut tx).await?;
        if !wanted.is_empty() {
            let mut query = sql("INSERT INTO relance_etapes (payer_kind, step, days, label_fr, label_en) VALUES ");
            query.rows(wanted.iter().map(|step| {
                [
                    step.payer_kind.clone().unwrap_or_default().into(),
                    step.step.into(),
                    step.days.into(),
                    step.label.fr.as_str().into(),
                    step.label.en.as_str().into(),
                ]
            }));
            query.execute(&mut tx).await?;
        }
        let steps = load(&mut tx).await?;
        let told = journal::field("relanceSteps", before, shown(&steps));
        let line = Change::by(&caller, request.as_str(), Subject::Facturation("relances".into()), None);
        line.record(&mut tx, Activity::Edited, vec![told]).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(steps)
    })
    .await?;
    Ok(Json(All { data: steps }))
}

/// The steps with their numbers. Two steps of one kind of payer on one day are refused.
fn numbered(input: &[RelanceStepInput]) -> Result<Vec<RelanceStep>> {
    let mut seen = BTreeSet::new();
    let twice = |(at, step): (usize, &RelanceStepInput)| -> Option<FieldProblem> {
        let kind = step.payer_kind.as_ref().map(|kind| kind.as_str().to_owned());
        let message = text("Une étape de ce payeur a déjà ce délai.", "A step of this payer already has this delay.");
        (!seen.insert((kind, step.days.get()))).then(|| field(format!("/steps/{at}/days"), "duplicate", message))
    };
    let problems: Vec<FieldProblem> = input.iter().enumerate().filter_map(twice).collect();
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    let mut steps: Vec<RelanceStep> = input
        .iter()
        .map(|step| RelanceStep {
            payer_kind: step.payer_kind.as_ref().map(|kind| kind.as_str().to_owned()),
            step: 0,
            days: step.days.get(),
            label: text(step.label_fr.as_str(), step.label_en.as_str()),
        })
        .collect();
    steps.sort_by(|a, b| (&a.payer_kind, a.days).cmp(&(&b.payer_kind, b.days)));
    for at in 0..steps.len() {
        let first = at == 0 || steps[at - 1].payer_kind != steps[at].payer_kind;
        steps[at].step = if first { 1 } else { steps[at - 1].step + 1 };
    }
    Ok(steps)
}

fn shown(steps: &[RelanceStep]) -> Value {
    let word = |step: &RelanceStep| format!("{} J+{}", step.payer_kind.as_deref().unwrap_or("*"), step.days);
    json!(steps.iter().map(word).collect::<Vec<_>>())
}
