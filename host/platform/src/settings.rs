//! A plugin's settings and secrets on a site: reads, checks and writes them for every page. Connectors have
//! their seat in the network.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use afpi_db::{Conn, sql};
use afpi_plugins::manifest::SecretRequest;
use afpi_plugins::{Lifecycle, Plugin};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

use crate::journal::{self, Activity, Change};
use crate::plugins::facts::{self, Fact};
use crate::plugins::{context, failure, fields, schedules, versions};
use crate::schema;
use crate::secrets;
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{FieldProblem, Result, field, internal, invalid, not_found};
use afpi_core::id::LocalisationId;
use afpi_core::text::{Locale, Text, text};
use afpi_http::texts::{self, Refusal, Rule, sized};

/// Longest settings as JSON text, in bytes.
const MAX_CONFIG: usize = 60_000;
/// Longest secret, in characters.
const MAX_SECRET: usize = 4_000;

/// The rules for a secret: it is sent in a header.
pub struct Secret;
pub type SecretValue = texts::Checked<Secret>;

impl Rule for Secret {
    fn name() -> Cow<'static, str> {
        "SecretValue".into()
    }

    fn tidy(sent: &str) -> String {
        sent.to_owned()
    }

    fn check(sent: &str) -> Result<(), Refusal> {
        if (1..=MAX_SECRET).contains(&sent.chars().count()) && !sent.chars().any(char::is_control) {
            return Ok(());
        }
        let message = text(
            format!("Un secret a de 1 à {MAX_SECRET} caractères, sans saut de ligne."),
            format!("A secret has 1 to {MAX_SECRET} characters and no line break."),
        );
        Err(Refusal { code: "length", message })
    }

    fn schema() -> ObjectBuilder {
        sized(1, MAX_SECRET).description(Some("No line breaks and no control characters."))
    }
}

/// Values of secrets: a text sets one, `null` removes it, an absent one stays.
pub type SecretValues = BTreeMap<String, Option<SecretValue>>;

/// Their schema in the OpenAPI document.
pub fn secrets_schema() -> Object {
    let or_null = |kind| SchemaType::from_iter([kind, Type::Null]);
    ObjectBuilder::new()
        .schema_type(or_null(Type::Object))
        .additional_properties(Some(Secret::schema().schema_type(or_null(Type::String))))
        .build()
}

/// A plugin's configuration on a site.
pub struct Settings {
    pub enabled: bool,
    pub config: Map<String, Value>,
    pub version: i64,
}

/// A secret that a plugin asks for. Its value is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretSlot {
    pub name: String,
    pub label: Text,
    /// Has a value been entered?
    pub set: bool,
}

/// Settings and secrets that somebody wants for a plugin on a site.
pub struct Wanted<'a> {
    pub plugin: &'a Arc<Plugin>,
    pub site: LocalisationId,
    /// The present configuration there.
    pub before: &'a Map<String, Value>,
    pub config: Map<String, Value>,
    pub secrets: Option<SecretValues>,
}

/// New settings and secrets of a plugin on a site, both checked. Only [`accept`] makes them.
pub struct Checked {
    plugin: String,
    site: LocalisationId,
    config: String,
    secrets: SecretValues,
    /// The plugin's declaration for them.
    fact: Option<Fact>,
    switch_on: bool,
}

impl Checked {
    /// With them the plugin is switched on.
    pub fn and_switch_on(self) -> Checked {
        Checked { switch_on: true, ..self }
    }
}

/// The settings on this site. 404 where the plugin has no seat.
pub async fn read(conn: &mut Conn, plugin: &str, site: LocalisationId) -> Result<Settings> {
    let row = sql("SELECT enabled, config, version FROM plugin_sites WHERE plugin_id = ? AND localisation_id = ?")
        .bind(plugin)
        .bind(site)
        .optional::<(bool, String, i64)>(conn)
        .await?;
    let (enabled, config, version) = row.ok_or_else(not_found)?;
    let config = serde_json::from_str(&config).map_err(|e| internal(format!("stored settings of {plugin}: {e}")))?;
    Ok(Settings { enabled, config, version })
}

/// The plugin's secrets on this site, and whether each has a value.
pub async fn slots(conn: &mut Conn, plugin: &Plugin, site: LocalisationId) -> Result<Vec<SecretSlot>> {
    let set = secrets::names(conn, plugin.id(), site).await?;
    let slot = |request: &SecretRequest| SecretSlot {
        name: request.name.clone(),
        label: text(&request.label.fr, &request.label.en),
        set: set.contains(&request.name),
    };
    Ok(plugin.manifest().capabilities.secrets.iter().map(slot).collect())
}

/// A setting that differs between two versions.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct SettingChange {
    pub name: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
}

