//! The dashboard and the inbox on the wire.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::wire::{Better, Figure, LeftOutReason, PluginName, Score};
use crate::objectifs::Objectif;
use crate::opportunites::item::OpportuniteItem;
use crate::users::UserRef;
use afpi_core::text::Text;
use afpi_platform::localisations::LocalisationRef;

/// Figures of a period.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    pub period: DashboardPeriod,
    pub scope: DashboardScope,
    pub metrics: Vec<MetricFigure>,
    pub by_site: Vec<SiteScores>,
    /// At most 50 people, those with the most first.
    pub by_user: Vec<UserScores>,
    /// The twelve months that end with the period.
    pub series: Vec<MonthScores>,
    /// What is under way, by section.
    pub funnel: Vec<FunnelStep>,
    pub objectifs: Vec<Objectif>,
    /// Objectives plugins that gave no answer: their figures are missing.
    pub failed: Vec<PluginName>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardPeriod {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub label: String,
}

/// Whose figures these are.
#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardScope {
    /// `all`, `sites` or `own`.
    pub kind: &'static str,
    pub localisations: Vec<LocalisationRef>,
}

/// A metric with its figure, and that of the period before.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricFigure {
    /// The plugin's word for it, or `plugin:word` where several plugins claim the word.
    pub id: String,
    pub label: Text,
    pub unit: &'static str,
    /// Which way is good; absent where nothing says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub better: Option<Better>,
    pub figure: Figure,
    /// A finer word where a metric has several figures, e.g. a section.
    pub key: Option<String>,
    pub previous: Option<Figure>,
    /// Localisations in scope that the figure leaves out.
    pub left_out: Vec<LeftOut>,
}

/// A localisation that a figure over several leaves out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LeftOut {
    pub localisation: LocalisationRef,
    pub reason: LeftOutReason,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SiteScores {
    pub localisation: LocalisationRef,
    pub scores: Vec<Score>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UserScores {
    pub user: UserRef,
    pub scores: Vec<Score>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MonthScores {
    /// E.g. `2026-11`.
    pub month: String,
    pub scores: Vec<Score>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelStep {
    pub section: String,
    pub count: i64,
    /// Cents.
    pub amount: i64,
    pub late: i64,
}

/// My relay inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    /// What waits for me, overdue first, then the longest waiting; at most 50.
    pub waiting: Vec<OpportuniteItem>,
    /// How many of those that wait are overdue.
    pub late: i64,
    pub counts: InboxCounts,
    /// Under way, but whose commercial has left, or can no longer own it: for those who may give it to somebody else;
    /// at most 50, the longest waiting first.
    pub unowned: Vec<OpportuniteItem>,
    /// What moved last in my scope.
    pub recent: Vec<OpportuniteItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct InboxCounts {
    pub waiting: i64,
    /// Under way in my scope: for a commercial his own.
    pub mine: i64,
    pub late: i64,
    pub unowned: i64,
}
