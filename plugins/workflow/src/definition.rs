//! The relay as data for the host: sections, statuses, transitions and their forms.

use afpi_sdk::schema;
use afpi_sdk::workflow::*;

use crate::config::Config;
use crate::forms::*;
use crate::moves::MOVES;
use crate::words::section;
use crate::{rights, statuses};

/// The id of this relay. It is the id of the plugin too.
const ID: &str = "workflow-afpi";

pub fn definition(config: &Config) -> WorkflowDefinition {
    WorkflowDefinition {
        id: ID.into(),
        label: Text::new("Parcours AFPI", "AFPI relay"),
        sections: sections(config),
        statuses: statuses::ALL.iter().map(status).collect(),
        transitions: MOVES.iter().map(transition).collect(),
    }
}

fn sections(config: &Config) -> Vec<Section> {
    let section = |id: &str, fr: &str, en: &str, form: String| Section {
        id: id.into(),
        label: Text::new(fr, en),
        owners: words(rights::owners(id)),
        editors: words(rights::editors(id)),
        form,
        limit_hours: config.limit_hours(id),
    };
    vec![
        section(section::COLLECTE, "Collecte d’informations", "Information gathering", schema::of::<Collecte>()),
        section(section::DEVIS, "Devis", "Quote", schema::of::<Devis>()),
        section(section::MONTAGE, "Montage administratif", "Funding", schema::of::<Montage>()),
        section(section::PLANIFICATION, "Planification", "Scheduling", schema::of::<Planification>()),
        section(section::DOCUMENTS, "Documents administratifs", "Paperwork", schema::of::<Documents>()),
        section(section::FACTURATION, "Facturation", "Invoicing", schema::of::<Facturation>()),
    ]
}

fn status(status: &statuses::Status) -> Status {
    Status {
        id: status.id.into(),
        label: Text::new(status.fr, status.en),
        section: status.section.into(),
        outcome: status.outcome,
        probability: status.probability,
        waits_for: words(status.waits_for),
    }
}

fn transition(step: &crate::moves::Move) -> Transition {
    Transition {
        id: step.id.into(),
        label: Text::new(step.fr, step.en),
        direction: step.direction,
        sources: words(step.sources),
        roles: words(step.right.roles()),
        form: (step.form)(),
    }
}

fn words(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}
