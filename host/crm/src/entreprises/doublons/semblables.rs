//! `GET /api/entreprises/semblables`: the known companies that are like one that somebody types. Of a company outside the
//! caller's scope it says name, town, site and whom to ask, and only of one that is very like.

use std::collections::{HashMap, HashSet};

use afpi_core::error::Result;
use afpi_core::id::{EntrepriseId, LocalisationId};
use afpi_core::rights::{Action, Role};
use afpi_core::scope::Scope;
use afpi_db::Conn;
use afpi_http::input::Params;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::people::Person;
use afpi_platform::state::App;
use afpi_search::{Facts, Likeness, Query, SUSPECT, TOLD, Traits};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Reason, reasons};
use crate::identifiants::{Siret, siren_of};
use crate::search::{self, Kind};

/// The most companies that are told.
const SHOWN: usize = 8;
/// Names from the index that are compared.
const CANDIDATES: usize = 60;
/// Whom to ask about a company of another site.
const PEOPLE: usize = 3;

/// What is typed so far.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Typed {
    name: Option<String>,
    /// Spaces do not count.
    siret: Option<String>,
    code_postal: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    /// A company that is not told: the one that is being changed.
    #[param(value_type = Option<Uuid>)]
    sauf: Option<EntrepriseId>,
}

/// A known company that is like the typed one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Semblable {
    /// Absent when the company is outside the caller's scope.
    #[schema(value_type = Option<Uuid>)]
    id: Option<EntrepriseId>,
    name: String,
    city: Option<String>,
    /// Absent when it is outside the caller's scope, as the reasons.
    siret: Option<String>,
    localisation: LocalisationRef,
    /// From 0 to 100. 100: the SIRET is the same.
    score: u8,
    reasons: Vec<Reason>,
    /// Is it another establishment of the same SIREN? Then it is no duplicate.
    group: bool,
    /// For a company outside the caller's scope: people of its site to ask.
    ask: Vec<String>,
}

afpi_db::row! {
    struct Row {
        id: EntrepriseId, name: String, city: Option<String>, siret: Option<String>, site_id: LocalisationId, site_code: String,
        site_name: String,
    }
}

