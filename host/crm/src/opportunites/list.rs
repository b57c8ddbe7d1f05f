//! `GET /api/opportunites`.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::openapi::Object;
use uuid::Uuid;

use super::description;
use super::input::{Kind, Outcome};
use super::item::{self, ItemRow, OpportuniteItem, show_items};
use super::pick::Pick;
use super::span::Span;
use crate::book;
use crate::description::Field;
use crate::search;
use afpi_core::clock::Instant;
use afpi_core::error::Result;
use afpi_core::id::{EntrepriseId, LocalisationId, UserId};
use afpi_core::money::Money;
use afpi_core::scope::{Scope, ScopedSql};
use afpi_http::input::Params;
use afpi_http::paging::{Count, Key, Page, PageRequest, Sorts, Total};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::plugins::site_words::SiteWords;
use afpi_platform::reads::Reads;
use afpi_platform::state::App;

/// Declares query parameters: the filters that the list and the board share, and a few more. A macro, because serde's
/// `flatten` would read every number in a query string as text.
macro_rules! with_filters {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$fmeta:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $ty,)*
            q: Option<String>,
            section: Option<String>,
            status: Option<String>,
            outcome: Option<$crate::opportunites::input::Outcome>,
            #[param(value_type = Option<Uuid>)]
            commercial_id: Option<afpi_core::id::UserId>,
            #[param(value_type = Option<Uuid>)]
            localisation_id: Option<afpi_core::id::LocalisationId>,
            #[param(value_type = Option<Uuid>)]
            entreprise_id: Option<afpi_core::id::EntrepriseId>,
            kind: Option<$crate::opportunites::input::Kind>,
            /// `true`: only overdue ones; `false`: only others.
            late: Option<bool>,
            /// `me`: those in which my role must act.
            waiting: Option<$crate::opportunites::list::Waiting>,
            /// Cents.
            #[param(value_type = Option<i64>)]
            min_amount: Option<afpi_core::money::Money>,
            #[param(value_type = Option<i64>)]
            max_amount: Option<afpi_core::money::Money>,
            /// Where they come from: a word of `OpportuniteOrigine`, or `none`: nobody has said it.
            origine: Option<String>,
            /// Why they were lost: a word of `OpportuniteLostReason`, or `none`: nobody has said it.
            lost_reason: Option<String>,
            /// Created from this day on, in Paris.
            created_from: Option<chrono::NaiveDate>,
            /// Created up to this day.
            created_to: Option<chrono::NaiveDate>,
            /// Lost from this day on, in Paris.
            lost_from: Option<chrono::NaiveDate>,
            /// Lost up to this day.
            lost_to: Option<chrono::NaiveDate>,
        }

        impl $name {
            /// Only the filters.
            pub fn which(&self) -> $crate::opportunites::list::ListFilter {
                $crate::opportunites::list::ListFilter {
                    q: self.q.clone(), found: None, section: self.section.clone(), status: self.status.clone(), outcome: self.outcome,
                    commercial_id: self.commercial_id, localisation_id: self.localisation_id, entreprise_id: self.entreprise_id,
                    kind: self.kind, late: self.late, waiting: self.waiting, min_amount: self.min_amount, max_amount: self.max_amount,
                    origine: self.origine.clone(), lost_reason: self.lost_reason.clone(),
                    created: $crate::opportunites::span::Span::new(self.created_from, self.created_to),
                    lost: $crate::opportunites::span::Span::new(self.lost_from, self.lost_to),
                }
            }
        }
    };
}
pub(super) use with_filters;

with_filters! {
    pub struct Filters {
        limit: Option<u32>,
        cursor: Option<String>,
        #[param(schema_with = sorts)]
        sort: Option<String>,
        count: Option<Count>,
    }
}

/// Filters of opportunités.
#[derive(Debug, Default)]
pub struct ListFilter {
    pub q: Option<String>,
    /// The opportunités that match, where they are known: found by the index for `q`, or few and counted in the book.
    pub found: Option<Vec<Uuid>>,
    pub section: Option<String>,
    pub status: Option<String>,
    pub outcome: Option<Outcome>,
    pub commercial_id: Option<UserId>,
    pub localisation_id: Option<LocalisationId>,
    pub entreprise_id: Option<EntrepriseId>,
    pub kind: Option<Kind>,
    pub late: Option<bool>,
    pub waiting: Option<Waiting>,
    pub min_amount: Option<Money>,
    pub max_amount: Option<Money>,
    /// Words, or [`UNSAID`].
    pub origine: Option<String>,
    pub lost_reason: Option<String>,
    pub created: Span,
    pub lost: Span,
}

/// The word of a filter for what nobody has said.
pub const UNSAID: &str = "none";

/// So many records are read by their ids.
const FEW: usize = 500;

#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Waiting {
    Me,
}

static SORTS: Sorts<ItemRow> = Sorts {
    default: "-updatedAt",
    keys: &[
        description::CREATED_AT.sort(|r| Key::Int(r.created_at.millis())),
        description::UPDATED_AT.sort(|r| Key::Int(r.updated_at.millis())),
        description::AMOUNT.sort(|r| Key::Int(r.amount.cents())),
        description::SECTION_SINCE.sort(|r| Key::Int(r.section_since.millis())),
        description::NUMERO.sort(|r| Key::Text(r.numero.clone())),
        description::TITLE.sort(|r| Key::Bytes(r.title_key.clone())),
    ],
};

fn sorts() -> Object {
    SORTS.schema()
}

