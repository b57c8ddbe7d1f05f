//! Messages about opportunités: who must act next, what happens to the commercial's opportunités, and where work stops.

use afpi_sdk::notifier::{Audience, Event, Message, Opportunite, Result, Text};
use serde::Deserialize;

use crate::config::Config;
use crate::{kinds, words};

/// This role means the commercial of the record, not every commercial.
const COMMERCIAL: &str = "commercial";
/// The managers of a site's relay.
const HEADS: [&str; 2] = ["manager", "responsable_commercial"];

/// The data of `opportunite.moved`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Move {
    transition: String,
    target: String,
    target_label: Option<Label>,
    section_label: Option<Label>,
    reason: Option<String>,
    waits_for: Vec<String>,
    section_changed: bool,
}

#[derive(Debug, Clone, Deserialize)]
struct Label {
    fr: String,
    en: String,
}

/// A person created an opportunité for its commercial. (If the commercial created it, the host leaves the actor out.)
pub fn created(config: &Config, event: &Event) -> Vec<Message> {
    told_to_owner(config, event, "Nouvelle opportunité", "New opportunity", "created")
}

/// An opportunité has a new commercial.
pub fn assigned(config: &Config, event: &Event) -> Vec<Message> {
    told_to_owner(config, event, "Opportunité attribuée", "Opportunity assigned", "assigned")
}

fn told_to_owner(config: &Config, event: &Event, fr: &str, en: &str, what: &str) -> Vec<Message> {
    let Some(subject) = &event.subject else { return Vec::new() };
    let title = Text::new(format!("{fr} : {}", subject.numero), format!("{en}: {}", subject.numero));
    // The same person may get a record again later. The commercial and the instant make the key unique.
    let occasion = format!("{what}:{}:{}", subject.commercial, event.at);
    vec![message(
        kinds::ASSIGNED,
        subject,
        vec![Audience::Owner],
        title,
        words::record(subject, config.montants),
        &occasion,
    )]
}

/// A move was made.
///
/// # Errors
/// When the event's data cannot be read.
pub fn moved(config: &Config, event: &Event) -> Result<Vec<Message>> {
    let Some(subject) = &event.subject else { return Ok(Vec::new()) };
    let step: Move = serde_json::from_str(&event.data)?;
    let reason = step.reason.as_deref().unwrap_or_default();
    let status = step.target_label.as_ref().map_or_else(|| Text::new(&step.target, &step.target), text);
    let record = words::record(subject, config.montants);
    let body = words::and(record, words::reason(reason));
    let occasion = format!("{}:{}:{}", step.transition, step.target, event.at);
    let send = |kind: &str, to, title| message(kind, subject, to, title, body.clone(), &occasion);
    let named = |fr: &str, en: &str, text: &Text| {
        Text::new(format!("{fr}{} : {}", subject.numero, text.fr), format!("{en}{}: {}", subject.numero, text.en))
    };

    let mut messages = Vec::new();
    let turn: Vec<Audience> = step.waits_for.iter().map(|role| audience(role)).collect();
    // Tells who must act next. There is no message if the actor's own role must act again in the same section.
    let stays = !step.section_changed
        && event.actor.as_ref().is_some_and(|actor| step.waits_for.iter().all(|role| *role == actor.role));
    if !turn.is_empty() && !stays {
        let label = step.section_label.as_ref().map_or_else(|| status.clone(), text);
        messages.push(send(kinds::YOUR_TURN, turn.clone(), named("À vous : ", "Your turn: ", &label)));
    }
    if !turn.contains(&Audience::Owner) {
        if !reason.is_empty() {
            messages.push(send(kinds::SETBACK, vec![Audience::Owner], named("", "", &status)));
        } else if step.section_changed || config.informer_commercial.contains(&step.transition) {
            messages.push(send(kinds::PROGRESS, vec![Audience::Owner], named("", "", &status)));
        }
    }
    if config.signaler_responsables.contains(&step.transition) {
        let heads = HEADS
            .iter()
            .filter(|role| !step.waits_for.iter().any(|waiting| waiting == *role))
            .map(|role| audience(role))
            .collect();
        messages.push(send(kinds::HALT, heads, named("", "", &status)));
    }
    messages.retain(|message| !message.to.is_empty());
    Ok(messages)
}

fn audience(role: &str) -> Audience {
    if role == COMMERCIAL { Audience::Owner } else { Audience::Role(role.into()) }
}

fn text(label: &Label) -> Text {
    Text::new(&label.fr, &label.en)
}

fn message(kind: &str, subject: &Opportunite, to: Vec<Audience>, title: Text, body: Text, occasion: &str) -> Message {
    Message {
        kind: kind.into(),
        to,
        title,
        body,
        link: format!("/opportunites/{}", subject.id),
        dedupe_key: format!("{kind}:{}:{occasion}", subject.id),
    }
}
