//! Kinds of records that files bring one per line. A kind is one file with its table of columns: it finds the record
//! that a line means, and hands the line to the writers of the record's form. [`lines`] does the rest for all of them:
//! compares, applies, undoes, and tells why a line is refused.

mod cells;
mod formateurs;
mod lines;
mod produits;

use std::borrow::Cow;
use std::fmt::Write as _;

use afpi_db::Conn;
use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use super::Stop;
use super::change::{Entity, Fields};
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, field, invalid};
use afpi_core::id::{LocalisationId, RunId};
use afpi_core::rights::Action;
use afpi_core::text::{Text, fold, text};
use afpi_crm::description::{Field, Label};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::localisations;
use afpi_platform::state::App;

pub use cells::{Reads, Shown};
pub use formateurs::Formateurs;
pub use lines::Lines;
pub use produits::Produits;

/// A column that a file of this kind can have.
#[derive(Clone, Copy)]
pub struct Column {
    /// The name of the field in the record's request.
    pub name: &'static str,
    pub label: Label,
    pub reads: Reads,
    /// Headings that people use for it beside its name and its labels: folded, letters and digits only.
    pub aka: &'static [&'static str],
    /// A value for the template.
    pub example: &'static str,
    /// May it have a default value? Not what tells records apart.
    pub default: bool,
}

impl Column {
    /// The column of a described field.
    pub const fn of(field: &Field, aka: &'static [&'static str], example: &'static str) -> Column {
        Column { name: field.name, label: field.label, reads: Reads::of(field.shape), aka, example, default: true }
    }

    /// The column of something that the record refers to by a word of people.
    pub const fn named(
        name: &'static str,
        label: Label,
        aka: &'static [&'static str],
        example: &'static str,
    ) -> Column {
        Column { name, label, reads: Reads::Text, aka, example, default: true }
    }

    /// It tells records apart, or is of one record only: no value is right for all of them.
    pub const fn own(self) -> Column {
        Column { default: false, ..self }
    }

    pub const fn read_as(self, reads: Reads) -> Column {
        Column { reads, ..self }
    }
}

/// Who imports what for which site. The person's rights and scope hold, as at the moment of the work.
pub struct Ground {
    pub app: App,
    pub person: Caller,
    /// New records go there, unless their line names another site of the person's.
    pub site: LocalisationId,
    /// The id of the import.
    pub import: String,
    pub run: String,
}

impl Ground {
    pub fn new(app: &App, person: Caller, site: LocalisationId, import: &str, run: RunId) -> Ground {
        Ground { app: app.clone(), person, site, import: import.to_owned(), run: run.to_string() }
    }

    /// What the writers of records get: the person acts, through the file.
    pub fn act(&self, now: Instant) -> Act<'_> {
        Act { app: &self.app, caller: &self.person, correlation_id: &self.run, import: Some(&self.import), now }
    }
}

/// Why a run ends that works for nobody: the account is no longer active.
pub fn nobody() -> Stop {
    Stop::Failed(text(
        "La personne qui importe n'a plus de compte actif.",
        "The person who imports has no active account any more.",
    ))
}

/// The record that a line means.
pub struct Found {
    /// None for a new one.
    pub record: Option<Uuid>,
    /// The same for all lines that mean the same record.
    pub key: String,
    /// Its name, for display.
    pub label: String,
}

/// A record as it is now.
pub struct Stands {
    /// Its values, by the names of the columns.
    pub fields: Fields,
    pub version: i64,
}

/// A kind of record. Errors of its functions are reasons for refusing the line, as the form would refuse it. Writers
/// refuse before they write: one line's refusal must not leave half of it.
#[async_trait]
pub trait Tabular: Send + Sync {
    fn entity(&self) -> Entity;

    /// What a list of them is called.
    fn label(&self) -> Label;

    /// The right to write such a record. An import takes it beside the right to import.
    fn right(&self) -> Action;

    fn columns(&self) -> &'static [Column];

