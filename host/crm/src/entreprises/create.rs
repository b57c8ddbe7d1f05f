//! `POST /api/entreprises`.

use afpi_db::DbError;
use axum::extract::State;
use axum::http::{StatusCode, header::LOCATION};
use axum::response::{AppendHeaders, IntoResponse};
use serde_json::Map;

use super::hooks::HookedChange;
use super::input::EntrepriseCreate;
use super::read::{Entreprise, answer, load};
use super::store::{self, NewEntreprise};
use super::stored::StoredEntreprise;
use afpi_core::error::{Error, ErrorKind, Result, field, invalid};
use afpi_core::id::EntrepriseId;
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::text;
use afpi_http::input::{Body, required};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::localisations;
use afpi_platform::state::App;

/// Create a company.
#[utoipa::path(post, path = "/", operation_id = "createEntreprise", tag = "entreprises", request_body = EntrepriseCreate,
    responses((status = 201, body = Entreprise), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<EntrepriseCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::EntreprisesWrite)?;
    let scope = caller.scope();
    let localisation = match input.localisation_id.or(caller.sites.first().copied()) {
        Some(site) => site,
        None => return Err(invalid(vec![required("/localisationId")]).into()),
    };
    localisations::writable(&mut app.db.read().await?, &scope, localisation).await?;
    let (id, act) = (EntrepriseId::generate(), Act::begin(&app, &caller, request.as_str()));
    let (input, problems) = input.settled();
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    let new = NewEntreprise { id, input, localisation, origin: "crm" };
    let hooked = HookedChange { act, name: "entreprise.created", id, site: localisation, data: Map::new() };
    hooked.ask(async || Ok(StoredEntreprise::proposed(id, localisation, &new.input, act.now))).await?;
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        store::insert(&mut tx, &new, act.now).await?;
        let entreprise = load(&mut tx, &Scope::All, id).await?;
        hooked.announce(&mut tx, None, &entreprise).await?;
        idempotency::done(&mut tx, StatusCode::CREATED, Some(format!("/api/entreprises/{id}"))).await?;
        tx.commit().await?;
        Ok::<_, Error>(entreprise)
    });
    let entreprise = match written.await {
        Err(problem) if problem.kind() == ErrorKind::Duplicate => {
            return Err(duplicate(&app, &scope, new.input.siret.as_deref()).await?.into());
        }
        other => other?,
    };
    app.jobs.wake();
    Ok((StatusCode::CREATED, AppendHeaders([(LOCATION, format!("/api/entreprises/{id}"))]), answer(entreprise)))
}

/// 409 for a SIRET that another company has. Names that company when the caller may read it.
pub async fn duplicate(app: &App, scope: &Scope, siret: Option<&str>) -> Result<Error, DbError> {
    let mut query = scope.entreprises("e.id, e.name", "");
    query.push(" AND e.siret = ?").arg(siret);
    let existing = query.optional::<(EntrepriseId, String)>(&mut app.db.read().await?).await?;
    let message = text("Une entreprise porte déjà ce SIRET.", "A company already has this SIRET.");
    let problem = Error::new(ErrorKind::Duplicate, text("Entreprise déjà connue", "Company already known"))
        .fields(vec![field("/siret", "duplicate", message)]);
    Ok(match existing {
        Some((id, name)) => problem.with("existing", serde_json::json!({"id": id, "name": name})),
        None => problem,
    })
}
