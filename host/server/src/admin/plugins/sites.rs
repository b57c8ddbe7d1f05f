//! `PUT /api/plugins/{id}/sites/{localisationId}`: switches a plugin on or off on a site, sets its position, and sets
//! what a missing answer means.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::wire::{FailureMeans, PluginSite};
use super::{may_configure, read};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, internal, not_found};
use afpi_core::id::LocalisationId;
use afpi_http::bounds::Int;
use afpi_http::input::{Body, NamedId, stated};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::journal::{self, Activity, Author, Subject};
use afpi_platform::plugins::facts::{self, Fact};
use afpi_platform::plugins::quarantine::NewState;
use afpi_platform::plugins::{quarantine, schedules, versions};
use afpi_platform::settings;
use afpi_platform::state::App;

/// An absent field stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PluginSiteUpdate {
    pub enabled: Option<bool>,
    /// Position among plugins of a kind: lower numbers come first.
    #[validate(nested)]
    pub order: Option<Int<-1000, 1000>>,
    /// What it means here when the hook does not answer. `null` returns to the manifest's value.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<FailureMeans>)]
    pub on_failure: Option<Option<FailureMeans>>,
}

/// Switch a plugin on or off on a site, or set its position. Switching on needs valid settings.
#[utoipa::path(put, path = "/{id}/sites/{localisationId}", operation_id = "setPluginSite", tag = "plugins", request_body = PluginSiteUpdate,
    params(("id" = String, Path), ("localisationId" = Uuid, Path)),
    responses((status = 200, body = PluginSite), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    NamedId(id, site): NamedId<LocalisationId>,
    Body(input): Body<PluginSiteUpdate>,
) -> ApiResult<Json<PluginSite>> {
    may_configure(&caller, site)?;
    let now = {
        let mut conn = app.db.read().await?;
        settings::read(&mut conn, &id, site).await?
    };
    let switched = input.enabled.filter(|enabled| *enabled != now.enabled);
    let mut fact = None;
    if switched == Some(true) {
        let plugin = app.plugins.registry().plugin(&id).ok_or_else(not_found)?;
        (_, fact) = settings::check(&app, &plugin, &now.config, request.as_str()).await?;
    }
    let author = Author::of(&caller, request.as_str());
    write(&app, author, &Setup { plugin: &id, site, input: &input, switched, fact }).await?;
    let mut conn = app.db.read().await?;
    Ok(Json(read::seat(&app, &mut conn, &id, site).await?))
}

/// A checked change of a plugin on a site.
struct Setup<'a> {
    plugin: &'a str,
    site: LocalisationId,
    input: &'a PluginSiteUpdate,
    /// None when it stays on or off.
    switched: Option<bool>,
    /// The plugin's declaration with its settings there, when it is switched on.
    fact: Option<Fact>,
}

/// Writes the change. Notifiers are told about the switch in the same transaction.
async fn write(app: &App, author: Author<'_>, setup: &Setup<'_>) -> Result<()> {
    let Setup { plugin: id, site, input, switched, fact } = setup;
    let (id, site, switched) = (*id, *site, *switched);
    let mut query = sql("UPDATE plugin_sites SET version = version + 1");
    if let Some(enabled) = switched {
        query.push(", enabled = ?, updated_at = ?").arg(enabled).arg(Instant::now());
    }
    if let Some(order) = input.order {
        query.push(", ordinal = ?").arg(order);
    }
    if let Some(means) = input.on_failure {
        query.push(", on_failure = ?").arg(means.map_or("", FailureMeans::as_str));
    }
    query.push(" WHERE plugin_id = ? AND localisation_id = ?").arg(id).arg(site);
    if switched.is_none() && input.order.is_none() && input.on_failure.is_none() {
        return Ok(());
    }
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let before = sql("SELECT ordinal, on_failure FROM plugin_sites WHERE plugin_id = ? AND localisation_id = ?");
        let (order, means) = before.bind(id).bind(site).one::<(i64, String)>(&mut tx).await?;
        query.clone().execute(&mut tx).await?;
        versions::touch(&mut tx).await?;
        let told = input.order.map(|to| journal::field("order", order, i64::from(to)));
        let told = told.into_iter().chain(
            input.on_failure.map(|to| journal::field("onFailure", means.as_str(), to.map_or("", FailureMeans::as_str))),
        );
        let activity = match switched {
            Some(true) => Activity::SwitchedOn,
            Some(false) => Activity::SwitchedOff,
            None => Activity::Edited,
        };
        author.on(Subject::Plugin(id.into()), Some(site)).record(&mut tx, activity, told.collect()).await?;
        facts::keep(&mut tx, id, fact.as_slice()).await?;
        schedules::follow(&mut tx, id).await?;
        if let Some(enabled) = switched {
            sql("DELETE FROM plugin_quarantines WHERE plugin_id = ? AND localisation_id = ?")
                .bind(id)
                .bind(site)
                .execute(&mut tx)
                .await?;
            let state = if enabled { "active" } else { "disabled" };
            let new = NewState { plugin: id, site, state, by: author.person(), error: None };
            quarantine::tell(app, &mut tx, new).await?;
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    tracing::info!(plugin.id = id, site = %site, enabled = switched, order = input.order.map(i64::from), actor = ?author.actor, "plugin set up on a site");
    app.plugins.refresh().await.map_err(internal)
}
