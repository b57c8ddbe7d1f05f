//! `GET /api/vues`, and the JSON form of a view.

use afpi_db::{Conn, Json as Stored, Sql, sql};
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::{Columns, Density, Query, VueColumn, VueParam};
use super::{ListName, SHOWN, may_share, visible};
use afpi_core::clock::Instant;
use afpi_core::collation;
use afpi_core::error::{Result, not_found};
use afpi_core::id::{LocalisationId, UserId, VueId};
use afpi_core::text::{Text, text};
use afpi_http::input::Params;
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::reads::Reads;

/// A saved view of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vue {
    #[schema(value_type = Uuid)]
    pub id: VueId,
    pub list: ListName,
    pub name: String,
    pub query: Vec<VueParam>,
    /// None: the usual ones.
    pub columns: Option<Vec<VueColumn>>,
    pub density: Option<Density>,
    /// Is it a tab above the list?
    pub pinned: bool,
    /// Who sees it beside its owner. None: nobody. Without role and site: everybody.
    pub shared_with: Option<VueAudience>,
    pub owner: VueOwner,
    /// Is the caller its owner?
    pub mine: bool,
    /// Is it the caller's, or shared with people like the caller? Whoever manages people also sees the others' ones.
    pub addressed: bool,
    pub may_edit: bool,
    /// Does the caller's list open with it?
    pub is_default: bool,
    pub updated_at: Instant,
    /// For `If-Match`.
    pub version: i64,
}

/// The people that a view is shared with.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VueAudience {
    pub role: Option<VueRole>,
    pub localisation: Option<VueSite>,
}

/// A role that a view is shared with.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct VueRole {
    pub id: String,
    pub name: Text,
}

/// A site that a view is shared with.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct VueSite {
    #[schema(value_type = Uuid)]
    pub id: LocalisationId,
    pub name: String,
}

/// Who saved a view.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VueOwner {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub name: String,
}

impl Vue {
    /// The site that it is shared with; none when it is shared with those of all sites.
    pub(super) fn site(&self) -> Option<LocalisationId> {
        self.shared_with.as_ref()?.localisation.as_ref().map(|site| site.id)
    }
}

/// Filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// The list.
    list: ListName,
}

afpi_db::row! {
    struct Row {
        id: VueId, list: String, name: String, owner_id: UserId, owner: String, shared: bool, role_id: Option<String>, role_fr: Option<String>,
        role_en: Option<String>, localisation_id: Option<LocalisationId>, site: Option<String>, query: Stored<Query>,
        columns: Option<Stored<Columns>>, density: Option<String>, pinned: bool, standard: Option<VueId>, updated_at: Instant, version: i64,
    }
}

fn select(caller: &Caller) -> Sql {
    sql(
        "SELECT v.id, v.list, v.name, v.owner_id, u.name AS owner, v.shared, v.role_id, r.name_fr AS role_fr, r.name_en AS role_en, \
         v.localisation_id, l.name AS site, v.query, v.columns, v.density, v.pinned, d.vue_id AS standard, v.updated_at, v.version \
         FROM vues v JOIN users u ON u.id = v.owner_id LEFT JOIN roles r ON r.id = v.role_id \
         LEFT JOIN localisations l ON l.id = v.localisation_id LEFT JOIN vue_defaults d ON d.vue_id = v.id AND d.user_id = ? WHERE ",
    )
    .bind(caller.id)
}

/// List the views of a list: one's own, those shared with people like the caller, and those that the caller manages. By
/// name.
#[utoipa::path(get, path = "/", operation_id = "listVues", tag = "vues", params(Filters),
    responses((status = 200, body = Page<Vue>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    Reads(reads): Reads,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Vue>>> {
    f.list.require(&caller)?;
    let mut conn = reads.read().await?;
    let mut query = select(&caller);
    query.push("v.list = ? AND ").arg(f.list.word());
    visible(&mut query, &caller);
    query.push(" ORDER BY v.id").limit(SHOWN);
    let rows: Vec<Row> = query.all(&mut conn).await?;
    let mut data: Vec<Vue> = rows.into_iter().filter_map(|row| shown(&caller, row)).collect();
    data.sort_by_cached_key(|vue| (collation::key(&vue.name), vue.id));
    let meta = ListMeta::whole(data.len(), SHOWN);
    Ok(Json(Page { data, meta }))
}

/// A view that the caller sees, of a list that he may open; 404 for others.
pub(super) async fn one(conn: &mut Conn, caller: &Caller, id: VueId) -> Result<Vue> {
    let mut query = select(caller);
    query.push("v.id = ? AND ").arg(id);
    visible(&mut query, caller);
    let vue = query.optional(conn).await?.and_then(|row| shown(caller, row)).ok_or_else(not_found)?;
    vue.list.require(caller).map_err(|_| not_found())?;
    Ok(vue)
}

/// A view as it is after a change of the caller, who may no longer see it.
pub(super) async fn written(conn: &mut Conn, caller: &Caller, id: VueId) -> Result<Vue> {
    let mut query = select(caller);
    query.push("v.id = ?").arg(id);
    query.optional(conn).await?.and_then(|row| shown(caller, row)).ok_or_else(not_found)
}

/// `None` for a view of a list that only a later version of the program has.
fn shown(caller: &Caller, row: Row) -> Option<Vue> {
    let mine = row.owner_id == caller.id;
    let of_role = row.role_id.as_ref().is_none_or(|role| *role == caller.role.id);
    let of_site = row.localisation_id.is_none_or(|site| caller.sites.contains(&site));
    let shared_with = row.shared.then(|| VueAudience {
        role: row
            .role_id
            .map(|id| VueRole { id, name: text(row.role_fr.unwrap_or_default(), row.role_en.unwrap_or_default()) }),
        localisation: row.localisation_id.zip(row.site).map(|(id, name)| VueSite { id, name }),
    });
    Some(Vue {
        id: row.id,
        list: row.list.parse().ok()?,
        name: row.name,
        query: row.query.0.into(),
        columns: row.columns.map(|columns| columns.0.into()),
        density: row.density.and_then(|density| density.parse().ok()),
        pinned: row.pinned,
        addressed: mine || (row.shared && of_role && of_site),
        may_edit: mine || (row.shared && may_share(caller, row.localisation_id)),
        shared_with,
        owner: VueOwner { id: row.owner_id, name: row.owner },
        mine,
        is_default: row.standard.is_some(),
        updated_at: row.updated_at,
        version: row.version,
    })
}