/// Settings that are new, gone or of another shape.
pub fn schema_changes(old: &Map<String, Value>, new: &Value) -> Vec<SettingChange> {
    let properties = |found: Option<&Value>| found.and_then(Value::as_object).cloned().unwrap_or_default();
    let (old, new) = (properties(old.get("properties")), properties(new.get("properties")));
    let mut changes: Vec<SettingChange> = new
        .iter()
        .filter_map(|(name, shape)| match old.get(name) {
            None => Some(SettingChange { name: name.clone(), change: "added" }),
            Some(before) if before != shape => Some(SettingChange { name: name.clone(), change: "changed" }),
            Some(_) => None,
        })
        .collect();
    changes.extend(
        old.keys()
            .filter(|name| !new.contains_key(*name))
            .map(|name| SettingChange { name: name.clone(), change: "removed" }),
    );
    changes
}

/// Checks settings: with the plugin's schema, then by the plugin, then by its declaration for them. Field errors point
/// below `/config`.
pub async fn check(
    app: &App,
    plugin: &Arc<Plugin>,
    config: &Map<String, Value>,
    correlation_id: &str,
) -> Result<(String, Option<Fact>)> {
    let schema = Value::Object(app.plugins.schema(plugin, correlation_id).await?);
    let lifecycle = app.plugins.registry().lifecycle_of(plugin.clone());
    let config = judge(&lifecycle, &schema, config, correlation_id).await?;
    let fact = app.plugins.ask_seat(plugin, &config, correlation_id).await?;
    Ok((config, fact))
}

/// The first two checks, for any version of a plugin, installed or not. Returns the settings as text.
pub async fn judge(
    lifecycle: &Lifecycle,
    schema: &Value,
    config: &Map<String, Value>,
    correlation_id: &str,
) -> Result<String> {
    let validator = schema::compile(schema).map_err(|e| internal(format!("settings schema: {e}")))?;
    let config = Value::Object(config.clone());
    let written = config.to_string();
    let mut problems = schema::problems(&validator, &config);
    if written.len() > MAX_CONFIG {
        problems.push(field("", "too-long", text("Réglages trop longs.", "Settings too long.")));
    }
    if problems.is_empty() {
        let found = lifecycle.validate_config(&context(Locale::Fr, correlation_id), &written).await.map_err(failure)?;
        problems = fields(found);
    }
    if problems.is_empty() {
        return Ok(written);
    }
    Err(invalid(problems.into_iter().map(|p| FieldProblem { field: format!("/config{}", p.field), ..p }).collect()))
}

/// Checks a requested change, with its secrets.
pub async fn accept(app: &App, wanted: Wanted<'_>, correlation_id: &str) -> Result<Checked> {
    let Wanted { plugin, site, before, config, secrets } = wanted;
    let secrets = secrets.unwrap_or_default();
    if led_elsewhere(plugin, before, &config) {
        // A person who may change an address does not know the secrets, and must not send them to another server.
        let stored = secrets::names(&mut app.db.read().await?, plugin.id(), site).await?;
        let message = text(
            "L'adresse a changé : saisissez ce secret à nouveau.",
            "The address has changed: enter this secret again.",
        );
        let again = stored.iter().filter(|name| !secrets.contains_key(*name));
        let again: Vec<_> =
            again.map(|name| field(format!("/secrets/{name}"), "enter-again", message.clone())).collect();
        if !again.is_empty() {
            return Err(invalid(again));
        }
    }
    let declared = &plugin.manifest().capabilities.secrets;
    let problem = |name: &str, value: &Option<SecretValue>| {
        let at = format!("/secrets/{name}");
        if !declared.iter().any(|s| s.name == name) {
            return Some(field(
                at,
                "unknown-field",
                text("Ce secret n'est pas demandé par l'extension.", "The plugin asks for no such secret."),
            ));
        }
        let refusal = value.as_deref().and_then(|value| Secret::check(value).err())?;
        Some(field(at, refusal.code, refusal.message))
    };
    let mut problems: Vec<_> = secrets.iter().filter_map(|(name, value)| problem(name, value)).collect();
    problems.extend(addresses(plugin).filter_map(|name| {
        // A field that may be empty says so in its schema.
        let address = config.get(name)?.as_str().filter(|address| !address.is_empty())?;
        let message = text("Adresse web invalide.", "Not a web address.");
        (!schema::is_web_address(address.trim())).then(|| field(format!("/config/{name}"), "uri", message))
    }));
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    let (config, fact) = check(app, plugin, &config, correlation_id).await?;
    Ok(Checked { plugin: plugin.id().to_owned(), site, config, secrets, fact, switch_on: false })
}

