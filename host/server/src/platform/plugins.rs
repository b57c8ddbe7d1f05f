//! What is installed and bound where. The tables are the truth; the runtime's registry is their image in this process,
//! brought up to date after every change here and, for changes made by other processes, by looking every few seconds.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use afpi_db::{Conn, Db, Json, dialect, sql};
use afpi_plugins::contract::Error as GuestError;
use afpi_plugins::manifest::Kind;
use afpi_plugins::ports::{KvStore, SecretStore};
use afpi_plugins::{Binding, CallContext, Compiler, Grants, PluginFailure, Registry, Runtime, RuntimeOptions, Site, WorkflowPlugin};
use axum::http::StatusCode;
use uuid::Uuid;

use crate::http::problem::{ApiResult, FieldProblem, Problem, conflict, field, forbidden, internal, invalid, not_found, unavailable};
use crate::ops::metrics::Metrics;
use crate::platform::observer::Watch;
use crate::platform::workflow::Definition;
use crate::text::{Locale, Text, text};

/// Plugins that come with the product, built into the binary (read from the folder in development builds).
#[derive(rust_embed::RustEmbed)]
#[folder = "../../dist/plugins"]
#[allow_missing = true]
#[include = "*.wasm"]
struct Bundled;

/// The plugin platform of this process.
pub struct Plugins {
    runtime: Arc<Runtime>,
    /// Definitions by site, asked for once per binding.
    definitions: Mutex<HashMap<Uuid, Arc<Definition>>>,
    /// `(rows, newest change)` of the tables when last read.
    seen: tokio::sync::Mutex<(i64, i64)>,
}

/// Where compiling happens.
pub enum Compile {
    /// In a child process of this binary, with limits.
    Child(PathBuf),
    /// In this process: for tests.
    Here,
}

impl Plugins {
    pub fn new(data_dir: &Path, compile: Compile, kv: Arc<dyn KvStore>, secrets: Arc<dyn SecretStore>, metrics: Arc<Metrics>) -> anyhow::Result<Plugins> {
        let mut options = RuntimeOptions::new(kv, secrets);
        options.cache = Some(data_dir.join("plugin-cache"));
        options.observer = Arc::new(Watch(metrics));
        options.compiler = match compile {
            Compile::Child(exe) => Compiler::Child { exe, args: vec![afpi_plugins::COMPILE_SUBCOMMAND.into()] },
            Compile::Here => Compiler::InProcess,
        };
        Ok(Plugins { runtime: Arc::new(Runtime::new(options)?), definitions: Mutex::default(), seen: tokio::sync::Mutex::new((-1, -1)) })
    }

    pub fn registry(&self) -> &Arc<Registry> {
        self.runtime.registry()
    }

    /// Brings the plugins that come with the product into the tables: new ones are bound to every site (a connector to the
    /// network, switched off until it is configured), changed ones replace what was there.
    pub async fn install_bundled(&self, db: &Db) -> anyhow::Result<()> {
        for name in Bundled::iter() {
            let Some(file) = Bundled::get(&name) else { continue };
            self.install(db, file.data.into_owned(), "core").await.map_err(|e| e.context(format!("bundled plugin {name}")))?;
        }
        Ok(())
    }

