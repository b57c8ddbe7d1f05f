//! `GET /api/entreprises/doublons`: pairs of companies that may be the same, for those who may merge both.

use std::collections::HashMap;

use afpi_core::clock::Instant;
use afpi_core::error::{Result, internal};
use afpi_core::id::{EntrepriseId, LocalisationId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_db::{Conn, sql};
use afpi_http::input::Params;
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::state::App;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Reason, reasons};
use crate::search;

/// The most pairs of an answer, the most alike first. Whoever has worked them off gets the next ones.
const SHOWN: usize = 100;

/// Which pairs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Those that somebody said are no duplicates, instead of the suspects.
    #[serde(default)]
    ecartes: bool,
    /// Only pairs with a company of this localisation.
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

/// Two companies that may be the same.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Doublon {
    /// From 0 to 100. 0 for a dismissed pair.
    score: u8,
    reasons: Vec<Reason>,
    /// The one with more opportunités first: it usually stays.
    companies: Vec<DoublonEntreprise>,
    /// Who said that they are no duplicates, and why.
    dismissed: Option<Dismissed>,
}

/// Why a pair is no duplicate.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DoublonDismissed)]
pub struct Dismissed {
    reason: String,
    by: String,
    at: Instant,
}

/// One company of a pair.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DoublonEntreprise {
    #[schema(value_type = Uuid)]
    id: EntrepriseId,
    name: String,
    siret: Option<String>,
    postcode: Option<String>,
    city: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    active: bool,
    localisation: LocalisationRef,
    updated_at: Instant,
    /// Numbers of its opportunités and contacts.
    opportunites: i64,
    contacts: i64,
}

afpi_db::row! {
    struct Row {
        id: EntrepriseId, name: String, siret: Option<String>, postcode: Option<String>, city: Option<String>, phone: Option<String>,
        email: Option<String>, active: bool, site_id: LocalisationId, site_code: String, site_name: String, updated_at: Instant,
    }
}

type Couple = (Uuid, Uuid);

