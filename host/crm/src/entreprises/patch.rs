//! `PATCH /api/entreprises/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

use super::create::duplicate;
use super::input::{AddressInput, ContactInput, EntrepriseCreate, EntrepriseUpdate};
use super::limits::Tag;
use super::read::{Contact, Entreprise, answer, load};
use super::settle::{Numbers, Stated};
use super::{hooks::HookedChange, search, store, stored};
use crate::opportunites;
use afpi_core::error::{Error, ErrorKind, FieldProblem, forbidden, invalid, not_found, stale};
use afpi_core::id::EntrepriseId;
use afpi_core::rights::Action;
use afpi_core::scope::{Scope, Scoped};
use afpi_http::input::{Body, Id, IfMatch};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::{Checked, Rule};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::localisations;
use afpi_platform::state::App;

/// Change some fields of a company.
#[utoipa::path(patch, path = "/{id}", operation_id = "updateEntreprise", tag = "entreprises", request_body = EntrepriseUpdate,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version seen")),
    responses((status = 200, body = Entreprise), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 410, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody), (status = 428, body = ProblemBody)))]
pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<EntrepriseId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<EntrepriseUpdate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::EntreprisesWrite)?;
    let (scope, act) = (caller.scope(), Act::begin(&app, &caller, request.as_str()));
    let current = {
        let mut conn = app.db.read().await?;
        let current = load(&mut conn, &scope, id).await?;
        if !scope.changes(Scoped::Entreprise, current.base.localisation_id) {
            return Err(forbidden().into());
        }
        if current.base.version != seen {
            return Err(lost(&current, &change).into());
        }
        if let Some(site) = change.localisation_id {
            localisations::writable(&mut conn, &scope, site).await?;
        }
        current
    };
    let (wanted, problems) = merge(&current, &change);
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    let data = differences(&current, &change);
    if data.is_empty() {
        return Ok(answer(current));
    }
    let here = current.base.localisation_id;
    let hooked = HookedChange { act, name: "entreprise.updated", id, site: here, data };
    hooked.ask(async || stored::find(&mut app.db.read().await?, id).await?.ok_or_else(not_found)).await?;
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let mut values = store::columns(&wanted);
        values.extend(change.localisation_id.map(|site| ("localisation_id", site.into())));
        if !store::update(&mut tx, &current, values, act.now).await? {
            let now = load(&mut tx, &scope, id).await?;
            return Ok(Err(lost(&now, &change)));
        }
        if *wanted.name != *current.base.name {
            opportunites::renamed(&mut tx, id, &wanted.name).await?;
        }
        if let Some(contacts) = &change.contacts {
            store::replace_contacts(&mut tx, &current, contacts).await?;
        }
        search::write(&mut tx, &[id]).await?;
        let entreprise = load(&mut tx, &Scope::All, id).await?;
        hooked.announce(&mut tx, Some(&current), &entreprise).await?;
        idempotency::done(&mut tx, StatusCode::OK, Some(format!("/api/entreprises/{id}"))).await?;
        tx.commit().await?;
        Ok::<_, Error>(Ok(entreprise))
    });
    match written.await {
        Err(problem) if problem.kind() == ErrorKind::Duplicate => {
            Err(duplicate(&app, &scope, wanted.siret.as_deref()).await?.into())
        }
        other => {
            let entreprise = other??;
            app.jobs.wake();
            Ok(answer(entreprise))
        }
    }
}

/// 412 with the company as it is now, and the requested fields whose current value differs from the wanted one.
fn lost(current: &Entreprise, change: &EntrepriseUpdate) -> Error {
    stale(current, differences(current, change).into_iter().map(|(name, _)| name).collect())
}

