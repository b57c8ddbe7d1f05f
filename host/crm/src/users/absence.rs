//! `/api/auth/absence` and `/api/users/{id}/absence`: when a person is absent, and who stands in meanwhile.
//!
//! The deputy sees what the absent person owns, gets the messages and has the tasks, and acts with the rights of the
//! deputy's own role. All ends with the last day.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::create::may_manage;
use super::store;
use crate::notifications::notice::{Notice, tell};
use afpi_core::clock::Day;
use afpi_core::error::{Error, Result, field, invalid, not_found};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::absence::Absence;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::bus::BusEvent;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, Subject, field as told};
use afpi_platform::people::Person;
use afpi_platform::state::App;

/// The most days of an absence: parental leave and more.
const MOST_DAYS: i64 = 1100;

/// A person's absence, and for whom the person stands in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AbsenceStanding {
    /// The present absence, or the next one.
    #[schema(required = true)]
    absence: Option<PersonAbsence>,
    /// The people for whom this person stands in today.
    stands_in_for: Vec<AbsentPerson>,
    /// Who may stand in for this person.
    deputies: Vec<DeputyRef>,
}

/// An absence.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonAbsence {
    /// The first day.
    from: Day,
    /// The last day.
    until: Day,
    /// Who stands in.
    #[schema(required = true)]
    deputy: Option<DeputyRef>,
}

/// Who stands in.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeputyRef {
    #[schema(value_type = Uuid)]
    id: UserId,
    name: String,
}

/// An absent person.
#[derive(Debug, Serialize, ToSchema)]
pub struct AbsentPerson {
    #[schema(value_type = Uuid)]
    id: UserId,
    name: String,
    /// The last day of the absence.
    until: Day,
}

/// When a person is absent.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AbsencePut {
    /// The first day.
    from: Day,
    /// The last day; today or later.
    until: Day,
    /// Who stands in: one of `deputies`.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    deputy_id: Option<UserId>,
}

/// Read my absence, and for whom I stand in.
#[utoipa::path(get, path = "/", operation_id = "getAbsence", tag = "auth",
    responses((status = 200, body = AbsenceStanding), (status = 401, body = ProblemBody)))]
pub(super) async fn own(State(app): State<App>, caller: Caller) -> ApiResult<Json<AbsenceStanding>> {
    Ok(Json(standing(&app, caller.id).await?))
}

/// Say when I am absent. It replaces what I said before.
#[utoipa::path(put, path = "/", operation_id = "putAbsence", tag = "auth", request_body = AbsencePut,
    responses((status = 200, body = AbsenceStanding), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn put_own(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<AbsencePut>,
) -> ApiResult<Json<AbsenceStanding>> {
    let act = Act::begin(&app, &caller, request.as_str());
    Ok(Json(set(act, caller.id, Some(&input)).await?))
}

/// End my absence, or call it off.
#[utoipa::path(delete, path = "/", operation_id = "endAbsence", tag = "auth",
    responses((status = 204), (status = 401, body = ProblemBody)))]
