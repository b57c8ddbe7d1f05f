//! `POST /api/conservation/{regle}/application`, and what a rule does by itself.

use afpi_core::clock::{Day, Instant};
use afpi_core::error::{ErrorKind, Result};
use afpi_core::scope::Scope;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{Activity, Actor, Author, field};
use afpi_platform::state::App;
use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::Records;
use super::super::effacement::whole;
use super::super::erase;
use super::super::record::load;
use super::regles::{self, Regle};
use super::{due, regle, settings};

/// Records that one call erases: few enough to answer in time.
const PORTION: u32 = 100;

/// What a rule has done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConservationDone)]
pub struct Done {
    /// Records erased by this call: at most 100.
    erased: i64,
    /// Records that are still due. Call again as long as it erases some.
    due: i64,
}

/// Erase the records that are due under a rule, at most 100 at a time.
#[utoipa::path(post, path = "/{regle}/application", operation_id = "applyConservation", tag = "personnes",
    params(("regle" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn post(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
) -> ApiResult<Json<Done>> {
    whole(&caller)?;
    let regle = regle(&id)?;
    let day = settings::chosen(&mut app.db.read().await?, regle).await?.day(Instant::now());
    let (erased, _) = portion(&app, regle, day, Uuid::nil(), Author::of(&caller, request.as_str())).await?;
    let due = due::count(&mut app.db.read().await?, regle.personne, day).await?;
    Ok(Json(Done { erased, due }))
}

/// Erases what is due at this instant under the rules that are switched on.
pub async fn keep(app: &App, now: Instant) -> Result<()> {
    let author = Author { actor: Actor::System, correlation_id: "conservation" };
    for regle in &regles::data().regle {
        let chosen = settings::chosen(&mut app.db.read().await?, regle).await?;
        let (mut all, mut after) = (0, chosen.automatic.then(Uuid::nil));
        while let Some(last) = after {
            let (erased, next) = portion(app, regle, chosen.day(now), last, author).await?;
            all += erased;
            after = next;
        }
        if all > 0 {
            tracing::info!(rule = regle.id, records = all, "personal data was kept long enough and is erased");
        }
    }
    Ok(())
}

/// Erases the due records of a portion, each in a transaction of its own. The last id of a full portion continues it: a
/// record that something keeps must not hold up the others.
async fn portion(app: &App, regle: &Regle, day: Day, after: Uuid, author: Author<'_>) -> Result<(i64, Option<Uuid>)> {
    let ids = due::ids(&mut app.db.read().await?, regle.personne, day, after, PORTION).await?;
    let mut erased = 0;
    for id in &ids {
        erased += i64::from(afpi_db::retry(|| one(app, regle, *id, author)).await?);
    }
    Ok((erased, ids.last().copied().filter(|_| ids.len() == PORTION as usize)))
}

/// Erases a record. False when it is gone, or something has to be done first.
async fn one(app: &App, regle: &Regle, id: Uuid, author: Author<'_>) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let people = match load(&mut tx, &Scope::All, &Records([(regle.personne, id)].into())).await {
        Ok(people) => people,
        Err(problem) if problem.kind() == ErrorKind::NotFound => return Ok(false),
        Err(problem) => return Err(problem),
    };
    let now = Instant::now();
    if !erase::blockers(&mut tx, &people, now).await?.is_empty() {
        return Ok(false);
    }
    for person in &people {
        erase::belongings(&mut tx, person, now, &mut Vec::new()).await?;
        erase::erase(&mut tx, person, now).await?;
        let told =
            vec![field("personalData", Value::Null, "…"), field("conservation", Value::Null, regle.label.fr.as_str())];
        let change = author.on(person.kind.subject(person.id, person.opens), person.site);
        change.record(&mut tx, Activity::Edited, told).await?;
    }
    tx.commit().await?;
    Ok(true)
}
