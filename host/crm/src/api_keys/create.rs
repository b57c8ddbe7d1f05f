//! `POST /api/api-keys`: a new key, with the account that it acts as.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{AppendHeaders, IntoResponse};
use axum::{Extension, Json};
use ipnet::IpNet;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::store::{self, NewKey};
use super::{ApiKeySecret, line};
use crate::roles::RoleId;
use crate::users::{Sites, may_manage, needs_site, unknown_role};
use afpi_core::clock::{Day, Instant};
use afpi_core::error::{Error, FieldProblem, field, invalid};
use afpi_core::id::LocalisationId;
use afpi_core::rights::{Action, Reach};
use afpi_core::text::text;
use afpi_http::bounds::List;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::{Exact, Line};
use afpi_platform::auth::api_key::scopes::is_open;
use afpi_platform::auth::api_key::{Scope, Secret};
use afpi_platform::auth::caller::Caller;
use afpi_platform::roles::{self, Held};
use afpi_platform::served::Served;
use afpi_platform::state::App;

/// The scopes of a key.
pub type Scopes = List<Scope, 60>;
/// An address or a network in CIDR form.
pub type Network = Exact<2, 50>;
/// The networks of a key.
pub type Networks = List<Network, 20>;

/// A new key.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyCreate {
    /// What it is for. The journal names it, followed by `· API`.
    #[validate(nested)]
    pub name: Line<80>,
    /// The role that it acts with: never more than the caller's own, and none that sees own files only, because a program
    /// owns none.
    #[validate(nested)]
    pub role_id: RoleId,
    /// The sites that it sees; at least one for roles tied to localisations.
    #[validate(nested)]
    pub localisation_ids: Sites,
    /// What it may use of that, at least one.
    #[validate(nested)]
    pub scopes: Scopes,
    /// Where it may be used from: addresses and networks in CIDR form. Empty: from everywhere.
    #[serde(default)]
    #[validate(nested)]
    pub networks: Networks,
    /// The last day on which it counts, in Paris. Left out, it does not end by itself.
    #[serde(default)]
    pub expires_on: Option<Day>,
}

/// Make a key. The answer contains its secret, which nobody can read again. A key is an account of its own: it stays when
/// the person who made it leaves.
#[utoipa::path(post, path = "/", operation_id = "createApiKey", tag = "api-keys", request_body = ApiKeyCreate,
    responses((status = 201, body = ApiKeySecret), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Extension(served): Extension<Served>,
    Body(input): Body<ApiKeyCreate>,
) -> ApiResult<impl IntoResponse> {
    caller.require(Action::IntegrationsManage)?;
    let role = roles::find(&mut app.db.read().await?, &input.role_id).await?;
    let (networks, unread) = networks(&input.networks);
    let problems: Vec<_> = faults(&input, role.as_ref(), &served).into_iter().chain(unread).collect();
    let role = match role {
        Some(role) if problems.is_empty() => role,
        _ => return Err(invalid(problems).into()),
    };
    let sites: Vec<LocalisationId> = input.localisation_ids.iter().map(|id| id.0.into()).collect();
    may_manage(&caller, &role.access, sites.iter().copied())?;
    let mut scopes = input.scopes.to_vec();
    // The wider one of two for an area.
    scopes.sort_by(|a, b| (&a.area, b.access).cmp(&(&b.area, a.access)));
    scopes.dedup_by(|a, b| a.area == b.area);
    let secret = Secret::generate();
    let new = NewKey { name: input.name.into(), role: role.id, sites, scopes, networks, expires_on: input.expires_on };
    let key = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let id = store::insert(&mut tx, &new, &secret, caller.id, Instant::now()).await?;
        let key = store::load(&mut tx, id).await?;
        line(&caller, &request, id).write(&mut tx, None, Some(&store::told(&key))).await?;
        tx.commit().await?;
        Ok::<_, Error>(key)
    })
    .await?;
    tracing::info!(key.id = %key.id, user.id = %caller.id, key.role = key.role_id, "API key made");
    let location = AppendHeaders([(LOCATION, format!("/api/api-keys/{}", key.id))]);
    Ok((StatusCode::CREATED, location, Json(ApiKeySecret { key, secret: secret.expose().to_owned() })))
}

/// What is wrong beyond the limits of the fields.
fn faults(input: &ApiKeyCreate, role: Option<&Held>, served: &Served) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    match role.map(|role| role.access.reach()) {
        None => problems.push(unknown_role()),
        Some(Reach::Own) => {
            let message = text(
                "Ce rôle ne voit que ses propres dossiers, et un programme n'en a pas.",
                "This role sees its own files only, and a program has none.",
            );
            problems.push(field("/roleId", "not-grantable", message));
        }
        Some(Reach::Sites) if input.localisation_ids.is_empty() => problems.push(needs_site()),
        Some(_) => {}
    }
    if input.scopes.is_empty() {
        problems.push(field(
            "/scopes",
            "required",
            text("Choisissez au moins un domaine.", "Choose at least one area."),
        ));
    }
    let tags = served.tags();
    let known = |scope: &Scope| is_open(&scope.area.0) && tags.contains(scope.area.0.as_str());
    let unknown = input.scopes.iter().enumerate().filter(|(_, scope)| !known(scope));
    problems.extend(unknown.map(|(at, _)| {
        let message = text("Aucune clé n'a accès à ce domaine.", "No key has access to this area.");
        field(format!("/scopes/{at}/area"), "unknown", message)
    }));
    if input.expires_on.is_some_and(|day| day < Day::today()) {
        problems.push(field("/expiresOn", "past", text("Ce jour est passé.", "This day is over.")));
    }
    problems
}

/// The networks in their stored form, and those that cannot be read. A network of all addresses is none.
fn networks(sent: &[Network]) -> (Vec<String>, Vec<FieldProblem>) {
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for (at, network) in sent.iter().enumerate() {
        let network = network.trim();
        let parsed: Result<IpNet, _> = network.parse().or_else(|_| network.parse::<IpAddr>().map(IpNet::from));
        match parsed {
            Ok(parsed) if parsed.prefix_len() > 0 => read.push(parsed.trunc().to_string()),
            _ => problems.push(field(
                format!("/networks/{at}"),
                "network",
                text(
                    "Une adresse ou un réseau, par exemple 192.0.2.7 ou 192.0.2.0/24.",
                    "An address or a network, e.g. 192.0.2.7 or 192.0.2.0/24.",
                ),
            )),
        }
    }
    (read, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_stored_in_one_form() {
        let (read, problems) =
            networks(&["192.0.2.7", "192.0.2.9/24", "2001:db8::7", "0.0.0.0/0", "office"].map(Network::from));
        assert_eq!(read, ["192.0.2.7/32", "192.0.2.0/24", "2001:db8::7/128"]);
        assert_eq!(problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(), ["/networks/3", "/networks/4"]);
    }
}
