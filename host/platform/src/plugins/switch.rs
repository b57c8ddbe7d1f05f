//! Switches from one version of a plugin to another, or to its first: consent, settings migrated site by site, one
//! transaction, one change of the registry. A failure leaves the old version in place and gives the reason.

use std::collections::HashMap;

use afpi_db::{DbError, sql};
use afpi_plugins::manifest::{Capability, Manifest};
use afpi_plugins::{Grants, Lifecycle};
use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::facts::{self, Fact, Learned};
use super::inspect::Candidate;
use super::keys::{self, Level};
use super::seats::{self, Change, Seat};
use super::versions::{self, Standing, Version};
use super::{Plugins, consent, context, failure, schedules};
use crate::idempotency;
use crate::journal::{self, Activity, Author, Subject};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, internal, not_found};

use crate::settings::{self, SettingChange};
use afpi_core::text::{Locale, text};

/// The result of a switch.
pub struct Switched {
    /// Empty for a first version.
    pub from: String,
    pub to: String,
    /// Settings that are new, gone or of another shape.
    pub settings: Vec<SettingChange>,
}

/// Everything that is decided before the transaction.
struct Plan {
    /// The state as it was read. The transaction first checks that it is unchanged.
    standing: Option<Standing>,
    changes: Vec<Change>,
    /// Grants of the seats that it creates.
    granted: Grants,
    settings: Vec<SettingChange>,
    /// The version's declarations.
    facts: Vec<Fact>,
    /// Did an administrator consent now? `None` for a rollback to an earlier consent.
    consented: Option<bool>,
}

/// How often a switch is planned again after a change in between.
const TRIES: usize = 4;

impl Plugins {
    /// Activates a stored version. `consent` is the [`consent::digest`] of what the administrator has read. It is
    /// required when the version asks for more than the active one or has another signer. A digest that does not match
    /// is refused.
    pub async fn activate(
        &self,
        id: &str,
        version: &str,
        consent: Option<&str>,
        author: Author<'_>,
    ) -> Result<Switched> {
        let (standing, row, active) = {
            let mut conn = self.db.read().await?;
            let standing = versions::standing(&mut conn, id).await?.ok_or_else(not_found)?;
            let row = versions::get(&mut conn, id, version).await?;
            let active = match standing.version.as_str() {
                "" => None,
                active => Some(versions::get(&mut conn, id, active).await?.manifest(&mut conn).await?),
            };
            (standing, row, active)
        };
        if standing.version == version {
            return Err(Error::new(
                ErrorKind::AlreadyActive,
                text("Cette version est déjà active", "This version is active already"),
            ));
        }
        self.trusted(&row).await?;
        let candidate = self.stored(&row).await?;
        let new = candidate.manifest();
        let wishes = consent::digest(&row, new);
        if active.as_ref().is_some_and(|active| active.version > new.version) {
            let title =
                text("Version plus ancienne : utilisez le retour en arrière", "Older version: use the rollback");
            return Err(Error::new(ErrorKind::Downgrade, title));
        }
        let covered = !standing.is_foreign(row.signer())
            && active.as_ref().is_some_and(|active| consent::growth(active, new).is_empty());
        let consented = consented(covered, &wishes, consent)?;
        self.switch(&candidate, consented, author).await
    }

    /// Replaces the active version at once, without consent, if the file asks for no more. For developers.
    pub async fn reload(&self, candidate: &Candidate, author: Author<'_>) -> Result<Switched> {
        let active = self.registry().plugin(&candidate.manifest().id).ok_or_else(not_found)?;
        let standing = versions::standing(&mut self.db.read().await?, active.id()).await?.ok_or_else(not_found)?;
        if standing.is_foreign(candidate.signer())
            || !consent::growth(active.manifest(), candidate.manifest()).is_empty()
        {
            return Err(consent_required());
        }
        self.switch(candidate, false, author).await
    }

    /// Back to the previous version, with its settings and grants. Settings changed since the upgrade are kept for a
    /// later return.
    pub async fn rollback(&self, id: &str, author: Author<'_>) -> Result<Switched> {
        for _ in 0..TRIES {
            let (standing, row, seats) = {
                let mut conn = self.db.read().await?;
                let standing = versions::standing(&mut conn, id).await?.ok_or_else(not_found)?;
                if standing.version.is_empty() || standing.previous.is_empty() {
                    let title = text("Il n'y a pas de version précédente", "There is no version to go back to");
                    return Err(Error::new(ErrorKind::NoPrevious, title));
                }
                let row = versions::get(&mut conn, id, &standing.previous).await?;
                (standing, row, seats::of(&mut conn, id).await?)
            };
            self.trusted(&row).await?;
            let candidate = self.stored(&row).await?;
            let back = |seat: Seat| Change {
                config: seat.previous_config.clone().unwrap_or_else(|| seat.config.clone()),
                grants: seat
                    .previous_grants
                    .clone()
                    .map_or_else(|| within(&seat.grants.0, candidate.manifest()), |grants| grants.0),
                seat,
            };
            let plan = Plan {
                changes: seats.into_iter().map(back).collect(),
                granted: Grants::none(),
                settings: vec![],
                // Its declarations were stored when it became active.
                facts: vec![],
                standing: Some(standing),
                consented: None,
            };
            if let Some(switched) = self.carry_out(&candidate, plan, author).await? {
                return Ok(switched);
            }
        }
        Err(DbError::Contention("a plugin kept changing while it was rolled back".into()).into())
    }

