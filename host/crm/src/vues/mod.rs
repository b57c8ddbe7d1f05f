//! `/api/vues`: saved views of lists. A view is the filters, sort, columns and density of one list under a name. It is for
//! its owner, or shared with the people of a role, of a site, of both, or with everybody. Whoever manages people shares
//! with the own sites, and whoever also sees the network with everybody. Nobody gets a view of a list that he may not open.

mod input;
mod read;
mod write;

use afpi_db::{Conn, Sql, sql};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use afpi_core::error::Result;
use afpi_core::id::LocalisationId;
use afpi_core::rights::{Action, Reach};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The most views of a person on one list.
const MOST: u32 = 50;
/// The most views that an answer contains.
const SHOWN: u32 = 500;

/// A list of the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[schema(as = VueList)]
pub enum ListName {
    Opportunites,
    Entreprises,
    Sessions,
    Stagiaires,
    Formateurs,
    Salles,
    Produits,
    Creances,
    Users,
    Journal,
    Jobs,
}

impl ListName {
    fn word(self) -> &'static str {
        self.into()
    }

    /// 403 for who may not open the list.
    fn require(self, caller: &Caller) -> Result<()> {
        let needed = match self {
            ListName::Formateurs => Action::FormateursRead,
            ListName::Creances => Action::CreancesRead,
            ListName::Users => Action::UsersRead,
            ListName::Journal => Action::JournalRead,
            ListName::Jobs => Action::JobsRead,
            _ => return Ok(()),
        };
        caller.require(needed)
    }
}

/// May this person share views with the people of this site, or of all sites (`None`), and change what is shared so?
fn may_share(caller: &Caller, site: Option<LocalisationId>) -> bool {
    caller.may(Action::UsersWrite)
        && (caller.reach() == Reach::Network || site.is_some_and(|site| caller.sites.contains(&site)))
}

/// The condition of views that are the caller's, shared with him, or his to manage.
fn visible(query: &mut Sql, caller: &Caller) {
    query.push("(v.owner_id = ? OR (v.shared = 1 AND (").arg(caller.id);
    query.push("((v.role_id IS NULL OR v.role_id = ?) AND ").arg(caller.role.id.as_str());
    of_sites(query, caller, "(v.localisation_id IS NULL");
    query.push(")");
    if caller.may(Action::UsersWrite) {
        match caller.reach() {
            Reach::Network => drop(query.push(" OR 1 = 1")),
            _ => of_sites(query, caller, " OR (1 = 0"),
        }
    }
    query.push(")))");
}

/// `<begin> OR the view is shared with one of the caller's sites)`.
fn of_sites(query: &mut Sql, caller: &Caller, begin: &'static str) {
    query.push(begin);
    if !caller.sites.is_empty() {
        query.push(" OR v.localisation_id IN ").list(caller.sites.iter().copied());
    }
    query.push(")");
}

/// Gives the views shared with a role that goes back to their owners.
pub(crate) async fn forget_role(tx: &mut Conn, role: &str) -> afpi_db::Result<()> {
    let back =
        "UPDATE vues SET shared = 0, role_id = NULL, localisation_id = NULL, version = version + 1 WHERE role_id = ?";
    sql(back).bind(role).execute(tx).await.map(drop)
}

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list, write::create))
        .routes(routes!(write::patch, write::delete))
        .routes(routes!(write::make_default, write::drop_default))
}
