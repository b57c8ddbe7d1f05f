//! `/api/conservation`: the rules with what was chosen for each.

use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, Result, field, invalid};
use afpi_core::text::{Text, text};
use afpi_db::{Conn, sql};
use afpi_http::bounds::Int;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::state::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::super::Kind;
use super::super::effacement::whole;
use super::regles::{self, Garde, Regle, before};
use super::{due, regle};

/// All rules, and what no rule erases.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conservation {
    regles: Vec<Shown>,
    gardes: Vec<Garde>,
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConservationRegle)]
pub struct Shown {
    id: String,
    kind: Kind,
    label: Text,
    /// From when the years count.
    since: Text,
    /// The law or recommendation that the years follow from.
    source: String,
    #[serde(flatten)]
    chosen: Chosen,
    least: i64,
    most: i64,
    /// Records whose time is over.
    due: i64,
}

/// What holds for a rule.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Chosen {
    pub years: i64,
    /// Does it erase by itself?
    pub automatic: bool,
}

/// What shall hold for a rule.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConservationUpdate {
    /// Between `least` and `most` of the rule.
    #[validate(nested)]
    years: Int<1, 30>,
    automatic: bool,
}

impl Chosen {
    /// A record is due when the last that its rule counts from was before this day.
    pub fn day(self, now: Instant) -> Day {
        before(now, self.years)
    }
}

/// What was chosen for a rule; until then its own years, and nothing by itself.
pub async fn chosen(conn: &mut Conn, regle: &Regle) -> Result<Chosen> {
    let row: Option<(i64, bool)> =
        sql("SELECT years, automatic FROM conservation WHERE regle = ?").bind(&*regle.id).optional(conn).await?;
    let (years, automatic) = row.unwrap_or((regle.years, false));
    Ok(Chosen { years: years.clamp(regle.least, regle.most), automatic })
}

async fn shown(conn: &mut Conn, regle: &Regle) -> Result<Shown> {
    let chosen = chosen(conn, regle).await?;
    Ok(Shown {
        id: regle.id.clone(),
        kind: regle.personne,
        label: regle.label.clone(),
        since: regle.since.clone(),
        source: regle.source.clone(),
        chosen,
        least: regle.least,
        most: regle.most,
        due: due::count(conn, regle.personne, chosen.day(Instant::now())).await?,
    })
}

/// The rules of how long personal data is kept, and how many records are due under each.
#[utoipa::path(get, path = "", operation_id = "getConservation", tag = "personnes",
    responses((status = 200, body = Conservation), (status = 403, body = ProblemBody)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> ApiResult<Json<Conservation>> {
    whole(&caller)?;
    let mut conn = app.db.read().await?;
    let mut all = Vec::new();
    for regle in &regles::data().regle {
        all.push(shown(&mut conn, regle).await?);
    }
    Ok(Json(Conservation { regles: all, gardes: regles::data().garde.clone() }))
}

/// Choose the years of a rule, and whether it erases by itself. The last write wins.
#[utoipa::path(put, path = "/{regle}", operation_id = "putConservation", tag = "personnes", request_body = ConservationUpdate,
    params(("regle" = String, Path)),
    responses((status = 200, body = Shown), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
    Body(input): Body<ConservationUpdate>,
) -> ApiResult<Json<Shown>> {
    whole(&caller)?;
    let regle = regle(&id)?;
    let after = Chosen { years: input.years.get(), automatic: input.automatic };
    if !(regle.least..=regle.most).contains(&after.years) {
        let Regle { least, most, .. } = regle;
        let message =
            text(format!("La durée est de {least} à {most} ans."), format!("The time is {least} to {most} years."));
        return Err(invalid(vec![field("/years", "range", message)]).into());
    }
    let shown = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = chosen(&mut tx, regle).await?;
        sql("DELETE FROM conservation WHERE regle = ?").bind(&*regle.id).execute(&mut tx).await?;
        sql("INSERT INTO conservation (regle, years, automatic) VALUES (?, ?, ?)")
            .bind(&*regle.id)
            .bind(after.years)
            .bind(after.automatic)
            .execute(&mut tx)
            .await?;
        let subject = Subject::Conservation(regle.id.clone());
        Change::by(&caller, request.as_str(), subject, None).write(&mut tx, Some(&before), Some(&after)).await?;
        let shown = shown(&mut tx, regle).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(shown)
    })
    .await?;
    Ok(Json(shown))
}
