//! `GET /api/corbeille`: what is in the bin, and when it goes for good.

use afpi_core::clock::Instant;
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_db::{Sql, sql};
use afpi_http::input::Params;
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Kind;

/// The most records of an answer, the newest first.
const SHOWN: u32 = 200;

/// A record in the bin.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CorbeilleItem)]
pub struct Item {
    pub kind: Kind,
    pub id: Uuid,
    /// What people call it.
    pub label: String,
    pub localisation: LocalisationRef,
    pub reason: String,
    pub by: String,
    pub at: Instant,
    /// When it goes for good.
    pub purge_at: Instant,
}

afpi_db::row! {
    pub struct Row {
        record_kind: String, record_id: Uuid, label: String, site_id: LocalisationId, site_code: String, site_name: String,
        reason: String, person: String, binned_at: Instant, purge_at: Instant,
    }
}

impl Row {
    /// `None` for a kind of a later version.
    pub fn shown(self) -> Option<Item> {
        Some(Item {
            kind: self.record_kind.parse().ok()?,
            id: self.record_id,
            label: self.label,
            localisation: LocalisationRef { id: self.site_id, code: self.site_code, name: self.site_name },
            reason: self.reason,
            by: self.person,
            at: self.binned_at,
            purge_at: self.purge_at,
        })
    }
}

const COLUMNS: &str = "c.record_kind, c.record_id, c.label, l.id AS site_id, l.code AS site_code, l.name AS site_name, c.reason, \
     u.name AS person, c.binned_at, c.purge_at";

/// `SELECT <columns> FROM corbeille c … WHERE <in scope>`: as the records would lie in scope.
pub fn select(scope: &Scope, columns: &'static str) -> Sql {
    let mut query = sql("SELECT ");
    query.push(columns).push(
        " FROM corbeille c JOIN users u ON u.id = c.binned_by JOIN localisations l ON l.id = c.localisation_id WHERE ",
    );
    match scope {
        Scope::All => query.push("1 = 1"),
        Scope::Sites(sites) => query.push("c.localisation_id IN ").list(sites),
        Scope::Own { user, absent, sites } => query
            .push("(c.owner_id IN ")
            .list(absent.iter().chain([user]))
            .push(" OR (c.owner_id IS NULL AND c.localisation_id IN ")
            .list(sites)
            .push("))"),
    };
    query
}

/// The rows of the bin in scope.
pub fn rows(scope: &Scope) -> Sql {
    select(scope, COLUMNS)
}

/// Which records.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    kind: Option<Kind>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    /// Only what this person put there.
    #[param(value_type = Option<Uuid>)]
    by: Option<UserId>,
}

/// List what is in the bin, the newest first, at most 200.
#[utoipa::path(get, path = "", operation_id = "listCorbeille", tag = "corbeille", params(Which),
    responses((status = 200, body = Page<Item>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(which): Params<Which>) -> ApiResult<Json<Page<Item>>> {
    caller.require(Action::Corbeille)?;
    let scope = caller.scope();
    let narrowed = |mut query: Sql| {
        if let Some(kind) = which.kind {
            query.push(" AND c.record_kind = ?").arg(kind.word());
        }
        if let Some(site) = which.localisation_id {
            query.push(" AND c.localisation_id = ?").arg(site);
        }
        if let Some(by) = which.by {
            query.push(" AND c.binned_by = ?").arg(by);
        }
        query
    };
    let mut conn = app.db.read().await?;
    let total: i64 = narrowed(select(&scope, "COUNT(*)")).scalar(&mut conn).await?;
    let mut query = narrowed(rows(&scope));
    query.push(" ORDER BY c.binned_at DESC, c.record_id DESC").limit(SHOWN);
    let data = query.all::<Row>(&mut conn).await?.into_iter().filter_map(Row::shown).collect();
    let meta = ListMeta::whole(usize::try_from(total).unwrap_or_default(), SHOWN);
    Ok(Json(Page { data, meta }))
}
