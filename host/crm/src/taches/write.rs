//! Creates, changes, ends and deletes tasks.

use afpi_db::{Conn, sql};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::MOST;
use super::read::{self, Tache};
use crate::attachments::holder::{self, Holder, Kind};
use afpi_core::clock::Day;
use afpi_core::error::{Error, ErrorKind, Result, field, invalid, stale};
use afpi_core::id::{LocalisationId, TacheId, UserId};
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_http::input::{Body, Id, IfMatch, stated};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Change};
use afpi_platform::people::Person;
use afpi_platform::state::App;

/// A new task.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TacheCreate {
    #[validate(nested)]
    title: Line<300>,
    /// The record that it is about.
    #[serde(default)]
    about: Option<TacheAbout>,
    /// Who has to do it. Default: the caller.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Option<UserId>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<Day>,
}

/// The record that a task is about.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TacheAbout {
    kind: Kind,
    id: Uuid,
}

/// What changes.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TacheUpdate {
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    title: Option<Line<300>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<Option<Day>>,
    /// Is it done?
    #[serde(default, deserialize_with = "stated")]
    done: Option<bool>,
}

/// Create a task. A person has at most 500 open tasks.
#[utoipa::path(post, path = "/", operation_id = "createTache", tag = "taches", request_body = TacheCreate,
    responses((status = 201, body = Tache), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<TacheCreate>,
) -> ApiResult<impl IntoResponse> {
    if let Some(about) = input.about {
        caller.require(about.kind.writing())?;
    }
    let act = Act::begin(&app, &caller, request.as_str());
    let owner = input.owner_id.unwrap_or(caller.id);
    let active = app.people.active(&app.db).await?;
    let made = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let holder = match input.about {
            Some(about) => Some(holder::load(&mut tx, &caller.scope(), about.kind, about.id).await?.into_inner()),
            None => None,
        };
        taker(&mut tx, &active, owner, input.about.map(|about| (about.kind, about.id))).await?;
        let id = TacheId::generate();
        let mut insert = sql(
            "INSERT INTO taches (id, record_kind, record_id, title, owner_id, due_on, created_by, created_at, updated_at, version) VALUES ",
        );
        insert.rows([[
            id.into(),
            input.about.map(|about| about.kind.word()).into(),
            input.about.map(|about| about.id).into(),
            input.title.as_str().into(),
            owner.into(),
            input.due_on.into(),
            caller.id.into(),
            act.now.into(),
            act.now.into(),
            1i64.into(),
        ]]);
        insert.execute(&mut tx).await?;
        let tache = read::one(&mut tx, &caller, id).await?;
        announce(&mut tx, act, &active, holder.as_ref(), None, Some(&tache)).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(tache)
    });
    let tache = made.await?;
    app.jobs.wake();
    let headers = [(LOCATION, format!("/api/taches/{}", tache.id)), (ETAG, format!("\"{}\"", tache.version))];
    Ok((StatusCode::CREATED, AppendHeaders(headers), Json(tache)))
}

/// Change a task, give it to somebody else, or say that it is done. Its owner may, and who gave it.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateTache", tag = "taches", request_body = TacheUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = Tache), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<TacheId>,
    IfMatch(seen): IfMatch,
    Body(input): Body<TacheUpdate>,
) -> ApiResult<impl IntoResponse> {
    let act = Act::begin(&app, &caller, request.as_str());
    let active = app.people.active(&app.db).await?;
    let changed = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = read::one(&mut tx, &caller, id).await?;
        if let Some(owner) = input.owner_id.filter(|owner| *owner != before.owner.id) {
            let about = before.about.as_ref().map(|about| (about.kind, about.id));
            taker(&mut tx, &active, owner, about).await?;
        }
        let mut update = sql("UPDATE taches SET version = version + 1, updated_at = ?").bind(act.now);
        if let Some(title) = &input.title {
            update.push(", title = ?").arg(title.as_str());
        }
        if let Some(owner) = input.owner_id {
            update.push(", owner_id = ?").arg(owner);
        }
        if let Some(due) = input.due_on {
            update.push(", due_on = ?").arg(due);
        }
        if let Some(done) = input.done.filter(|done| *done != before.done_at.is_some()) {
            update.push(", done_at = ?, done_by = ?").arg(done.then_some(act.now)).arg(done.then_some(caller.id));
        }
        update.push(" WHERE id = ? AND version = ?").arg(id).arg(seen);
        if before.version != seen || update.execute(&mut tx).await? != 1 {
            return Err(stale(&before, vec!["version".to_owned()]));
        }
        // Whoever has given away what somebody else gave him no longer sees it.
        let after = match read::one(&mut tx, &caller, id).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (taken, _) = read::of_its_owner(&mut tx, &active, id).await?.ok_or(error)?;
                Tache { about: before.about.clone(), ..taken }
            }
            read => read?,
        };
        let holder = about(&mut tx, &caller, &before).await?;
        announce(&mut tx, act, &active, holder.as_ref(), Some(&before), Some(&after)).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    });
    let tache = changed.await?;
    app.jobs.wake();
    Ok((AppendHeaders([(ETAG, format!("\"{}\"", tache.version))]), Json(tache)))
}