    /// Makes a candidate the active version and migrates the settings of every site.
    pub(super) async fn switch(&self, candidate: &Candidate, consented: bool, author: Author<'_>) -> Result<Switched> {
        for _ in 0..TRIES {
            let plan = self.plan(candidate, consented, author.correlation_id).await?;
            if let Some(switched) = self.carry_out(candidate, plan, author).await? {
                return Ok(switched);
            }
        }
        Err(DbError::Contention("a plugin kept changing while it was switched".into()).into())
    }

    /// Asks the new version about the settings of every site. No connection is held meanwhile.
    async fn plan(&self, candidate: &Candidate, consented: bool, correlation_id: &str) -> Result<Plan> {
        let manifest = candidate.manifest();
        let (standing, seats) = {
            let mut conn = self.db.read().await?;
            (versions::standing(&mut conn, &manifest.id).await?, seats::of(&mut conn, &manifest.id).await?)
        };
        let granted = Grants::all_of(&manifest.capabilities);
        let lifecycle = self.registry().lifecycle_of(candidate.plugin.clone());
        let mut learned = Learned::of(self, &candidate.plugin, correlation_id).await?;
        let from = standing.as_ref().map_or("", |s| s.settings_version.as_str());
        let mut carried: HashMap<(String, bool), String> = HashMap::new();
        let mut changes = Vec::new();
        for seat in seats {
            let key = (seat.config.clone(), seat.enabled);
            let config = match carried.get(&key) {
                Some(known) => known.clone(),
                None => {
                    let config = carry(&lifecycle, &learned.schema, from, &seat, correlation_id)
                        .await
                        .map_err(|problem| kept_back(&seat, problem))?;
                    if seat.enabled {
                        learned.with(self, &candidate.plugin, &config, correlation_id).await?;
                    }
                    carried.insert(key, config.clone());
                    config
                }
            };
            let grants = if consented { granted.clone() } else { within(&seat.grants.0, manifest) };
            changes.push(Change { seat, config, grants });
        }
        // When it runs at no site yet, it is asked with its initial settings, if it accepts them.
        if !changes.iter().any(|change| change.seat.enabled) {
            let empty = settings::judge(&lifecycle, &learned.schema, &Map::new(), correlation_id).await;
            if let Ok(config) = empty {
                learned.with(self, &candidate.plugin, &config, correlation_id).await?;
            }
        }
        let settings = match self.registry().plugin(&manifest.id) {
            Some(before) => match self.schema(&before, correlation_id).await {
                Ok(before) => settings::schema_changes(&before, &learned.schema),
                // An old version without a known schema has no settings that could differ.
                Err(_) => vec![],
            },
            None => vec![],
        };
        Ok(Plan { standing, changes, granted, settings, facts: learned.facts, consented: Some(consented) })
    }

    /// The transaction and the registry. `None` when the plugin is no longer as the plan found it.
    async fn carry_out(&self, candidate: &Candidate, plan: Plan, author: Author<'_>) -> Result<Option<Switched>> {
        if !afpi_db::retry(|| self.commit(candidate, &plan, author)).await? {
            return Ok(None);
        }
        self.refresh().await.map_err(internal)?;
        let (from, to) =
            (plan.standing.map(|s| s.version).unwrap_or_default(), candidate.manifest().version.to_string());
        tracing::info!(
            plugin.id = candidate.manifest().id,
            plugin.version = to,
            plugin.before = from,
            "plugin version active"
        );
        Ok(Some(Switched { from, to, settings: plan.settings }))
    }

