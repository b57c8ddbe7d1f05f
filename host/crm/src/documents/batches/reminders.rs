//! `/api/relances/document-batch`: the letters that are due, one for each payer and legal entity. A letter
//! takes the tone of the latest step that one of its pieces reaches; each piece is marked with its own.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::plan::{Files, MOST, Planned};
use super::{Batch, Plan, PlanItem, PlanMail, PlanPiece, create, store};
use crate::documents::catalogue::{self, Offered};
use crate::documents::compose::{self, Wanted};
use crate::documents::material::Material;
use crate::documents::preview::{self, DocumentPreview, Sheet};
use crate::documents::sendings::{self, Addresses};
use crate::documents::store::{Composed, Mail};
use crate::documents::subject::Subject;
use crate::facturation::{self, Relance};
use crate::opportunites::stored::StoredOpportunite;
use afpi_core::clock::Day;
use afpi_core::error::{Error, Result, field, invalid};
use afpi_core::id::{LocalisationId, PieceId};
use afpi_core::rights::Action;
use afpi_core::text::text;
use afpi_http::bounds::{List, RecordId};
use afpi_http::input::{Body, Params};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::{Line, Prose};
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::state::App;

/// The most pieces of one letter: those that are due the longest. The others wait for the next one.
const PIECES: usize = 100;

/// The reminders to plan.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhichLetters {
    /// Default: all sites that the caller sees.
    #[serde(default)]
    #[param(value_type = Option<Uuid>)]
    localisation_id: Option<LocalisationId>,
    /// The `key` of a payer. Default: all payers.
    #[serde(default)]
    payer: Option<String>,
}

/// The reminders to make and send.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewReminderBatch {
    /// At least one.
    #[validate(nested)]
    letters: Letters,
}

/// The letters of one request.
pub type Letters = List<NewReminderLetter, MOST>;

/// A letter to one payer.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewReminderLetter {
    /// Pieces of one letter of the plan, at least one.
    #[validate(nested)]
    pieces: LetterPieces,
    /// Default: the addresses of the plan. None: the letter is made and not sent.
    #[serde(default)]
    #[validate(nested)]
    to: Option<Addresses>,
    /// The mail as a person wrote it. Default: as the plan proposes it.
    #[serde(default)]
    #[validate(nested)]
    mail: Option<ReminderMail>,
}

/// The pieces of one letter.
pub type LetterPieces = List<RecordId, PIECES>;

/// The letter to show.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReminderPreviewRequest {
    /// Pieces of one letter of the plan, at least one.
    #[validate(nested)]
    pieces: LetterPieces,
}

/// Subject and text of a mail.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReminderMail {
    #[validate(nested)]
    subject: Line<200>,
    #[validate(nested)]
    body: Prose<10_000>,
}

/// Plan the reminders that are due today: one letter for each payer and legal entity.
#[utoipa::path(get, path = "/document-batch", operation_id = "planReminders", tag = "documents", params(WhichLetters),
    responses((status = 200, body = Plan), (status = 403, body = ProblemBody)))]
pub(super) async fn plan(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Params(which): Params<WhichLetters>,
) -> ApiResult<Json<Plan>> {
    caller.require(Action::CreancesWrite)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let mut data = Vec::new();
    let mut desk = Desk::new(act);
    for letter in due(act, which.localisation_id, which.payer.as_deref()).await? {
        data.extend(desk.item(letter).await?);
        if data.len() == MOST {
            break;
        }
    }
    Ok(Json(Plan { kinds: vec![], data, mail_server: app.config.smtp_url.is_some() }))
}

