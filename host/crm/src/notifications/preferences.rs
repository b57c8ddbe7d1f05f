//! `GET` and `PUT /api/notifications/preferences`: the kinds of message that a person wants, and their channels.

use std::collections::BTreeMap;

use afpi_db::sql;
use afpi_plugins::NotifierPlugin;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::people::notifiers;
use crate::figures::wire::label;
use afpi_core::error::{Result, field, invalid};
use afpi_core::id::UserId;
use afpi_core::scope::Scope;
use afpi_core::text::{Text, text};
use afpi_http::bounds::List;
use afpi_http::input::Body;
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Exact;
use afpi_platform::auth::caller::Caller;
use afpi_platform::people::Channels;
use afpi_platform::plugins::facts::{LONGEST_LABEL, LONGEST_WORD};
use afpi_platform::state::App;

/// A kind of message and its channels.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NotificationPreference {
    pub kind: String,
    pub label: Text,
    pub channels: Channels,
}

type KindId = Exact<1, LONGEST_WORD>;
type LabelText = Exact<0, LONGEST_LABEL>;

/// The channels for a kind of message. A client may send a preference back as it read it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationChoice {
    #[validate(nested)]
    pub kind: KindId,
    /// Ignored.
    #[validate(nested)]
    pub label: Option<Label>,
    pub channels: Channels,
}

/// The label of a preference. The server ignores it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationLabel)]
pub struct Label {
    #[validate(nested)]
    pub fr: LabelText,
    #[validate(nested)]
    pub en: LabelText,
}

type Choices = List<NotificationChoice, 200>;

/// All preferences.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationChoices)]
pub struct Wanted {
    #[validate(nested)]
    pub data: Choices,
}

/// A kind of message: its label and its default channels.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub label: Text,
    pub channels: Channels,
}

/// The kinds of these plugins, by id. The first plugin that declares a kind defines it. A plugin that never declared
/// its kinds is left out.
pub(super) async fn kinds(
    app: &App,
    plugins: &[NotifierPlugin],
    correlation_id: &str,
) -> Result<BTreeMap<String, Kind>> {
    let mut kinds = BTreeMap::new();
    for plugin in plugins {
        for kind in app.plugins.kinds(plugin, correlation_id).await?.into_iter().flatten() {
            let on = |channel: &str| kind.channels.iter().any(|c| c == channel);
            let channels = Channels { app: on("app"), email: on("email"), at_once: false };
            kinds.entry(kind.id).or_insert(Kind { label: label(&kind.label), channels });
        }
    }
    Ok(kinds)
}

async fn my_kinds(app: &App, caller: &Caller, request: &RequestId) -> Result<BTreeMap<String, Kind>> {
    let plugins = match caller.scope() {
        Scope::All => notifiers(app, None),
        Scope::Sites(sites) | Scope::Own { sites, .. } => notifiers(app, Some(&sites)),
    };
    kinds(app, &plugins, request.as_str()).await
}

async fn show(app: &App, user: UserId, kinds: BTreeMap<String, Kind>) -> Result<Json<All<NotificationPreference>>> {
    let people = app.people.active(&app.db).await?;
    let person = people.iter().find(|person| person.id == user);
    let preference = |(kind, k): (String, Kind)| {
        let channels = person.and_then(|person| person.channels.get(&kind)).copied().unwrap_or(k.channels);
        NotificationPreference { kind, label: k.label, channels }
    };
    Ok(Json(All { data: kinds.into_iter().map(preference).collect() }))
}

/// Read my notification preferences.
#[utoipa::path(get, path = "/preferences", operation_id = "getPreferences", tag = "notifications",
    responses((status = 200, body = All<NotificationPreference>), (status = 401, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
) -> ApiResult<Json<All<NotificationPreference>>> {
    let kinds = my_kinds(&app, &caller, &request).await?;
    Ok(show(&app, caller.id, kinds).await?)
}

/// Choose the channels of each kind of message. A kind that is left out gets its default again.
#[utoipa::path(put, path = "/preferences", operation_id = "putPreferences", tag = "notifications", request_body = Wanted,
    responses((status = 200, body = All<NotificationPreference>), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(wanted): Body<Wanted>,
) -> ApiResult<Json<All<NotificationPreference>>> {
    let kinds = my_kinds(&app, &caller, &request).await?;
    let mut choices = BTreeMap::new();
    let mut problems = Vec::new();
    for (i, preference) in wanted.data.into_iter().enumerate() {
        let pointer = format!("/data/{i}/kind");
        if !kinds.contains_key(preference.kind.as_str()) {
            problems.push(field(pointer, "unknown", text("Type de message inconnu.", "Unknown kind of message.")));
        } else if choices.insert(String::from(preference.kind), preference.channels).is_some() {
            problems.push(field(pointer, "duplicate", text("Donné deux fois.", "Given twice.")));
        }
    }
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    let mut tx = app.db.begin().await?;
    // Keep choices for kinds that no plugin declares at the moment: their plugin may come back.
    let mut before = sql("DELETE FROM notification_preferences WHERE user_id = ?").bind(caller.id);
    before.push(" AND kind IN ").list(kinds.keys().cloned());
    before.execute(&mut tx).await?;
    if !choices.is_empty() {
        let mut query = sql("INSERT INTO notification_preferences (user_id, kind, app, email, at_once) VALUES ");
        query.rows(choices.iter().map(|(kind, Channels { app, email, at_once })| {
            [caller.id.into(), kind.into(), (*app).into(), (*email).into(), (*at_once).into()]
        }));
        query.execute(&mut tx).await?;
    }
    tx.commit().await?;
    app.people.changed();
    Ok(show(&app, caller.id, kinds).await?)
}