/// List opportunités.
#[utoipa::path(get, path = "/", operation_id = "listOpportunites", tag = "opportunites", params(Filters),
    responses((status = 200, body = Page<OpportuniteItem>), (status = 400, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    Reads(reads): Reads,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<OpportuniteItem>>> {
    let mut which = f.which();
    let page = PageRequest::new(f.limit, f.sort.as_deref(), f.cursor.as_deref(), f.count, &SORTS, &which)?;
    let scope = caller.scope();
    let waiting = which.statuses(&app, &caller).await;
    which.found = search::seek(&app, search::Kind::Opportunite, which.q.as_deref()).await?;
    let counted = which.counted(&app, &scope, waiting.as_ref()).await?;
    let mut conn = reads.read().await?;
    let total = match counted {
        Some(total) => total,
        None => page.total(&mut conn, which.select(&scope, "1", "", waiting.as_ref())).await?,
    };
    let mut query = which.select(&scope, item::COLUMNS, item::JOINS, waiting.as_ref());
    page.apply(&mut query, "o.id");
    let rows: Vec<ItemRow> = query.all(&mut conn).await?;
    drop(conn);
    let page = page.page(rows, total, |r| r.id.uuid(), |row| row);
    Ok(Json(Page { data: show_items(&app, page.data).await?, meta: page.meta }))
}

impl ListFilter {
    /// For `waiting=me`: the statuses in which the caller's role must act.
    pub async fn statuses(&self, app: &App, caller: &Caller) -> Option<SiteWords> {
        self.waiting?;
        Some(app.plugins.statuses_waiting_for(caller.kind().id()).await)
    }

    /// The opportunités in scope that match `q`. `None` without `q`.
    pub async fn found_by_q(&self, app: &App, scope: &Scope) -> Result<Option<HashSet<Uuid>>> {
        if self.q.as_deref().is_none_or(|q| q.trim().is_empty()) {
            return Ok(None);
        }
        if let Some(found) = search::seek(app, search::Kind::Opportunite, self.q.as_deref()).await? {
            return Ok(Some(found.into_iter().collect()));
        }
        let mut query = scope.opportunites("o.id", "");
        search::matching(&mut query, description::OPPORTUNITES.search, self.q.as_deref());
        let found: Vec<(Uuid,)> = query.all(&mut app.db.read().await?).await?;
        Ok(Some(found.into_iter().map(|(id,)| id).collect()))
    }

    /// Counts in the book. When only a few match, SQL need not look for them: they become [`ListFilter::found`]. `None`
    /// when only SQL can find what matches `q`.
    async fn counted(&mut self, app: &App, scope: &Scope, waiting: Option<&SiteWords>) -> Result<Option<Total>> {
        if self.found.is_none() && self.q.as_deref().is_some_and(|q| !q.trim().is_empty()) {
            return Ok(None);
        }
        let book = book::read(app).await?;
        let pick = Pick::new(self, &book, waiting);
        let mut matching = pick.all(scope, self.found.as_deref());
        if matching.is_empty() && self.found.is_some() {
            // However many these are, SQL must look among them, and not among those that gave nothing.
            self.found = search::nearly(app, search::Kind::Opportunite, self.q.as_deref()).or(Some(vec![]));
            matching = pick.all(scope, self.found.as_deref());
        }
        let total = Total::of(matching.len());
        if matching.len() <= FEW {
            self.found = Some(matching);
        }
        Ok(Some(total))
    }

    fn select(
        &self,
        scope: &Scope,
        columns: &'static str,
        joins: &'static str,
        waiting: Option<&SiteWords>,
    ) -> ScopedSql {
        let mut query = scope.opportunites(columns, joins);
        self.apply(&mut query, waiting);
        query
    }

    /// Appends the conditions.
    pub fn apply(&self, query: &mut afpi_db::Sql, waiting: Option<&SiteWords>) {
        search::narrow(query, "o.id", description::OPPORTUNITES.search, self.q.as_deref(), self.found.as_deref());
        description::SECTION.equals(query, self.section.as_deref());
        description::STATUS.equals(query, self.status.as_deref());
        description::OUTCOME.equals(query, self.outcome.map(Outcome::as_str));
        description::KIND.equals(query, self.kind.map(Kind::as_str));
        description::COMMERCIAL.equals(query, self.commercial_id);
        description::LOCALISATION.equals(query, self.localisation_id);
        description::ENTREPRISE.equals(query, self.entreprise_id);
        description::AMOUNT.at_least(query, self.min_amount);
        description::AMOUNT.at_most(query, self.max_amount);
        said(query, &description::ORIGINE, self.origine.as_deref());
        said(query, &description::LOST_REASON, self.lost_reason.as_deref());
        self.created.push(query, description::CREATED_AT.column);
        self.lost.push(query, description::LOST_AT.column);
        match self.late {
            Some(true) => query.push(" AND o.due_at < ?").arg(Instant::now()),
            Some(false) => query.push(" AND (o.due_at IS NULL OR o.due_at >= ?)").arg(Instant::now()),
            None => query,
        };
        if let Some(statuses) = waiting {
            statuses.push(query.push(" AND "), "o.status");
        }
    }
}

/// Appends the condition that a field has this word, or none for [`UNSAID`].
fn said(query: &mut afpi_db::Sql, field: &Field, word: Option<&str>) {
    match word {
        Some(UNSAID) => {
            query.push(" AND ").push(field.column).push(" IS NULL");
        }
        word => field.equals(query, word),
    }
}
