//! Files a mail that was not recognised, and removes one. Only who shared it may.

use afpi_db::{Conn, sql};
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{files, read};
use crate::attachments::holder::{self, Holder, Kind};
use afpi_core::error::{Error, ErrorKind, Result};
use afpi_core::id::CourrielId;
use afpi_core::scope::Loaded;
use afpi_core::text::text;
use afpi_http::bounds::RecordId;
use afpi_http::input::{Body, Id};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::act::Act;
use afpi_platform::auth::caller::Caller;
use afpi_platform::idempotency;
use afpi_platform::journal::{self, Change};
use afpi_platform::state::App;

/// The beginning of a subject that the journal shows.
const SHOWN: usize = 200;

/// The record that a mail belongs to.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CourrielPlace {
    kind: Kind,
    #[validate(nested)]
    id: RecordId,
}

/// File one of my mails with a record. Its files become files of the record.
#[utoipa::path(put, path = "/{id}/record", operation_id = "fileCourriel", tag = "courriels",
    params(("id" = Uuid, Path)), request_body = CourrielPlace,
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn file(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<CourrielId>,
    Body(input): Body<CourrielPlace>,
) -> ApiResult<StatusCode> {
    caller.require(input.kind.writing())?;
    let act = Act::begin(&app, &caller, request.as_str());
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let (place, mail) = read::own(&mut tx, caller.id, id).await?;
        let holder = holder::load(&mut tx, &caller.scope(), input.kind, input.id.0).await?;
        let update = sql(
            "UPDATE courriels SET record_kind = ?, record_id = ? WHERE id = ? AND user_id = ? AND record_id IS NULL",
        );
        let update = update.bind(input.kind.word()).bind(holder.id).bind(id).bind(caller.id);
        if place.is_some() || update.execute(&mut tx).await? != 1 {
            return Err(Error::new(ErrorKind::Conflict, text("Courriel déjà rattaché", "Mail filed already")).detail(
                text(
                    "Ce courriel est déjà dans le suivi d’une fiche.",
                    "This mail is in the follow-up of a record already.",
                ),
            ));
        }
        let held = read::held(&mut tx, id).await?;
        let attached = files::attach(&mut tx, act, &holder, &held).await?;
        files::list(&mut tx, id, &attached).await?;
        announce(&mut tx, act, &holder, None, Some(&mail.subject)).await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    app.jobs.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Remove one of my mails: discard one that belongs to no record, or take one out of a record's follow-up. Files that became
/// files of the record stay there.
#[utoipa::path(delete, path = "/{id}", operation_id = "deleteCourriel", tag = "courriels", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    Id(id): Id<CourrielId>,
) -> ApiResult<StatusCode> {
    let act = Act::begin(&app, &caller, request.as_str());
    afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let (place, mail) = read::own(&mut tx, caller.id, id).await?;
        if let Some((kind, record)) = place {
            let holder = holder::load(&mut tx, &caller.scope(), kind, record).await?;
            announce(&mut tx, act, &holder, Some(&mail.subject), None).await?;
        }
        sql("DELETE FROM courriel_files WHERE courriel_id = ?").bind(id).execute(&mut tx).await?;
        sql("DELETE FROM courriels WHERE id = ?").bind(id).execute(&mut tx).await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes the line of the journal, in the transaction of the change: the subject of the mail that came or went.
pub(super) async fn announce(
    tx: &mut Conn,
    act: Act<'_>,
    holder: &Loaded<Holder>,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<()> {
    // A mail without a subject is one, too.
    let shown = |subject: &str| match subject.chars().take(SHOWN).collect::<String>() {
        none if none.is_empty() => "—".to_owned(),
        some => some,
    };
    Change::by(act.caller, act.correlation_id, holder.subject.clone(), Some(holder.site))
        .record(tx, journal::Activity::Edited, vec![journal::field("courriel", from.map(shown), to.map(shown))])
        .await?;
    Ok(())
}
