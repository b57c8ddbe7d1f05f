//! A workflow plugin's definition in the host: parsed, its forms compiled, and in the form for the web application. The
//! host looks up what the plugin declared and knows none of its words.

use std::collections::HashMap;

use afpi_plugins::contract::workflow as wit;
use jsonschema::Validator;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::checklist::{ChecklistForm, Filed};
use crate::pieces::{Declared, Told};
use crate::schema;
use crate::sessions::{Planned, SessionForm};
use afpi_core::text::Text;

/// A site's workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct Workflow {
    /// The plugin's id and version.
    pub id: String,
    pub version: String,
    pub label: Text,
    pub sections: Vec<Section>,
    pub statuses: Vec<Status>,
    pub transitions: Vec<Transition>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WorkflowSection)]
pub struct Section {
    pub id: String,
    pub label: Text,
    /// Roles that own it, and roles that may edit its form.
    pub owners: Vec<String>,
    pub editors: Vec<String>,
    /// JSON Schema of its document.
    #[schema(value_type = Object)]
    pub form: Value,
    /// Working hours until it is overdue.
    pub limit_hours: Option<u32>,
    /// The pieces and payments in its document.
    #[serde(skip)]
    pub declared: Declared,
    /// The session in its document.
    #[serde(skip)]
    pub session: Option<SessionForm>,
    /// The checklist in its document.
    #[serde(skip)]
    pub checklist: Option<ChecklistForm>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WorkflowStatus)]
pub struct Status {
    pub id: String,
    pub label: Text,
    pub section: String,
    pub outcome: &'static str,
    /// Percent.
    pub probability: u8,
    /// Roles that must act next.
    pub waits_for: Vec<String>,
}

/// How the web application shows a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Forward,
    Back,
    Pause,
    Stop,
    Other,
}

impl From<wit::Direction> for Direction {
    fn from(direction: wit::Direction) -> Self {
        match direction {
            wit::Direction::Forward => Direction::Forward,
            wit::Direction::Back => Direction::Back,
            wit::Direction::Pause => Direction::Pause,
            wit::Direction::Stop => Direction::Stop,
            wit::Direction::Other => Direction::Other,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WorkflowTransition)]
pub struct Transition {
    pub id: String,
    pub label: Text,
    pub direction: Direction,
    pub sources: Vec<String>,
    pub roles: Vec<String>,
    /// JSON Schema of the move's form.
    #[schema(value_type = Option<Object>)]
    pub form: Option<Value>,
}

/// The definition, prepared for the host.
pub struct Definition {
    pub workflow: Workflow,
    section_forms: HashMap<String, Validator>,
    transition_forms: HashMap<String, Validator>,
    statuses: HashMap<String, usize>,
}

fn label(text: afpi_plugins::contract::Text) -> Text {
    Text { fr: text.fr, en: text.en }
}

impl Definition {
    /// Reads the plugin's declaration. An unreadable form is the plugin's fault, and the error names it.
    pub fn read(plugin_id: &str, version: &str, wit: wit::WorkflowDefinition) -> Result<Definition, String> {
        let form = |place: &str, id: &str, text: &str| -> Result<(Value, Validator), String> {
            let value: Value = schema::read(text).map_err(|e| format!("form of {place} {id}: {e}"))?;
            let validator = schema::compile(&value).map_err(|e| format!("form of {place} {id}: {e}"))?;
            Ok((value, validator))
        };
        let (mut section_forms, mut transition_forms) = (HashMap::new(), HashMap::new());
        let mut sections = Vec::new();
        for s in wit.sections {
            let (value, validator) = form("section", &s.id, &s.form)?;
            let declared = Declared::read(&value).map_err(|e| format!("form of section {}: {e}", s.id))?;
            let session = SessionForm::read(&value).map_err(|e| format!("form of section {}: {e}", s.id))?;
            let checklist = ChecklistForm::read(&value).map_err(|e| format!("form of section {}: {e}", s.id))?;
            section_forms.insert(s.id.clone(), validator);
            sections.push(Section {
                declared,
                session,
                checklist,
                id: s.id,
                label: label(s.label),
                owners: s.owners,
                editors: s.editors,
                form: value,
                limit_hours: s.limit_hours,
            });
        }
        let mut transitions = Vec::new();
        for t in wit.transitions {
            let mut shown = None;
            if !t.form.is_empty() {
                let (value, validator) = form("transition", &t.id, &t.form)?;
                transition_forms.insert(t.id.clone(), validator);
                shown = Some(value);
            }
            transitions.push(Transition {
                id: t.id,
                label: label(t.label),
                direction: t.direction.into(),
                sources: t.sources,
                roles: t.roles,
                form: shown,
            });
        }
        let statuses: Vec<Status> = wit
            .statuses
            .into_iter()
            .map(|s| Status {
                id: s.id,
                label: label(s.label),
                section: s.section,
                outcome: s.outcome.as_str(),
                probability: s.probability,
                waits_for: s.waits_for,
            })
            .collect();
        let index = statuses.iter().enumerate().map(|(i, s)| (s.id.clone(), i)).collect();
        let workflow = Workflow {
            id: plugin_id.into(),
            version: version.into(),
            label: label(wit.label),
            sections,
            statuses,
            transitions,
        };
        Ok(Definition { workflow, section_forms, transition_forms, statuses: index })
    }

