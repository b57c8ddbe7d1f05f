//! An opportunité in lists.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::sent_back::SentBack;
use super::waiting::{self, WaitsOn};
use afpi_core::clock::Instant;
use afpi_core::id::{EntrepriseId, LocalisationId, OpportuniteId, UserId};
use afpi_core::money::Money;
use afpi_core::text::Text;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::plugins::labels::Labels;
use afpi_platform::state::App;

/// The short form of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserRef {
    #[schema(value_type = Uuid)]
    pub id: UserId,
    pub name: String,
    #[schema(value_type = afpi_core::rights::Role)]
    pub role: String,
}

/// The short form of a company.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntrepriseRef {
    #[schema(value_type = Uuid)]
    pub id: EntrepriseId,
    pub name: String,
    pub siret: Option<String>,
    pub city: Option<String>,
}

/// An opportunité as lists and cards show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpportuniteItem {
    #[schema(value_type = Uuid)]
    pub id: OpportuniteId,
    pub numero: String,
    pub title: String,
    #[schema(value_type = super::input::Kind)]
    pub kind: String,
    pub status: String,
    pub section: String,
    /// Labels of the site's workflow, or of the plugin that set these words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub status_label: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub section_label: Option<Text>,
    #[schema(value_type = super::input::Outcome)]
    pub outcome: String,
    /// Cents excl. VAT: the present value.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// Cents excl. VAT: the budget given at creation.
    #[schema(value_type = i64)]
    pub budget: Money,
    /// Where it comes from, if somebody has said it.
    #[schema(value_type = Option<super::input::Origine>)]
    pub origine: Option<String>,
    /// When it was lost, why, and what people add to it.
    pub lost_at: Option<Instant>,
    #[schema(value_type = Option<super::input::LostReason>)]
    pub lost_reason: Option<String>,
    pub lost_remark: Option<String>,
    pub entreprise: EntrepriseRef,
    pub commercial: UserRef,
    pub localisation: LocalisationRef,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub section_since: Instant,
    pub late: bool,
    /// Roles that must act next.
    #[schema(value_type = Vec<afpi_core::rights::Role>)]
    pub waits_for: Vec<String>,
    /// The people who must act, by name. A person outside the house comes first.
    pub waits_on: Vec<WaitsOn>,
    /// Why the last move sent the file back. Only in the inbox and on the single record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub sent_back: Option<SentBack>,
    pub version: i64,
}

afpi_db::row! {
    /// The data of an item: select [`COLUMNS`] with [`JOINS`].
    #[derive(Clone)]
    pub struct ItemRow {
        pub id: OpportuniteId, pub numero: String, pub title: String, pub title_key: Vec<u8>, pub kind: String, pub status: String, pub section: String,
        pub outcome: String, pub amount: Money, pub budget: Money, pub entreprise_id: EntrepriseId, pub entreprise_name: String,
        pub entreprise_siret: Option<String>, pub entreprise_city: Option<String>, pub commercial_id: UserId,
        pub commercial_name: String, pub commercial_role: String, pub localisation_id: LocalisationId, pub site_code: String,
        pub site_name: String, pub created_at: Instant, pub updated_at: Instant, pub section_since: Instant, pub due_at: Option<Instant>,
        pub workflow_plugin: String, pub version: i64, pub origine: Option<String>, pub lost_at: Option<Instant>,
        pub lost_reason: Option<String>, pub lost_remark: Option<String>,
    }
}

/// The columns of an [`ItemRow`], for `concat!`.
macro_rules! columns {
    () => {
        "o.id, o.numero, o.title, o.title_key, o.kind, o.status, o.section, o.outcome, o.amount, o.budget, o.entreprise_id, \
         e.name AS entreprise_name, e.siret AS entreprise_siret, e.city AS entreprise_city, o.commercial_id, u.name AS commercial_name, \
         u.role AS commercial_role, o.localisation_id, l.code AS site_code, l.name AS site_name, o.created_at, o.updated_at, \
         o.section_since, o.due_at, o.workflow_plugin, o.version, o.origine, o.lost_at, o.lost_reason, o.lost_remark"
    };
}
pub(super) use columns;

pub const COLUMNS: &str = columns!();
/// `LEFT JOIN`, although each one finds a row: with inner joins MariaDB begins with the smallest table and sorts
/// everything to show a page.
pub const JOINS: &str = "LEFT JOIN entreprises e ON e.id = o.entreprise_id LEFT JOIN users u ON u.id = o.commercial_id \
     LEFT JOIN localisations l ON l.id = o.localisation_id";

/// Turns rows into items. The site's workflow gives the labels and the roles that must act.
///
/// # Errors
/// The database does not answer.
pub async fn show_items(app: &App, rows: Vec<ItemRow>) -> afpi_db::Result<Vec<OpportuniteItem>> {
    let now = Instant::now();
    let mut kept: HashMap<String, Labels> = HashMap::new();
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let definition = app.plugins.definition(row.localisation_id).await;
        let status = definition.as_ref().and_then(|d| d.status(&row.status));
        let waits_for = status.map(|s| s.waits_for.clone()).unwrap_or_default();
        let mut labels = (
            status.map(|s| s.label.clone()),
            definition.as_ref().and_then(|d| d.section(&row.section)).map(|s| s.label.clone()),
        );
        if labels.0.is_none() {
            let kept = kept_labels(app, &mut kept, &row.workflow_plugin).await;
            labels = (
                kept.get("status", &row.status).cloned(),
                labels.1.or_else(|| kept.get("section", &row.section).cloned()),
            );
        }
        items.push(show(row, labels, waits_for, now));
    }
    waiting::mark(app, &mut items).await?;
    Ok(items)
}

/// Stored labels of a plugin that is gone. Without them the words are shown as they are.
async fn kept_labels<'a>(app: &App, kept: &'a mut HashMap<String, Labels>, plugin: &str) -> &'a Labels {
    if !kept.contains_key(plugin) {
        let read = async { Labels::of(&mut app.db.read().await?, plugin).await };
        kept.insert(plugin.to_owned(), read.await.unwrap_or_default());
    }
    &kept[plugin]
}

fn show(
    row: ItemRow,
    (status_label, section_label): (Option<Text>, Option<Text>),
    waits_for: Vec<String>,
    now: Instant,
) -> OpportuniteItem {
    OpportuniteItem {
        status_label,
        section_label,
        entreprise: EntrepriseRef {
            id: row.entreprise_id,
            name: row.entreprise_name,
            siret: row.entreprise_siret,
            city: row.entreprise_city,
        },
        commercial: UserRef { id: row.commercial_id, name: row.commercial_name, role: row.commercial_role },
        localisation: LocalisationRef { id: row.localisation_id, code: row.site_code, name: row.site_name },
        late: row.due_at.is_some_and(|due| due < now),
        id: row.id,
        numero: row.numero,
        title: row.title,
        kind: row.kind,
        status: row.status,
        section: row.section,
        outcome: row.outcome,
        amount: row.amount,
        budget: row.budget,
        origine: row.origine,
        lost_at: row.lost_at,
        lost_reason: row.lost_reason,
        lost_remark: row.lost_remark,
        created_at: row.created_at,
        updated_at: row.updated_at,
        section_since: row.section_since,
        waits_for,
        waits_on: vec![],
        sent_back: None,
        version: row.version,
    }
}