/// Would the plugin's calls, with its secrets, go to another server than now? (`config:<field>` in its manifest.)
fn led_elsewhere(plugin: &Plugin, before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    addresses(plugin).any(|field| origin(before.get(field)) != origin(after.get(field)))
}

/// Settings that hold an address for the plugin's calls.
fn addresses(plugin: &Plugin) -> impl Iterator<Item = &str> {
    let hosts = plugin.manifest().capabilities.http.iter().flat_map(|http| &http.hosts);
    hosts.filter_map(|host| host.strip_prefix("config:"))
}

/// Scheme, host and port. For an invalid address the whole text.
fn origin(address: Option<&Value>) -> String {
    let address = address.and_then(Value::as_str).unwrap_or_default().trim().to_lowercase();
    match address.parse::<axum::http::Uri>() {
        Ok(uri) if uri.authority().is_some() => {
            format!("{}://{}", uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", |a| a.as_str()))
        }
        _ => address,
    }
}

/// Writes the settings if the version is still the one `seen`, with the line of the journal. Returns whether it did.
pub async fn write(app: &App, tx: &mut Conn, new: &Checked, seen: i64, change: Change<'_>) -> Result<bool> {
    let (plugin, site) = (new.plugin.as_str(), new.site);
    let before = read(tx, plugin, site).await?;
    let mut told = changes(&before.config, &new.config);
    told.extend(new.secrets.iter().map(|(name, value)| journal::secret(name, value.is_some())));
    if new.switch_on && !before.enabled {
        told.push(journal::field("enabled", false, true));
    }
    let mut query = sql("UPDATE plugin_sites SET config = ?, updated_at = ?, version = version + 1")
        .bind(new.config.clone())
        .bind(Instant::now());
    if new.switch_on {
        query.push(", enabled = ?").arg(true);
    }
    query
        .push(" WHERE plugin_id = ?")
        .arg(plugin)
        .push(" AND localisation_id = ?")
        .arg(site)
        .push(" AND version = ?")
        .arg(seen);
    if query.execute(tx).await? == 0 {
        return Ok(false);
    }
    for (name, value) in &new.secrets {
        app.secrets.put(tx, plugin, site, name, value.as_deref()).await?;
    }
    facts::keep(tx, plugin, new.fact.as_slice()).await?;
    // New settings end the quarantine.
    sql("DELETE FROM plugin_quarantines WHERE plugin_id = ? AND localisation_id = ?")
        .bind(plugin)
        .bind(site)
        .execute(tx)
        .await?;
    versions::touch(tx).await?;
    if new.switch_on {
        schedules::follow(tx, plugin).await?;
    }
    change.record(tx, Activity::Edited, told).await?;
    Ok(true)
}

/// The settings that differ, for the journal.
fn changes(before: &Map<String, Value>, after: &str) -> Vec<Value> {
    let after: Map<String, Value> = serde_json::from_str(after).unwrap_or_default();
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let of = |config: &Map<String, Value>, name: &str| config.get(name).cloned().unwrap_or(Value::Null);
    let values = names.into_iter().map(|name| (name, of(before, name), of(&after, name)));
    values
        .filter(|(_, from, to)| from != to)
        .map(|(name, from, to)| journal::field(&format!("config/{name}"), from, to))
        .collect()
}

/// Pointers to the settings in which two versions differ, for a 412.
pub fn differences(now: &Map<String, Value>, wanted: &Map<String, Value>) -> Vec<String> {
    let mut names: Vec<&String> =
        now.keys().chain(wanted.keys()).filter(|name| now.get(*name) != wanted.get(*name)).collect();
    names.sort();
    names.dedup();
    names.into_iter().map(|name| format!("/config/{name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_address_leads_elsewhere_with_another_scheme_host_or_port() {
        let at = |address: &str| origin(Some(&json!(address)));
        assert_eq!(at("https://A.exemple.fr/x"), at(" https://a.exemple.fr/y?z=1 "));
        for other in [
            "http://a.exemple.fr/x",
            "https://b.exemple.fr/x",
            "https://a.exemple.fr:8443/x",
            "https://u@a.exemple.fr/",
            "",
            "a.exemple.fr",
        ] {
            assert_ne!(at("https://a.exemple.fr/x"), at(other), "{other}");
        }
    }

    #[test]
    fn a_lost_race_names_each_setting_that_differs_once() {
        let map = |v: Value| v.as_object().cloned().unwrap();
        let (now, wanted) =
            (map(json!({"a": 1, "b": 2, "c": {"d": 1}})), map(json!({"a": 1, "c": {"d": 2}, "e": null})));
        assert_eq!(differences(&now, &wanted), ["/config/b", "/config/c", "/config/e"]);
    }
}