    /// The columns without which no line can be read: one of each group.
    fn needed(&self) -> &'static [&'static [&'static str]];

    /// Which record these values mean.
    async fn find(&self, conn: &mut Conn, ground: &Ground, line: &Fields) -> Result<Found>;

    /// The record, if the person may see it.
    async fn read(&self, conn: &mut Conn, ground: &Ground, id: Uuid) -> Result<Option<Stands>>;

    /// The values of a line in their stored form, checked as the form checks them. `here` is the known record.
    async fn check(&self, conn: &mut Conn, ground: &Ground, line: Fields, here: Option<&Fields>) -> Result<Fields>;

    /// Creates the record with this id.
    async fn create(&self, tx: &mut Conn, ground: &Ground, act: Act<'_>, id: Uuid, fields: &Fields) -> Result<()>;

    /// Sets these values; `null` clears.
    async fn update(&self, tx: &mut Conn, ground: &Ground, act: Act<'_>, id: Uuid, values: &Fields) -> Result<()>;

    /// Deletes a record that a run has created and nobody has changed since. Refuses what other records need.
    async fn remove(&self, tx: &mut Conn, act: Act<'_>, id: Uuid) -> Result<()>;
}

/// All kinds, in the order in which they are offered.
pub const ALL: [&dyn Tabular; 2] = [&Produits, &Formateurs];

/// The kind of these records. None for companies and contacts, which have an engine of their own.
pub fn of(entity: Entity) -> Option<&'static dyn Tabular> {
    ALL.into_iter().find(|kind| kind.entity() == entity)
}

/// The values of a record or of a request for the columns of its kind. Empty values are left out.
fn columns_of(kind: &dyn Tabular, record: &impl serde::Serialize) -> Result<Fields> {
    let Value::Object(mut record) = serde_json::to_value(record).map_err(afpi_core::error::internal)? else {
        return Ok(Fields::new());
    };
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    let values = kind.columns().iter().filter_map(|column| Some((column.name.to_owned(), record.remove(column.name)?)));
    Ok(values.filter(|(_, value)| !empty(value)).collect())
}

/// The column of kinds whose lines may name a site, by its code or its name.
const SITE: Column =
    Column::named("site", ("Localisation", "Localisation"), &["site", "codesite", "afpi", "centre"], "");

/// The site that a line names, with its code: one of the person's.
async fn site(conn: &mut Conn, ground: &Ground, line: &Fields) -> Result<Option<(LocalisationId, String)>> {
    let Some(named) = word(line, SITE.name) else { return Ok(None) };
    let wanted = fold(named.trim());
    let sites = localisations::all(conn).await?.into_iter();
    let mut found = sites.filter(|site| fold(&site.code) == wanted || fold(&site.name) == wanted);
    match found.find(|site| ground.person.scope().covers_site(site.id)) {
        Some(site) => Ok(Some((site.id, site.code))),
        None => {
            let unknown =
                text("ce site n'existe pas ou n'est pas des vôtres", "this site does not exist or is not yours");
            Err(invalid(vec![field(format!("/{}", SITE.name), "unknown", unknown)]))
        }
    }
}

/// The line as a request has it, and the code of the site that it names.
async fn of_sites(conn: &mut Conn, ground: &Ground, mut line: Fields) -> Result<(Fields, Option<String>)> {
    let named = site(conn, ground, &line).await?;
    line.remove(SITE.name);
    let (id, code) = named.unzip();
    line.extend(id.map(|id| ("localisationId".to_owned(), id.to_string().into())));
    Ok((line, code))
}

/// A text of a line.
fn word<'a>(line: &'a Fields, name: &str) -> Option<&'a str> {
    line.get(name).and_then(Value::as_str).filter(|word| !word.is_empty())
}

/// Why a line is refused: the problems of its columns under their labels, otherwise the reason of the refusal.
fn reason(kind: &dyn Tabular, error: &Error) -> Text {
    let mut told = text("", "");
    for fault in error.faults().iter().take(3) {
        let name = fault.field.trim_start_matches('/').split('/').next().unwrap_or_default();
        let label = kind.columns().iter().find(|column| column.name == name).map(|column| column.label);
        let (fr, en) = label.map_or((Cow::from(name), Cow::from(name)), |(fr, en)| (fr.into(), en.into()));
        for (words, label, space, message) in
            [(&mut told.fr, fr, " ", &fault.message.fr), (&mut told.en, en, "", &fault.message.en)]
        {
            let between = if words.is_empty() { "" } else { " ; " };
            // Writing into a text cannot fail.
            let _ = write!(words, "{between}{label}{space}: {message}");
        }
    }
    if told.fr.is_empty() { error.reason() } else { told }
}