/// The fields that the change alters, by API name.
fn differences(current: &Entreprise, change: &EntrepriseUpdate) -> Map<String, Value> {
    let fields = |merged: EntrepriseCreate| match serde_json::to_value(merged) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let before = fields(merge(current, &EntrepriseUpdate::default()).0);
    let mut changed = fields(merge(current, change).0);
    changed.retain(|name, value| before.get(name) != Some(value));
    if let Some(site) = change.localisation_id.filter(|site| *site != current.base.localisation_id) {
        changed.insert("localisationId".into(), json!(site));
    }
    if let Some(wanted) = change.contacts.as_ref().filter(|wanted| !same_contacts(&current.contacts, wanted)) {
        changed.insert("contacts".into(), json!(wanted));
    }
    changed
}

fn same_contacts(now: &[Contact], wanted: &[ContactInput]) -> bool {
    let left = now.iter().map(|c| {
        [c.first_name.as_deref(), Some(&c.last_name), c.function.as_deref(), c.email.as_deref(), c.phone.as_deref()]
    });
    left.eq(wanted.iter().map(|c| {
        [c.first_name.as_deref(), Some(&c.last_name), c.function.as_deref(), c.email.as_deref(), c.phone.as_deref()]
    }))
}

/// The company after the change, and the faults of the change. A stored value that is older than a rule does not block
/// other changes.
fn merge(current: &Entreprise, change: &EntrepriseUpdate) -> (EntrepriseCreate, Vec<FieldProblem>) {
    let (now, change) = (&current.base, change.clone());
    let here = Numbers { siret: now.siret.clone(), siren: now.siren.clone(), vat_number: now.vat_number.clone() };
    let stated =
        Stated { siret: said(&change.siret), siren: said(&change.siren), vat_number: said(&change.vat_number) };
    let numbered = change.siret.is_some() || change.siren.is_some() || change.vat_number.is_some();
    let moved_house = change.address.is_some();
    let address = change.address.map_or_else(
        || AddressInput {
            line1: kept(&now.address.line1),
            line2: kept(&now.address.line2),
            postcode: kept(&now.address.postcode),
            city: kept(&now.address.city),
            country: Some(Checked::stored(now.address.country.clone())),
        },
        |a| AddressInput { country: a.country.or_else(|| Some(Checked::stored(now.address.country.clone()))), ..a },
    );
    let merged = EntrepriseCreate {
        name: change.name.unwrap_or_else(|| Checked::stored(now.name.clone())),
        siret: None,
        siren: None,
        vat_number: None,
        naf_code: change.naf_code.unwrap_or_else(|| kept(&now.naf_code)),
        naf_nomenclature: change.naf_nomenclature.unwrap_or_else(|| kept(&now.naf_nomenclature)),
        idcc: change.idcc.unwrap_or_else(|| kept(&now.idcc)),
        opco: change.opco.unwrap_or_else(|| kept(&now.opco)),
        kind: change.kind.unwrap_or_else(|| now.kind.as_deref().and_then(|kind| kind.parse().ok())),
        headcount: change.headcount.unwrap_or(now.headcount.map(Into::into)),
        address: Some(address),
        phone: change.phone.unwrap_or_else(|| kept(&now.phone)),
        email: change.email.unwrap_or_else(|| kept(&now.email)),
        website: change.website.unwrap_or_else(|| kept(&now.website)),
        tags: Some(change.tags.unwrap_or_else(|| now.tags.iter().cloned().map(Tag::stored).collect())),
        notes: change.notes.unwrap_or_else(|| kept(&current.notes)),
        active: Some(change.active.unwrap_or(now.active)),
        localisation_id: None,
        contacts: None,
    };
    let (merged, mut problems) = merged.settled_over(here, stated);
    problems.retain(|problem| if problem.field.starts_with("/address") { moved_house } else { numbered });
    (merged, problems)
}

fn said<R: Rule>(change: &Option<Option<Checked<R>>>) -> Option<Option<String>> {
    change.as_ref().map(|stated| stated.clone().map(Into::into))
}

pub(super) fn kept<R: Rule>(stored: &Option<String>) -> Option<Checked<R>> {
    stored.clone().map(Checked::stored)
}
