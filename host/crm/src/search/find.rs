//! `GET /api/search`: records of all kinds by their words and numbers. The index names candidates; each kind is read
//! again by one query in the caller's scope, which also gives the shown texts. So an answer, and whether there is more,
//! never depends on what the caller may not see.

use afpi_core::error::Result;
use afpi_core::id::UserId;
use afpi_core::rights::Action;
use afpi_core::scope::{Scope, ScopedSql};
use afpi_db::Conn;
use afpi_http::input::Params;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;
use afpi_search::{Hit, Listing, Query, marks};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::keep;

/// Hits of a kind that are shown.
const SHOWN: usize = 5;
/// Hits of a kind that are read again in the caller's scope.
const CANDIDATES: usize = 50;
/// Fewer hits than this in all, and typing errors are looked for too.
const FEW: usize = 5;
/// The fewest characters of a search.
const SHORTEST: usize = 2;

/// The kinds of records that are found, in the order of their groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, VariantArray)]
#[serde(rename_all = "lowercase")]
#[schema(as = SearchKind)]
#[repr(u8)]
pub enum Kind {
    Opportunite,
    Entreprise,
    Contact,
    /// What was issued: a quote, an agreement, an invoice, a credit note.
    Piece,
    Session,
    Formateur,
    Stagiaire,
    User,
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Words, parts of words and numbers, at least two characters. Each must be found; more letters may follow the last.
    q: Option<String>,
}

/// What was found.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// False for a moment after the start: the index is being built, and nothing is found yet.
    ready: bool,
    groups: Vec<SearchGroup>,
}

/// The hits of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchGroup {
    kind: Kind,
    /// The best ones first, at most five.
    hits: Vec<SearchHit>,
    /// Are there more?
    more: bool,
}

/// A record that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    id: Uuid,
    /// The record whose page shows it: of a contact its company, of a piece and a trainee their opportunité, otherwise
    /// itself.
    opens: Uuid,
    title: String,
    /// The parts of the title that match: `[from, to)` in UTF-16 units.
    title_marks: Vec<[usize; 2]>,
    detail: String,
    /// The parts of the detail that match.
    detail_marks: Vec<[usize; 2]>,
}

