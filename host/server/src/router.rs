//! Every route, and the layers around them. A route that is not in the OpenAPI document cannot be added to `/api`.

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Extension, Router};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

use crate::{origin, serve};
use afpi_crm as crm;
use afpi_http::body::MAX_BODY;
use afpi_http::{problem, request_id};
use afpi_platform::auth::api_key::gate::{self, Gate};
use afpi_platform::served::Served;
use afpi_platform::state::App;
use afpi_platform::{auth, idempotency, ops, permits, reads};

/// No browser feature beyond the page is allowed, except writing to the clipboard.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), \
                           geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), \
                           publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

#[derive(OpenApi)]
#[openapi(
    info(title = "AFPI CRM", version = "1.0.0", description = "CRM of the AFPI network. Conventions: API-DESIGN.md."),
    components(schemas(
        problem::ProblemBody, afpi_core::text::Text, afpi_core::rights::Role, crm::opportunites::Kind, crm::opportunites::Outcome,
        afpi_http::paging::Count, crm::opportunites::Waiting, crm::opportunites::GroupBy, crm::entreprises::Kind, crm::attachments::Kind, crm::taches::Which,
        crm::preuves::Kind, crm::suivi::Of, crm::vues::ListName, crm::corbeille::Kind, crm::coherence::Which, crm::coherence::Kind
    )),
    security(("bearer" = [])),
    modifiers(&Bearer)
)]
struct Document;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        if let Some(components) = document.components.as_mut() {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
            components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        }
    }
}

fn auth_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(auth::login::login))
        .routes(routes!(auth::login::refresh))
        .routes(routes!(auth::login::logout))
        .routes(routes!(auth::forgotten::forgotten))
        .routes(routes!(auth::link::read))
        .routes(routes!(auth::link::choose))
        .routes(routes!(auth::me::me))
        .routes(routes!(auth::devices::list, auth::devices::end_others))
        .routes(routes!(auth::devices::end))
        .routes(routes!(auth::me::change_password))
        .routes(routes!(auth::second_factor::endpoints::read, auth::second_factor::endpoints::start))
        .routes(routes!(auth::second_factor::endpoints::confirm))
        .routes(routes!(auth::second_factor::endpoints::renew))
        .routes(routes!(auth::second_factor::endpoints::remove))
}

/// The documented API under `/api`.
fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .nest("/api/auth", auth_routes())
        .nest("/api/auth/absence", crm::users::own_absence())
        .nest("/api/auth/calendar", crm::calendrier::own_routes())
        .nest("/api/calendriers", crm::calendrier::routes())
        .nest("/api/demo", crate::demo::routes())
        .nest("/api/localisations", crm::entites::localisations())
        .nest("/api/entites-legales", crm::entites::routes())
        .nest("/api/entites-legales", crm::documents::of_entite())
        .nest("/api/descriptions", crm::descriptions::routes())
        .nest("/api/entreprises", crm::entreprises::routes())
        .nest("/api/opportunites", crm::opportunites::routes())
        .nest("/api/opportunites", crm::pieces::of_opportunite())
        .nest("/api/opportunites", crm::documents::of_opportunite())
        .nest("/api/documents", crm::documents::routes())
        .nest("/api/pieces", crm::pieces::routes())
        .nest("/api/preuves", crm::preuves::routes())
        .nest("/api/opportunites", crm::facturation::of_opportunite())
        .nest("/api/pieces", crm::facturation::of_piece())
        .nest("/api/creances", crm::facturation::routes())
        .nest("/api/encaissements", crm::facturation::encaissements())
        .nest("/api/exports-comptables", crm::compta::routes())
        .nest("/api/comptes-comptables", crm::compta::comptes())
        .nest("/api/bpf", crm::bpf::routes())
        .nest("/api/relances", crm::facturation::relances())
        .nest("/api/relances", crm::documents::of_relances())
        .nest("/api/document-batches", crm::documents::batches())
        .nest("/api/workflow", crm::opportunites::workflow_routes())
        .nest("/api/users", crm::users::routes())
        .nest("/api/api-keys", crm::api_keys::routes())
        .nest("/api/webhooks", crm::webhooks::routes())
        .nest("/api/roles", crm::roles::routes())
        .nest("/api/formateurs", crm::formateurs::routes())
        .nest("/api/uploads", crm::attachments::uploads())
        .nest("/api/attachments", crm::attachments::routes())
        .nest("/api/notes", crm::notes::routes())
        .nest("/api/courriels", crm::courriels::routes())
        .nest("/api/taches", crm::taches::routes())
        .nest("/api/vues", crm::vues::routes())
        .nest("/api/corbeille", crm::corbeille::routes())
        .nest("/api/personnes", crm::personnes::routes())
        .nest("/api/conservation", crm::personnes::conservation::routes())
        .nest("/api/anomalies", crm::coherence::routes())
        .nest("/api/suivi", crm::suivi::routes())
        .nest("/api/produits", crm::produits::routes())
        .nest("/api/salles", crm::salles::routes())
        .nest("/api/opportunites", crm::stagiaires::of_opportunite())
        .nest("/api/stagiaires", crm::stagiaires::routes())
        .nest("/api/planning", crm::planning::routes())
        .nest("/api/sessions", crm::sessions::routes())
        .nest("/api/sessions", crm::documents::of_session())
        .nest("/api/notifications", crm::notifications::routes())
        .nest("/api/journal", crm::journal::routes())
        .nest("/api/jobs", crate::admin::jobs::routes())
        .nest("/api/dashboard", crm::dashboard::routes())
        .nest("/api/plugins", crate::admin::plugins::routes())
        .nest("/api/plugin-keys", crate::admin::plugins::key_routes())
        .nest("/api/connecteurs", afpi_changes::connecteurs::routes())
        .nest("/api/imports", afpi_changes::imports::routes())
        .nest("/api/objectifs", crm::objectifs::routes())
        .nest("/api/search", crm::search::routes())
}

