//! `POST /api/entreprises/{id}/fusion/{fusion}/annuler`: both companies as they were. What was changed since is left as it
//! is, and reported.

use std::collections::HashSet;

use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, forbidden, not_found};
use afpi_core::id::{EntrepriseId, FusionId, LocalisationId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scope, Scoped};
use afpi_core::text::text;
use afpi_db::{Conn, Json as JsonColumn, dialect, sql};
use afpi_http::input::IdNamed;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::field;
use afpi_platform::state::App;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::apply::tell;
use super::relations::{self, Of};
use super::row::{self, Changed, Raw, set_back};
use super::{Content, contacts};
use crate::entreprises::hooks::HookedChange;
use crate::entreprises::read::{Entreprise, load};
use crate::entreprises::{search, stored};
use crate::opportunites;

/// Both companies after a merge was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct FusionUndone {
    survivor: Entreprise,
    /// The company that is back, under the id that it had.
    restored: Entreprise,
    /// What was changed since the merge, and is left as it is.
    left: Vec<FusionLeft>,
}

/// Something that was changed since a merge.
#[derive(Debug, Serialize, ToSchema)]
pub struct FusionLeft {
    /// `field`, `contact`, `opportunite`, `note`, `tache`, `attachment`, `externalId` or `encaissement`.
    kind: String,
    /// The field, the contact's name, or how many there are.
    label: String,
}

afpi_db::row! {
    struct Row { survivor_id: EntrepriseId, absorbed_id: EntrepriseId, localisation_id: LocalisationId, content: JsonColumn<Content>, undone_at: Option<Instant> }
}