/// Make and send reminders, and mark the step of each piece as sent. A letter with a step that was marked meanwhile is
/// refused.
#[utoipa::path(post, path = "/document-batch", operation_id = "sendReminders", tag = "documents", request_body = NewReminderBatch,
    responses((status = 202, body = Batch), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<NewReminderBatch>,
) -> ApiResult<(StatusCode, Json<Batch>)> {
    caller.require(Action::CreancesWrite)?;
    if input.letters.is_empty() {
        return Err(wanting("/letters").into());
    }
    let act = Act::begin(&app, &caller, request.as_str());
    let mut due = due(act, None, None).await?;
    let mut desk = Desk::new(act);
    let mut items = Vec::with_capacity(input.letters.len());
    for (at, asked) in input.letters.iter().enumerate() {
        let chosen = take(&mut due, &asked.pieces, &format!("/letters/{at}"))?;
        let item = desk.item(chosen).await?.ok_or_else(|| unknown(format!("/letters/{at}/pieces/0")))?;
        let typed = asked.mail.as_ref();
        items.push(PlanItem {
            recipients: match &asked.to {
                Some(to) => to.iter().map(|address| address.as_str().to_owned()).collect(),
                None => item.recipients,
            },
            mail: typed.map(|mail| PlanMail { subject: mail.subject.to_string(), body: mail.body.to_string() }),
            ..item
        });
    }
    // Letters to payers are in French.
    let new = store::NewBatch { kind: "", session: None, language: "fr", items: &items };
    Ok((StatusCode::ACCEPTED, Json(create::write(act, &new).await?)))
}

/// Preview a letter: as it would be made now.
#[utoipa::path(post, path = "/document-batch/preview", operation_id = "previewReminder", tag = "documents",
    request_body = ReminderPreviewRequest,
    responses((status = 200, body = DocumentPreview), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody), (status = 502, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub(super) async fn preview(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Body(input): Body<ReminderPreviewRequest>,
) -> ApiResult<Json<DocumentPreview>> {
    caller.require(Action::CreancesWrite)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let mut due = due(act, None, None).await?;
    let chosen = take(&mut due, &input.pieces, "")?;
    let mut desk = Desk::new(act);
    let draft = desk.draft(chosen).await?.ok_or_else(|| unknown("/pieces/0".into()))?;
    let composed = draft.compose(act).await?.ok_or_else(|| unknown("/pieces/0".into()))?;
    let sheet = Sheet {
        site: draft.opportunite.localisation_id,
        offered: draft.offered,
        language: draft.language(),
        dated: act.now.day(),
    };
    Ok(Json(preview::draw(act, sheet, composed).await?))
}

/// The letters that are due, each with its pieces.
async fn due(act: Act<'_>, site: Option<LocalisationId>, payer: Option<&str>) -> Result<Vec<Vec<Relance>>> {
    let mut conn = act.app.db.read().await?;
    facturation::due_reminders(&mut conn, &act.caller.scope(), site, payer, Day::today()).await
}

/// Takes the pieces of an asked letter out of those that are due. They are of one payer and one legal entity, each once.
fn take(due: &mut [Vec<Relance>], pieces: &[RecordId], place: &str) -> Result<Vec<Relance>> {
    let is = |relance: &Relance, id: &RecordId| relance.creance.piece_id.is_some_and(|piece| piece.uuid() == id.0);
    let first = pieces.first().ok_or_else(|| wanting(&format!("{place}/pieces")))?;
    let letter = due.iter_mut().find(|letter| letter.iter().any(|relance| is(relance, first)));
    let letter = letter.ok_or_else(|| unknown(format!("{place}/pieces/0")))?;
    let mut chosen = Vec::with_capacity(pieces.len());
    for (position, id) in pieces.iter().enumerate() {
        let found = letter.iter().position(|relance| is(relance, id));
        let found = found.ok_or_else(|| unknown(format!("{place}/pieces/{position}")))?;
        chosen.push(letter.remove(found));
    }
    Ok(chosen)
}

fn wanting(place: &str) -> Error {
    let message = text("Choisissez au moins une facture.", "Choose at least one invoice.");
    invalid(vec![field(place, "required", message)])
}

fn unknown(place: String) -> Error {
    let message = text("Cette facture n'est pas à relancer ici.", "This invoice is not to be reminded of here.");
    invalid(vec![field(place, "unknown", message)])
}

/// What plans the letters of one request: opportunités and kinds of letters are read once.
struct Desk<'a> {
    act: Act<'a>,
    files: Files,
    offers: HashMap<LocalisationId, Vec<Offered>>,
}

