//! `POST /api/corbeille/{kind}/{id}`: into the bin.

use std::time::Duration;

use afpi_core::error::{Error, Result, forbidden, not_found, stale};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::{Loaded, Scoped};
use afpi_db::{Conn, Value, catalogue, dialect, sql};
use afpi_http::input::{Body, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::feed::noted;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change, field};
use afpi_platform::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, json};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::parts::{self, Content};
use super::{Kind, OfKind, blockers};
use crate::entreprises::hooks::HookedChange;
use crate::entreprises::stored;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Why a record goes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorbeilleInput {
    #[validate(nested)]
    reason: Line<300>,
}

afpi_db::row! {
    struct Found { label: String, site: LocalisationId, owner: Option<UserId>, version: i64 }
}

/// Put a record into the bin with all that belongs to it. It disappears from lists, search, figures and exports, answers 410
/// with what the bin knows, and can be restored until it goes for good. Refused for what the law wants kept, or while
/// something depends on it: `blockers` says why.
#[utoipa::path(post, path = "/{kind}/{id}", operation_id = "binRecord", tag = "corbeille", request_body = CorbeilleInput,
    params(("kind" = Kind, Path), ("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 410, body = ProblemBody), (status = 412, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfKind(kind, id): OfKind,
    IfMatch(seen): IfMatch,
    Body(input): Body<CorbeilleInput>,
) -> ApiResult<StatusCode> {
    caller.require(Action::Corbeille)?;
    caller.require(kind.writing())?;
    let act = Act::begin(&app, &caller, request.as_str());
    let (tables, site) = {
        let mut conn = app.db.read().await?;
        let found = as_seen(&mut conn, act, (kind, id), seen, false).await?;
        (catalogue::tables(&mut conn).await?, found.site)
    };
    hooks(act, kind, id, site).await?;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let found = as_seen(&mut tx, act, (kind, id), seen, true).await?;
        blockers::refuse(&mut tx, kind, id).await?;
        let content = parts::take(&mut tx, &tables, kind, id, &found).await?;
        keep(&mut tx, act, (kind, id), &found, &input.reason, content).await?;
        noted(&mut tx, [(kind.changed(), id)]).await?;
        Change::by(&caller, request.as_str(), kind.subject(id), Some(found.site))
            .record(&mut tx, Activity::Binned, vec![field("reason", serde_json::Value::Null, input.reason.as_str())])
            .await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/corbeille/{}/{id}", kind.word()))).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The record in scope, which the caller may change and has seen in this version.
async fn as_seen(
    conn: &mut Conn,
    act: Act<'_>,
    (kind, id): (Kind, Uuid),
    seen: i64,
    lock: bool,
) -> Result<Loaded<Found>> {
    let scope = act.caller.scope();
    let mut query = match kind {
        Kind::Opportunites => {
            let columns = "o.numero AS label, o.localisation_id AS site, o.commercial_id AS owner, o.version";
            let mut query = scope.opportunites(columns, "");
            query.push(" AND o.id = ?").arg(id);
            query
        }
        Kind::Entreprises => {
            let columns = "e.name AS label, e.localisation_id AS site, NULL AS owner, e.version";
            let mut query = scope.entreprises(columns, "");
            query.push(" AND e.id = ?").arg(id);
            query
        }
    };
    if lock {
        query.push(dialect::for_update(conn.backend()));
    }
    let Some(found) = query.loaded::<Found>(conn).await? else {
        return Err(super::gone(conn, &scope, kind, id).await?.unwrap_or_else(not_found));
    };
    if kind == Kind::Entreprises && !scope.changes(Scoped::Entreprise, found.site) {
        return Err(forbidden());
    }
    if found.version != seen {
        return Err(stale(json!({"id": id, "version": found.version}), vec!["version".into()]));
    }
    Ok(found)
}

/// For the hooks of its site a company becomes inactive.
async fn hooks(act: Act<'_>, kind: Kind, id: Uuid, site: LocalisationId) -> Result<()> {
    if kind != Kind::Entreprises {
        return Ok(());
    }
    let company = async || stored::find(&mut act.app.db.read().await?, id.into()).await?.ok_or_else(not_found);
    let data = Map::from_iter([("active".to_owned(), json!(false))]);
    HookedChange { act, name: "entreprise.updated", id: id.into(), site, data }.ask(company).await
}

async fn keep(
    tx: &mut Conn,
    act: Act<'_>,
    (kind, id): (Kind, Uuid),
    found: &Found,
    reason: &str,
    mut content: Content,
) -> Result<()> {
    let files = content.files();
    let mut query = sql(
        "INSERT INTO corbeille (record_id, record_kind, label, localisation_id, owner_id, reason, content, binned_at, binned_by, purge_at) VALUES ",
    );
    query.rows([[
        id.into(),
        kind.word().into(),
        found.label.as_str().into(),
        found.site.into(),
        found.owner.into(),
        reason.into(),
        Value::json(&content),
        act.now.into(),
        act.caller.id.into(),
        (act.now + DAY * act.app.config.bin_days).into(),
    ]]);
    query.execute(tx).await?;
    for sha256 in files {
        sql("INSERT INTO corbeille_files (record_id, sha256) VALUES (?, ?)").bind(id).bind(sha256).execute(tx).await?;
    }
    Ok(())
}
