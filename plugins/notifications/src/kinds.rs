//! The kinds of message in people's preferences.

use afpi_sdk::notifier::{Kind, Text};

/// You must act next.
pub const YOUR_TURN: &str = "a-traiter";
/// An opportunité was given to you.
pub const ASSIGNED: &str = "attribution";
/// One of your opportunités moves on.
pub const PROGRESS: &str = "mes-dossiers";
/// One of your opportunités was rejected, refused, sent back or stopped, with a reason.
pub const SETBACK: &str = "mes-dossiers-retours";
/// Work on an opportunité stops. This kind is for managers.
pub const HALT: &str = "arrets";
/// A note mentions you.
pub const MENTION: &str = "mentions";
/// A task was given to you, is due, or one that you gave is done.
pub const TASK: &str = "taches";
/// A synchronisation failed, or waits for a person.
pub const SYNC: &str = "synchronisation";
/// A plugin changed state.
pub const PLUGIN: &str = "extensions";

pub fn all() -> Vec<Kind> {
    let kind = |id: &str, fr: &str, en: &str, channels: &[&str]| Kind {
        id: id.into(),
        label: Text::new(fr, en),
        channels: channels.iter().map(|channel| (*channel).to_owned()).collect(),
    };
    vec![
        kind(YOUR_TURN, "Un dossier m’attend", "A file waits for me", &["app", "email"]),
        kind(ASSIGNED, "Un dossier m’est attribué", "A file is assigned to me", &["app", "email"]),
        kind(PROGRESS, "Mes dossiers avancent", "My files move on", &["app"]),
        kind(
            SETBACK,
            "Mes dossiers sont refusés, renvoyés ou arrêtés",
            "My files are refused, sent back or stopped",
            &["app", "email"],
        ),
        kind(HALT, "Un dossier s’arrête (responsables)", "A file comes to a halt (managers)", &["app"]),
        kind(MENTION, "Une note me mentionne", "A note mentions me", &["app", "email"]),
        kind(
            TASK,
            "Une tâche m’est confiée, arrive à son terme ou est faite",
            "A task is given to me, is due or is done",
            &["app"],
        ),
        kind(
            SYNC,
            "Une synchronisation échoue ou attend une décision",
            "A synchronisation fails or waits for a decision",
            &["app", "email"],
        ),
        kind(PLUGIN, "Une extension change d’état", "A plugin changes state", &["app", "email"]),
    ]
}
