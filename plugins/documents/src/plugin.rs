//! The component: what the host asks, handed to the library.

use afpi_sdk::calendar::day_of;
use afpi_sdk::documents::{About, Composition, Documents, Kind, Mail, Request};
use afpi_sdk::{Error, FieldProblem, Plugin, Result, Text};

use crate::catalogue::{self, KINDS};
use crate::config::Config;
use crate::scene::{Scene, read};
use crate::{Lang, compose, mail, missing};

/// The plugin.
pub struct Papers;

impl Plugin for Papers {
    type Config = Config;

    fn validate(config: &Config) -> Vec<FieldProblem> {
        config.problems()
    }
}

impl Documents for Papers {
    fn catalogue(_: &Config) -> Vec<Kind> {
        KINDS.iter().map(described).collect()
    }

    fn missing(_: &Config, request: &Request) -> Result<Vec<FieldProblem>> {
        let scene = scene(request)?;
        let problem =
            |missing: missing::Missing| FieldProblem::new(missing.field, "required", Text::new(missing.fr, missing.en));
        Ok(missing::missing(&request.kind, &scene).into_iter().map(problem).collect())
    }

    fn compose(config: &Config, request: &Request) -> Result<Composition> {
        let scene = scene(request)?;
        let lacking = if request.draft { Vec::new() } else { Self::missing(config, request)? };
        if !lacking.is_empty() {
            return Err(Error::Invalid(lacking));
        }
        let composed = compose::compose(&request.kind, &scene).ok_or_else(|| {
            let kind = &request.kind;
            Error::invalid(
                "",
                "required",
                &format!("Rien à mettre dans ce document ({kind})"),
                &format!("Nothing to put into this document ({kind})"),
            )
        })?;
        let own = config.mail(&request.kind, scene.lang).filter(|_| composed.mail.is_some());
        let mail = own.map(|words| mail::worded(&request.kind, &scene, words)).or(composed.mail);
        Ok(Composition {
            template: composed.template,
            data: composed.data.to_string(),
            title: composed.title,
            file_name: composed.file_name,
            invoice: composed.invoice.map(|invoice| invoice.to_string()),
            mail: mail.map(|mail| Mail { subject: mail.subject, body: mail.body }),
        })
    }
}

fn described(kind: &catalogue::Kind) -> Kind {
    let about = match kind.about {
        catalogue::About::Opportunite => About::Opportunite,
        catalogue::About::Piece => About::Piece,
        catalogue::About::Day => About::Day,
        catalogue::About::Stagiaire => About::Stagiaire,
    };
    let described = Kind::new(kind.id, Text::new(kind.fr, kind.en), about);
    let described = described.of(kind.section).by(kind.roles).shows(kind.pieces);
    let described = if kind.archival { described.archival() } else { described };
    let described = if kind.signed { described.signed() } else { described }.reminds(kind.reminder);
    if kind.languages.contains(&"en") { described.also_in_english() } else { described }
}

fn scene(request: &Request) -> Result<Scene> {
    let unreadable = |field: &str, said: String| {
        Error::invalid(field, "malformed", &format!("Dossier illisible : {said}"), &format!("Cannot be read: {said}"))
    };
    // A reminder is of the day on which it is made, not of its invoice's.
    let day = match request.kind.starts_with("relance") {
        true => Ok(day_of(request.now)),
        false => request.today.parse(),
    };
    Ok(Scene {
        dossier: read(&request.dossier).map_err(|said| unreadable("/dossier", said))?,
        lang: Lang::of(&request.language),
        draft: request.draft,
        day: day.map_err(|_| unreadable("/today", request.today.clone()))?,
    })
}

afpi_sdk::app::export!(Papers);
afpi_sdk::documents::export!(Papers);
