//! A run's changes as a page of a list, for every source.

use std::collections::BTreeMap;

use afpi_db::{Conn, Json as JsonColumn, Sql, sql};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::Object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::change::{Action, Entity};
use super::merge::Conflict;
use afpi_core::error::Result;
use afpi_core::id::RunId;
use afpi_core::text::{Text, text};
use afpi_http::paging::{Count, Key, Page, PageRequest, SortKey, Sorts};

/// A change in a list. The list of each source adds the source's key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StagedChange {
    /// `localisation`, `entreprise` or `contact`.
    pub entity: String,
    pub action: Action,
    /// A name, for display.
    pub label: String,
    /// The record here. A record that does not exist yet already has its id, and can be read once the change is
    /// applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub record_id: Option<Uuid>,
    /// The fields that change, with their old values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Object>)]
    pub before: Option<Map<String, Value>>,
    /// The fields that change, with their new values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Object>)]
    pub after: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub reason: Option<Text>,
    /// Names of fields that also changed here. They are left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub conflicts: Option<BTreeMap<String, Conflict>>,
}

afpi_db::row! {
    struct Row {
        run_id: RunId, seq: i64, entity: String, external_id: String, action: String, label: String, record_id: Option<Uuid>,
        before_fields: Option<JsonColumn<Map<String, Value>>>, after_fields: Option<JsonColumn<Map<String, Value>>>,
        reason_fr: Option<String>, reason_en: Option<String>, conflicts: Option<JsonColumn<BTreeMap<String, Conflict>>>,
    }
}

/// Filters and page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(schema_with = sorts)]
    sort: Option<String>,
    count: Option<Count>,
    action: Option<Action>,
    entity: Option<Entity>,
    /// Only changes with a reason: what was skipped, repaired, left out, or kept.
    remarked: Option<bool>,
}

static SORTS: Sorts<Row> =
    Sorts { default: "seq", keys: &[SortKey { name: "seq", column: "c.seq", key: |r| Key::Int(r.seq) }] };

fn sorts() -> Object {
    SORTS.schema()
}

impl Filters {
    fn narrow(&self, query: &mut Sql) {
        if let Some(action) = self.action {
            query.push(" AND c.action = ?").arg(action.as_str());
        }
        if let Some(entity) = self.entity {
            query.push(" AND c.entity = ?").arg(entity.as_str());
        }
        if let Some(remarked) = self.remarked {
            query.push(if remarked { " AND c.reason_fr IS NOT NULL" } else { " AND c.reason_fr IS NULL" });
        }
    }

    /// The requested page. A cursor of another list answers 400; `owner` identifies the list.
    pub fn request(self, owner: Uuid) -> Result<Request> {
        let (sort, cursor) = (self.sort.as_deref(), self.cursor.as_deref());
        let list = (owner, self.action, self.entity, self.remarked);
        let page = PageRequest::new(self.limit, sort, cursor, self.count, &SORTS, &list)?;
        Ok(Request { page, filters: self })
    }
}

/// A requested page of changes.
pub struct Request {
    page: PageRequest<Row>,
    filters: Filters,
}

impl Request {
    /// This page of the run's changes. `show` adds the key of the record in its source.
    pub async fn read<T>(
        self,
        conn: &mut Conn,
        run: RunId,
        show: impl Fn(String, StagedChange) -> T,
    ) -> Result<Page<T>> {
        let mut matching = sql("SELECT 1 FROM sync_changes c WHERE c.run_id = ?").bind(run);
        self.filters.narrow(&mut matching);
        let total = self.page.total(conn, matching).await?;
        let mut query =
            sql("SELECT c.run_id, c.seq, c.entity, c.external_id, c.action, c.label, c.record_id, c.before_fields, \
             c.after_fields, c.reason_fr, c.reason_en, c.conflicts FROM sync_changes c WHERE c.run_id = ?")
            .bind(run);
        self.filters.narrow(&mut query);
        // The sequence is unique within the run, so the run's id can be the second sort key.
        self.page.apply(&mut query, "c.run_id");
        Ok(self.page.page(query.all(conn).await?, total, |row: &Row| row.run_id.uuid(), |row| shown(row, &show)))
    }
}

fn shown<T>(row: Row, show: impl Fn(String, StagedChange) -> T) -> T {
    let change = StagedChange {
        entity: row.entity,
        action: row.action.parse().unwrap_or(Action::Skipped),
        label: row.label,
        record_id: row.record_id,
        before: row.before_fields.map(|f| f.0),
        after: row.after_fields.map(|f| f.0),
        reason: row.reason_fr.zip(row.reason_en).map(|(fr, en)| text(fr, en)),
        conflicts: row.conflicts.map(|c| c.0),
    };
    show(row.external_id, change)
}