/// The OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    documented().1
}

/// The routes and their complete document.
fn documented() -> (Router<App>, utoipa::openapi::OpenApi) {
    let (routes, mut document) = api().split_for_parts();
    crate::openapi::complete(&mut document);
    (routes, document)
}

/// The page that shows the document. It obeys the content security policy: its script and style are separate files.
fn docs() -> Router<App> {
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                          connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let page = SwaggerUi::new("/api/docs").config(utoipa_swagger_ui::Config::new(["/api/openapi.json"]));
    Router::new()
        .merge(page)
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)))
}

/// Files of people are compressed already, or become hardly smaller.
fn compressible() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("application/octet-stream"))
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/zip"))
}

/// Endpoints for monitoring.
fn operations() -> Router<App> {
    Router::new()
        .route("/healthz", get(ops::health::healthz))
        .route("/readyz", get(ops::health::readyz))
        .route("/metrics", get(ops::scrape::serve))
}

/// Endpoints of a process without the service: liveness, readiness and metrics.
pub fn worker(app: App) -> Router {
    operations().layer(from_fn(problem::render)).layer(from_fn(request_id::assign)).with_state(app)
}

/// The whole service.
pub fn router(app: App) -> Router {
    let (api, document) = documented();
    let served = Served::of(&document);
    let document = serde_json::to_value(&document).unwrap_or_default();
    let (short_auth, _) = auth_routes().split_for_parts();
    let same_origin = from_fn_with_state(app.clone(), origin::same);
    let secure = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let https = app.config.https();
    let routes = Router::new()
        .merge(api)
        .nest("/auth", short_auth)
        .layer(same_origin)
        .route("/api/openapi.json", get(move || async move { axum::Json(document) }))
        .merge(if app.config.api_docs { docs() } else { Router::new() })
        .fallback(crate::web::serve)
        .layer(Extension(served.clone()))
        .layer(from_fn_with_state(app.clone(), permits::costly))
        .layer(from_fn(serve::turn_away))
        .merge(operations())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(app.clone(), ops::track::track))
        .layer(CatchPanicLayer::new())
        .with_state(app.clone());
    // Around all routes: a key of the API becomes the caller first, and a lost answer is read again from another route
    // than the requested one.
    let once = ServiceBuilder::new()
        .layer(from_fn_with_state(Gate::new(app.clone(), served.clone()), gate::layer))
        .layer(from_fn_with_state((app.clone(), served), idempotency::once))
        .service(routes);
    let router = Router::new()
        .fallback_service(once)
        .layer(from_fn_with_state(app.clone(), reads::layer))
        .layer(from_fn(problem::render))
        .layer(from_fn(ops::access::line))
        .layer(from_fn(request_id::assign))
        .layer(CompressionLayer::new().gzip(true).compress_when(compressible()))
        .layer(secure("x-content-type-options", "nosniff"))
        .layer(secure("referrer-policy", "same-origin"))
        .layer(secure("cross-origin-opener-policy", "same-origin"))
        .layer(secure("cross-origin-embedder-policy", "require-corp"))
        .layer(secure("cross-origin-resource-policy", "same-origin"))
        .layer(secure("permissions-policy", PERMISSIONS))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
    if https {
        router.layer(secure("strict-transport-security", "max-age=31536000; includeSubDomains"))
    } else {
        router
    }
}
