//! `PATCH /api/entites-legales/{id}`. Fields and columns are one table, for sites too.

use afpi_db::{Conn, Value, sql};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::Value as Wire;

use super::input::EntiteUpdate;
use super::read::{EntiteLegale, FIELDS, answer, load};
use crate::identifiants::contradictions;
use afpi_core::error::{Error, Result, field, invalid, stale};
use afpi_core::id::LegalEntityId;
use afpi_core::rights::Action;
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::state::App;

/// Change a legal entity. SIRET and VAT number must agree.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateEntiteLegale", tag = "entites", request_body = EntiteUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version read, in quotes.")),
    responses((status = 200, body = EntiteLegale), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<LegalEntityId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<EntiteUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::EntitesWrite)?;
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = load(&mut tx, &caller.scope(), id).await?;
        let sets = sets(&FIELDS, &change);
        if before.version != seen || !update(&mut tx, "entites_legales", id, seen, sets).await? {
            let now = load(&mut tx, &caller.scope(), id).await?;
            return Err(lost(&now, &change));
        }
        let after = load(&mut tx, &caller.scope(), id).await?;
        agree(&after)?;
        finish(&mut tx, &caller, &request, &before, &after).await?;
        tx.commit().await?;
        Ok::<_, Error>(after)
    });
    Ok(answer(written.await?))
}

/// SIRET and VAT number are of one company.
fn agree(entity: &EntiteLegale) -> Result<()> {
    let found = contradictions(entity.siret.as_deref(), None, entity.vat_number.as_deref());
    if found.is_empty() {
        return Ok(());
    }
    let problems = found.into_iter().map(|(name, why)| field(format!("/{name}"), why.code, why.message));
    Err(invalid(problems.collect()))
}

/// Writes the line of the journal, and that the request is carried out.
pub(super) async fn finish(
    tx: &mut Conn,
    caller: &Caller,
    request: &RequestId,
    before: &EntiteLegale,
    after: &EntiteLegale,
) -> Result<()> {
    let told = Change::by(caller, request.as_str(), Subject::EntiteLegale(after.id), None);
    told.write(tx, Some(before), Some(after)).await?;
    idempotency::done(tx, StatusCode::OK, Some(format!("/api/entites-legales/{}", after.id))).await
}

/// The columns that a change sets, in the order of the table.
pub(crate) fn sets(
    fields: &'static [(&'static str, &'static str)],
    change: &impl Serialize,
) -> Vec<(&'static str, Value)> {
    let change = serde_json::to_value(change).unwrap_or_default();
    let value = |wire: &Wire| match wire {
        Wire::String(text) => Value::Text(text.clone()),
        other => other.as_i64().map_or(Value::Null, Value::Int),
    };
    fields.iter().filter_map(|(name, column)| Some((*column, value(change.get(name)?)))).collect()
}

/// Sets columns if the row still is as it was read; whether it was.
pub(super) async fn update(
    tx: &mut Conn,
    table: &'static str,
    id: impl Into<Value>,
    seen: i64,
    sets: Vec<(&'static str, Value)>,
) -> afpi_db::Result<bool> {
    let mut query = sql("UPDATE ");
    query.push(table).push(" SET version = version + 1");
    for (column, value) in sets {
        query.push(", ").push(column).push(" = ?").arg(value);
    }
    query.push(" WHERE id = ?").arg(id).push(" AND version = ?").arg(seen);
    Ok(query.execute(tx).await? == 1)
}

/// 412 with the record as it is now, and the requested fields whose current value differs from the wanted one.
pub(crate) fn lost(current: &impl Serialize, change: &impl Serialize) -> Error {
    let now = serde_json::to_value(current).unwrap_or_default();
    let wanted = serde_json::to_value(change).unwrap_or_default();
    let differ = |(name, value): (&String, &Wire)| (now.get(name) != Some(value)).then(|| name.clone());
    stale(current, wanted.as_object().into_iter().flatten().filter_map(differ).collect())
}
