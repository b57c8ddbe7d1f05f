//! What must come before the first half-day: the quote, the agreement, the request for funding. A training that begins on
//! the same day, or whose first day is not known for certain, is no finding.

use afpi_sdk::Text;
use afpi_sdk::calendar::Date;

use super::Regle;
use crate::facts::{Opportunite, kind};
use crate::finding::{Finding, day, key, subject};
use crate::world::World;

/// The finding for something that happened on `on`, after the start of the training.
fn late(
    world: &World,
    rule: Regle,
    (id, opportunite): (&str, &Opportunite),
    on: Date,
    (field, row): (String, &str),
    told: impl Fn((String, String), (String, String)) -> (String, String),
) -> Option<Finding> {
    let first = world.start(id, opportunite)?.latest;
    if on <= first {
        return None;
    }
    let (fr, en) = told(day(on), day(first));
    Some(Finding {
        rule,
        subjects: vec![subject(kind::OPPORTUNITE, id)],
        field,
        message: Text::new(fr, en),
        key: if row.is_empty() { key(&[id]) } else { key(&[id, row]) },
    })
}

/// The quote was accepted after the first half-day.
pub fn quotes(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        let number = opportunite.quote_number().unwrap_or(&opportunite.label);
        let at = ("/data/devis/accepteLe".to_owned(), "");
        late(world, Regle::DevisTardif, (id, opportunite), opportunite.accepted()?, at, |on, first| {
            (
                format!("Le devis {number} est accepté le {} ; la formation a commencé le {}.", on.0, first.0),
                format!("Quote {number} was accepted on {}; the training had begun on {}.", on.1, first.1),
            )
        })
    };
    world.opportunites().filter_map(of).collect()
}

/// The agreement was signed after the first half-day: by the day that somebody entered, otherwise by its signature.
pub fn conventions(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        let signed = opportunite.convention_signed().map(|on| (on, "/data/documents/conventionSigneeLe".to_owned()));
        let paper = || {
            let mut documents = opportunite.documents.iter().enumerate();
            let (at, document) = documents.find(|(_, document)| document.kind == "convention" && !document.draft())?;
            Some((document.signed_on?, format!("/documents/{at}/signedOn")))
        };
        let (on, field) = signed.or_else(paper)?;
        let numero = &opportunite.label;
        late(world, Regle::ConventionTardive, (id, opportunite), on, (field, ""), |on, first| {
            (
                format!("{numero} : la convention est signée le {} ; la formation a commencé le {}.", on.0, first.0),
                format!("{numero}: the agreement was signed on {}; the training had begun on {}.", on.1, first.1),
            )
        })
    };
    world.opportunites().filter_map(of).collect()
}

/// Funders that take no request after the beginning.
const BEFORE: [&str; 4] = ["opco", "region", "france_travail", "transitions_pro"];

/// A request for funding was filed after the first half-day. One that was refused is settled.
pub fn funding(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        let lines = opportunite.funders().filter(|line| BEFORE.contains(&line.payer) && line.agreed != Some(0));
        let found = lines.filter_map(|line| {
            let (name, numero) = (line.name, &opportunite.label);
            let at = (format!("/data/montage/financeurs/{}/deposeLe", line.row), line.row.to_string());
            late(world, Regle::FinancementTardif, (id, opportunite), line.filed?, (at.0, &at.1), |on, first| {
                (
                    format!(
                        "{numero} : demande à {name} déposée le {} ; la formation a commencé le {}.",
                        on.0, first.0
                    ),
                    format!("{numero}: request to {name} filed on {}; the training had begun on {}.", on.1, first.1),
                )
            })
        });
        found.collect::<Vec<_>>()
    };
    world.opportunites().flat_map(of).collect()
}
