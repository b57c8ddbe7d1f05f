//! `GET /api/preuves/{kind}/{id}`: which evidence is there, what is missing, who provides it by when.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::facts::{self, Facts, File, Origin};
use super::referentiel::{self, End, Item, Per, Proof};
use super::{Kind, OfTraining};
use afpi_core::clock::{Day, Instant};
use afpi_core::text::Text;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The evidence of one training.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Preuves {
    /// What part of the evidence is there, in percent, rounded down.
    pub percent: u32,
    pub reference: ReferenceRef,
    /// The text that says what funders ask for.
    pub funder: String,
    pub items: Vec<Preuve>,
}

/// The version of the national reference on this day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PreuveReference)]
pub struct ReferenceRef {
    #[schema(example = "rnq-2026")]
    pub id: String,
    pub label: Text,
    /// How many indicators it has.
    pub indicators: u32,
    pub source: String,
}

/// One item of evidence.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Preuve {
    #[schema(example = "convocations")]
    pub id: String,
    pub label: Text,
    /// Its folder in the archive.
    pub folder: String,
    /// Of the national reference.
    pub indicators: Vec<u32>,
    /// Does a funder ask for it?
    pub funder: bool,
    /// Nothing is missing without it.
    pub optional: bool,
    pub state: PreuveState,
    /// How many are there, and how many there should be.
    pub done: u32,
    pub total: u32,
    /// Why it counts without a file.
    pub reason: Option<String>,
    /// Who provides what is missing: a role, or the name that the checklist gives.
    pub role: Option<String>,
    pub who: Option<String>,
    /// By when. Absent when nothing is missing or no session is planned.
    pub due: Option<Day>,
    pub late: bool,
    pub files: Vec<PreuveFile>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PreuveState {
    There,
    Partial,
    Missing,
    /// Nothing of it, and nothing is missing.
    None,
}

/// A file that proves it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreuveFile {
    pub name: String,
    /// `document`, `signed` for a copy of one that came back signed, or `attachment`.
    pub origin: &'static str,
    pub media_type: String,
    pub size: i64,
    /// In hexadecimal digits.
    pub sha256: String,
    pub made_at: Instant,
    /// Nobody: it was made by itself.
    pub made_by: Option<String>,
}

/// Read the evidence of an opportunité or of a session.
#[utoipa::path(get, path = "/{kind}/{id}", operation_id = "getPreuves", tag = "preuves",
    params(("kind" = Kind, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = Preuves), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    OfTraining(kind, id): OfTraining,
) -> ApiResult<Json<Preuves>> {
    let facts = facts::read(&app, &caller, kind, id).await?;
    Ok(Json(weigh(&facts, Instant::now().day())))
}

/// The evidence as of this day.
pub fn weigh(facts: &Facts, today: Day) -> Preuves {
    let data = referentiel::data();
    let (reference, funder) = (data.on(today), data.funder_on(today));
    let items: Vec<Preuve> = data
        .item
        .iter()
        .map(|item| Preuve {
            indicators: reference.items.get(&item.id).cloned().unwrap_or_default(),
            funder: funder.items.contains(&item.id),
            ..one(facts, item, today)
        })
        .collect();
    let counted: Vec<&Preuve> = items.iter().filter(|item| item.state != PreuveState::None).collect();
    let sum: u32 = counted.iter().map(|item| item.done * 100 / item.total.max(1)).sum();
    Preuves {
        percent: sum / u32::try_from(counted.len()).unwrap_or(u32::MAX).max(1),
        reference: ReferenceRef {
            id: reference.id.clone(),
            label: reference.label.clone(),
            indicators: reference.indicators,
            source: reference.source.clone(),
        },
        funder: funder.source.clone(),
        items,
    }
}