    pub fn status(&self, id: &str) -> Option<&Status> {
        self.statuses.get(id).map(|i| &self.workflow.statuses[*i])
    }

    /// Is this status closed: won, lost, or without a move that leads on?
    pub fn ends(&self, status: &str) -> bool {
        let leads_on = || self.workflow.transitions.iter().any(|t| t.sources.iter().any(|source| source == status));
        self.status(status).is_some_and(|s| matches!(s.outcome, "done" | "lost") || !leads_on())
    }

    /// Is this the first section of every opportunité?
    pub fn begins(&self, section: &str) -> bool {
        self.workflow.sections.first().is_some_and(|first| first.id == section)
    }

    pub fn section(&self, id: &str) -> Option<&Section> {
        self.workflow.sections.iter().find(|s| s.id == id)
    }

    /// The pieces and payments in the documents.
    pub fn issued(&self, documents: &Map<String, Value>) -> Told {
        let mut told = Told::default();
        for section in &self.workflow.sections {
            if let Some(document) = documents.get(&section.id).and_then(Value::as_object) {
                section.declared.collect(&section.id, document, &mut told);
            }
        }
        told
    }

    /// The sessions in the documents, each with its section.
    pub fn planned(&self, documents: &Map<String, Value>) -> Vec<(&str, Planned)> {
        let of = |section: &'_ Section| {
            let document = documents.get(&section.id).and_then(Value::as_object);
            let planned = document.map(|document| section.session.as_ref().map(|form| form.planned(document)));
            planned.unwrap_or_else(|| section.session.is_some().then(Planned::default))
        };
        let sections = self.workflow.sections.iter();
        sections.filter_map(|section| Some((section.id.as_str(), of(section)?))).collect()
    }

    /// The sections with a checklist, each with its form.
    pub fn checklists(&self) -> impl Iterator<Item = (&str, &ChecklistForm)> {
        self.workflow.sections.iter().filter_map(|section| Some((section.id.as_str(), section.checklist.as_ref()?)))
    }

    /// Writes into the documents which pieces of their checklists have a file.
    pub fn fill(&self, documents: &mut Map<String, Value>, filed: &Filed) {
        for (section, list) in self.checklists() {
            let any = filed.iter().any(|(of, _)| of == section);
            if any && !documents.contains_key(section) {
                documents.insert(section.to_owned(), Value::Object(Map::new()));
            }
            if let Some(document) = documents.get_mut(section).and_then(Value::as_object_mut) {
                list.fill(document, &|piece| filed.contains(&(section.to_owned(), piece.to_owned())));
            }
        }
    }

    /// Takes it out again. Sections that had nothing else go.
    pub fn clear(&self, documents: &mut Map<String, Value>) {
        for (section, list) in self.checklists() {
            let Some(document) = documents.get_mut(section).and_then(Value::as_object_mut) else { continue };
            list.clear(document);
            if document.is_empty() {
                documents.remove(section);
            }
        }
    }

    pub fn transition(&self, id: &str) -> Option<&Transition> {
        self.workflow.transitions.iter().find(|t| t.id == id)
    }

    /// The compiled form of a section's document.
    pub fn section_form(&self, id: &str) -> Option<&Validator> {
        self.section_forms.get(id)
    }

    /// The compiled form of a transition. `None` when it has none.
    pub fn transition_form(&self, id: &str) -> Option<&Validator> {
        self.transition_forms.get(id)
    }
}
