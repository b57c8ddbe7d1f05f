//! `GET /api/entreprises/annuaire`: companies of directories elsewhere, which plugins with the facet `lookup` search, to fill
//! the form of a new one. A plugin that fails or is slow is named beside the others' answers.

mod ask;
mod found;
mod opco;

use std::collections::{HashMap, HashSet};

use afpi_core::error::{Result, field, invalid};
use afpi_core::id::{EntrepriseId, LocalisationId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};
use afpi_db::DbError;
use afpi_http::input::{Params, required};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Refusal;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations;
use afpi_platform::state::App;
use afpi_plugins::contract::lookup::{Query, Wanted};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::identifiants::{self, Siren, Siret};
use found::AnnuaireEntreprise;

/// A name is searched from here on.
const SHORTEST_NAME: usize = 3;
/// The longest text that is searched.
const LONGEST: usize = 100;

/// What is typed so far.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Typed {
    /// A SIRET, a SIREN, or at least 3 characters of a name. Without it, only the directories are listed.
    #[param(max_length = 100)]
    q: Option<String>,
    /// Five digits, to search only there.
    code_postal: Option<String>,
    /// The site that the company is for. Default: the caller's first localisation.
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
}

/// A directory, i.e. a plugin of the site that searches one.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnuaireSource {
    /// Id of the plugin.
    plugin: String,
    name: Text,
    /// Why it has found nothing, when it did not answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    problem: Option<Text>,
}

/// What the directories have found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Annuaire {
    /// In the order in which they count. Empty: no plugin of the site searches a directory.
    sources: Vec<AnnuaireSource>,
    /// The best first; each SIRET once.
    data: Vec<AnnuaireEntreprise>,
}

/// The company of the CRM that has the SIRET. Outside the caller's scope it is only told that there is one.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = AnnuaireExisting)]
pub struct Existing {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Uuid>)]
    id: Option<EntrepriseId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    name: Option<String>,
}

/// Search the directories of companies that the site's plugins know.
#[utoipa::path(get, path = "/annuaire", operation_id = "searchAnnuaire", tag = "entreprises", params(Typed),
    responses((status = 200, body = Annuaire), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub async fn search(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Params(typed): Params<Typed>,
) -> ApiResult<Json<Annuaire>> {
    caller.require(Action::EntreprisesWrite)?;
    let scope = caller.scope();
    let Some(site) = typed.localisation_id.or(caller.sites.first().copied()) else {
        return Err(invalid(vec![required("/localisationId")]).into());
    };
    localisations::writable(&mut app.db.read().await?, &scope, site).await?;
    let query = query(&typed)?;
    let context = Act::begin(&app, &caller, request.as_str()).context();
    let plugins = app.plugins.registry().lookups(&afpi_platform::plugins::seat_name(site));
    let (sources, mut data) = ask::all(&plugins, &context, query.as_ref()).await;
    let known = existing(&app, &scope, &data).await?;
    for company in &mut data {
        company.existing = known.get(&company.siret).cloned();
    }
    Ok(Json(Annuaire { sources, data }))
}

/// What plugins are asked. `None` while too little is typed.
fn query(typed: &Typed) -> Result<Option<Query>> {
    let q = afpi_text::line(typed.q.as_deref().unwrap_or_default());
    if q.chars().count() > LONGEST {
        let message = text(format!("Au plus {LONGEST} caractères."), format!("At most {LONGEST} characters."));
        return Err(invalid(vec![field("/q", "length", message)]));
    }
    let postcode = match typed.code_postal.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => identifiants::postcode(code, None, true).map_err(|refusal| refused("/codePostal", refusal))?.0,
        None => String::new(),
    };
    Ok(wanted(&q)?.map(|wanted| Query { wanted, postcode }))
}

fn wanted(q: &str) -> Result<Option<Wanted>> {
    if let Ok(siret) = Siret::read(q) {
        return Ok(Some(Wanted::Siret(siret)));
    }
    if let Ok(siren) = Siren::read(q) {
        return Ok(Some(Wanted::Siren(siren)));
    }
    // A number with a typing error is no name.
    let digits = q.chars().filter(char::is_ascii_digit).count();
    if digits >= 9 && !q.chars().any(char::is_alphabetic) {
        let refusal = if digits == 9 { Siren::read(q).err() } else { Siret::read(q).err() };
        return Err(refusal.map_or_else(|| invalid(vec![]), |refusal| refused("/q", refusal)));
    }
    Ok((q.chars().count() >= SHORTEST_NAME).then(|| Wanted::Name(q.to_owned())))
}

fn refused(pointer: &str, refusal: Refusal) -> afpi_core::error::Error {
    invalid(vec![field(pointer, refusal.code, refusal.message)])
}

/// The known companies by SIRET.
async fn existing(
    app: &App,
    scope: &Scope,
    found: &[AnnuaireEntreprise],
) -> Result<HashMap<String, Existing>, DbError> {
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let sirets: HashSet<&str> = found.iter().map(|company| &*company.siret).collect();
    let listed = |scope: &Scope, columns: &'static str| {
        let mut query = scope.entreprises(columns, "");
        query.push(" AND e.siret IN ").list(sirets.iter().copied());
        query
    };
    let mut conn = app.db.read().await?;
    let all = listed(&Scope::All, "e.siret").all::<(String,)>(&mut conn).await?;
    let mut known: HashMap<_, _> = all.into_iter().map(|(siret,)| (siret, Existing::default())).collect();
    if known.is_empty() {
        return Ok(known);
    }
    for (siret, id, name) in
        listed(scope, "e.siret, e.id, e.name").all::<(String, EntrepriseId, String)>(&mut conn).await?
    {
        known.insert(siret, Existing { id: Some(id), name: Some(name) });
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_number_a_name_needs_three_characters_and_a_typing_error_is_told() {
        let asked = |q: &str| wanted(q).map_err(|error| error.kind());
        assert_eq!(asked(""), Ok(None));
        assert_eq!(asked("AB"), Ok(None));
        assert_eq!(asked("3M France"), Ok(Some(Wanted::Name("3M France".into()))));
        assert_eq!(asked("1001"), Ok(Some(Wanted::Name("1001".into()))));
        assert_eq!(asked("732 829 320 00074"), Ok(Some(Wanted::Siret("73282932000074".into()))));
        assert_eq!(asked("Siren : 732829320"), Ok(Some(Wanted::Siren("732829320".into()))));
        for wrong in ["73282932000075", "732829321", "7328293200"] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