    async fn install(&self, db: &Db, component: Vec<u8>, level: &str) -> anyhow::Result<()> {
        let manifest = afpi_plugins::manifest::extract(&component)?;
        let sha256 = hex(&<sha2::Sha256 as sha2::Digest>::digest(&component));
        let now = crate::clock::now();
        let mut tx = db.begin().await?;
        let known = sql("SELECT sha256 FROM plugins WHERE id = ?").bind(&manifest.id).optional::<(String,)>(&mut tx).await?;
        if known.as_ref().is_some_and(|(hash,)| *hash == sha256) {
            return Ok(());
        }
        let mut query = sql("INSERT INTO plugins (id, kind, version, level, sha256, component, installed_at) VALUES ");
        query.rows([[manifest.id.as_str().into(), manifest.kind.as_str().into(), manifest.version.to_string().into(), level.into(),
            sha256.into(), component.into(), now.into()]]);
        dialect::upsert(&mut query, db.backend(), &["id"], &["kind", "version", "level", "sha256", "component", "installed_at"]);
        query.execute(&mut tx).await?;
        if known.is_none() {
            let connector = manifest.kind == Kind::Connector;
            let sites = match connector {
                true => vec![Uuid::nil()],
                false => sql("SELECT id FROM localisations").all::<(Uuid,)>(&mut tx).await?.into_iter().map(|r| r.0).collect(),
            };
            let grants = afpi_db::Value::json(&Grants::all_of(&manifest.capabilities));
            for site in sites {
                sql("INSERT INTO plugin_sites (plugin_id, localisation_id, enabled, config, grants, updated_at, version) VALUES (?, ?, ?, '{}', ?, ?, 1)")
                    .bind(&manifest.id).bind(site).bind(!connector).bind(grants.clone()).bind(now).execute(&mut tx).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Makes the registry the image of the tables, if they have changed since last time.
    pub async fn refresh(&self, db: &Db) -> anyhow::Result<()> {
        let mut seen = self.seen.lock().await;
        let mut conn = db.read().await?;
        let state = sql("SELECT (SELECT COUNT(*) FROM plugin_sites) + (SELECT COUNT(*) FROM plugins), \
                         COALESCE((SELECT MAX(updated_at) FROM plugin_sites), 0) + COALESCE((SELECT MAX(installed_at) FROM plugins), 0)")
            .one::<(i64, i64)>(&mut conn).await?;
        if *seen == state {
            return Ok(());
        }
        self.load_components(&mut conn).await?;
        self.bind_sites(&mut conn).await?;
        if let Ok(mut definitions) = self.definitions.lock() {
            definitions.clear();
        }
        *seen = state;
        Ok(())
    }

    async fn load_components(&self, conn: &mut Conn) -> anyhow::Result<()> {
        let rows = sql("SELECT id, sha256 FROM plugins").all::<(String, String)>(conn).await?;
        for plugin in self.registry().plugins() {
            if !rows.iter().any(|(id, _)| id == plugin.id()) {
                self.registry().remove(plugin.id())?;
            }
        }
        for (id, sha256) in rows {
            if self.registry().plugin(&id).is_some_and(|p| hex(p.sha256()) == sha256) {
                continue;
            }
            let component: Vec<u8> = sql("SELECT component FROM plugins WHERE id = ?").bind(&id).scalar(conn).await?;
            let runtime = self.runtime.clone();
            let loaded = tokio::task::spawn_blocking(move || runtime.load(&component)).await?;
            match loaded {
                Ok(plugin) => self.registry().put(plugin)?,
                // One bad plugin must not keep the others from starting; readiness and the admin page show it missing.
                Err(error) => tracing::error!(plugin.id = id, error.cause = %error, "plugin cannot be loaded"),
            }
        }
        Ok(())
    }

    async fn bind_sites(&self, conn: &mut Conn) -> anyhow::Result<()> {
        let rows = sql("SELECT s.plugin_id, s.localisation_id, s.enabled, s.config, s.grants, l.code FROM plugin_sites s \
                        LEFT JOIN localisations l ON l.id = s.localisation_id")
            .all::<(String, Uuid, bool, String, Json<Grants>, Option<String>)>(conn).await?;
        for (plugin, site, enabled, config, Json(grants), code) in rows {
            if self.registry().plugin(&plugin).is_none() {
                continue;
            }
            let site = if site.is_nil() { Site::network() } else { Site::new(site.to_string(), code.unwrap_or_default()) };
            // Binding anew drops warm instances and forgives a quarantine: only where something changed.
            let same = self.registry().binding(&site.id, &plugin).is_some_and(|b| *b.config == *config && b.grants == grants && b.enabled == enabled);
            if !same {
                self.registry().bind(site, &plugin, Binding { config: config.into(), grants, enabled, ..Binding::default() })?;
            }
        }
        Ok(())
    }

    /// The site's workflow and its definition.
    pub async fn workflow(&self, site: Uuid) -> ApiResult<(WorkflowPlugin, Arc<Definition>)> {
        let plugin = self.registry().workflow(&site.to_string()).ok_or_else(|| {
            unavailable("plugins").detail(text("Aucun processus n'est activé sur ce site.", "No workflow is enabled on this site."))
        })?;
        if let Some(known) = self.definitions.lock().ok().and_then(|d| d.get(&site).cloned()) {
            return Ok((plugin, known));
        }
        let context = CallContext::new(afpi_plugins::Locale::Fr, "definition");
        let wit = plugin.definition(&context).await.map_err(failure)?;
        let definition = Definition::read(plugin.plugin().id(), &plugin.plugin().manifest().version.to_string(), wit)
            .map_err(|cause| internal(format!("workflow definition of {}: {cause}", plugin.plugin().id())))?;
        let definition = Arc::new(definition);
        if let Ok(mut definitions) = self.definitions.lock() {
            definitions.insert(site, definition.clone());
        }
        Ok((plugin, definition))
    }

    /// The definition for showing a record; `None` while the site has no workflow.
    pub async fn definition(&self, site: Uuid) -> Option<Arc<Definition>> {
        match self.workflow(site).await {
            Ok((_, definition)) => Some(definition),
            Err(_) => None,
        }
    }

    /// Statuses, over the workflows of all sites, in which this role has the ball.
    pub async fn statuses_waiting_for(&self, role: &str) -> Vec<String> {
        let sites: std::collections::BTreeSet<String> = self.registry().seats().into_iter().map(|seat| seat.site.id.to_string()).collect();
        let mut statuses = std::collections::BTreeSet::new();
        for site in sites.iter().filter_map(|id| Uuid::parse_str(id).ok()) {
            if let Some(definition) = self.definition(site).await {
                let waiting = definition.workflow.statuses.iter().filter(|s| s.waits_for.iter().any(|r| r == role));
                statuses.extend(waiting.map(|s| s.id.clone()));
            }
        }
        statuses.into_iter().collect()
    }

    /// The code of a site that has plugins, for metric labels.
    pub fn site_code(&self, site: Uuid) -> String {
        let plugin = self.registry().workflow(&site.to_string());
        plugin.map(|p| p.site().code.to_string()).unwrap_or_default()
    }

    /// Is every plugin that is installed also loaded?
    pub async fn ready(&self, db: &Db) -> bool {
        let count = async { sql("SELECT COUNT(*) FROM plugins").scalar::<i64>(&mut db.read().await?).await };
        count.await.is_ok_and(|installed| installed as usize == self.registry().plugins().len())
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The call context of a request.
pub fn context(locale: Locale, correlation_id: &str) -> CallContext {
    let locale = match locale {
        Locale::Fr => afpi_plugins::Locale::Fr,
        Locale::En => afpi_plugins::Locale::En,
    };
    CallContext::new(locale, correlation_id)
}

fn both(text: afpi_plugins::contract::Text) -> Text {
    Text { fr: text.fr, en: text.en }
}

/// Field problems of the contract as ours.
pub fn fields(problems: Vec<afpi_plugins::contract::FieldProblem>) -> Vec<FieldProblem> {
    problems.into_iter().map(|p| field(p.field, p.code, both(p.message))).collect()
}

/// A failed call as an answer: the plugin's own refusals are the caller's business, everything else is the plugin's fault.
pub fn failure(failure: PluginFailure) -> Problem {
    match failure {
        PluginFailure::Guest(error) => match error {
            GuestError::Invalid(problems) => invalid(fields(problems)),
            GuestError::Denied(message) => forbidden().detail(both(message)),
            GuestError::NotFound(_) => not_found(),
            GuestError::Conflict(message) => conflict("move-refused", text("Action impossible dans l'état actuel", "Not possible in the present state")).detail(both(message)),
            GuestError::RateLimited(ms) => unavailable("plugin").retry_after(u64::from(ms / 1000 + 1)),
            GuestError::Unavailable(cause) | GuestError::Other(cause) => plugin_failed(&cause),
        },
        PluginFailure::Busy => unavailable("plugin").retry_after(1),
        PluginFailure::Quarantined(rest) => plugin_failed("quarantined").retry_after(rest.as_secs().max(1)),
        other => plugin_failed(&other.to_string()),
    }
}

fn plugin_failed(cause: &str) -> Problem {
    tracing::warn!(error.cause = cause, "a plugin did not answer");
    let title = text("Une extension n'a pas répondu correctement", "A plugin did not answer properly");
    Problem::new(StatusCode::BAD_GATEWAY, "plugin-failed", title)
}
