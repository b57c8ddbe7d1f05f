//! `/api/notifications/quiet`: the hours in which the signed-in person gets no mail about what happens. Messages in the
//! application come at once, and mails when the hours end.

use afpi_db::sql;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use afpi_http::bounds::Int;
use afpi_http::input::Body;
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_platform::auth::caller::Caller;
use afpi_platform::quiet::Quiet;
use afpi_platform::state::App;

/// My quiet hours.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuietHoursAnswer)]
pub struct Own {
    /// None: mails go out at any time.
    #[schema(required = true)]
    quiet: Option<Quiet>,
}

/// My choice.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHoursChoice)]
pub struct Choice {
    #[validate(nested)]
    #[schema(required = true)]
    quiet: Option<Hours>,
}

type Hour = Int<0, 23>;

/// Hours of the day in Paris.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHoursInput)]
pub struct Hours {
    /// When they begin.
    #[validate(nested)]
    from: Hour,
    /// When they end. The same one as `from`: there are none in the week.
    #[validate(nested)]
    to: Hour,
    /// Are Saturday and Sunday quiet as a whole?
    weekends: bool,
}

/// Read my quiet hours.
#[utoipa::path(get, path = "/quiet", operation_id = "getQuietHours", tag = "notifications",
    responses((status = 200, body = Own), (status = 401, body = ProblemBody)))]
pub(super) async fn get(State(app): State<App>, caller: Caller) -> ApiResult<Json<Own>> {
    let people = app.people.active(&app.db).await?;
    let person = people.iter().find(|person| person.id == caller.id);
    Ok(Json(Own { quiet: person.and_then(|person| person.quiet) }))
}

/// Choose my quiet hours, or none.
#[utoipa::path(put, path = "/quiet", operation_id = "putQuietHours", tag = "notifications", request_body = Choice,
    responses((status = 200, body = Own), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn put(State(app): State<App>, caller: Caller, Body(wanted): Body<Choice>) -> ApiResult<Json<Own>> {
    let quiet = wanted.quiet.map(|Hours { from, to, weekends }| Quiet::new(from.into(), to.into(), weekends));
    let mut tx = app.db.begin().await?;
    sql("DELETE FROM notification_quiet WHERE user_id = ?").bind(caller.id).execute(&mut tx).await?;
    if let Some(Quiet { from, to, weekends }) = quiet {
        let mut insert = sql("INSERT INTO notification_quiet (user_id, from_hour, to_hour, weekends) VALUES ");
        insert.rows([[caller.id.into(), i64::from(from).into(), i64::from(to).into(), weekends.into()]]);
        insert.execute(&mut tx).await?;
    }
    tx.commit().await?;
    app.people.changed();
    Ok(Json(Own { quiet }))
}