/// Take a merge back. Each company gets its fields, its contacts and all that referred to it.
#[utoipa::path(post, path = "/{id}/fusion/{fusion}/annuler", operation_id = "undoFusion", tag = "entreprises",
    params(("id" = Uuid, Path), ("fusion" = Uuid, Path)),
    responses((status = 200, body = FusionUndone), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub async fn undo(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    IdNamed(id, fusion): IdNamed<EntrepriseId>,
) -> ApiResult<Json<FusionUndone>> {
    let fusion: FusionId = fusion.parse().map_err(|_| not_found())?;
    caller.require(Action::EntreprisesMerge)?;
    caller.require(Action::EntreprisesWrite)?;
    let scope = caller.scope();
    let act = Act::begin(&app, &caller, request.as_str());
    let (survivor, row) = {
        let mut conn = app.db.read().await?;
        let survivor = load(&mut conn, &scope, id).await?;
        let row = find(&mut conn, id, fusion, false).await?;
        if !scope.changes(Scoped::Entreprise, survivor.base.localisation_id) || !scope.covers_site(row.localisation_id)
        {
            return Err(forbidden().into());
        }
        (survivor, row)
    };
    // The hooks of the survivor's site are asked as for any change of it.
    let shown = row.content.0.survivor.iter().filter(|change| !change.before.is_object());
    let data = Map::from_iter(shown.map(|change| (row::api_name(&change.column), change.before.clone())));
    let site = survivor.base.localisation_id;
    let hooked = HookedChange { act, name: "entreprise.updated", id, site, data };
    hooked.ask(async || stored::find(&mut app.db.read().await?, id).await?.ok_or_else(not_found)).await?;
    let undone = afpi_db::retry(|| write(act, &survivor, fusion, &hooked)).await?;
    app.jobs.wake();
    Ok(Json(undone))
}

/// The merge into this company; 404 when it is one into another.
async fn find(conn: &mut Conn, survivor: EntrepriseId, fusion: FusionId, lock: bool) -> Result<Row> {
    let mut query =
        sql("SELECT survivor_id, absorbed_id, localisation_id, content, undone_at FROM fusions WHERE id = ?")
            .bind(fusion);
    if lock {
        query.push(dialect::for_update(conn.backend()));
    }
    let row = query.optional::<Row>(conn).await?;
    row.filter(|row| row.survivor_id == survivor).ok_or_else(not_found)
}

async fn write(
    act: Act<'_>,
    seen: &Loaded<Entreprise>,
    fusion: FusionId,
    hooked: &HookedChange<'_>,
) -> Result<FusionUndone> {
    let mut tx = act.app.db.begin().await?;
    let Row { survivor_id: survivor, absorbed_id: absorbed, content: JsonColumn(content), undone_at, .. } =
        find(&mut tx, seen.base.id, fusion, true).await?;
    if undone_at.is_some() {
        return Err(Error::new(ErrorKind::Conflict, text("Fusion déjà annulée", "Merge already taken back")));
    }
    let rows = row::locked(&mut tx, [survivor, absorbed]).await?;
    let Some(now) = rows.get(&survivor) else { return Err(super::gone(&mut tx, &act.caller.scope(), survivor).await?) };
    let before = load(&mut tx, &Scope::All, survivor).await?;
    let mut left = fields(&mut tx, now, &content, act).await?;
    let mut row = content.absorbed.clone();
    let siret = row["siret"].as_str().map(str::to_owned);
    if siret.is_some() && row::siret_taken(&mut tx, siret.as_deref(), absorbed).await? {
        row.insert("siret".into(), Value::Null);
        left.push(("field", "siret".into()));
    }
    row::insert(&mut tx, &row).await?;
    let still = content.moved.still(&relations::of(&mut tx, Of::Entreprise, survivor.uuid()).await?);
    relations::shift(&mut tx, now, Of::Entreprise, &still, absorbed.uuid()).await?;
    left.extend(content.moved.lost(&still).into_iter().map(|(kind, count)| (kind, count.to_string())));
    left.extend(contacts::give_back(&mut tx, now, [absorbed, survivor], &content.contacts).await?);
    search::write(&mut tx, &[survivor, absorbed]).await?;
    let (after, restored) = (load(&mut tx, &Scope::All, survivor).await?, load(&mut tx, &Scope::All, absorbed).await?);
    for company in [&after, &restored] {
        opportunites::renamed(&mut tx, company.base.id, &company.base.name).await?;
    }
    sql("UPDATE fusions SET undone_at = ?, undone_by = ? WHERE id = ?")
        .bind(act.now)
        .bind(act.caller.id)
        .bind(fusion)
        .execute(&mut tx)
        .await?;
    hooked.announce(&mut tx, Some(&before), &after).await?;
    tell(&mut tx, act, &after, field("merged", restored.base.name.as_str(), Value::Null)).await?;
    tell(&mut tx, act, &restored, field("mergedInto", after.base.name.as_str(), Value::Null)).await?;
    idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/entreprises/{absorbed}"))).await?;
    tx.commit().await?;
    let (survivor, restored) = (after.into_inner(), restored.into_inner());
    let mut told = HashSet::new();
    left.retain(|one| told.insert(one.clone()));
    let left = left.into_iter().map(|(kind, label)| FusionLeft { kind: kind.into(), label }).collect();
    Ok(FusionUndone { survivor, restored, left })
}

/// Gives the survivor the values of its columns back, where nobody has changed them since. Returns the others.
async fn fields(
    tx: &mut Conn,
    now: &Loaded<Raw>,
    content: &Content,
    act: Act<'_>,
) -> Result<Vec<(&'static str, String)>> {
    let (mut back, mut left): (Vec<&Changed>, Vec<_>) = (Vec::new(), Vec::new());
    for change in &content.survivor {
        let siret = change.before.as_str().filter(|_| change.column == "siret");
        let taken = siret.is_some() && row::siret_taken(tx, siret, row::id_of(now)).await?;
        if now.columns.get(&change.column) == Some(&change.after) && !taken {
            back.push(change);
        } else if !change.column.ends_with("_key") {
            left.push(("field", row::api_name(&change.column)));
        }
    }
    // Its contacts and its relations change too: another version, in any case.
    let mut query = sql("UPDATE entreprises SET updated_at = ?, version = version + 1").bind(act.now);
    set_back(&mut query, &back);
    query.push(" WHERE id = ?").arg(row::id_of(now));
    query.execute(tx).await?;
    Ok(left)
}