/// Find records of all kinds.
#[utoipa::path(get, path = "/", operation_id = "search", tag = "search", params(Asked),
    responses((status = 200, body = SearchAnswer), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn search(
    State(app): State<App>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> ApiResult<Json<SearchAnswer>> {
    let q = asked.q.unwrap_or_default();
    let query = Query::new(&q);
    if q.trim().chars().count() < SHORTEST || query.is_empty() {
        return Ok(Json(SearchAnswer { ready: true, ..SearchAnswer::default() }));
    }
    if !keep::ready(&app).await? {
        return Ok(Json(SearchAnswer::default()));
    }
    let mut conn = app.db.read().await?;
    let mut groups = found(&app, &mut conn, &caller, &query, false).await?;
    if groups.iter().map(|group| group.hits.len()).sum::<usize>() < FEW {
        groups = found(&app, &mut conn, &caller, &query, true).await?;
    }
    Ok(Json(SearchAnswer { ready: true, groups }))
}

async fn found(app: &App, conn: &mut Conn, caller: &Caller, query: &Query, mistyped: bool) -> Result<Vec<SearchGroup>> {
    let scope = caller.scope();
    let sites: Vec<Uuid> = caller.sites.iter().map(|site| site.uuid()).collect();
    let near = |listing: &Listing| among(listing, &sites);
    let counts = |listing: &Listing| may_lie_in(&scope, listing);
    let mut candidates = app.search.index().best(query, mistyped, CANDIDATES, counts, near);
    let mut groups = Vec::new();
    for kind in Kind::VARIANTS {
        let Some(hits) = candidates.remove(&(*kind as u8)).filter(|_| kind.is_for(caller)) else { continue };
        let mut hits = kind.read(conn, &scope, &hits, query).await?;
        if hits.is_empty() {
            continue;
        }
        let more = hits.len() > SHOWN;
        hits.truncate(SHOWN);
        groups.push(SearchGroup { kind: *kind, hits, more });
    }
    Ok(groups)
}

fn among(listing: &Listing, sites: &[Uuid]) -> bool {
    listing.sites.iter().any(|site| sites.contains(site))
}

/// May this document lie in the scope? The query decides; this keeps candidates of others from taking its places.
fn may_lie_in(scope: &Scope, listing: &Listing) -> bool {
    let ids = |sites: &[afpi_core::id::LocalisationId]| sites.iter().any(|site| listing.sites.contains(&site.uuid()));
    match (scope, listing.owner) {
        (Scope::All, _) => true,
        _ if listing.kind == Kind::User as u8 => true,
        (Scope::Sites(sites), _) => ids(sites),
        (Scope::Own { user, absent, .. }, Some(owner)) => {
            absent.iter().chain([user]).any(|person| *person == UserId::from(owner))
        }
        (Scope::Own { sites, .. }, None) => {
            listing.kind == Kind::Entreprise as u8 || listing.kind == Kind::Contact as u8 || ids(sites)
        }
    }
}

impl Kind {
    /// May the caller open records of this kind?
    fn is_for(self, caller: &Caller) -> bool {
        match self {
            Kind::Formateur => caller.may(Action::FormateursRead),
            Kind::User => caller.may(Action::UsersRead),
            _ => true,
        }
    }

    /// `SELECT <id>, <opened record>, <title>, <two details>, <three texts that are shown where they match> …`.
    fn select(self, scope: &Scope) -> (ScopedSql, &'static str) {
        match self {
            Kind::Opportunite => {
                let columns = "o.id, o.id, o.title, o.numero, e.name, NULL, NULL, NULL";
                (scope.opportunites(columns, "JOIN entreprises e ON e.id = o.entreprise_id"), "o.id")
            }
            Kind::Entreprise => {
                (scope.entreprises("e.id, e.id, e.name, e.siret, e.city, e.phone, e.email, e.vat_number", ""), "e.id")
            }
            Kind::Contact => {
                let columns = "c.id, e.id, c.last_name, e.name, c.job, c.email, c.phone, c.first_name";
                (scope.entreprises(columns, "JOIN contacts c ON c.entreprise_id = e.id"), "c.id")
            }
            Kind::Piece => {
                let columns = "p.id, o.id, p.number, p.payer_name, o.title, NULL, NULL, NULL";
                (scope.opportunites(columns, "JOIN pieces p ON p.opportunite_id = o.id"), "p.id")
            }
            Kind::Session => {
                (scope.sessions("n.id, n.id, n.title, n.numero, n.first_day, NULL, NULL, NULL", ""), "n.id")
            }
            Kind::Formateur => {
                let columns = "f.id, f.id, f.name, l.name, NULL, f.email, f.phone, NULL";
                (scope.formateurs(columns, "JOIN localisations l ON l.id = f.localisation_id"), "f.id")
            }
            Kind::Stagiaire => {
                (scope.stagiaires("t.id, o.id, t.name, t.company, o.numero, t.email, NULL, NULL", ""), "t.id")
            }
            Kind::User => (scope.users("u.id, u.id, u.name, u.email, NULL, NULL, NULL, NULL", ""), "u.id"),
        }
    }

    /// Those of the hits that are in scope, in their order.
    async fn read(self, conn: &mut Conn, scope: &Scope, hits: &[Hit], query: &Query) -> Result<Vec<SearchHit>> {
        let (mut select, id) = self.select(scope);
        select.push(" AND ").push(id).push(" IN ").list(hits.iter().map(|hit| hit.id));
        let mut found = Vec::new();
        select
            .each(conn, |row| {
                let text = |at| row.at::<Option<String>>(at).map(|text| text.filter(|text| !text.is_empty()));
                let mut title = text(2)?.unwrap_or_default();
                let mut parts: Vec<String> = [text(3)?, text(4)?].into_iter().flatten().collect();
                let mut beside = vec![text(5)?, text(6)?];
                if self == Kind::Contact {
                    title = [text(7)?, Some(title)].into_iter().flatten().collect::<Vec<_>>().join(" ");
                } else {
                    beside.push(text(7)?);
                }
                parts.extend(beside.into_iter().flatten().filter(|text| !marks(text, query).is_empty()));
                let detail = parts.join(" · ");
                let (title_marks, detail_marks) = (marks(&title, query), marks(&detail, query));
                found.push(SearchHit { id: row.at(0)?, opens: row.at(1)?, title, title_marks, detail, detail_marks });
                Ok(true)
            })
            .await?;
        found.sort_by_key(|shown| hits.iter().position(|hit| hit.id == shown.id));
        Ok(found)
    }
}
