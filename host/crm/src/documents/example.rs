//! `/api/entites-legales/{id}/documents`: what a legal entity looks like in each document, also while its data are being
//! typed. The rest is the example dossier that a plugin brings with its templates.

use std::sync::Arc;

use afpi_documents::{Output, Package, Rendered};
use afpi_plugins::contract::documents::Request;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::catalogue::{self, Offered};
use super::preview::DocumentPreview;
use super::render::{self, Ground};
use super::store::Composed;
use super::subject::About;
use crate::entites::{self, EntiteUpdate};
use afpi_core::clock::Day;
use afpi_core::error::{Result, internal, not_found};
use afpi_core::id::LegalEntityId;
use afpi_core::rights::Action;
use afpi_core::text::Text;
use afpi_http::input::{Body, Id};
use afpi_http::paging::All;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::permits;
use afpi_platform::plugins::failure;
use afpi_platform::plugins::failures::both;
use afpi_platform::state::App;

/// The example among the templates of a plugin.
const EXAMPLE: &str = "dossier.json";

/// A document that can be shown with an example.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExampleDocumentKind)]
pub struct ExampleKind {
    /// E.g. `devis`.
    id: String,
    label: Text,
    /// The usual one first.
    languages: Vec<String>,
}

/// The document to show.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = ExampleDocumentRequest)]
pub struct ExampleRequest {
    #[validate(nested)]
    kind: Line<40>,
    #[serde(default)]
    #[validate(nested)]
    language: Option<Line<2>>,
    /// What somebody is typing. It takes the place of the stored fields.
    #[serde(default)]
    #[validate(nested)]
    entite: EntiteUpdate,
}

/// List the documents in which a legal entity can be seen.
#[utoipa::path(get, path = "/{id}/documents", operation_id = "listEntiteLegaleDocuments", tag = "entites",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = All<ExampleKind>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<LegalEntityId>,
) -> ApiResult<Json<All<ExampleKind>>> {
    caller.require(Action::EntitesWrite)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let typed = EntiteUpdate::default();
    let found = entites::typed(&mut app.db.read().await?, &caller.scope(), id, &typed).await?;
    let Some((site, _)) = found else { return Ok(Json(All { data: Vec::new() })) };
    let mut data = Vec::new();
    for Offered { plugin, kind, .. } in catalogue::offered(&app, site, &act.context()).await {
        if templates(&app, plugin.plugin()).await?.files().contains_key(EXAMPLE) {
            data.push(ExampleKind { id: kind.id, label: both(kind.label), languages: kind.languages });
        }
    }
    Ok(Json(All { data }))
}

/// Preview a document of a legal entity, with an example of everything else.
#[utoipa::path(post, path = "/{id}/documents/preview", operation_id = "previewEntiteLegaleDocument", tag = "entites",
    params(("id" = Uuid, Path)), request_body = ExampleRequest,
    responses((status = 200, body = DocumentPreview), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody), (status = 502, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
pub(super) async fn preview(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<LegalEntityId>,
    Body(input): Body<ExampleRequest>,
) -> ApiResult<Json<DocumentPreview>> {
    caller.require(Action::EntitesWrite)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let found = entites::typed(&mut app.db.read().await?, &caller.scope(), id, &input.entite).await?;
    let (site, seller) = found.ok_or_else(not_found)?;
    let offered = catalogue::one(&app, site, &act.context(), &input.kind).await?;
    let language = offered.language(input.language.as_deref())?;
    let plugin = offered.plugin.plugin();
    let package = templates(&app, plugin).await?;
    let example = package.files().get(EXAMPLE).ok_or_else(not_found)?;
    let mut example: Map<String, Value> = serde_json::from_slice(example).map_err(internal)?;
    example.extend(seller);
    let (dossier, day) = dossier(example, &offered, act.now.day());
    let asked = Request {
        kind: offered.kind.id.clone(),
        language: language.clone(),
        draft: true,
        dossier: Value::Object(dossier).to_string(),
        now: day.start().millis(),
        today: day.to_string(),
    };
    let composed = Composed::from(offered.plugin.compose(&act.context(), &asked).await.map_err(failure)?);
    let ground = Ground::of(&app, site, plugin.id(), &plugin.manifest().version.to_string()).await?;
    let job = render::job(ground, &composed, &language, day, Output::Svg)?;
    let _permit = app.costly.wait(caller.id, permits::PATIENCE).await?;
    match app.documents.render(job).await {
        Ok(Rendered::Svg(pages)) => Ok(Json(DocumentPreview { title: composed.title, pages })),
        Ok(_) => Err(internal("a preview that is no picture").into()),
        Err(error) => Err(render::refused(&error).into()),
    }
}

async fn templates(app: &App, plugin: &afpi_plugins::Plugin) -> Result<Arc<Package>> {
    app.plugins.templates(plugin.id(), &plugin.manifest().version.to_string()).await
}

/// The dossier of one kind, and the day of the document: that of the example, else that of its piece.
fn dossier(mut example: Map<String, Value>, offered: &Offered, today: Day) -> (Map<String, Value>, Day) {
    let (days, pieces) = (example.remove("days").unwrap_or_default(), example.remove("pieces").unwrap_or_default());
    let shown = |piece: &&Value| offered.kind.pieces.iter().any(|kind| piece["kind"] == kind.as_str());
    let piece = pieces.as_array().and_then(|pieces| pieces.iter().find(shown)).cloned();
    let issued = piece.as_ref().and_then(|piece| piece["issuedOn"].as_str());
    let day = days[&offered.kind.id].as_str().or(issued).and_then(|day| day.parse().ok()).unwrap_or(today);
    let first = |list: &str| example.get(list).map(|list| list[0].clone()).filter(|first| !first.is_null());
    let (session, stagiaire) = (first("sessions"), first("stagiaires"));
    let half_day = session.as_ref().map(|session| session["halfDays"][0]["day"].clone());
    let subject = match offered.about {
        About::Opportunite => vec![],
        About::Piece => vec![("piece", piece)],
        About::Session | About::Day => vec![("session", session), ("day", half_day)],
        About::Stagiaire => vec![("session", session), ("stagiaire", stagiaire)],
    };
    example.extend(subject.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    (example, day)
}