/// The files that prove this item.
pub fn files<'a>(facts: &'a Facts, item: &'a Item) -> impl Iterator<Item = &'a File> {
    facts.files.iter().filter(move |file| match file.origin {
        Origin::Document | Origin::Signed => item.documents.contains(&file.word),
        Origin::Attachment => item.pieces.contains(&file.word) || item.id == file.word,
        Origin::Trainer => item.proof == Some(Proof::Trainers),
    })
}

/// One item without its marks.
fn one(facts: &Facts, item: &Item, today: Day) -> Preuve {
    let listed = || facts.opportunites.iter().flat_map(|file| &file.listed);
    let listed = || listed().filter(|listed| item.pieces.contains(&listed.piece));
    let ticked = listed().find(|listed| listed.ticked);
    let (mut done, total) = count(facts, item);
    if ticked.is_some() {
        done = total;
    }
    let state = match done {
        0 if item.optional => PreuveState::None,
        0 => PreuveState::Missing,
        _ if done < total => PreuveState::Partial,
        _ => PreuveState::There,
    };
    let lacks = matches!(state, PreuveState::Missing | PreuveState::Partial);
    let due = listed().find_map(|listed| listed.until).or_else(|| due(facts, item)).filter(|_| lacks);
    let who = listed().find_map(|listed| listed.from.clone());
    let commercial = || facts.opportunites.first().map(|file| file.commercial.clone());
    Preuve {
        id: item.id.clone(),
        label: item.label.clone(),
        folder: item.folder.clone(),
        indicators: Vec::new(),
        funder: false,
        optional: item.optional,
        state,
        done,
        total,
        reason: ticked.and_then(|listed| listed.reason.clone()),
        role: lacks.then(|| item.who.clone()).filter(|_| who.is_none()),
        who: who.or_else(|| commercial().filter(|_| item.who == "commercial")).filter(|_| lacks),
        late: due.is_some_and(|due| due < today),
        due,
        files: files(facts, item).map(PreuveFile::of).collect(),
    }
}

/// How many are there, and how many there should be.
fn count(facts: &Facts, item: &Item) -> (u32, u32) {
    // A scan of all of them, or a signed one, counts as a whole.
    let attached = files(facts, item).any(|file| file.origin == Origin::Attachment);
    let whole = |there: bool| (u32::from(there || attached), 1);
    let parts = |(done, total): (u32, u32)| match total {
        0 => whole(false),
        _ if attached => (total, total),
        _ => (done, total),
    };
    match (item.proof, item.per) {
        (Some(Proof::FirstSection), _) => whole(facts.opportunites.iter().any(|file| file.begun)),
        (Some(Proof::Attendance), _) => parts(facts.attendance),
        (Some(Proof::Trainers), _) => parts(facts.trainers.unwrap_or_default()),
        (None, Per::Stagiaire) => {
            let has = |person: &uuid::Uuid| files(facts, item).any(|file| file.about == *person);
            let there = facts.stagiaires.keys().filter(|person| has(&person.uuid())).count();
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            parts((count(there), count(facts.stagiaires.len())))
        }
        (None, Per::Whole) => {
            let issued = facts.issued.iter().any(|kind| item.issued.contains(kind));
            whole(issued || files(facts, item).next().is_some())
        }
    }
}

/// The day of the rule, from the days of the sessions.
fn due(facts: &Facts, item: &Item) -> Option<Day> {
    let day = match item.due.from {
        End::First => facts.sessions.iter().filter_map(|session| session.first_day).min(),
        End::Last => facts.sessions.iter().filter_map(|session| session.last_day).max(),
    };
    day.map(|day| day.plus(item.due.days))
}

impl PreuveFile {
    fn of(file: &File) -> PreuveFile {
        PreuveFile {
            name: file.name.clone(),
            origin: match file.origin {
                Origin::Document => "document",
                Origin::Signed => "signed",
                Origin::Attachment | Origin::Trainer => "attachment",
            },
            media_type: file.media_type.clone(),
            size: file.size,
            sha256: file.sha256.clone(),
            made_at: file.at,
            made_by: file.by.clone(),
        }
    }
}