/// Find the known companies that are like one that is being typed, the most alike first.
#[utoipa::path(get, path = "/semblables", operation_id = "findSemblables", tag = "entreprises", params(Typed),
    responses((status = 200, body = All<Semblable>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn semblables(
    State(app): State<App>,
    caller: Caller,
    Params(typed): Params<Typed>,
) -> ApiResult<Json<All<Semblable>>> {
    caller.require(Action::EntreprisesWrite)?;
    let name = typed.name.unwrap_or_default();
    // Half a SIRET is not another one.
    let siret = typed.siret.as_deref().and_then(|typed| Siret::read(typed).ok());
    let postcode = typed.code_postal.as_deref().map(|typed| typed.replace(char::is_whitespace, ""));
    let facts = Facts {
        name: &name,
        number: siret.as_deref(),
        group: siret.as_deref().and_then(siren_of),
        phone: typed.phone.as_deref(),
        email: typed.email.as_deref(),
        place: postcode.as_deref(),
        site: Uuid::nil(),
    };
    // While the index is being built nothing is told. A SIRET that is known is refused anyway.
    if !search::ready(&app).await? {
        return Ok(Json(All { data: vec![] }));
    }
    let sought = Traits::new(&facts);
    let mut alike = found(&app, &sought);
    alike.retain(|(id, ..)| typed.sauf.is_none_or(|sauf| sauf.uuid() != *id));
    let people = app.people.active(&app.db).await?;
    let mut conn = app.db.read().await?;
    Ok(Json(All { data: shown(&mut conn, &caller.scope(), &people, alike).await? }))
}

/// The companies in memory that are like it, with how much, and whether they are of one group.
fn found(app: &App, sought: &Traits) -> Vec<(Uuid, Likeness, bool)> {
    // A legal form that is typed may be missing in the known name.
    let query = Query::new(sought.words());
    let named = if query.is_empty() {
        vec![]
    } else {
        let company = |listing: &afpi_search::Listing| listing.kind == Kind::Entreprise as u8;
        let mut best = app.search.index().best(&query, true, CANDIDATES, company, |_| false);
        best.remove(&(Kind::Entreprise as u8)).unwrap_or_default()
    };
    let twins = app.search.twins();
    let ids: HashSet<Uuid> = named.into_iter().map(|hit| hit.id).chain(twins.sharing(sought, CANDIDATES)).collect();
    let alike = |id: Uuid| {
        let known = twins.of(id)?;
        match sought.typed_likeness(known).filter(|likeness| likeness.score >= TOLD) {
            Some(likeness) => Some((id, likeness, false)),
            None if sought.is_of_the_group_of(known) => {
                Some((id, Likeness { score: 0, reasons: vec![afpi_search::Reason::Group] }, true))
            }
            None => None,
        }
    };
    let mut alike: Vec<_> = ids.into_iter().filter_map(alike).collect();
    alike.sort_unstable_by_key(|(id, likeness, _)| (std::cmp::Reverse(likeness.score), *id));
    alike
}

/// What the caller may know of them.
async fn shown(
    conn: &mut Conn,
    scope: &Scope,
    people: &[Person],
    alike: Vec<(Uuid, Likeness, bool)>,
) -> Result<Vec<Semblable>> {
    let alike = &alike[..alike.len().min(CANDIDATES)];
    let ids: Vec<Uuid> = alike.iter().map(|(id, ..)| *id).collect();
    let columns =
        "e.id, e.name, e.city, e.siret, e.localisation_id AS site_id, l.code AS site_code, l.name AS site_name";
    let mut all = Scope::All.entreprises(columns, "JOIN localisations l ON l.id = e.localisation_id");
    all.push(" AND e.id IN ").list(ids.iter().copied());
    let mut rows: HashMap<Uuid, Row> =
        all.all::<Row>(conn).await?.into_iter().map(|row| (row.id.uuid(), row)).collect();
    let mut seen = scope.entreprises("e.id", "");
    seen.push(" AND e.id IN ").list(ids.iter().copied());
    let seen: HashSet<Uuid> = seen.all::<(Uuid,)>(conn).await?.into_iter().map(|(id,)| id).collect();
    let told = |(id, likeness, group): &(Uuid, Likeness, bool)| {
        let row = rows.remove(id)?;
        let inside = seen.contains(id);
        if !inside && likeness.score < SUSPECT {
            return None;
        }
        let localisation = LocalisationRef { id: row.site_id, code: row.site_code, name: row.site_name };
        Some(Semblable {
            id: inside.then_some(row.id),
            name: row.name,
            city: row.city,
            siret: row.siret.filter(|_| inside),
            score: likeness.score,
            reasons: if inside { reasons(likeness) } else { vec![] },
            group: *group,
            ask: if inside { vec![] } else { ask(people, localisation.id) },
            localisation,
        })
    };
    Ok(alike.iter().filter_map(told).take(SHOWN).collect())
}

/// The managers of a site, or else those who may write its companies.
fn ask(people: &[Person], site: LocalisationId) -> Vec<String> {
    let there = || {
        people.iter().filter(
            |person| matches!(&person.scope, Scope::Sites(sites) | Scope::Own { sites, .. } if sites.contains(&site)),
        )
    };
    let names =
        |people: Vec<&Person>| people.into_iter().take(PEOPLE).map(|person| person.name.clone()).collect::<Vec<_>>();
    let managers: Vec<&Person> = there().filter(|person| person.role.kind() == Role::Manager).collect();
    if !managers.is_empty() {
        return names(managers);
    }
    names(there().filter(|person| person.role.access.may(Action::EntreprisesWrite)).collect())
}
