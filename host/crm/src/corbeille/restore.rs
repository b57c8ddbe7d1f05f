//! `POST /api/corbeille/{kind}/{id}/restaurer`: out of the bin, as it was.

use afpi_core::error::{Error, ErrorKind, Result, forbidden, not_found};
use afpi_core::id::EntrepriseId;
use afpi_core::rights::Action;
use afpi_core::scope::{Scope, Scoped};
use afpi_core::text::text;
use afpi_db::stored::{json_of, value_of};
use afpi_db::{Conn, Json as JsonColumn, Value, catalogue, dialect, sql};
use afpi_http::problem::{ApiResult, ProblemBody};
use afpi_http::request_id::RequestId;
use afpi_platform::auth::caller::Caller;
use afpi_platform::feed::noted;
use afpi_platform::idempotency;
use afpi_platform::journal::{Activity, Change};
use afpi_platform::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::parts::{self, Content};
use super::{Kind, OfKind, list};
use crate::entreprises::{duplicate, fusion};
use crate::opportunites;
use afpi_core::id::LocalisationId;

afpi_db::row! {
    struct Row { content: JsonColumn<Content>, site: LocalisationId }
}

/// Restore a record with all that belonged to it, as it was. An opportunité whose company was merged meanwhile comes back at
/// the company that it was merged into.
#[utoipa::path(post, path = "/{kind}/{id}/restaurer", operation_id = "restoreRecord", tag = "corbeille",
    params(("kind" = Kind, Path), ("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub async fn restore(
    State(app): State<App>,
    caller: Caller,
    request: RequestId,
    OfKind(kind, id): OfKind,
) -> ApiResult<StatusCode> {
    caller.require(Action::Corbeille)?;
    caller.require(kind.writing())?;
    let scope = caller.scope();
    let tables = catalogue::tables(&mut app.db.read().await?).await?;
    let done = afpi_db::retry(|| async {
        let mut tx = app.db.begin().await?;
        let mut query = list::select(&scope, "c.content, c.localisation_id AS site");
        query.push(" AND c.record_id = ? AND c.record_kind = ?").arg(id).arg(kind.word());
        query.push(dialect::for_update(tx.backend()));
        let Row { content: JsonColumn(mut content), site } = query.optional(&mut tx).await?.ok_or_else(not_found)?;
        if kind == Kind::Entreprises && !scope.changes(Scoped::Entreprise, site) {
            return Err(forbidden());
        }
        let company = match kind {
            Kind::Opportunites => Some(company(&mut tx, &mut content).await?),
            Kind::Entreprises => None,
        };
        parts::put_back(&mut tx, &tables, &content).await?;
        if let Some((company, name)) = company {
            opportunites::renamed(&mut tx, company, &name).await?;
        }
        forget(&mut tx, id).await?;
        noted(&mut tx, [(kind.changed(), id)]).await?;
        Change::by(&caller, request.as_str(), kind.subject(id), Some(site))
            .record(&mut tx, Activity::Restored, vec![])
            .await?;
        idempotency::done(&mut tx, StatusCode::NO_CONTENT, None).await?;
        Ok::<_, Error>(tx.commit().await?)
    })
    .await;
    match done {
        Err(problem) if problem.kind() == ErrorKind::Duplicate && kind == Kind::Entreprises => {
            let siret = siret(&app, id).await?;
            Err(duplicate(&app, &scope, siret.as_deref()).await?.into())
        }
        other => {
            other?;
            Ok(StatusCode::NO_CONTENT)
        }
    }
}

/// The SIRET of a company in the bin.
async fn siret(app: &App, id: Uuid) -> Result<Option<String>> {
    let query = sql("SELECT content FROM corbeille WHERE record_id = ?").bind(id);
    let content = query.optional::<(JsonColumn<Content>,)>(&mut app.db.read().await?).await?;
    Ok(content.and_then(|(JsonColumn(mut content),)| {
        content.of("entreprises").next().and_then(|row| row["siret"].as_str().map(str::to_owned))
    }))
}

/// The row of the bin goes. Returns whether there was one.
pub async fn forget(tx: &mut Conn, id: Uuid) -> Result<bool> {
    let gone = sql("DELETE FROM corbeille WHERE record_id = ?").bind(id).execute(tx).await?;
    sql("DELETE FROM corbeille_files WHERE record_id = ?").bind(id).execute(tx).await?;
    Ok(gone > 0)
}

/// The company that a file comes back to, with its name: its own, or the one that it was merged into.
async fn company(tx: &mut Conn, content: &mut Content) -> Result<(EntrepriseId, String)> {
    let stored = content.of("opportunites").next().map(|row| value_of(&row["entreprise_id"]));
    let Some(Value::Bytes(bytes)) = stored else { return Err(not_found()) };
    let was: EntrepriseId = Uuid::from_slice(&bytes).unwrap_or_default().into();
    let now = fusion::survivor(tx, was).await?;
    let mut query = Scope::All.entreprises("e.name", "");
    query.push(" AND e.id = ?").arg(now);
    let Some((name,)) = query.optional::<(String,)>(tx).await? else { return Err(orphan(tx, now).await?) };
    if now != was {
        for row in content.of("opportunites") {
            row.insert("entreprise_id".into(), json_of(&now.into()));
        }
        let (old, new) = (json!(format!("company:{was}")), json!(format!("company:{now}")));
        content.of("creances").filter(|row| row["payer_key"] == old).for_each(|row| {
            row.insert("payer_key".into(), new.clone());
        });
    }
    Ok((now, name))
}

/// 409: there is no company for the file.
async fn orphan(tx: &mut Conn, company: EntrepriseId) -> Result<Error> {
    let title = text("Son entreprise n’est plus là", "Its company is not there");
    let detail = match super::gone(tx, &Scope::All, Kind::Entreprises, company.uuid()).await? {
        Some(_) => text(
            "Son entreprise est dans la corbeille : restaurez-la d’abord.",
            "Its company is in the bin: restore it first.",
        ),
        None => text("Son entreprise a été supprimée définitivement.", "Its company was deleted for good."),
    };
    Ok(Error::new(ErrorKind::Conflict, title).detail(detail))
}
