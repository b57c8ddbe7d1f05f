//! `GET /api/plugins` and `GET /api/plugins/{id}`.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use afpi_plugins::SeatView;
use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::Map;
use utoipa::IntoParams;

use super::schedules;
use super::wire::{self, FailureMeans, KeyRef, Plugin, PluginDetail, PluginKind, PluginSite, PluginState, Seat};
use afpi_core::clock::Instant;
use afpi_core::error::{Result, not_found};
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::fold;
use afpi_http::input::Params;
use afpi_http::paging::{ListMeta, Page};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations::LocalisationRef;
use afpi_platform::plugins::keys::{self, Level};
use afpi_platform::plugins::versions::{self, Standing, Version};
use afpi_platform::state::App;
use afpi_platform::{secrets, settings};

/// A plugin from the tables: its state, and the version to show.
struct Stored {
    standing: Standing,
    shown: Version,
    staged: Vec<String>,
}

/// All plugins with a file, by id.
async fn stored(conn: &mut Conn, only: Option<&str>) -> Result<Vec<Stored>> {
    let mut found = Vec::new();
    for standing in versions::standings(conn).await?.into_iter().filter(|s| only.is_none_or(|id| id == s.id)) {
        let rows = versions::of(conn, &standing.id).await?;
        let active = rows.iter().find(|v| v.version == standing.version);
        let Some(shown) = active.or(rows.first()).cloned() else { continue };
        let waits = |v: &&Version| {
            !standing.version.is_empty() && v.version != standing.version && v.version != standing.previous
        };
        let staged = rows.iter().filter(waits).map(|v| v.version.clone()).collect();
        found.push(Stored { standing, shown, staged });
    }
    Ok(found)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// Words of the name, description or id.
    q: Option<String>,
}

/// List the installed plugins, on one page.
#[utoipa::path(get, path = "/", operation_id = "listPlugins", tag = "plugins", params(Filters),
    responses((status = 200, body = Page<Plugin>), (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(f): Params<Filters>,
) -> ApiResult<Json<Page<Plugin>>> {
    caller.require(Action::PluginsRead)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut seats = seats(&mut conn, &scope, None).await?;
    let mut fares = app.plugins.fares(&mut conn, None).await?;
    let mut data = Vec::new();
    for row in stored(&mut conn, None).await? {
        let seats = seats.remove(&row.standing.id).unwrap_or_default();
        let plugin = show(&app, &mut conn, &mut fares, row, seats).await?;
        if found(&plugin, f.q.as_deref().unwrap_or("")) {
            data.push(plugin);
        }
    }
    let meta = ListMeta::whole(data.len(), 200);
    Ok(Json(Page { data, meta }))
}

/// Read a plugin with its settings' schema and its secrets.
#[utoipa::path(get, path = "/{id}", operation_id = "getPlugin", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = PluginDetail), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Path(id): Path<String>,
) -> ApiResult<Json<PluginDetail>> {
    caller.require(Action::PluginsRead)?;
    let mut conn = app.db.read().await?;
    let row = stored(&mut conn, Some(&id)).await?.pop().ok_or_else(not_found)?;
    let mut seats = seats(&mut conn, &caller.scope(), Some(&id)).await?;
    let mut fares = app.plugins.fares(&mut conn, Some(&id)).await?;
    let plugin = show(&app, &mut conn, &mut fares, row, seats.remove(&id).unwrap_or_default()).await?;
    let Some(loaded) = app.plugins.registry().plugin(&id) else {
        // No version of it runs, so its settings' schema is unknown.
        return Ok(Json(PluginDetail { plugin, config_schema: Map::new(), secrets: vec![], schedules: vec![] }));
    };
    let mut slots = settings::slots(&mut conn, &loaded, LocalisationId::NETWORK).await?;
    for seat in &plugin.sites {
        let set = secrets::names(&mut conn, &id, seat.localisation.id).await?;
        slots.iter_mut().for_each(|slot| slot.set |= set.contains(&slot.name));
    }
    let schedules = schedules::show(&mut conn, loaded.manifest(), &plugin.sites).await?;
    drop(conn);
    let config_schema = app.plugins.schema(&loaded, request.as_str()).await?;
    Ok(Json(PluginDetail { plugin, config_schema, secrets: slots, schedules }))
}

