//! `GET /api/encaissements/modes`: the means of payment that the workflow of a site knows.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use afpi_core::error::not_found;
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_core::text::{Text, text};
use afpi_http::input::Params;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::schema::resolved;
use afpi_platform::state::App;
use afpi_platform::workflow::Definition;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfSite {
    #[param(value_type = Uuid)]
    localisation_id: LocalisationId,
}

/// A means of payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentMode {
    pub word: String,
    pub label: Text,
}

/// The means of payment at a site. Empty when its workflow records no payments.
#[utoipa::path(get, path = "/modes", operation_id = "listPaymentModes", tag = "facturation", params(OfSite),
    responses((status = 200, body = All<PaymentMode>), (status = 400, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(of): Params<OfSite>,
) -> ApiResult<Json<All<PaymentMode>>> {
    caller.require(Action::CreancesRead)?;
    if !caller.scope().covers_site(of.localisation_id) {
        return Err(not_found().into());
    }
    let (_, definition) = app.plugins.workflow(of.localisation_id).await?;
    Ok(Json(All { data: modes(&definition).unwrap_or_default() }))
}

/// The choices of the field for the mode, in the form of the move that records payments.
fn modes(definition: &Definition) -> Option<Vec<PaymentMode>> {
    let recording = definition.workflow.sections.iter().find_map(|section| section.declared.recording())?;
    let form = definition.transition(&recording.transition)?.form.as_ref()?;
    let field = resolved(form, form.get("properties")?.get(recording.mode.as_ref()?)?);
    let choices = field.get("oneOf").or_else(|| field.get("anyOf"))?.as_array()?;
    let mode = |choice: &Value| {
        let word = choice.get("const")?.as_str()?;
        let title = |name: &str| choice.get(name).and_then(Value::as_str);
        let french = title("title").unwrap_or(word);
        Some(PaymentMode { word: word.to_owned(), label: text(french, title("x-title-en").unwrap_or(french)) })
    };
    Some(choices.iter().filter_map(mode).collect())
}
