//! Files as a source of runs: read record by record from the table, mapped, and without memory.

use std::collections::HashMap;

use afpi_db::Conn;
use async_trait::async_trait;

use super::file::Records;
use super::kind::Kind;
use super::mapping::{self, Mapping};
use super::store;
use crate::engine::Stop;
use crate::engine::owners::{Owner, Owners};
use crate::engine::run::State;
use crate::engine::session::Session;
use crate::engine::source::{Batch, Item, Next, Rows, Rules, Skipped, Source};
use afpi_core::error::{Result, not_found};
use afpi_core::id::{ImportId, RunId};
use afpi_core::text::{Text, fold, text};
use afpi_platform::events::Event;
use afpi_platform::journal::{Actor, Subject};
use afpi_platform::state::App;

const PREFIX: &str = "import";

/// The key of an import's runs.
pub fn key(import: ImportId) -> String {
    format!("{PREFIX}:{import}")
}

/// Imported files.
pub struct File;

/// The import of a key. A key that [`key`] did not make leads to no import.
fn id(name: &str) -> ImportId {
    name.parse().unwrap_or_else(|_| ImportId::generate())
}

#[async_trait]
impl Source for File {
    fn prefix(&self) -> &'static str {
        PREFIX
    }

    async fn rules(&self, conn: &mut Conn, name: &str) -> Result<Rules> {
        let import = store::find(conn, id(name)).await?.ok_or_else(not_found)?;
        Ok(Rules {
            memory: None,
            // The person who applies a file has seen its changes.
            owners: Owners::all(Owner::Source),
            fallback: None,
            only: Some(import.localisation_id),
            by_name: true,
            origin: PREFIX.to_owned(),
            defaults: mapping::by_kind(import.kind, import.defaults.map(|defaults| defaults.0).unwrap_or_default()),
        })
    }

    async fn open(&self, session: &mut Session<'_>, _: &[String]) -> Result<Box<dyn Rows>, Stop> {
        let mut conn = session.app.db.read().await?;
        let gone = || Stop::Failed(text("Le fichier n'existe plus.", "The file no longer exists."));
        let import = store::find(&mut conn, id(&session.origin.name)).await?.ok_or_else(gone)?;
        let content = store::content(&mut conn, import.id).await?.ok_or_else(gone)?;
        let mut records = Records::new(content, import.format());
        records.read();
        Ok(Box::new(Lines {
            records,
            kind: import.kind,
            mapping: import.mapping.0,
            total: import.total,
            done: 0,
            companies: HashMap::new(),
        }))
    }

    async fn applied(&self, _: &mut Session<'_>) -> Result<(), Stop> {
        Ok(())
    }

    fn actor<'a>(&self, name: &'a str) -> Actor<'a> {
        Actor::Import(name)
    }

    fn subject(&self, name: &str) -> Option<Subject> {
        Some(Subject::Import(id(name)))
    }

    fn label<'a>(&self, _: &'a str) -> &'a str {
        PREFIX
    }

    fn event(&self, _: &App, _: &str, _: RunId, _: State, _: Option<&Text>) -> Option<Event> {
        None
    }

    async fn publish(&self, _: &App, _: &str, _: RunId) {}
}

/// The lines of a file.
struct Lines {
    records: Records,
    kind: Kind,
    mapping: Mapping,
    total: i64,
    done: i64,
    /// The first line of each company of the file.
    companies: HashMap<String, String>,
}

#[async_trait]
impl Rows for Lines {
    async fn next(&mut self, most: u32) -> Result<Next, Stop> {
        let mut batch = Batch { entity: self.kind.entity().as_str().into(), total: self.total, ..Batch::default() };
        for _ in 0..most {
            let Some(record) = self.records.read() else {
                batch.finished = true;
                break;
            };
            self.done += 1;
            let line = record.line.to_string();
            let read = match self.kind.tabular() {
                Some(kind) => mapping::item(kind, &self.mapping, record).map(|item| batch.items.push(item)),
                None => mapping::items(&self.mapping, record)
                    .map(|(company, contact)| self.take(&mut batch, company, contact)),
            };
            if let Err(reason) = read {
                batch.skipped.push(skipped(self.kind, &line, reason));
            }
        }
        batch.done = self.done;
        Ok(Next::Batch(batch))
    }

    fn lines(&mut self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    async fn close(&mut self, _: &Session<'_>) -> Result<(), Stop> {
        Ok(())
    }
}

impl Lines {
    /// When an earlier line already has the company, only the contact is added.
    fn take(&mut self, batch: &mut Batch, company: Item, contact: Option<Item>) {
        let line = company.external_id.clone();
        let first = self.companies.entry(recognised(&company)).or_insert_with(|| line.clone()).clone();
        if first == line {
            batch.items.push(company);
        } else {
            let reason = match contact {
                Some(_) => text(
                    format!("même entreprise que la ligne {first} ; seul le contact est repris"),
                    format!("the same company as line {first}; only the contact is taken"),
                ),
                None => {
                    text(format!("même entreprise que la ligne {first}"), format!("the same company as line {first}"))
                }
            };
            batch.skipped.push(skipped(self.kind, &line, reason));
        }
        batch.items.extend(contact.map(|contact| Item { parent: first, ..contact }));
    }
}

/// The key that identifies a company in a file: its SIRET, otherwise its name and postcode.
fn recognised(company: &Item) -> String {
    let Ok(fields) = &company.fields else { return company.external_id.clone() };
    let word = |at: &str| fields.get(at).and_then(serde_json::Value::as_str).unwrap_or_default();
    let siret: String = word("siret").chars().filter(|c| c.is_alphanumeric()).collect();
    if !siret.is_empty() {
        return siret;
    }
    let postcode = fields.get("address").and_then(|address| address["postcode"].as_str()).unwrap_or_default();
    format!("{}\n{}", fold(word("name")), postcode.trim())
}

fn skipped(kind: Kind, line: &str, reason: Text) -> Skipped {
    Skipped { entity: kind.entity().as_str().into(), external_id: line.into(), reason }
}
