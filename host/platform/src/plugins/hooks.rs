//! Asks the hooks of a site before a change. They are asked in order; the first veto wins and names the plugin and the
//! reason. When a hook does not answer, the manifest decides what this means, or an administrator's setting for the
//! site.

use std::collections::HashMap;

use afpi_plugins::contract::Actor;
use afpi_plugins::contract::hook::{Event, Phase, Subject};
use afpi_plugins::manifest::OnFailure;
use afpi_plugins::{CallContext, HookPlugin, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Plugins, both, seat_name};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::id::LocalisationId;

use afpi_core::text::{Text, text};

/// Administrators' settings for sites that override the manifest: plugin and site to the meaning of a failure.
pub type Overrides = HashMap<(String, LocalisationId), OnFailure>;

/// A proposed change.
pub struct Proposal<'a> {
    /// E.g. `opportunite.moved`.
    pub name: &'static str,
    pub at: Instant,
    pub site: LocalisationId,
    /// None for a change by a run.
    pub actor: Option<&'a Actor>,
    /// The record as it is, or a new one as it would be.
    pub subject: Subject,
    /// The data that `wit/plugin/hook.wit` describes for this name.
    pub data: Value,
}

/// A refused change.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub plugin: String,
    pub version: String,
    pub told: Told,
    /// The hooks that were asked. The refusing one is the last.
    pub asked: Vec<Asked>,
}

/// A hook that was asked about a change, for the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = HistoriqueHook)]
pub struct Asked {
    /// The plugin's name.
    pub plugin: Text,
    pub answer: Answer,
}

/// A hook's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = HistoriqueHookAnswer)]
pub enum Answer {
    Allowed,
    Refused,
    /// No answer. `onFailure` decides what this means.
    Silent,
}

/// The refusal in the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = HistoriqueRefusal)]
pub struct Told {
    /// The plugin's name.
    pub plugin: Text,
    pub reason: Text,
    /// It did not answer, which counts as a refusal here.
    pub failed: bool,
}

impl Refusal {
    /// 409 with the plugin and its reason.
    pub fn problem(&self) -> Error {
        let Told { plugin, reason, failed } = &self.told;
        let title =
            text(format!("Refusé par l'extension « {} »", plugin.fr), format!("Refused by the plugin “{}”", plugin.en));
        let kind = if *failed { ErrorKind::HookFailed } else { ErrorKind::HookVeto };
        Error::new(kind, title).detail(reason.clone()).with("plugin", &self.plugin)
    }
}

impl Plugins {
    /// Asks the hooks of the site that want this event. Returns them in order. No connection is held meanwhile.
    pub async fn ask(&self, proposal: &Proposal<'_>, context: &CallContext) -> Result<Vec<Asked>, Refusal> {
        let mut asked = Vec::new();
        let hooks = self.registry().hooks(&seat_name(proposal.site));
        if hooks.is_empty() {
            return Ok(asked);
        }
        let event = Event {
            name: proposal.name.into(),
            at: proposal.at.millis(),
            site: proposal.site.to_string(),
            actor: proposal.actor.cloned(),
            subject: proposal.subject.clone(),
            data: proposal.data.to_string(),
        };
        for hook in self.in_order(hooks, proposal, context).await {
            let verdict = hook.before(context, &event).await;
            let answer = match &verdict {
                Ok(Verdict::Allow) => Answer::Allowed,
                Ok(Verdict::Veto(_)) => Answer::Refused,
                Err(_) => Answer::Silent,
            };
            asked.push(Asked { plugin: name(&hook), answer });
            match verdict {
                Ok(Verdict::Allow) => {}
                Ok(Verdict::Veto(reason)) => return Err(refusal(&hook, both(reason), false, asked)),
                Err(_) if self.on_failure(&hook, proposal.site) == OnFailure::Open => {}
                Err(_) => return Err(refusal(&hook, silent(), true, asked)),
            }
        }
        Ok(asked)
    }

    /// The hooks that want this event before it happens, ordered by the administrator's position, then their own, then
    /// id. A hook that cannot say what it wants is asked as well.
    async fn in_order(
        &self,
        hooks: Vec<HookPlugin>,
        proposal: &Proposal<'_>,
        context: &CallContext,
    ) -> Vec<HookPlugin> {
        let mut asked = Vec::new();
        for hook in hooks {
            let place = self.wants(&hook, context, proposal.name, Phase::Before).await.unwrap_or(Some(i32::MAX));
            let level = self.registry().binding(&hook.site().id, hook.plugin().id()).map_or(0, |binding| binding.order);
            asked.extend(place.map(|place| ((level, place, hook.plugin().id().to_owned()), hook)));
        }
        asked.sort_by(|(a, _), (b, _)| a.cmp(b));
        asked.into_iter().map(|(_, hook)| hook).collect()
    }

    fn on_failure(&self, hook: &HookPlugin, site: LocalisationId) -> OnFailure {
        let said = self.overrides.load().get(&(hook.plugin().id().to_owned(), site)).copied();
        said.unwrap_or_else(|| hook.on_failure())
    }

    /// Has the site a hook? Then changes that only hooks receive are announced, too.
    pub fn hooked(&self, site: LocalisationId) -> bool {
        !self.registry().hooks(&seat_name(site)).is_empty()
    }
}

fn name(hook: &HookPlugin) -> Text {
    let name = &hook.plugin().manifest().name;
    text(&name.fr, &name.en)
}

fn refusal(hook: &HookPlugin, reason: Text, failed: bool, asked: Vec<Asked>) -> Refusal {
    let manifest = hook.plugin().manifest();
    Refusal {
        plugin: manifest.id.clone(),
        version: manifest.version.to_string(),
        told: Told { plugin: name(hook), reason, failed },
        asked,
    }
}

/// The form that the history stores; `None` when no hook was asked.
pub fn stored(asked: &[Asked]) -> Option<String> {
    if asked.is_empty() { None } else { serde_json::to_string(asked).ok() }
}

fn silent() -> Text {
    text(
        "Cette extension doit donner son accord et ne répond pas. Un administrateur peut la désactiver sur ce site.",
        "This plugin has to agree and does not answer. An administrator can switch it off on this site.",
    )
}
