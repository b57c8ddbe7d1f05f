//! `GET /api/plugins` and `GET /api/plugins/{id}`.

use std::collections::HashMap;

use afpi_db::{Conn, sql};
use afpi_plugins::manifest::Manifest;
use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::wire::{self, Level, Plugin, PluginDetail, PluginKind, PluginSite, Seat};
use crate::auth::caller::Caller;
use crate::clock::Instant;
use crate::crm::localisations::LocalisationRef;
use crate::http::input::Params;
use crate::http::paging::{ListMeta, Page};
use crate::http::problem::{ApiResult, ProblemBody, internal, not_found};
use crate::http::request_id::RequestId;
use crate::platform::{secrets, settings};
use crate::rights::Action;
use crate::scope::Scope;
use crate::state::App;
use crate::text::fold;

afpi_db::row! {
    struct PluginRow { id: String, version: String, level: String, sha256: String, size: i64, installed_at: i64 }
}

const SELECT: &str = "SELECT id, version, level, sha256, OCTET_LENGTH(component) AS size, installed_at FROM plugins";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// Words of the name, description or id.
    q: Option<String>,
}

/// What is installed, all on one page.
#[utoipa::path(get, path = "/", operation_id = "listPlugins", tag = "plugins", params(Filters),
    responses((status = 200, body = Page<Plugin>), (status = 403, body = ProblemBody)))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Params(f): Params<Filters>) -> ApiResult<Json<Page<Plugin>>> {
    caller.require(Action::PluginsRead)?;
    let scope = caller.scope();
    let mut conn = app.db.read().await?;
    let mut query = sql(SELECT);
    query.push(" ORDER BY id");
    let mut seats = seats(&mut conn, &scope, None).await?;
    let mut data = Vec::new();
    for row in query.all::<PluginRow>(&mut conn).await? {
        let seats = seats.remove(&row.id).unwrap_or_default();
        let plugin = show(&app, &mut conn, row, seats).await?;
        if found(&plugin, f.q.as_deref().unwrap_or("")) {
            data.push(plugin);
        }
    }
    let meta = ListMeta { total: data.len() as i64, limit: 200, next: None };
    Ok(Json(Page { data, meta }))
}

/// One plugin with its settings' schema and its secrets.
#[utoipa::path(get, path = "/{id}", operation_id = "getPlugin", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = PluginDetail), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller, request: RequestId, Path(id): Path<String>) -> ApiResult<Json<PluginDetail>> {
    caller.require(Action::PluginsRead)?;
    let mut conn = app.db.read().await?;
    let mut query = sql(SELECT);
    query.push(" WHERE id = ?").arg(&id);
    let row: PluginRow = query.one(&mut conn).await?;
    let mut seats = seats(&mut conn, &caller.scope(), Some(&id)).await?;
    let plugin = show(&app, &mut conn, row, seats.remove(&id).unwrap_or_default()).await?;
    let loaded = app.plugins.registry().plugin(&id).ok_or_else(not_found)?;
    let mut slots = settings::slots(&mut conn, &loaded, Uuid::nil()).await?;
    for seat in &plugin.sites {
        let set = secrets::names(&mut conn, &id, seat.localisation.id).await?;
        slots.iter_mut().for_each(|slot| slot.set |= set.contains(&slot.name));
    }
    drop(conn);
    let config_schema = settings::schema_of(&app, &id, request.as_str()).await?;
    Ok(Json(PluginDetail { plugin, config_schema, secrets: slots }))
}

fn found(plugin: &Plugin, q: &str) -> bool {
    let text = [&plugin.id, &plugin.name.fr, &plugin.name.en, &plugin.description.fr, &plugin.description.en].map(|t| fold(t)).join(" ");
    fold(q).split_whitespace().all(|word| text.contains(word))
}

/// Rows of `plugin_sites` in scope, by plugin, sites in the order of their codes.
async fn seats(conn: &mut Conn, scope: &Scope, plugin: Option<&str>) -> ApiResult<HashMap<String, Vec<Seat>>> {
    let mut query = sql("SELECT s.plugin_id, s.localisation_id, l.code, l.name, s.enabled, s.updated_at FROM plugin_sites s \
                         LEFT JOIN localisations l ON l.id = s.localisation_id");
    if let Some(plugin) = plugin {
        query.push(" WHERE s.plugin_id = ?").arg(plugin);
    }
    query.push(" ORDER BY l.code");
    let mut seats: HashMap<String, Vec<Seat>> = HashMap::new();
    for (plugin, site, code, name, enabled, changed_at) in query.all::<(String, Uuid, Option<String>, Option<String>, bool, i64)>(conn).await? {
        let visible = if site.is_nil() { *scope == Scope::All } else { scope.covers_site(site) };
        if visible {
            let named = |code, name| LocalisationRef { id: site, code, name };
            let localisation = code.zip(name).map_or_else(wire::network, |(code, name)| named(code, name));
            seats.entry(plugin).or_default().push(Seat { localisation, enabled, changed_at });
        }
    }
    Ok(seats)
}

/// One seat as it stands now, whoever asks.
pub(super) async fn seat(app: &App, conn: &mut Conn, plugin: &str, site: Uuid) -> ApiResult<PluginSite> {
    let mut seats = seats(conn, &Scope::All, Some(plugin)).await?;
    let seat = seats.remove(plugin).and_then(|seats| seats.into_iter().find(|s| s.localisation.id == site)).ok_or_else(not_found)?;
    Ok(wire::site(&seat, app.plugins.registry().health(&seat_name(site), plugin).as_ref()))
}

/// A site as the runtime names it.
fn seat_name(site: Uuid) -> String {
    if site.is_nil() { String::new() } else { site.to_string() }
}

async fn show(app: &App, conn: &mut Conn, row: PluginRow, seats: Vec<Seat>) -> ApiResult<Plugin> {
    let registry = app.plugins.registry();
    let manifest = match registry.plugin(&row.id) {
        Some(loaded) => loaded.manifest().clone(),
        None => stored_manifest(conn, &row.id).await?,
    };
    let views: Vec<_> = seats.iter().map(|seat| registry.health(&seat_name(seat.localisation.id), &row.id)).collect();
    Ok(Plugin {
        name: wire::label(&manifest.name),
        description: wire::label(&manifest.description),
        kind: PluginKind::of(manifest.kind),
        capabilities: wire::capabilities(&manifest),
        sites: seats.iter().zip(&views).map(|(seat, view)| wire::site(seat, view.as_ref())).collect(),
        stats: wire::stats(views.iter().flatten().map(|view| &view.health)),
        id: row.id,
        version: row.version,
        level: Level::parse(&row.level),
        sha256: row.sha256,
        size: row.size,
        installed_at: Instant(row.installed_at),
    })
}

/// Read from the file, for a plugin that this process could not load: an admin must see it to remove it.
async fn stored_manifest(conn: &mut Conn, id: &str) -> ApiResult<Manifest> {
    let component: Vec<u8> = sql("SELECT component FROM plugins WHERE id = ?").bind(id).scalar(conn).await?;
    afpi_plugins::manifest::extract(&component).map_err(|e| internal(format!("manifest of {id}: {e}")))
}