fn found(plugin: &Plugin, q: &str) -> bool {
    let text = [&plugin.id, &plugin.name.fr, &plugin.name.en, &plugin.description.fr, &plugin.description.en]
        .map(|t| fold(t))
        .join(" ");
    fold(q).split_whitespace().all(|word| text.contains(word))
}

afpi_db::row! {
    struct SeatRow {
        plugin_id: String, localisation_id: LocalisationId, code: Option<String>, name: Option<String>, enabled: bool, updated_at: Instant,
        ordinal: i64, on_failure: String,
    }
}

/// Rows of `plugin_sites` in scope, by plugin, sites in the order of their codes.
pub(super) async fn seats(conn: &mut Conn, scope: &Scope, plugin: Option<&str>) -> Result<HashMap<String, Vec<Seat>>> {
    let mut query = sql(
        "SELECT s.plugin_id, s.localisation_id, l.code, l.name, s.enabled, s.updated_at, s.ordinal, s.on_failure FROM plugin_sites s \
                         LEFT JOIN localisations l ON l.id = s.localisation_id",
    );
    if let Some(plugin) = plugin {
        query.push(" WHERE s.plugin_id = ?").arg(plugin);
    }
    query.push(" ORDER BY l.code");
    let mut seats: HashMap<String, Vec<Seat>> = HashMap::new();
    for row in query.all::<SeatRow>(conn).await? {
        let site = row.localisation_id;
        let visible = if site.is_network() { *scope == Scope::All } else { scope.covers_site(site) };
        if visible {
            let localisation = row.code.zip(row.name).map_or_else(wire::network, |(code, name)| LocalisationRef {
                id: site,
                code,
                name,
            });
            let on_failure = row.on_failure.parse::<FailureMeans>().ok();
            seats.entry(row.plugin_id).or_default().push(Seat {
                localisation,
                enabled: row.enabled,
                changed_at: row.updated_at,
                order: row.ordinal as i32,
                on_failure,
            });
        }
    }
    Ok(seats)
}

/// The present state of a seat, for every caller.
pub(super) async fn seat(app: &App, conn: &mut Conn, plugin: &str, site: LocalisationId) -> Result<PluginSite> {
    let mut seats = seats(conn, &Scope::All, Some(plugin)).await?;
    let seat = seats
        .remove(plugin)
        .and_then(|seats| seats.into_iter().find(|s| s.localisation.id == site))
        .ok_or_else(not_found)?;
    let fares = app.plugins.fares(conn, Some(plugin)).await?;
    Ok(wire::site(&seat, fares.get(&(plugin.to_owned(), site))))
}

async fn show(
    app: &App,
    conn: &mut Conn,
    fares: &mut HashMap<(String, LocalisationId), SeatView>,
    row: Stored,
    seats: Vec<Seat>,
) -> Result<Plugin> {
    let Stored { standing, shown, staged } = row;
    let manifest = shown.manifest(conn).await?;
    let views: Vec<_> = seats.iter().map(|seat| fares.remove(&(standing.id.clone(), seat.localisation.id))).collect();
    let state = match (standing.version.as_str(), standing.settings_version.as_str()) {
        ("", "") => PluginState::Staged,
        ("", _) => PluginState::Removed,
        _ => PluginState::Active,
    };
    Ok(Plugin {
        name: wire::label(&manifest.name),
        description: wire::label(&manifest.description),
        kind: PluginKind::of(manifest.kind),
        state,
        previous: Some(standing.previous).filter(|v| !v.is_empty()),
        staged,
        key: key(conn, &shown.key_id).await?,
        capabilities: wire::capabilities(&manifest),
        sites: if state == PluginState::Active {
            seats.iter().zip(&views).map(|(seat, view)| wire::site(seat, view.as_ref())).collect()
        } else {
            vec![]
        },
        stats: wire::stats(views.into_iter().flatten().map(|view| view.health)),
        trouble: app.plugins.trouble(&standing.id).filter(|_| state == PluginState::Active),
        id: standing.id,
        version: shown.version,
        level: Level::parse(&shown.level),
        sha256: shown.sha256,
        size: shown.size,
        installed_at: shown.installed_at,
    })
}

/// The short form of the key with this id. None for an unsigned file.
pub(super) async fn key(conn: &mut Conn, id: &str) -> Result<Option<KeyRef>> {
    if id.is_empty() {
        return Ok(None);
    }
    let key = keys::get(conn, id).await?;
    Ok(key.map(|key| KeyRef { id: key.id, name: key.name, revoked: key.revoked_at.is_some() }))
}
