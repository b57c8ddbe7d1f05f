//! The same title on everything: what was agreed, what is taught, what is certified.

use super::Regle;
use crate::facts::{Document, Opportunite, filled, kind};
use crate::finding::{Finding, key, short, subject};
use crate::words::fold;
use crate::world::World;
use afpi_sdk::Text;

/// The agreements of an opportunité, with their places.
fn conventions(opportunite: &Opportunite) -> impl Iterator<Item = (usize, &Document)> {
    let agreed = |document: &&Document| matches!(document.kind.as_str(), "convention" | "contrat") && !document.draft();
    opportunite.documents.iter().enumerate().filter(move |(_, document)| agreed(document))
}

/// An agreement has another title than the training: that of the sessions, or of the opportunité while it has none. An
/// agreement about several sessions names one of them.
pub fn agreements(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        let sessions = world.sessions_of(id, opportunite)?;
        let titled = sessions.iter().map(|held| (filled(&held.session.title), Some(*held)));
        let own = sessions.is_empty().then(|| (filled(&opportunite.title), None));
        // A session without a title may have any.
        let titles: Vec<_> = titled.chain(own).map(|(title, held)| Some((title?, held))).collect::<Option<_>>()?;
        let found = conventions(opportunite).filter_map(|(at, document)| {
            let agreed = document.agreed_title()?;
            let same = titles.iter().any(|(title, _)| fold(title) == fold(agreed) || fold(title).is_empty());
            let (title, held) = titles.first().filter(|_| !same)?;
            let (name, numero) = (document.named(), opportunite.label.as_str());
            let (agreed, title) = (short(agreed), short(title));
            let (fr, en) = match held {
                Some(held) => (format!("la session {}", held.named()), format!("session {}", held.named())),
                None => (format!("l’opportunité {numero}"), format!("opportunité {numero}")),
            };
            Some(Finding {
                rule: Regle::IntituleConvention,
                subjects: std::iter::once(subject(kind::OPPORTUNITE, id))
                    .chain(held.map(|held| subject(kind::SESSION, held.id)))
                    .collect(),
                field: format!("/documents/{at}"),
                message: Text::new(
                    format!("{name} dit « {agreed} », et {fr} « {title} »."),
                    format!("{name} says “{agreed}”, and {en} “{title}”."),
                ),
                key: key(&[id, &document.kind, document.about_id.as_deref().unwrap_or_default()]),
            })
        });
        Some(found.collect::<Vec<_>>())
    };
    world.opportunites().filter_map(of).flatten().collect()
}

/// A certificate has another title than the agreement. With several sessions, each certificate names its own.
pub fn certificates(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        let held = world.only_session(id, opportunite)?;
        let (_, convention) = conventions(opportunite).find(|(_, document)| document.kind == "convention")?;
        let agreed = convention.agreed_title()?;
        let certified = |document: &&Document| document.kind == "certificat" && !document.draft();
        let all = opportunite.documents.iter().enumerate().filter(move |(_, document)| certified(document));
        let found = all.filter_map(|(at, document)| {
            let title = document.certified_title().filter(|title| fold(title) != fold(agreed))?;
            // A title that the session has, and the agreement has not, is a matter of the agreement.
            if filled(&held.session.title).is_none_or(|own| fold(own) != fold(agreed)) {
                return None;
            }
            let (name, agreement) = (document.named(), convention.named());
            let (agreed, title) = (short(agreed), short(title));
            Some(Finding {
                rule: Regle::IntituleCertificat,
                subjects: vec![subject(kind::OPPORTUNITE, id), subject(kind::SESSION, held.id)],
                field: format!("/documents/{at}"),
                message: Text::new(
                    format!("Le certificat {name} dit « {title} », et {agreement} « {agreed} »."),
                    format!("Certificate {name} says “{title}”, and {agreement} “{agreed}”."),
                ),
                key: key(&[id, document.about_id.as_deref().unwrap_or(&document.id)]),
            })
        });
        Some(found.collect::<Vec<_>>())
    };
    world.opportunites().filter_map(of).flatten().collect()
}