impl<'a> Desk<'a> {
    fn new(act: Act<'a>) -> Desk<'a> {
        Desk { act, files: Files::default(), offers: HashMap::new() }
    }

    /// The letter about these pieces of one payer, as a document that the caller may make. `None` when there is none.
    async fn item(&mut self, letter: Vec<Relance>) -> Result<Option<PlanItem>> {
        let act = self.act;
        let Some(draft) = self.draft(letter).await? else { return Ok(None) };
        let Draft { label, offered, opportunite, material, claims, .. } = &draft;
        let subject = draft.subject();
        let planned = Planned { label: label.clone(), offered, subject, session: None, claims };
        let item = planned.item(act, opportunite, material).await?;
        let composed = match item.missing.is_empty() {
            true => draft.compose(act).await?,
            false => None,
        };
        let mut conn = act.app.db.read().await?;
        let enclosures = sendings::copies(&mut conn, &act.caller.scope(), &draft.ids).await?;
        let mail = match composed {
            Some(composed) => {
                Some(sendings::mail(&mut conn, opportunite.localisation_id, draft.language(), &composed).await?)
            }
            None => None,
        };
        let mail = mail.map(|Mail { subject, body }| PlanMail { subject, body });
        Ok(Some(PlanItem { pieces: draft.pieces, enclosures, mail, ..item }))
    }

    /// Reads what a letter about these pieces needs.
    async fn draft(&mut self, mut letter: Vec<Relance>) -> Result<Option<Draft<'_>>> {
        let act = self.act;
        let Some(first) = letter.first() else { return Ok(None) };
        let (opportunite, material) = self.files.of(act, first.creance.opportunite.id).await?;
        let offers = match self.offers.entry(opportunite.localisation_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(letters(act, opportunite.localisation_id).await),
        };
        // A payer with more steps than there are letters gets the last one again.
        let step = letter.iter().map(|one| one.step).max().unwrap_or_default();
        let kind = &first.creance.kind;
        let fits = |one: &&Offered| i64::from(one.kind.reminder) <= step && one.kind.pieces.contains(kind);
        let Some(offered) = offers.iter().filter(fits).max_by_key(|one| one.kind.reminder) else { return Ok(None) };
        let label = first.creance.payer.name.clone();
        letter.retain(|one| offered.kind.pieces.contains(&one.creance.kind));
        letter.truncate(PIECES);
        let pieces: Vec<PlanPiece> = letter.iter().filter_map(piece).collect();
        let ids: Vec<PieceId> = pieces.iter().map(|piece| piece.id).collect();
        let Some(&lead) = ids.first() else { return Ok(None) };
        let claims = facturation::claims(&mut act.app.db.read().await?, &ids).await?;
        let claims = claims.into_iter().map(|claim| claim.dossier).collect();
        Ok(Some(Draft { label, offered, opportunite, material, lead, ids, pieces, claims }))
    }
}

/// A letter that could be made, with what it is made of.
struct Draft<'d> {
    label: String,
    offered: &'d Offered,
    opportunite: &'d StoredOpportunite,
    material: &'d Material,
    /// The piece that is due the longest: the letter belongs to its opportunité.
    lead: PieceId,
    ids: Vec<PieceId>,
    pieces: Vec<PlanPiece>,
    claims: Vec<Value>,
}

impl Draft<'_> {
    fn subject(&self) -> Subject {
        Subject { id: self.lead.uuid(), day: None }
    }

    fn language(&self) -> &str {
        &self.offered.kind.languages[0]
    }

    fn wanted(&self, act: Act<'_>) -> Wanted<'_, '_> {
        let Draft { offered, claims, .. } = self;
        Wanted {
            offered,
            subject: self.subject(),
            session: None,
            language: self.language(),
            by: None,
            now: act.now,
            claims,
        }
    }

    /// `None` when it lacks something.
    async fn compose(&self, act: Act<'_>) -> Result<Option<Composed>> {
        let wanted = self.wanted(act);
        let made = compose::compose(&act.context(), self.opportunite, self.material, wanted).await?;
        Ok(made.ok().map(|new| new.composed))
    }
}

fn piece(relance: &Relance) -> Option<PlanPiece> {
    let creance = &relance.creance;
    let number = creance.number.clone().unwrap_or_default();
    Some(PlanPiece { id: creance.piece_id?, number, step: relance.step, balance: creance.balance })
}

/// The reminders of a site that the caller may make.
async fn letters(act: Act<'_>, site: LocalisationId) -> Vec<Offered> {
    let mut offered = catalogue::offered(act.app, site, &act.context()).await;
    offered.retain(|one| one.kind.reminder > 0 && one.is_for(act.caller));
    offered
}
