//! `GET` and `PUT /api/notifications/digest`: the signed-in person's choice.

use afpi_db::{DbError, sql};
use afpi_jobs::NewJob;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::WAITING;
use crate::notifications::mail;
use afpi_core::clock::Instant;
use afpi_core::error::Error;
use afpi_http::bounds::Int;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::digest::Digest;
use afpi_platform::state::App;

/// My digest.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DigestAnswer)]
pub struct Own {
    /// None: each mail comes by itself.
    #[schema(required = true)]
    digest: Option<Digest>,
}

/// My choice.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DigestChoice)]
pub struct Choice {
    #[validate(nested)]
    #[schema(required = true)]
    digest: Option<Wanted>,
}

type Hour = Int<0, 23>;
type Weekday = Int<1, 7>;

/// When it comes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DigestInput)]
pub struct Wanted {
    /// 1 Monday to 7 Sunday. None: every day.
    #[validate(nested)]
    #[schema(required = true)]
    weekday: Option<Weekday>,
    /// From which hour on, in Paris.
    #[validate(nested)]
    hour: Hour,
}

/// Read when I get mails about what happens as one.
#[utoipa::path(get, path = "/digest", operation_id = "getDigest", tag = "notifications",
    responses((status = 200, body = Own), (status = 401, body = ProblemBody)))]
pub async fn get(State(app): State<App>, caller: Caller) -> ApiResult<Json<Own>> {
    let people = app.people.active(&app.db).await?;
    let person = people.iter().find(|person| person.id == caller.id);
    Ok(Json(Own { digest: person.and_then(|person| person.digest) }))
}

/// Choose to get mails about what happens as one a day or a week, or each by itself. Then what still waits is sent at once.
#[utoipa::path(put, path = "/digest", operation_id = "putDigest", tag = "notifications", request_body = Choice,
    responses((status = 200, body = Own), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn put(State(app): State<App>, caller: Caller, Body(wanted): Body<Choice>) -> ApiResult<Json<Own>> {
    let digest = wanted.digest.map(|Wanted { weekday, hour }| Digest::new(weekday.map(Into::into), hour.into()));
    let user = caller.id;
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        sql("DELETE FROM notification_digest WHERE user_id = ?").bind(user).execute(&mut tx).await?;
        match digest {
            Some(digest) => {
                let mut insert = sql("INSERT INTO notification_digest (user_id, weekday, hour, last_on) VALUES ");
                // The first one is the next one.
                let last = digest.due(Instant::now());
                insert.rows([[
                    user.into(),
                    digest.weekday.map(i64::from).into(),
                    i64::from(digest.hour).into(),
                    last.into(),
                ]]);
                insert.execute(&mut tx).await?;
            }
            None => {
                let left =
                    sql("SELECT id FROM notifications WHERE user_id = ? AND digest = ?").bind(user).bind(WAITING);
                let left: Vec<(Uuid,)> = left.all(&mut tx).await?;
                let clear = sql("UPDATE notifications SET digest = NULL WHERE user_id = ? AND digest = ?");
                clear.bind(user).bind(WAITING).execute(&mut tx).await?;
                let jobs: Vec<NewJob> = left
                    .iter()
                    .map(|(id,)| NewJob::new(mail::QUEUE, mail::KIND, mail::payload(*id)).max_attempts(8))
                    .collect();
                afpi_jobs::enqueue_all(&mut tx, &jobs).await.map_err(DbError::from)?;
            }
        }
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.people.changed();
    app.jobs.wake();
    Ok(Json(Own { digest }))
}
