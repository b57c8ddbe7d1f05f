//! `/api/personnes/effacement`: what erasing a person does, and the act (GDPR, article 17).

use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, forbidden};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope};
use afpi_core::text::text;
use afpi_db::Conn;
use afpi_http::bounds::List;
use afpi_http::input::{Body, Params};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, field};
use afpi_platform::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::erase::{self, Blocker};
use super::export::Which;
use super::marks::Marks;
use super::record::{Record, load};
use super::texts::{self, Kept, Place, count};
use super::{Kind, Records};

/// What erasing a person does.
#[derive(Debug, Serialize, ToSchema)]
pub struct Effacement {
    /// What is erased, place by place: the records themselves, what hangs on them, and texts that name the person.
    erases: Vec<Place>,
    /// What stays, and why. Rows with the same last name count too.
    keeps: Vec<Kept>,
    /// What has to be done first. Nothing is erased as long as there is one.
    blockers: Vec<Blocker>,
}

/// A record of a person.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonneRecord)]
pub struct Personne {
    kind: Kind,
    id: Uuid,
}

pub type Personnes = List<Personne, 40>;

/// Whom to erase, and why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EffacementInput {
    /// The records of one person, as in `GET /api/personnes`.
    #[validate(nested)]
    records: Personnes,
    /// For the journal, which keeps it: it does not name the person.
    #[validate(nested)]
    reason: Line<300>,
}

/// See what erasing a person would do: what goes, what stays and why, and what has to be done first.
#[utoipa::path(get, path = "/effacement", operation_id = "previewEffacement", tag = "personnes", params(Which),
    responses((status = 200, body = Effacement), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub async fn preview(
    State(app): State<App>,
    caller: Caller,
    Params(Which { records }): Params<Which>,
) -> ApiResult<Json<Effacement>> {
    let scope = whole(&caller)?;
    // The act itself, which is not committed: so the preview tells exactly what it would do.
    let told = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let people = load(&mut tx, &scope, &records).await?;
        carry_out(&mut tx, &scope, &people).await
    });
    Ok(Json(told.await?))
}

/// Erase a person: names, addresses, numbers and all that the records call personal, with the notes, tasks and files on
/// these records; other texts no longer name the person. What the law wants kept stays. 409 with `blockers`.
#[utoipa::path(post, path = "/effacement", operation_id = "erasePersonne", tag = "personnes", request_body = EffacementInput,
    responses((status = 200, body = Effacement), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn erase_all(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<EffacementInput>,
) -> ApiResult<Json<Effacement>> {
    let scope = whole(&caller)?;
    let records = Records(input.records.iter().map(|one| (one.kind, one.id)).collect());
    let done = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let people = load(&mut tx, &scope, &records).await?;
        let done = carry_out(&mut tx, &scope, &people).await?;
        allowed(&done)?;
        for person in &people {
            let subject = person.kind.subject(person.id, person.opens);
            let told =
                vec![field("personalData", Value::Null, "…"), field("reason", Value::Null, input.reason.as_str())];
            Change::by(&caller, request.as_str(), subject, person.site).record(&mut tx, Activity::Edited, told).await?;
        }
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(done)
    })
    .await?;
    Ok(Json(done))
}

/// The whole network: texts of all sites may name the person.
pub fn whole(caller: &Caller) -> Result<Scope> {
    caller.require(Action::DonneesPersonnelles)?;
    match caller.scope() {
        Scope::All => Ok(Scope::All),
        _ => Err(forbidden()),
    }
}

/// 409 as long as something has to be done first.
fn allowed(Effacement { blockers, .. }: &Effacement) -> Result<()> {
    if blockers.is_empty() {
        return Ok(());
    }
    let all = |of: fn(&Blocker) -> &str| blockers.iter().map(of).collect::<Vec<_>>().join(" ");
    let detail = text(all(|blocker| &blocker.message.fr), all(|blocker| &blocker.message.en));
    let title = text("Ne peut pas encore être effacé", "Cannot be erased yet");
    Err(Error::new(ErrorKind::Conflict, title).detail(detail).with("blockers", blockers))
}

async fn carry_out(tx: &mut Conn, scope: &Scope, people: &[Loaded<Record>]) -> Result<Effacement> {
    let (now, marks) = (Instant::now(), Marks::of(people));
    let blockers = erase::blockers(tx, people, now).await?;
    let mut erases = Vec::new();
    for person in people {
        let label = match person.kind {
            Kind::Contact => ("Fiches de contact", "Records of contacts"),
            Kind::Stagiaire => ("Fiches de stagiaire", "Records of trainees"),
            Kind::Formateur => ("Fiches de formateur", "Records of trainers"),
            Kind::User => continue,
        };
        count(&mut erases, label, 1);
        erase::belongings(tx, person, now, &mut erases).await?;
        erase::erase(tx, person, now).await?;
    }
    texts::sweep(tx, &marks, &mut erases).await?;
    let keeps = texts::kept(tx, scope, &marks).await?;
    Ok(Effacement { erases, keeps, blockers })
}
