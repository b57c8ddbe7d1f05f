//! `POST /auth/link` and `/auth/link/password`: what a link is for, and the password that it lets its person choose.
//! Nobody is signed in by a link: sign-in follows, with all its rules.

use std::net::IpAddr;

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::address::ClientAddress;
use crate::auth::letters;
use crate::auth::links::{self, Link, Purpose, Secret};
use crate::auth::password::{self, Password};
use crate::auth::session;
use crate::auth::throttle::{self, Tried};
use crate::auth::weak::Owner;
use crate::bus::BusEvent;
use crate::journal::{Activity, Actor, Author, Subject, field};
use crate::state::App;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, ErrorKind, Result, invalid};
use afpi_core::text::text;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_http::texts::Exact;
use serde_json::Value;

/// A link's secret, as its page sends it.
type Token = Exact<1, 100>;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    #[validate(nested)]
    pub token: Token,
}

/// A link that can be used.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkAnswer {
    pub purpose: Purpose,
    pub email: String,
    pub name: String,
    /// The person's language, `fr` or `en`.
    pub locale: String,
    pub expires_at: Instant,
}

/// 410 for a link that cannot be used. It counts, so that guessing ends.
async fn usable(app: &App, secret: &Secret, address: IpAddr) -> Result<Link> {
    let (tried, now) = (Tried::Link(secret.as_str()), Instant::now());
    let mut conn = app.db.read().await?;
    throttle::check(&mut conn, tried, address, now).await?;
    if let Some(link) = links::find(&mut conn, secret, now).await? {
        return Ok(link);
    }
    drop(conn);
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        throttle::failed(&mut tx, tried, address, now).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Err(ended())
}

fn ended() -> Error {
    let detail = text(
        "Il a déjà servi, il est trop ancien, ou un lien plus récent le remplace. Demandez-en un nouveau.",
        "It was used, it is too old, or a newer link replaces it. Ask for a new one.",
    );
    Error::new(ErrorKind::LinkEnded, text("Ce lien ne sert plus", "This link is over")).detail(detail)
}

/// What a link of a letter is for, and for whom. It is not used up.
#[utoipa::path(post, path = "/link", operation_id = "readLink", tag = "auth", security(()), request_body = LinkToken,
    responses((status = 200, body = LinkAnswer), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub async fn read(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Body(input): Body<LinkToken>,
) -> ApiResult<Json<LinkAnswer>> {
    let link = usable(&app, &Secret::from(input.token), address).await?;
    Ok(Json(LinkAnswer {
        purpose: link.purpose,
        email: link.email,
        name: link.name,
        locale: link.locale.as_str().into(),
        expires_at: link.expires_at,
    }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkPassword {
    #[validate(nested)]
    pub token: Token,
    #[validate(nested)]
    pub password: Password,
}

/// Choose a password with a link. All sessions of the person and all other links end.
#[utoipa::path(post, path = "/link/password", operation_id = "usePasswordLink", tag = "auth", security(()), request_body = LinkPassword,
    responses((status = 204), (status = 410, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody),
    (status = 503, body = ProblemBody, description = "Too many sign-ins at once, or the database is away.")))]
pub async fn choose(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    request: RequestId,
    Body(input): Body<LinkPassword>,
) -> ApiResult<StatusCode> {
    let secret = Secret::from(input.token);
    // Only a good link is worth the work of a hash.
    let link = usable(&app, &secret, address).await?;
    let problems = password::check_new(&input.password, Owner { email: &link.email, name: &link.name }, "/password");
    if !problems.is_empty() {
        return Err(invalid(problems).into());
    }
    let hash = password::hash(input.password.into()).await?;
    let taken = afpi_db::retry(|| async {
        let now = Instant::now();
        let mut tx = app.db.begin().await?;
        if !links::take(&mut tx, &secret, now).await? {
            return Ok(false);
        }
        sql("UPDATE users SET password_hash = ?, tokens_from = ?, version = version + 1 WHERE id = ?")
            .bind(&hash)
            .bind(now)
            .bind(link.user)
            .execute(&mut tx)
            .await?;
        session::end_all(&mut tx, link.user, None).await?;
        links::end_all(&mut tx, link.user, now).await?;
        // Whoever has forgotten it has tried before.
        throttle::forgive(&mut tx, Tried::Password(&link.email), address).await?;
        let author = Author { actor: Actor::Person(link.user), correlation_id: request.as_str() };
        let by = vec![field("link", Value::Null, link.purpose.as_str())];
        author.on(Subject::User(link.user), None).record(&mut tx, Activity::PasswordSet, by).await?;
        // Who was invited has just read a letter.
        if link.purpose == Purpose::Password {
            letters::notice(&mut tx, &app.config, link.user, Activity::PasswordSet, now, request.as_str()).await?;
        }
        tx.commit().await?;
        Ok::<_, Error>(true)
    })
    .await?;
    if !taken {
        return Err(ended().into());
    }
    app.jobs.wake();
    app.bus.publish(BusEvent::Account { user: link.user });
    tracing::info!(user.id = %link.user, link.purpose = link.purpose.as_str(), "password chosen with a link");
    Ok(StatusCode::NO_CONTENT)
}
