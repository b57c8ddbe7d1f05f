//! The kinds of documents that the plugins of a site offer.

use afpi_core::error::{Result, field, invalid};
use afpi_core::id::{LocalisationId, PieceId};
use afpi_core::text::text;
use afpi_platform::auth::caller::Caller;
use afpi_platform::plugins::{failure, seat_name};
use afpi_platform::state::App;
use afpi_plugins::contract::documents::Kind;
use afpi_plugins::{CallContext, DocumentsPlugin};

use super::subject::{About, Subject};

/// A kind of document, and the plugin that composes it.
pub struct Offered {
    pub plugin: DocumentsPlugin,
    pub kind: Kind,
    pub about: About,
}

impl Offered {
    /// May this person make it? The role decides, as the plugin says; who reads the record may read it.
    pub fn is_for(&self, caller: &Caller) -> bool {
        let role = caller.kind().id();
        self.kind.roles.is_empty() || self.kind.roles.iter().any(|allowed| allowed == role)
    }

    /// Of a reminder about one piece: the piece, and the step that it reaches.
    pub fn reminds(&self, subject: Subject) -> Vec<(PieceId, i64)> {
        let step = i64::from(self.kind.reminder);
        if step > 0 { vec![(PieceId::from(subject.id), step)] } else { vec![] }
    }

    /// The language to make it in: the one that was asked for, otherwise the usual one.
    pub fn language(&self, asked: Option<&str>) -> Result<String> {
        match asked {
            None => Ok(self.kind.languages[0].clone()),
            Some(asked) if self.kind.languages.iter().any(|known| known == asked) => Ok(asked.to_owned()),
            Some(_) => {
                let message =
                    text("Ce document n'existe pas dans cette langue.", "There is no such document in this language.");
                Err(invalid(vec![field("/language", "unknown", message)]))
            }
        }
    }
}

/// All kinds of a site. Of two plugins with the same kind the first one counts. A plugin that fails offers nothing.
pub async fn offered(app: &App, site: LocalisationId, context: &CallContext) -> Vec<Offered> {
    let mut all: Vec<Offered> = Vec::new();
    for plugin in app.plugins.registry().documents(&seat_name(site)) {
        let kinds = match plugin.catalogue(context).await {
            Ok(kinds) => kinds,
            Err(error) => {
                failure(error);
                continue;
            }
        };
        for kind in kinds {
            let Some(about) = About::of(kind.about) else { continue };
            if !all.iter().any(|known| known.kind.id == kind.id) {
                all.push(Offered { plugin: plugin.clone(), kind, about });
            }
        }
    }
    all
}

/// One of them.
pub async fn one(app: &App, site: LocalisationId, context: &CallContext, kind: &str) -> Result<Offered> {
    let found = offered(app, site, context).await.into_iter().find(|offered| offered.kind.id == kind);
    found.ok_or_else(|| {
        let message =
            text("Aucune extension de ce site ne fait ce document.", "No plugin of this site makes this document.");
        invalid(vec![field("/kind", "unknown", message)])
    })
}
