//! Messages about what people write and have to do: a note mentions somebody, a task is given, due or done.

use afpi_sdk::notifier::{Audience, Event, Message, Result, Text};
use serde::Deserialize;

use crate::kinds;

/// The data of events about notes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Note {
    note: String,
    author: String,
    text: String,
    mentions: Vec<String>,
    kind: String,
    /// The record whose page shows it.
    opens: String,
    label: String,
}

/// The data of events about tasks.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Task {
    task: String,
    title: String,
    owner: String,
    created_by: String,
    due_on: Option<String>,
    kind: Option<String>,
    /// The record whose page shows it.
    opens: Option<String>,
    label: Option<String>,
}

/// Tells the people whom a note newly mentions.
///
/// # Errors
/// When the event's data cannot be read.
pub fn note(event: &Event) -> Result<Vec<Message>> {
    let note: Note = serde_json::from_str(&event.data)?;
    if note.mentions.is_empty() {
        return Ok(Vec::new());
    }
    let Note { author, label, text, .. } = &note;
    Ok(vec![Message {
        kind: kinds::MENTION.into(),
        to: note.mentions.iter().cloned().map(Audience::User).collect(),
        title: Text::new(format!("{author} vous mentionne : {label}"), format!("{author} mentions you: {label}")),
        body: Text::new(text, text),
        link: page(&note.kind, &note.opens),
        dedupe_key: format!("{}:{}:{}", kinds::MENTION, note.note, event.at),
    }])
}

/// # Errors
/// When the event's data cannot be read.
pub fn task(event: &Event) -> Result<Vec<Message>> {
    let task: Task = serde_json::from_str(&event.data)?;
    let (to, fr, en) = match event.name.as_str() {
        "tache.given" => (&task.owner, "Tâche confiée", "Task for you"),
        "tache.due" => (&task.owner, "À faire aujourd’hui", "To do today"),
        _ => (&task.created_by, "Tâche faite", "Task done"),
    };
    let title = &task.title;
    let record = task.label.clone().unwrap_or_default();
    let due = task.due_on.as_deref().filter(|_| event.name == "tache.given");
    let parts = |word: &str| {
        let due = due.map(|day| format!("{word} {day}"));
        [Some(record.clone()).filter(|label| !label.is_empty()), due]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ")
    };
    let link = match (&task.kind, &task.opens) {
        (Some(kind), Some(id)) => page(kind, id),
        _ => "/".to_owned(),
    };
    Ok(vec![Message {
        kind: kinds::TASK.into(),
        to: vec![Audience::User(to.clone())],
        title: Text::new(format!("{fr} : {title}"), format!("{en}: {title}")),
        body: Text::new(parts("pour le"), parts("by")),
        link,
        dedupe_key: format!("{}:{}:{}:{}", kinds::TASK, event.name, task.task, event.at),
    }])
}

/// The page that shows the record.
fn page(kind: &str, id: &str) -> String {
    // A contact is on the page of its company.
    let kind = if kind == "contacts" { "entreprises" } else { kind };
    format!("/{kind}/{id}")
}