pub(super) async fn end_own(State(app): State<App>, caller: Caller, request: RequestId) -> ApiResult<StatusCode> {
    set(Act::begin(&app, &caller, request.as_str()), caller.id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read a person's absence.
#[utoipa::path(get, path = "/{id}/absence", operation_id = "getUserAbsence", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = AbsenceStanding), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn of_user(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<UserId>,
) -> ApiResult<Json<AbsenceStanding>> {
    caller.require(Action::UsersRead)?;
    store::load(&mut app.db.read().await?, &caller.scope(), id).await?;
    Ok(Json(standing(&app, id).await?))
}

/// Say when a person is absent, e.g. for one who is ill.
#[utoipa::path(put, path = "/{id}/absence", operation_id = "putUserAbsence", tag = "users", params(("id" = Uuid, Path)),
    request_body = AbsencePut,
    responses((status = 200, body = AbsenceStanding), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn put_of_user(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<UserId>,
    Body(input): Body<AbsencePut>,
) -> ApiResult<Json<AbsenceStanding>> {
    managed(&app, &caller, id).await?;
    Ok(Json(set(Act::begin(&app, &caller, request.as_str()), id, Some(&input)).await?))
}

/// End a person's absence, or call it off.
#[utoipa::path(delete, path = "/{id}/absence", operation_id = "endUserAbsence", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn end_of_user(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<UserId>,
) -> ApiResult<StatusCode> {
    managed(&app, &caller, id).await?;
    set(Act::begin(&app, &caller, request.as_str()), id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn managed(app: &App, caller: &Caller, id: UserId) -> Result<()> {
    caller.require(Action::UsersWrite)?;
    let user = store::load(&mut app.db.read().await?, &caller.scope(), id).await?;
    may_manage(caller, &user.access, user.localisations.iter().map(|site| site.id))
}

async fn standing(app: &App, user: UserId) -> Result<AbsenceStanding> {
    let (people, today) = (app.people.active(&app.db).await?, Day::today());
    let person = people.iter().find(|person| person.id == user);
    let absence = person.and_then(|person| person.absence);
    let may = |other: &&Person| person.is_some_and(|person| other.id != person.id && meets(person, other));
    let name = |id: UserId| people.iter().find(|person| person.id == id).map(|person| person.name.clone());
    let absent = people.iter().filter(|person| person.deputy(today) == Some(user));
    Ok(AbsenceStanding {
        absence: absence.map(|Absence { from, until, deputy }| PersonAbsence {
            from,
            until,
            deputy: deputy.and_then(|id| Some(DeputyRef { id, name: name(id)? })),
        }),
        stands_in_for: absent
            .filter_map(|person| {
                let until = person.absence?.until;
                Some(AbsentPerson { id: person.id, name: person.name.clone(), until })
            })
            .collect(),
        deputies: people
            .iter()
            .filter(may)
            .map(|person| DeputyRef { id: person.id, name: person.name.clone() })
            .collect(),
    })
}

/// Sets the absence of a person, or ends it, and tells the new deputy.
async fn set(act: Act<'_>, user: UserId, wanted: Option<&AbsencePut>) -> Result<AbsenceStanding> {
    let app = act.app;
    let people = app.people.active(&app.db).await?;
    let person = people.iter().find(|person| person.id == user).ok_or_else(not_found)?;
    if let Some(wanted) = wanted {
        check(wanted, person, &people)?;
    }
    let before = person.absence;
    let after = wanted.map(|wanted| Absence { from: wanted.from, until: wanted.until, deputy: wanted.deputy_id });
    let new_deputy = after.filter(|after| before.is_none_or(|before| before.deputy != after.deputy));
    let name = |id: UserId| people.iter().find(|person| person.id == id).map(|person| person.name.as_str());
    let days = |absence: Option<Absence>| absence.map(|absence| format!("{} – {}", absence.from, absence.until));
    let deputy = |absence: Option<Absence>| absence.and_then(|absence| name(absence.deputy?));
    let mut changes = Vec::new();
    if days(before) != days(after) {
        changes.push(told("absence", days(before), days(after)));
    }
    if deputy(before) != deputy(after) {
        changes.push(told("deputy", deputy(before), deputy(after)));
    }
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("DELETE FROM absences WHERE user_id = ?").bind(user).execute(&mut tx).await?;
        if let Some(Absence { from, until, deputy }) = after {
            let mut insert = sql("INSERT INTO absences (user_id, from_on, until_on, deputy_id) VALUES ");
            insert.rows([[user.into(), from.into(), until.into(), deputy.into()]]);
            insert.execute(&mut tx).await?;
        }
        if !changes.is_empty() {
            Change::by(act.caller, act.correlation_id, Subject::User(user), None)
                .record(&mut tx, Activity::Edited, changes.clone())
                .await?;
        }
        if let Some((absence, to)) = new_deputy.and_then(|absence| Some((absence, absence.deputy?))) {
            tell(&mut tx, &notice(to, &person.name, absence), act.now).await?;
        }
        idempotency::done(&mut tx, if after.is_some() { StatusCode::OK } else { StatusCode::NO_CONTENT }, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.people.changed();
    if let Some(user) = new_deputy.and_then(|absence| absence.deputy) {
        app.bus.publish(BusEvent::Notified { user });
    }
    standing(app, user).await
}

/// 422 where the days or the deputy make no sense.
fn check(wanted: &AbsencePut, person: &Person, people: &[Person]) -> Result<()> {
    let mut problems = Vec::new();
    if wanted.until < wanted.from {
        let message = text("Le dernier jour précède le premier.", "The last day is before the first.");
        problems.push(field("/until", "order", message));
    } else if wanted.until < Day::today() {
        problems.push(field("/until", "past", text("Ce jour est passé.", "This day is over.")));
    } else if wanted.until > wanted.from.plus(MOST_DAYS) {
        let message = text("Une absence dure trois ans au plus.", "An absence is three years long at most.");
        problems.push(field("/until", "tooLong", message));
    }
    if let Some(id) = wanted.deputy_id {
        let deputy = people.iter().find(|other| other.id == id && id != person.id);
        if deputy.is_none_or(|deputy| !meets(person, deputy)) {
            let message = text(
                "Choisissez une personne active d'une même localisation.",
                "Choose an active person of the same localisation.",
            );
            problems.push(field("/deputyId", "unknown", message));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(invalid(problems)) }
}

/// Does the deputy work at one of the person's sites, or one of them for the whole network?
fn meets(person: &Person, deputy: &Person) -> bool {
    let sites: &[LocalisationId] = match &person.scope {
        Scope::All => return true,
        Scope::Sites(sites) | Scope::Own { sites, .. } => sites,
    };
    sites.iter().any(|site| deputy.scope.covers_site(*site))
}

fn notice(to: UserId, name: &str, absence: Absence) -> Notice<'static> {
    let Absence { from, until, .. } = absence;
    let (first, last) = (french(from), french(until));
    Notice {
        to,
        kind: "absence",
        title: Text { fr: format!("Vous remplacez {name}"), en: format!("You stand in for {name}") },
        body: Text {
            fr: format!("Du {first} au {last}, vous voyez ses dossiers, ses tâches et ses messages."),
            en: format!("From {from} to {until} you see this person's files, tasks and messages."),
        },
        link: "/",
    }
}

/// `dd/mm/yyyy`.
fn french(day: Day) -> String {
    let day = day.to_string();
    day.split('-').rev().collect::<Vec<_>>().join("/")
}