    async fn commit(&self, candidate: &Candidate, plan: &Plan, author: Author<'_>) -> Result<bool> {
        let manifest = candidate.manifest();
        let (id, to) = (&manifest.id, manifest.version.to_string());
        let mut tx = self.db.begin().await?;
        if versions::lock(&mut tx, id).await? != plan.standing {
            return Ok(false);
        }
        versions::put(&mut tx, &candidate.row()).await?;
        let before = plan.standing.as_ref().filter(|s| !s.version.is_empty() && s.version != to);
        for change in &plan.changes {
            if !seats::change(&mut tx, id, change, before.is_some()).await? {
                return Ok(false);
            }
        }
        // A plugin that comes with the product works at once, unless it calls other systems. Every other one is switched
        // on site by site.
        let ready = plan.standing.is_none() && candidate.level == Level::Core;
        seats::make(&mut tx, manifest, &plan.granted, ready).await?;
        let previous = match (&plan.standing, before) {
            (_, Some(before)) => before.version.as_str(),
            (Some(standing), None) if standing.version == to => standing.previous.as_str(),
            _ => "",
        };
        if plan.standing.as_ref().is_some_and(|standing| standing.is_foreign(candidate.signer())) {
            for table in [
                sql("DELETE FROM plugin_secrets WHERE plugin_id = ?"),
                sql("DELETE FROM plugin_kv WHERE plugin_id = ?"),
            ] {
                table.bind(id).execute(&mut tx).await?;
            }
        }
        sql("UPDATE plugins SET version = ?, previous = ?, settings_version = ?, signer = ?, installed_at = ? WHERE id = ?")
            .bind(&to).bind(previous).bind(&to).bind(candidate.signer()).bind(Instant::now()).bind(id).execute(&mut tx).await?;
        sql("DELETE FROM plugin_quarantines WHERE plugin_id = ?").bind(id).execute(&mut tx).await?;
        facts::keep(&mut tx, id, &plan.facts).await?;
        facts::forget_others(&mut tx, id).await?;
        for old in versions::of(&mut tx, id).await? {
            let superseded = old.version.parse().is_ok_and(|v: afpi_plugins::manifest::Version| v < manifest.version);
            if superseded && old.version != previous {
                versions::delete(&mut tx, id, &old.version).await?;
            }
        }
        versions::touch(&mut tx).await?;
        schedules::follow(&mut tx, id).await?;
        let from = plan.standing.as_ref().map_or("", |s| s.version.as_str());
        let mut told = vec![journal::field("version", from, to.as_str())];
        told.extend(plan.consented.map(|consented| journal::field("consented", Value::Null, consented)));
        let activity = if plan.consented.is_some() { Activity::Activated } else { Activity::RolledBack };
        author.on(Subject::Plugin(id.clone()), None).record(&mut tx, activity, told).await?;
        idempotency::done(&mut tx, StatusCode::OK, None).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Is the key that signed this version still trusted?
    async fn trusted(&self, row: &Version) -> Result<()> {
        if row.key_id.is_empty() { Ok(()) } else { keys::still_trusted(&mut self.db.read().await?, &row.key_id).await }
    }
}

/// Has the administrator consented to this version? An error when consent is required and missing. Not required when
/// `covered` by an earlier consent.
fn consented(covered: bool, wishes: &str, consent: Option<&str>) -> Result<bool> {
    match consent {
        Some(given) if given == wishes => Ok(true),
        Some(_) => {
            let title = text(
                "Ce consentement porte sur autre chose ; relisez ce que demande cette version",
                "This consent is for something else; read again what this version asks for",
            );
            Err(Error::new(ErrorKind::ConsentStale, title).with("consent", wishes))
        }
        None if covered => Ok(false),
        None => Err(consent_required().with("consent", wishes)),
    }
}

fn consent_required() -> Error {
    Error::new(ErrorKind::ConsentRequired, text("Cette version demande un consentement", "This version needs consent"))
}

/// A seat's settings for the new version: migrated, and checked if the plugin is switched on there (otherwise when it
/// is). Untouched settings need no migration.
async fn carry(lifecycle: &Lifecycle, schema: &Value, from: &str, seat: &Seat, correlation_id: &str) -> Result<String> {
    let mut config = seat.config.clone();
    if !from.is_empty() && config != "{}" {
        config =
            lifecycle.migrate_config(&context(Locale::Fr, correlation_id), from, &config).await.map_err(failure)?;
    }
    let read = serde_json::from_str(&config).map_err(|e| {
        let title = text(
            "La migration des réglages n'a pas donné un objet JSON",
            "Migrating the settings brought no JSON object",
        );
        Error::new(ErrorKind::SettingsRefused, title).detail(text(e.to_string(), e.to_string()))
    })?;
    if seat.enabled { settings::judge(lifecycle, schema, &read, correlation_id).await } else { Ok(config) }
}

/// The upgrade fails: the site, and the plugin's message.
fn kept_back(seat: &Seat, problem: Error) -> Error {
    let place = seat.code.as_deref().unwrap_or("AFPI");
    let title = text(
        "Les réglages d'un site ne passent pas dans cette version",
        "The settings of a site do not carry over to this version",
    );
    let why = problem.reason();
    Error::new(ErrorKind::SettingsRefused, title)
        .detail(text(format!("{place} : {}", why.fr), format!("{place}: {}", why.en)))
        .fields(problem.into_fields())
}

/// The grants that the manifest (still) asks for.
fn within(grants: &Grants, manifest: &Manifest) -> Grants {
    grants.iter().filter(|capability: &Capability| manifest.capabilities.wants(*capability)).collect()
}
