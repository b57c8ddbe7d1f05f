//! `GET /api/entreprises`.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};

use super::description::{self, ENTREPRISES};
use super::limits::Kind;
use super::read::{COLUMNS, EntrepriseBase, EntrepriseRow, JOINS, base, external_ids};
use crate::opportunites::handover::under_way;
use crate::search::{self, Sought};
use afpi_core::id::{EntrepriseId, LocalisationId};
use afpi_core::money::Money;
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, Sorts};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::reads::Reads;
use afpi_platform::state::App;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
    q: Option<String>,
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    kind: Option<Kind>,
    active: Option<bool>,
    opco: Option<String>,
    tag: Option<String>,
}

/// Filters of the list. They are declared twice because serde's `flatten` would read every number in a query string as
/// text.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListFilter {
    q: Option<String>,
    #[param(value_type = Option<Uuid>)]
    pub(super) localisation_id: Option<LocalisationId>,
    kind: Option<Kind>,
    active: Option<bool>,
    opco: Option<String>,
    tag: Option<String>,
}

/// A company in a list, with its open opportunités in the caller's scope.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntrepriseItem {
    #[serde(flatten)]
    base: EntrepriseBase,
    open_opportunites: i64,
    /// Cents.
    #[schema(value_type = i64)]
    open_amount: Money,
}

static SORTS: Sorts<EntrepriseRow> = Sorts {
    default: "name",
    keys: &[
        description::NAME.sort(|r| Key::Bytes(r.name_key.clone())),
        description::CITY.sort(|r| Key::Bytes(r.city_key.clone())),
        description::CREATED_AT.sort(|r| Key::Int(r.created_at.millis())),
        description::UPDATED_AT.sort(|r| Key::Int(r.updated_at.millis())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

impl ListFilter {
    /// Appends the conditions.
    pub fn apply(&self, query: &mut afpi_db::Sql) {
        search::matching(query, ENTREPRISES.search, self.q.as_deref());
        description::LOCALISATION.equals(query, self.localisation_id);
        description::KIND.equals(query, self.kind.map(Kind::as_str));
        description::ACTIVE.equals(query, self.active);
        description::OPCO.equals(query, self.opco.as_deref());
        description::TAGS.has(query, self.tag.as_deref());
    }
}

/// List companies.
#[utoipa::path(get, path = "/", operation_id = "listEntreprises", tag = "entreprises", params(Filters),
    responses((status = 200, body = Page<EntrepriseItem>), (status = 400, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    Reads(reads): Reads,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<EntrepriseItem>>> {
    let mut which = ListFilter {
        q: f.q,
        localisation_id: f.localisation_id,
        kind: f.kind,
        active: f.active,
        opco: f.opco,
        tag: f.tag,
    };
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &which)?;
    let scope = caller.scope();
    let awaited = app.plugins.statuses_awaited().await;
    let q = which.q.take();
    let mut sought = Sought::new(&app, search::Kind::Entreprise, &ENTREPRISES, q.as_deref()).await?;
    let select = |columns, joins, sought: &Sought| {
        let mut query = scope.entreprises(columns, joins);
        which.apply(&mut query);
        sought.narrow(&mut query);
        query
    };
    let mut conn = reads.read().await?;
    let total = sought.total(&app, &mut conn, &page, |sought| select("1", "", sought)).await?;
    let mut query = select(COLUMNS, JOINS, &sought);
    page.apply(&mut query, "e.id");
    let rows: Vec<EntrepriseRow> = query.all(&mut conn).await?;

    let ids: Vec<EntrepriseId> = rows.iter().map(|r| r.id).collect();
    let mut external: HashMap<EntrepriseId, Vec<_>> = HashMap::new();
    for (id, value) in external_ids(&mut conn, &ids).await? {
        external.entry(id).or_default().push(value);
    }
    // Also counts signed ones while a role still has to act.
    let mut query = scope.opportunites("o.entreprise_id, COUNT(*), CAST(SUM(o.amount) AS SIGNED)", "");
    under_way(&mut query, &awaited);
    query.push(" AND o.entreprise_id IN ").list(&ids).push(" GROUP BY o.entreprise_id");
    let open: HashMap<EntrepriseId, (i64, Money)> = query
        .all::<(EntrepriseId, i64, Money)>(&mut conn)
        .await?
        .into_iter()
        .map(|(id, n, sum)| (id, (n, sum)))
        .collect();

    Ok(Json(page.page(
        rows,
        total,
        |r| r.id.uuid(),
        |row| {
            let (open_opportunites, open_amount) = open.get(&row.id).copied().unwrap_or_default();
            let ids = external.remove(&row.id).unwrap_or_default();
            EntrepriseItem { base: base(row, ids), open_opportunites, open_amount }
        },
    )))
}
