//! What payers owe and have paid, over all opportunités: drafts, invoices, credit notes, payments, reminders. A workflow
//! decides on each payment, reversal and credit note; its forms name the moves (`platform/pieces`). This module knows
//! no kind of piece by name.

pub mod allocate;
mod balance;
mod correct;
pub mod description;
mod encaissement;
mod export;
mod keep;
pub mod list;
mod litige;
mod modes;
mod relances;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use keep::{adopt, keep, mark};
pub use relances::claims::{Claim, owed as claims};
pub use relances::due::{Relance, of_payers as due_reminders};
pub use relances::sent::{mark as mark_reminders, told as told_reminder, unmark as unmark_reminders};

use afpi_platform::state::App;

/// Where a piece stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = CreanceState)]
pub enum State {
    /// It has no number yet.
    Draft,
    /// Something is owed.
    Open,
    /// Paid or credited.
    Settled,
    /// More was paid than owed.
    Overpaid,
    /// It takes back what another piece claims.
    Credit,
}

impl State {
    /// The word in the database.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// `/api/creances`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(list::totals))
        .routes(routes!(balance::aged))
        .routes(routes!(export::export))
}

/// `/api/encaissements`.
pub fn encaissements() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(encaissement::create)).routes(routes!(modes::list))
}

/// Below `/api/pieces`.
pub fn of_piece() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(correct::credit)).routes(routes!(litige::put, litige::delete))
}

/// Below `/api/opportunites`.
pub fn of_opportunite() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(correct::reverse))
}

/// `/api/relances`.
pub fn relances() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(relances::due::list, relances::sent::create))
        .routes(routes!(relances::steps::list, relances::steps::put))
}
