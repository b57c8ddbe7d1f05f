//! `POST /api/opportunites/{id}/documents/preview`: a document as it would be, also while its section is being typed.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::catalogue::{self, Offered};
use super::material::{Asked, Material};
use super::render::{self, Ground};
use super::store::Composed;
use super::subject::{self, Subject};
use crate::opportunites::stored;
use afpi_core::clock::Day;
use afpi_core::error::{Result, forbidden, internal};
use afpi_core::id::{LocalisationId, OpportuniteId};
use afpi_core::rights::Action;
use afpi_documents::{Output, Rendered};
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Line;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::permits;
use afpi_platform::plugins::failure;
use afpi_platform::state::App;

/// The document to show.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = DocumentPreviewRequest)]
pub struct PreviewRequest {
    #[validate(nested)]
    kind: Line<40>,
    #[serde(default)]
    #[validate(nested)]
    language: Option<Line<2>>,
    /// Default: the opportunité, or a piece that is not issued yet.
    #[serde(default)]
    subject: Option<Subject>,
    /// Section documents as somebody types them: `{"<section>": {…}}`. They take the place of the stored ones.
    #[serde(default)]
    #[schema(value_type = Object)]
    documents: Map<String, Value>,
}

/// A draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentPreview {
    pub(super) title: String,
    /// The SVG of each page.
    pub(super) pages: Vec<String>,
}

/// Preview a document. It says that it is a draft, and what is missing stays blank.
#[utoipa::path(post, path = "/{id}/documents/preview", operation_id = "previewDocumentDraft", tag = "documents", params(("id" = Uuid, Path)),
    request_body = PreviewRequest,
    responses((status = 200, body = DocumentPreview), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody), (status = 502, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
pub(super) async fn preview(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<OpportuniteId>,
    Body(input): Body<PreviewRequest>,
) -> ApiResult<Json<DocumentPreview>> {
    caller.require(Action::OpportunitesAttach)?;
    let act = Act::begin(&app, &caller, request.as_str());
    let (site, mut material) = {
        let mut conn = app.db.read().await?;
        let opportunite = stored::load(&mut conn, &caller.scope(), id).await?;
        (opportunite.localisation_id, Material::load(&mut conn, &opportunite).await?)
    };
    let offered = catalogue::one(&app, site, &act.context(), &input.kind).await?;
    if !offered.is_for(&caller) {
        return Err(forbidden().into());
    }
    if let Some(asked) = input.subject {
        let possible = material.subjects(&offered);
        subject::known(&[asked], |asked| possible.iter().any(|(known, _)| known == asked))?;
    }
    material.typed(input.documents);
    let language = offered.language(input.language.as_deref())?;
    let asked = Asked {
        offered: &offered,
        subject: input.subject,
        session: None,
        language: &language,
        draft: true,
        now: act.now,
        claims: &[],
    };
    let composed = offered.plugin.compose(&act.context(), &material.request(&asked)).await.map_err(failure)?;
    let sheet = Sheet { site, offered: &offered, language: &language, dated: material.dated(&asked) };
    Ok(Json(draw(act, sheet, Composed::from(composed)).await?))
}

/// What a drawn document stands on.
pub struct Sheet<'a> {
    pub site: LocalisationId,
    pub offered: &'a Offered,
    pub language: &'a str,
    pub dated: Day,
}

/// The pages of a composed document as pictures.
pub async fn draw(act: Act<'_>, sheet: Sheet<'_>, composed: Composed) -> Result<DocumentPreview> {
    let plugin = sheet.offered.plugin.plugin();
    let ground = Ground::of(act.app, sheet.site, plugin.id(), &plugin.manifest().version.to_string()).await?;
    let job = render::job(ground, &composed, sheet.language, sheet.dated, Output::Svg)?;
    let _permit = act.app.costly.wait(act.caller.id, permits::PATIENCE).await?;
    match act.app.documents.render(job).await {
        Ok(Rendered::Svg(pages)) => Ok(DocumentPreview { title: composed.title, pages }),
        Ok(_) => Err(internal("a preview that is no picture")),
        Err(error) => Err(render::refused(&error)),
    }
}