/// List the pairs of companies that may be the same, the most alike first, at most 100.
#[utoipa::path(get, path = "/doublons", operation_id = "listDoublons", tag = "entreprises", params(Which),
    responses((status = 200, body = Page<Doublon>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(which): Params<Which>,
) -> ApiResult<Json<Page<Doublon>>> {
    caller.require(Action::EntreprisesMerge)?;
    let scope = caller.scope();
    let mut dismissed = dismissed(&mut app.db.read().await?).await?;
    let inside = |site: Uuid| scope.covers_site(site.into());
    let wanted = |sites: &[Uuid]| which.localisation_id.is_none_or(|site| sites.contains(&site.uuid()));
    let mut suspects: Vec<(Couple, u8, Vec<Reason>)> = Vec::new();
    if which.ecartes {
        suspects.extend(dismissed.keys().map(|couple| (*couple, 0, vec![])));
        suspects.sort_unstable_by_key(|(couple, ..)| *couple);
    } else if search::ready(&app).await? {
        // The first look after a change sorts the keys of all companies: no thread of the requests waits for it.
        let finder = app.clone();
        let pairs = tokio::task::spawn_blocking(move || finder.search.twins().pairs()).await.map_err(internal)?;
        let known = |pair: &&afpi_search::Pair| {
            !dismissed.contains_key(&(pair.one, pair.other))
                && pair.sites.into_iter().all(inside)
                && wanted(&pair.sites)
        };
        suspects.extend(
            pairs
                .iter()
                .filter(known)
                .map(|pair| ((pair.one, pair.other), pair.likeness.score, reasons(&pair.likeness))),
        );
    }
    let total = suspects.len();
    suspects.truncate(if which.ecartes { total } else { SHOWN });
    let mut companies = read(&mut app.db.read().await?, &scope, &suspects).await?;
    companies.retain(|_, company| inside(company.localisation.id.uuid()));
    let pair = |(couple, score, reasons): (Couple, u8, Vec<Reason>)| {
        let mut both: Vec<_> = [couple.0, couple.1].iter().filter_map(|id| companies.get(id).cloned()).collect();
        both.sort_by_key(|company| std::cmp::Reverse((company.opportunites, company.contacts)));
        let sites: Vec<Uuid> = both.iter().map(|company| company.localisation.id.uuid()).collect();
        let shown = both.len() == 2 && wanted(&sites);
        shown.then(|| Doublon { score, reasons, companies: both, dismissed: dismissed.remove(&couple) })
    };
    let data: Vec<Doublon> = suspects.into_iter().filter_map(pair).take(SHOWN).collect();
    let meta = ListMeta::whole(if which.ecartes { data.len() } else { total }, SHOWN as u32);
    Ok(Json(Page { data, meta }))
}

/// The pairs that somebody dismissed. The lower id comes first.
async fn dismissed(conn: &mut Conn) -> afpi_db::Result<HashMap<Couple, Dismissed>> {
    let query = sql(
        "SELECT d.one_id, d.other_id, d.reason, u.name, d.dismissed_at FROM doublons_ecartes d JOIN users u ON u.id = d.dismissed_by",
    );
    let rows = query.all::<(Uuid, Uuid, String, String, Instant)>(conn).await?;
    Ok(rows.into_iter().map(|(one, other, reason, by, at)| ((one, other), Dismissed { reason, by, at })).collect())
}

async fn read(
    conn: &mut Conn,
    scope: &Scope,
    suspects: &[(Couple, u8, Vec<Reason>)],
) -> Result<HashMap<Uuid, DoublonEntreprise>> {
    let ids = || suspects.iter().flat_map(|(couple, ..)| [couple.0, couple.1]);
    let columns = "e.id, e.name, e.siret, e.postcode, e.city, e.phone, e.email, e.active, e.localisation_id AS site_id, \
         l.code AS site_code, l.name AS site_name, e.updated_at";
    let mut query = scope.entreprises(columns, "JOIN localisations l ON l.id = e.localisation_id");
    query.push(" AND e.id IN ").list(ids());
    let rows = query.all::<Row>(conn).await?;
    // Numbers only, of companies that were found in scope.
    let mut query = Scope::All.opportunites("o.entreprise_id, COUNT(*)", "");
    query.push(" AND o.entreprise_id IN ").list(rows.iter().map(|row| row.id)).push(" GROUP BY o.entreprise_id");
    let opportunites: HashMap<EntrepriseId, i64> = query.all::<(EntrepriseId, i64)>(conn).await?.into_iter().collect();
    let mut query = sql("SELECT entreprise_id, COUNT(*) FROM contacts WHERE entreprise_id IN ");
    query.list(rows.iter().map(|row| row.id)).push(" GROUP BY entreprise_id");
    let contacts: HashMap<EntrepriseId, i64> = query.all::<(EntrepriseId, i64)>(conn).await?.into_iter().collect();
    let company = |row: Row| {
        let localisation = LocalisationRef { id: row.site_id, code: row.site_code, name: row.site_name };
        let shown = DoublonEntreprise {
            id: row.id,
            name: row.name,
            siret: row.siret,
            postcode: row.postcode,
            city: row.city,
            phone: row.phone,
            email: row.email,
            active: row.active,
            localisation,
            updated_at: row.updated_at,
            opportunites: opportunites.get(&row.id).copied().unwrap_or_default(),
            contacts: contacts.get(&row.id).copied().unwrap_or_default(),
        };
        (row.id.uuid(), shown)
    };
    Ok(rows.into_iter().map(company).collect())
}

/// Who dismissed what is kept by its person's id.
pub(super) async fn dismiss(
    tx: &mut Conn,
    couple: Couple,
    reason: &str,
    by: UserId,
    at: Instant,
) -> afpi_db::Result<()> {
    sql("DELETE FROM doublons_ecartes WHERE one_id = ? AND other_id = ?")
        .bind(couple.0)
        .bind(couple.1)
        .execute(tx)
        .await?;
    let mut query = sql("INSERT INTO doublons_ecartes (one_id, other_id, reason, dismissed_by, dismissed_at) VALUES ");
    query.rows([[couple.0.into(), couple.1.into(), reason.into(), by.into(), at.into()]]);
    query.execute(tx).await.map(drop)
}

/// Makes a pair a suspect again. Returns whether it was dismissed.
pub(super) async fn take_back(tx: &mut Conn, couple: Couple) -> afpi_db::Result<bool> {
    let query = sql("DELETE FROM doublons_ecartes WHERE one_id = ? AND other_id = ?").bind(couple.0).bind(couple.1);
    Ok(query.execute(tx).await? > 0)
}
