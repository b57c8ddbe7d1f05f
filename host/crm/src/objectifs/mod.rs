//! `/api/objectifs`: targets of people and localisations, compared with the figures of the objectives plugin.

mod actual;
pub mod description;
mod list;
mod store;
mod write;

use afpi_plugins::contract::objectives::Attainment as Attained;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use list::of_period;
pub(crate) use list::period_of;
pub use store::{NewObjectif, insert};

use crate::figures::period::Period;
use crate::figures::wire::{self, Figure};
use crate::users::UserRef;
use afpi_core::id::ObjectifId;
use afpi_core::text::Text;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;

/// A target for a metric and a period, of a person or of a localisation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Objectif {
    #[schema(value_type = Uuid)]
    pub id: ObjectifId,
    pub metric: String,
    pub period: Period,
    /// In the metric's unit: cents, count, percent × 100, minutes.
    pub target: i64,
    pub user: Option<UserRef>,
    pub localisation: Option<LocalisationRef>,
    /// The figure reached so far. Absent while no plugin answers.
    pub actual: Option<Figure>,
    pub attainment: Option<Attainment>,
    pub version: i64,
}

/// The attainment of a target.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attainment {
    /// Percent × 100.
    pub percent: Option<i64>,
    /// The expected final figure at the present pace, in the target's unit.
    pub run_rate: Option<i64>,
    /// `reached`, `good`, `under-way`, `slow`, `attention`, `none`.
    pub level: String,
    pub label: Text,
}

impl From<Attained> for Attainment {
    fn from(a: Attained) -> Attainment {
        Attainment { percent: a.percent, run_rate: a.run_rate, label: wire::label(&a.label), level: a.level }
    }
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, write::create))
        .routes(routes!(list::metrics))
        .routes(routes!(write::patch, write::delete))
}
