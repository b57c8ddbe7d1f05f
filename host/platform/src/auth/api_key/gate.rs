//! Lets keys in: the layer around all routes that turns a key into the caller of the request. A key that it does not let
//! in never becomes one, and handlers know no keys.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use afpi_db::{Conn, FromRow, Row, sql};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;
use uuid::Uuid;

use super::scopes::{self, Access, Area, Scope, is_open};
use super::secret::{PREFIX, Secret};
use crate::address::exact;
use crate::auth::caller::Caller;
use crate::roles::{self, Held};
use crate::served::Served;
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, unauthenticated};
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::text::{Locale, text};
use afpi_http::problem::Problem;

/// Calls per second through one key and one process, and how many of them may come at once. A program that copies all
/// records page by page stays below; one that asks in a loop does not keep people waiting.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(10).expect("not 0");
const BURST: NonZeroU32 = NonZeroU32::new(100).expect("not 0");

/// The last use is written at most so often.
const NOTED: Duration = Duration::from_secs(60);

/// What the layer needs. Clones share it.
#[derive(Clone)]
pub struct Gate {
    app: App,
    served: Served,
    calls: Arc<DefaultKeyedRateLimiter<UserId>>,
}

impl Gate {
    pub fn new(app: App, served: Served) -> Gate {
        let quota = Quota::per_second(PER_SECOND).allow_burst(BURST);
        Gate { app, served, calls: Arc::new(RateLimiter::keyed(quota)) }
    }
}

/// Wraps all routes. A request without a key, and one for something that the API does not have or that needs no sign-in,
/// goes on as it is.
pub async fn layer(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    // Axum answers HEAD where there is a GET.
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let operation = gate.served.find(method, request.uri().path()).filter(|operation| !operation.public);
    let (Some(sent), Some(operation)) = (sent(&request), operation) else { return next.run(request).await };
    let tag = operation.tag.as_str();
    let (mut parts, body) = request.into_parts();
    let admitted = admit(&gate, &mut parts, &sent, tag).await;
    let outcome = admitted.as_ref().err().map_or("ok", |error| outcome(error.kind()));
    gate.app.metrics.api_key_calls.with_label_values(&[tag, outcome]).inc();
    match admitted {
        Ok(caller) => {
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => Problem(error).into_response(),
    }
}

/// What was sent as a key.
fn sent(request: &Request) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let token = value.strip_prefix("Bearer ")?.trim();
    token.starts_with(PREFIX).then(|| token.to_owned())
}

/// The word for the metric.
fn outcome(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unauthenticated => "unknown",
        ErrorKind::AddressRefused => "address",
        ErrorKind::TooManyRequests => "limited",
        ErrorKind::ScopeMissing => "scope",
        _ => "failed",
    }
}

struct Key {
    id: UserId,
    name: String,
    role: Held,
    scopes: String,
    networks: String,
    last_used_at: Option<Instant>,
    site: Option<LocalisationId>,
}

impl FromRow for Key {
    fn from_row(row: &Row) -> afpi_db::Result<Self> {
        Ok(Key {
            id: row.get("id")?,
            name: row.get("name")?,
            role: Held::from_row(row)?,
            scopes: row.get("scopes")?,
            networks: row.get("networks")?,
            last_used_at: row.get("last_used_at")?,
            site: row.get("site")?,
        })
    }
}

/// The key of this secret at each of its sites, if it counts now.
async fn find(conn: &mut Conn, secret: &Secret, now: Instant) -> afpi_db::Result<Vec<Key>> {
    let mut query = sql("SELECT u.id, u.name, k.scopes, k.networks, k.last_used_at, ul.localisation_id AS site, ");
    query
        .push(roles::COLUMNS)
        .push(
            " FROM api_key_secrets s JOIN api_keys k ON k.user_id = s.user_id JOIN users u ON u.id = k.user_id \
             JOIN roles ro ON ro.id = u.role_id LEFT JOIN user_localisations ul ON ul.user_id = u.id \
             WHERE s.hash = ? AND (s.ends_at IS NULL OR s.ends_at > ?) AND k.revoked_at IS NULL \
             AND (k.expires_on IS NULL OR k.expires_on >= ?)",
        )
        .arg(secret.hash())
        .arg(now)
        .arg(now.day());
    query.all(conn).await
}

