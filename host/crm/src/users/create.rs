//! `POST /api/users`, and the rule which people a caller may create and change.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{AppendHeaders, IntoResponse};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::User;
use super::input::Language;
use super::invite::invite;
use super::store::{self, NewUser};
use crate::roles::RoleId;
use afpi_core::access::Access;
use afpi_core::clock::Instant;
use afpi_core::error::{FieldProblem, Result, field, forbidden, invalid};
use afpi_core::id::LocalisationId;
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_core::text::{Locale, text};
use afpi_http::bounds::{List, RecordId};
use afpi_http::input::{AnyBody, problems_of, stated};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::{Email, Line};
use afpi_platform::auth::caller::Caller;
use afpi_platform::auth::password::{self, Password};
use afpi_platform::auth::weak::Owner;
use afpi_platform::idempotency;
use afpi_platform::journal::{Change, Subject};
use afpi_platform::roles;
use afpi_platform::state::App;

/// The name of a person with an account.
pub type PersonName = Line<150>;
/// The localisations of a person.
pub type Sites = List<RecordId, 100>;

/// A new account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserCreate {
    #[validate(nested)]
    pub email: Email,
    #[validate(nested)]
    pub name: PersonName,
    /// The id of a role.
    #[validate(nested)]
    pub role_id: RoleId,
    /// At least one for roles tied to a localisation.
    #[validate(nested)]
    pub localisation_ids: Sites,
    /// The language of the person, in the product and in letters. French without one.
    #[serde(default)]
    pub locale: Option<Language>,
    /// Without one the person is invited to choose it: by a letter, if the installation sends any.
    #[serde(default, deserialize_with = "stated")]
    #[validate(nested)]
    pub password: Option<Password>,
}

/// The faults of a new account from any source. Puts the address into its stored form.
pub(super) fn check(
    email: &str,
    name: &str,
    role: Option<&Access>,
    sites: usize,
    password: Option<&str>,
) -> Result<String, Vec<FieldProblem>> {
    let email = afpi_core::email::account(email);
    let good = |password| password::check_new(password, Owner { email: &email, name }, "/password");
    let mut problems = password.map(good).unwrap_or_default();
    for (at, wrong) in [("/email", Email::read(&email)), ("/name", PersonName::read(name))] {
        problems.extend(wrong.err().map(|refusal| field(at, refusal.code, refusal.message)));
    }
    if sites == 0 && role.is_some_and(|role| !role.network_wide()) {
        problems.push(needs_site());
    }
    if problems.is_empty() { Ok(email) } else { Err(problems) }
}

/// All faults, each field once: first the account rules, then the limits of the fields.
fn named_once(
    checked: Result<String, Vec<FieldProblem>>,
    limits: Vec<FieldProblem>,
) -> Result<String, Vec<FieldProblem>> {
    let (email, mut problems) = match checked {
        Ok(email) => (email, vec![]),
        Err(problems) => (String::new(), problems),
    };
    for limit in limits {
        if problems.iter().all(|problem| problem.field != limit.field) {
            problems.push(limit);
        }
    }
    if problems.is_empty() { Ok(email) } else { Err(problems) }
}

pub(crate) fn unknown_role() -> FieldProblem {
    field("/roleId", "unknown", text("Rôle inconnu.", "Unknown role."))
}

/// Roles tied to localisations need one.
pub(crate) fn needs_site() -> FieldProblem {
    field(
        "/localisationIds",
        "required",
        text("Ce rôle a besoin d'une localisation.", "This role needs a localisation."),
    )
}

/// 403 unless the caller manages this role and has all these localisations in scope.
pub(crate) fn may_manage(
    caller: &Caller,
    role: &Access,
    sites: impl IntoIterator<Item = LocalisationId>,
) -> Result<()> {
    let scope = caller.scope();
    let all_mine = sites.into_iter().all(|site| scope.covers_site(site));
    if caller.role.access.manages(role) && all_mine { Ok(()) } else { Err(forbidden()) }
}

/// Create an account.
#[utoipa::path(post, path = "/", operation_id = "createUser", tag = "users", request_body = UserCreate,
    responses((status = 201, body = User), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    AnyBody(input): AnyBody<UserCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::UsersWrite)?;
    let role = roles::find(&mut app.db.read().await?, &input.role_id).await?;
    let access = role.as_ref().map(|role| &role.access);
    let checked = check(&input.email, &input.name, access, input.localisation_ids.len(), input.password.as_deref());
    let limits = input.validate().err().map(|errors| problems_of(&errors)).unwrap_or_default();
    let email = named_once(checked, limits).map_err(invalid)?;
    let role = role.ok_or_else(|| invalid(vec![unknown_role()]))?;
    may_manage(&caller, &role.access, input.localisation_ids.iter().map(|id| id.0.into()))?;
    let invited = input.password.is_none();
    let password_hash = match input.password {
        Some(password) => password::hash(password.into()).await?,
        None => String::new(),
    };
    let new = NewUser {
        email,
        name: input.name.into(),
        role: role.id,
        sites: input.localisation_ids.into_iter().map(|id| id.0.into()).collect(),
        locale: if input.locale == Some(Language::En) { Locale::En } else { Locale::Fr },
        password_hash,
    };

    let mut tx = app.db.begin().await?;
    let id = store::insert(&mut tx, &new, Instant::now()).await?;
    let user = store::load(&mut tx, &Scope::All, id).await?;
    Change::by(&caller, request.as_str(), Subject::User(id), None).write(&mut tx, None, Some(&user)).await?;
    // Without letters the link is made when somebody asks for it, to hand it over.
    let user = if invited && app.config.sends_letters() {
        invite(&mut tx, (&app, &caller, &request), id).await?;
        store::load(&mut tx, &Scope::All, id).await?
    } else {
        user
    };
    idempotency::done(&mut tx, StatusCode::CREATED, Some(format!("/api/users/{id}"))).await?;
    tx.commit().await?;
    app.people.changed();
    app.jobs.wake();
    tracing::info!(user.id = %caller.id, created.id = %id, created.role = new.role, "account created");
    let headers = [(LOCATION, format!("/api/users/{id}")), (ETAG, format!("\"{}\"", user.version))];
    Ok((StatusCode::CREATED, AppendHeaders(headers), Json(user)))
}