/// Delete a task. Its owner may, and who gave it.
#[utoipa::path(delete, path = "/{id}", operation_id = "deleteTache", tag = "taches",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 412, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<TacheId>,
    IfMatch(seen): IfMatch,
) -> ApiResult<StatusCode> {
    let act = Act::begin(&app, &caller, request.as_str());
    let active = app.people.active(&app.db).await?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = read::one(&mut tx, &caller, id).await?;
        let gone = sql("DELETE FROM taches WHERE id = ? AND version = ?").bind(id).bind(seen).execute(&mut tx).await?;
        if gone != 1 {
            return Err(stale(&before, vec!["version".to_owned()]));
        }
        let holder = about(&mut tx, &caller, &before).await?;
        announce(&mut tx, act, &active, holder.as_ref(), Some(&before), None).await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// The person who is to do it; refused when inactive, without sight of the record, or with too much to do.
async fn taker<'p>(
    tx: &mut Conn,
    active: &'p [Person],
    owner: UserId,
    about: Option<(Kind, Uuid)>,
) -> Result<&'p Person> {
    let refused = |message| invalid(vec![field("/ownerId", "unseen", message)]);
    let Some(person) = active.iter().find(|person| person.id == owner) else {
        return Err(refused(text("Cette personne n'existe pas ou plus.", "This person does not exist any more.")));
    };
    if let Some((kind, id)) = about
        && !holder::seen_by(tx, person, kind, id).await?
    {
        return Err(refused(text("Cette personne ne voit pas cette fiche.", "This person does not see this record.")));
    }
    let count = sql("SELECT COUNT(*) FROM taches WHERE owner_id = ? AND done_at IS NULL").bind(owner);
    if count.scalar::<i64>(tx).await? >= i64::from(MOST) {
        return Err(Error::new(ErrorKind::Conflict, text("Limite atteinte", "Limit reached"))
            .detail(text("Une personne a au plus 500 tâches ouvertes.", "A person has at most 500 open tasks.")));
    }
    Ok(person)
}

/// The record of a task, as far as the caller sees it.
async fn about(tx: &mut Conn, caller: &Caller, tache: &Tache) -> Result<Option<Holder>> {
    let Some(about) = &tache.about else { return Ok(None) };
    Ok(Some(holder::load(tx, &caller.scope(), about.kind, about.id).await?.into_inner()))
}

/// Writes the line of the journal and the event, in the transaction of the change.
async fn announce(
    tx: &mut Conn,
    act: Act<'_>,
    active: &[Person],
    holder: Option<&Holder>,
    before: Option<&Tache>,
    after: Option<&Tache>,
) -> Result<()> {
    let (from, to) = (before.map(|tache| tache.title.as_str()), after.map(|tache| tache.title.as_str()));
    let done = |tache: Option<&Tache>| tache.is_some_and(|tache| tache.done_at.is_some());
    if let Some(holder) = holder {
        let mut told = Vec::new();
        if from != to {
            told.push(journal::field("tache", from, to));
        }
        if after.is_some() && done(before) != done(after) {
            let title = |done: bool| done.then_some(to).flatten();
            told.push(journal::field("tacheDone", title(done(before)), title(done(after))));
        }
        if !told.is_empty() {
            let change = Change::by(act.caller, act.correlation_id, holder.subject.clone(), Some(holder.site));
            change.record(tx, journal::Activity::Edited, told).await?;
        }
    }
    let Some(shown) = after.or(before) else { return Ok(()) };
    let name = match (before, after) {
        (_, None) => "tache.deleted",
        (None, _) => "tache.given",
        (Some(before), Some(after)) if before.owner.id != after.owner.id => "tache.given",
        (Some(_), Some(_)) if done(after) && !done(before) => "tache.done",
        _ => "tache.changed",
    };
    act.emit(
        tx,
        name,
        holder.map_or_else(|| site_of(active, shown.owner.id), |holder| holder.site),
        holder.and_then(|holder| holder.about),
        told(shown),
    )
    .await
}

/// A site at which the person hears of what is of no record.
pub(super) fn site_of(active: &[Person], person: UserId) -> LocalisationId {
    let scope = active.iter().find(|active| active.id == person).map(|person| &person.scope);
    let sites = match scope {
        Some(Scope::Sites(sites) | Scope::Own { sites, .. }) => sites.first(),
        _ => None,
    };
    sites.copied().unwrap_or(LocalisationId::NETWORK)
}

/// The data of an event about a task.
pub(super) fn told(tache: &Tache) -> Value {
    let about = tache.about.as_ref();
    json!({
        "task": tache.id, "title": tache.title, "owner": tache.owner.id, "createdBy": tache.created_by.id, "dueOn": tache.due_on,
        "kind": about.map(|about| about.kind), "id": about.map(|about| about.id), "opens": about.map(|about| about.opens),
        "label": about.map(|about| &about.label),
    })
}