/// The caller whom the key is. The order is that of what the sender may learn: whoever has no valid key learns nothing.
async fn admit(gate: &Gate, parts: &mut Parts, sent: &str, tag: &str) -> Result<Caller> {
    let app = &gate.app;
    let secret = Secret::read(sent).ok_or_else(ended)?;
    let now = Instant::now();
    let rows = find(&mut app.db.read().await?, &secret, now).await?;
    let mut sites: Vec<LocalisationId> = rows.iter().filter_map(|row| row.site).collect();
    sites.sort();
    let key = rows.into_iter().next().ok_or_else(ended)?;
    let address = exact(parts, app).await?;
    if !within(&key.networks, address) {
        return Err(refused(&key, address));
    }
    if let Err(wait) = gate.calls.check_key(&key.id) {
        return Err(too_many(wait.wait_time_from(DefaultClock::default().now())));
    }
    let asked = Scope { area: Area(tag.to_owned()), access: Access::of(&parts.method) };
    if !is_open(tag) {
        return Err(closed());
    }
    if !scopes::read(&key.scopes).iter().any(|scope| scope.covers(&asked)) {
        return Err(missing(&asked));
    }
    if key.last_used_at.is_none_or(|last| last + NOTED <= now) {
        note(app, key.id, address, now).await;
    }
    Ok(Caller {
        id: key.id,
        name: key.name,
        email: String::new(),
        role: key.role,
        sites,
        absent: vec![],
        locale: Locale::Fr,
        session: Uuid::nil(),
        must_set_up: false,
    })
}

/// May the key be used from this address? Without networks from everywhere.
fn within(networks: &str, address: IpAddr) -> bool {
    let address = address.to_canonical();
    let mut networks = networks.split(',').filter(|network| !network.is_empty()).peekable();
    networks.peek().is_none()
        || networks.any(|network| network.parse::<IpNet>().is_ok_and(|network| network.contains(&address)))
}

/// Writes when and from where the key was used. A failure does not keep the call waiting.
async fn note(app: &App, key: UserId, address: IpAddr, now: Instant) {
    let written = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("UPDATE api_keys SET last_used_at = ?, last_used_from = ? WHERE user_id = ?")
            .bind(now)
            .bind(address.to_canonical().to_string())
            .bind(key)
            .execute(&mut tx)
            .await?;
        tx.commit().await
    });
    if let Err(error) = written.await {
        tracing::warn!(key.id = %key, error.cause = %error, "the last use of a key could not be written");
    }
}

fn ended() -> Error {
    let detail = text(
        "Cette clé d'API n'existe pas, est révoquée ou a expiré.",
        "This API key does not exist, is revoked or has expired.",
    );
    unauthenticated().detail(detail)
}

fn refused(key: &Key, address: IpAddr) -> Error {
    tracing::warn!(key.id = %key.id, %address, "a key was used from an address that it may not be used from");
    let detail = text(
        "Cette clé d'API ne peut pas être utilisée depuis cette adresse.",
        "This API key may not be used from this address.",
    );
    Error::new(ErrorKind::AddressRefused, text("Adresse refusée", "Address refused")).detail(detail)
}

fn too_many(wait: Duration) -> Error {
    let detail = text(
        format!("Au plus {PER_SECOND} appels par seconde avec une clé, et {BURST} d'un coup."),
        format!("At most {PER_SECOND} calls per second through one key, and {BURST} at once."),
    );
    Error::new(ErrorKind::TooManyRequests, text("Trop d'appels", "Too many calls"))
        .detail(detail)
        .retry_after(wait.as_secs() + 1)
}

fn closed() -> Error {
    let detail = text("Aucune clé d'API n'y donne accès.", "No API key gives access to it.");
    Error::new(ErrorKind::ScopeMissing, text("Fermé aux clés d'API", "Closed to API keys")).detail(detail)
}

fn missing(asked: &Scope) -> Error {
    let detail = text(
        format!("Il manque à la clé d'API la portée « {asked} »."),
        format!("The API key lacks the scope “{asked}”."),
    );
    Error::new(ErrorKind::ScopeMissing, text("Portée manquante", "Scope missing"))
        .detail(detail)
        .with("scope", asked.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_networks_is_good_within_them_only() {
        let is = |networks: &str, address: &str| within(networks, address.parse().unwrap());
        assert!(is("", "192.0.2.7"));
        assert!(is("10.0.0.0/8,192.0.2.0/24", "192.0.2.7") && is("192.0.2.0/24", "::ffff:192.0.2.7"));
        assert!(!is("192.0.2.0/24", "192.0.3.7") && !is("192.0.2.7/32", "2001:db8::7"));
        assert!(is("2001:db8::/64", "2001:db8::7") && !is("2001:db8::7/128", "2001:db8::8"));
        // What cannot be read opens nothing.
        assert!(!is("everywhere", "192.0.2.7"));
    }
}
