//! `PATCH /api/entreprises/{id}`.

use axum::extract::State;
use axum::response::IntoResponse;
use validator::Validate as _;

use super::create::{duplicate, writable_site};
use super::input::{AddressInput, ContactInput, EntrepriseCreate, EntrepriseUpdate, Kind};
use super::read::{Contact, Entreprise, answer, load};
use super::store;
use crate::auth::caller::Caller;
use crate::http::input::{Body, Id, IfMatch, camel, problems_of};
use crate::http::problem::{ApiResult, Problem, ProblemBody, forbidden, invalid, stale};
use crate::rights::Action;
use crate::state::App;

/// Change some fields of a company.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateEntreprise", tag = "entreprises", request_body = EntrepriseUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = Entreprise), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    IfMatch(seen): IfMatch,
    Body(change): Body<EntrepriseUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::EntreprisesWrite)?;
    let scope = caller.scope();
    let mut tx = app.db.begin().await?;
    let current = load(&mut tx, &scope, id).await?;
    // Reading all companies helps a commercial avoid duplicates; changing them stays with the site.
    if !scope.covers_site(current.base.localisation_id) {
        return Err(forbidden());
    }
    if current.base.version != seen {
        return Err(lost(&current, change));
    }
    let localisation = change.localisation_id;
    if let Some(site) = localisation {
        writable_site(&mut tx, &scope, site).await?;
    }
    let contacts = change.contacts.clone();
    let merged = merge(&current, change.clone());
    merged.validate().map_err(|errors| invalid(problems_of(&errors)))?;
    let mut values = store::columns(&merged);
    if let Some(site) = localisation {
        values.push(("localisation_id", site.into()));
    }
    match store::update(&mut tx, id, seen, values, crate::clock::now()).await {
        Err(problem) if problem.code() == "duplicate" => {
            tx.rollback().await?;
            return Err(duplicate(&app, &scope, merged.siret.as_deref()).await?);
        }
        Ok(false) => return Err(lost(&load(&mut tx, &scope, id).await?, change)),
        other => other?,
    };
    if let Some(contacts) = contacts {
        store::replace_contacts(&mut tx, id, &contacts).await?;
    }
    let entreprise = load(&mut tx, &crate::scope::Scope::All, id).await?;
    tx.commit().await?;
    Ok(answer(entreprise))
}

/// 412 with the company as it is now; of what was to be changed, the fields that are not (or no longer) as wanted.
fn lost(current: &Entreprise, change: EntrepriseUpdate) -> Problem {
    let moves = change.localisation_id.is_some_and(|site| site != current.base.localisation_id);
    let contacts = change.contacts.as_ref().is_some_and(|wanted| !same_contacts(&current.contacts, wanted));
    let now = store::columns(&merge(current, EntrepriseUpdate::default()));
    let wanted = store::columns(&merge(current, change));
    let columns = now.into_iter().zip(wanted).filter(|(now, wanted)| now != wanted).map(|((column, _), _)| match column {
        "line1" | "line2" | "postcode" | "city" | "country" => "address".to_owned(),
        other => camel(other),
    });
    let mut changed: Vec<String> = columns.filter(|name| name != "search").collect();
    changed.extend(moves.then(|| "localisationId".to_owned()));
    changed.extend(contacts.then(|| "contacts".to_owned()));
    changed.dedup();
    stale(current, changed)
}

fn same_contacts(now: &[Contact], wanted: &[ContactInput]) -> bool {
    let left = now.iter().map(|c| (&c.first_name, &c.last_name, &c.function, &c.email, &c.phone));
    left.eq(wanted.iter().map(|c| (&c.first_name, &c.last_name, &c.function, &c.email, &c.phone)))
}

/// The company as it shall be: what it is, with the changes over it.
fn merge(current: &Entreprise, change: EntrepriseUpdate) -> EntrepriseCreate {
    let now = &current.base;
    let siren_changed = change.siret.is_some() || change.siren.is_some();
    let address = change.address.map(|a| AddressInput { country: a.country.or_else(|| Some(now.address.country.clone())), ..a });
    EntrepriseCreate {
        name: change.name.unwrap_or_else(|| now.name.clone()),
        siret: change.siret.unwrap_or_else(|| now.siret.clone()).map(|s| crate::crm::siret::digits(&s)),
        siren: change.siren.unwrap_or_else(|| now.siren.clone()),
        // Derived from the SIREN unless stated: a new SIREN brings a new VAT number.
        vat_number: change.vat_number.unwrap_or_else(|| now.vat_number.clone().filter(|_| !siren_changed)),
        naf_code: change.naf_code.unwrap_or_else(|| now.naf_code.clone()),
        naf_nomenclature: change.naf_nomenclature.unwrap_or_else(|| now.naf_nomenclature.clone()),
        idcc: change.idcc.unwrap_or_else(|| now.idcc.clone()),
        opco: change.opco.unwrap_or_else(|| now.opco.clone()),
        kind: change.kind.unwrap_or_else(|| now.kind.as_deref().and_then(Kind::parse)),
        headcount: change.headcount.unwrap_or(now.headcount),
        address: address.or_else(|| {
            let a = now.address.clone();
            Some(AddressInput { line1: a.line1, line2: a.line2, postcode: a.postcode, city: a.city, country: Some(a.country) })
        }),
        phone: change.phone.unwrap_or_else(|| now.phone.clone()),
        email: change.email.unwrap_or_else(|| now.email.clone()),
        website: change.website.unwrap_or_else(|| now.website.clone()),
        tags: Some(change.tags.unwrap_or_else(|| now.tags.clone())),
        notes: change.notes.unwrap_or_else(|| current.notes.clone()),
        active: Some(change.active.unwrap_or(now.active)),
        localisation_id: None,
        contacts: None,
    }
}
