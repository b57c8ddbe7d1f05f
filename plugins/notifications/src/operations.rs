//! Messages for administrators: a synchronisation failed or waits for a person, or a plugin was switched off.

use afpi_sdk::notifier::{Audience, Event, Message, Result, Text};
use serde::Deserialize;

use crate::{kinds, words};

#[derive(Debug, Clone, Deserialize)]
struct Said {
    fr: String,
    en: String,
}

/// The data of `connecteur.run`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Run {
    /// The run's id.
    id: String,
    /// The connector's plugin id and name.
    plugin: String,
    name: Option<Said>,
    state: String,
    error: Option<Said>,
    held_reason: Option<Said>,
}

/// The data of `plugin.state`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct State {
    plugin: String,
    name: Option<Said>,
    state: String,
    site_code: Option<String>,
    error: Option<String>,
}

/// A successful run has no message: its page shows it.
///
/// # Errors
/// When the event's data cannot be read.
pub fn run(event: &Event) -> Result<Vec<Message>> {
    let run: Run = serde_json::from_str(&event.data)?;
    let name = named(&run.name, &run.plugin);
    let (title, body) = match run.state.as_str() {
        "failed" => (
            Text::new(format!("Synchronisation {} en échec", name.fr), format!("{} synchronisation failed", name.en)),
            said(&run.error, "Rien n’a été modifié.", "Nothing was changed."),
        ),
        "held" => (
            Text::new(format!("Synchronisation {} retenue", name.fr), format!("{} synchronisation on hold", name.en)),
            said(&run.held_reason, "Une décision est attendue.", "A decision is needed."),
        ),
        _ => return Ok(Vec::new()),
    };
    let link = format!("/connecteurs/{}", run.plugin);
    let occasion = if run.id.is_empty() { event.at.to_string() } else { run.id };
    Ok(vec![to_admins(kinds::SYNC, title, body, link, &format!("{occasion}:{}", run.state))])
}

/// # Errors
/// When the event's data cannot be read.
pub fn plugin(event: &Event) -> Result<Vec<Message>> {
    let change: State = serde_json::from_str(&event.data)?;
    let name = named(&change.name, &change.plugin);
    // The health tab of the plugin's page shows why it failed, and how to end the quarantine.
    let (fr, en, tab) = match change.state.as_str() {
        "quarantined" => ("en quarantaine", "in quarantine", "?vue=sante"),
        "disabled" => ("désactivée", "disabled", ""),
        "active" => ("active de nouveau", "active again", ""),
        _ => return Ok(Vec::new()),
    };
    let site = change.site_code.as_deref().map(|site| format!(" ({site})")).unwrap_or_default();
    let title = Text::new(format!("Extension {}{site} {fr}", name.fr), format!("Plugin {}{site} {en}", name.en));
    let error = change.error.unwrap_or_default();
    let body = words::reason(&error);
    let link = format!("/plugins/{}{tab}", change.plugin);
    let occasion = format!("{}:{}:{}:{}", change.plugin, event.site, change.state, event.at);
    Ok(vec![to_admins(kinds::PLUGIN, title, body, link, &occasion)])
}

fn named(name: &Option<Said>, id: &str) -> Text {
    name.as_ref().map_or_else(|| Text::new(id, id), |name| Text::new(&name.fr, &name.en))
}

fn said(words: &Option<Said>, fr: &str, en: &str) -> Text {
    words.as_ref().map_or_else(|| Text::new(fr, en), |words| Text::new(&words.fr, &words.en))
}

fn to_admins(kind: &str, title: Text, body: Text, link: String, occasion: &str) -> Message {
    Message {
        kind: kind.into(),
        to: vec![Audience::Role("admin".into())],
        title,
        body,
        link,
        dedupe_key: format!("{kind}:{occasion}"),
    }
}
