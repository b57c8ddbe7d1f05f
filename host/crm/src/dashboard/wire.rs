//! The dashboard and the inbox on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::figures::wire::{Better, Figure, LeftOutReason, PluginName, Score};
use crate::objectifs::Objectif;
use crate::opportunites::item::OpportuniteItem;
use crate::opportunites::{LostReason, Origine};
use crate::sessions::AtRisk as SessionAtRisk;
use crate::users::UserRef;
use afpi_core::clock::Day;
use afpi_core::money::Money;
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
    /// At most 50 people, highest value first.
    pub by_user: Vec<UserScores>,
    /// The twelve months that end with the period.
    pub series: Vec<MonthScores>,
    /// Open work by section.
    pub funnel: Vec<FunnelStep>,
    pub objectifs: Vec<Objectif>,
    /// Why opportunités were lost in the period, the most frequent reason first.
    pub lost_reasons: Vec<LostShare>,
    /// Where the opportunités that were created in the period come from, the most frequent first.
    pub origines: Vec<OrigineShare>,
    /// Sessions that begin soon and lack trainees or trainers, whatever the period; the next one first.
    pub sessions_at_risk: Vec<SessionAtRisk>,
    /// Objectives plugins that did not answer. Their figures are missing.
    pub failed: Vec<PluginName>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DashboardPeriod {
    #[schema(value_type = NaiveDate)]
    pub first: Day,
    #[schema(value_type = NaiveDate)]
    pub last: Day,
    pub label: String,
    /// The days of `yearBefore`: those of the period a year before, of a period under way only up to this day.
    pub year_before: Compared,
}

/// The days that a period is compared with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparedPeriod)]
pub struct Compared {
    #[schema(value_type = NaiveDate)]
    pub first: Day,
    #[schema(value_type = NaiveDate)]
    pub last: Day,
    pub label: String,
}

/// A reason of losses, with the opportunités that were lost for it. The list of opportunités shows the same ones.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LostShare {
    /// Absent: nobody has said it.
    #[schema(value_type = Option<LostReason>)]
    pub reason: Option<String>,
    pub count: i64,
    /// Cents excl. VAT.
    #[schema(value_type = i64)]
    pub amount: Money,
}

/// A source, with the opportunités that came from it. The list of opportunités shows the same ones.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrigineShare {
    /// Absent: nobody has said it.
    #[schema(value_type = Option<Origine>)]
    pub origine: Option<String>,
    pub count: i64,
    /// Cents excl. VAT.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// Those of them that are won by now, or done.
    pub won: i64,
}

/// The scope of these figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardScope {
    /// `all`, `sites` or `own`.
    pub kind: &'static str,
    pub localisations: Vec<LocalisationRef>,
}

/// The figure of a metric in this period and in the one before.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricFigure {
    /// The plugin's id of the metric, or `plugin:id` where several plugins use the same id.
    pub id: String,
    pub label: Text,
    pub unit: &'static str,
    /// Whether a higher or a lower value is better. Absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub better: Option<Better>,
    pub figure: Figure,
    /// Divides a metric that has several figures, e.g. the section.
    pub key: Option<String>,
    pub previous: Option<Figure>,
    /// The figure of the same days a year before.
    pub year_before: Option<Figure>,
    /// Localisations in scope that the figure does not cover.
    pub left_out: Vec<LeftOut>,
}

/// A localisation that a figure over several localisations does not cover.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LeftOut {
    pub localisation: LocalisationRef,
    pub reason: LeftOutReason,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteScores {
    pub localisation: LocalisationRef,
    pub scores: Vec<Score>,
    /// The same days a year before.
    pub year_before: Vec<Score>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserScores {
    pub user: UserRef,
    pub scores: Vec<Score>,
    /// The same days a year before.
    pub year_before: Vec<Score>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MonthScores {
    /// E.g. `2026-11`.
    pub month: String,
    pub scores: Vec<Score>,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct FunnelStep {
    pub section: String,
    pub count: i64,
    /// Cents.
    #[schema(value_type = i64)]
    pub amount: Money,
    pub late: i64,
}

/// My relay inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    /// Records that wait for me, overdue first, then the longest waiting. At most 50.
    pub waiting: Vec<OpportuniteItem>,
    /// How many of the waiting records are overdue.
    pub late: i64,
    pub counts: InboxCounts,
    /// Open records whose commercial is inactive or can no longer own them. For callers who may assign them; at most
    /// 50, the longest waiting first.
    pub unowned: Vec<OpportuniteItem>,
    /// The records that changed last in my scope.
    pub recent: Vec<OpportuniteItem>,
}

#[derive(Debug, Default, Clone, Copy, Serialize, ToSchema)]
pub struct InboxCounts {
    pub waiting: i64,
    /// Open records in my scope. For a commercial: only their own.
    pub mine: i64,
    pub late: i64,
    pub unowned: i64,
}
