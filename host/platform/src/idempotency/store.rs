//! The table `idempotency_keys`: claims on requests, and their results.

use std::future::Future;
use std::time::Duration;

use afpi_db::{Conn, Db, dialect, sql};
use axum::http::StatusCode;
use uuid::Uuid;

use super::under_way;
use afpi_core::clock::Instant;
use afpi_core::error::{Error, Result, internal};
use afpi_core::id::UserId;

/// How long a key is stored.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How long one try may take before another one may start. A try that takes longer loses its claim, and its transaction
/// is rolled back.
const LEASE: Duration = Duration::from_secs(30);

tokio::task_local! {
    /// The claim of this task.
    static CLAIM: Claim;
}

/// A received request.
pub struct Asked {
    pub user: UserId,
    pub key: String,
    pub fingerprint: [u8; 32],
    pub method: String,
    pub path: String,
}

/// One try to carry out a request.
#[derive(Debug, Clone)]
pub struct Claim {
    user: UserId,
    key: String,
    id: Uuid,
}

/// A stored answer.
pub struct Answer {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub content_type: Option<String>,
    pub body: Vec<u8>,
}

/// The state of a key.
pub enum Found {
    /// New, or left by a try that died: this request has the claim now.
    Ours(Claim),
    /// Another try is running.
    UnderWay,
    /// The key belongs to another request.
    Another,
    /// It was carried out, with this answer.
    Answered(Answer),
    /// It was carried out; the answer was lost.
    Done { status: StatusCode, location: Option<String> },
}

afpi_db::row! {
    struct Row {
        fingerprint: Vec<u8>, created_at: Instant, lease_until: Instant, done_at: Option<Instant>, status: Option<i64>, location: Option<String>,
        answered_at: Option<Instant>, etag: Option<String>, content_type: Option<String>, answer: Option<Vec<u8>>,
    }
}

/// Runs this work with a claim, which [`done`] finds.
pub async fn under<T>(claim: Claim, work: impl Future<Output = T>) -> T {
    CLAIM.scope(claim, work).await
}

/// Claims a request, unless it was carried out before or is running.
pub async fn claim(db: &Db, asked: &Asked, now: Instant) -> Result<Found> {
    let claim = Claim { user: asked.user, key: asked.key.clone(), id: Uuid::now_v7() };
    afpi_db::retry(|| async {
        let mut tx = db.begin().await?;
        let mut query = dialect::insert_or_ignore(tx.backend());
        query.push(" INTO idempotency_keys (user_id, idempotency_key, fingerprint, method, path, created_at, claim, lease_until) VALUES ");
        query.rows([[
            asked.user.into(),
            asked.key.as_str().into(),
            asked.fingerprint.into(),
            asked.method.as_str().into(),
            asked.path.as_str().into(),
            now.into(),
            claim.id.into(),
            (now + LEASE).into(),
        ]]);
        let found = if query.execute(&mut tx).await? == 1 {
            Found::Ours(claim.clone())
        } else {
            judge(&mut tx, asked, &claim, now).await?
        };
        tx.commit().await?;
        Ok::<_, Error>(found)
    })
    .await
}

async fn judge(tx: &mut Conn, asked: &Asked, claim: &Claim, now: Instant) -> Result<Found> {
    let mut query = sql(
        "SELECT fingerprint, created_at, lease_until, done_at, status, location, answered_at, etag, content_type, answer \
         FROM idempotency_keys WHERE user_id = ? AND idempotency_key = ?",
    )
    .bind(asked.user)
    .bind(&asked.key);
    query.push(dialect::for_update(tx.backend()));
    let row: Row = query.one(tx).await?;
    let old = row.created_at + KEPT < now;
    if !old && row.fingerprint != asked.fingerprint {
        return Ok(Found::Another);
    }
    if !old && row.done_at.is_some() {
        let status = row.status.and_then(|status| StatusCode::from_u16(status as u16).ok());
        let status = status.ok_or_else(|| internal("a key without a status"))?;
        return Ok(match row.answered_at {
            Some(_) => Found::Answered(Answer {
                status,
                etag: row.etag,
                location: row.location,
                content_type: row.content_type,
                body: row.answer.unwrap_or_default(),
            }),
            None => Found::Done { status, location: row.location },
        });
    }
    if !old && row.lease_until > now {
        return Ok(Found::UnderWay);
    }
    sql("UPDATE idempotency_keys SET fingerprint = ?, method = ?, path = ?, created_at = ?, claim = ?, lease_until = ?, \
         done_at = NULL, status = NULL, location = NULL, answered_at = NULL, etag = NULL, content_type = NULL, answer = NULL \
         WHERE user_id = ? AND idempotency_key = ?")
        .bind(asked.fingerprint)
        .bind(&asked.method)
        .bind(&asked.path)
        .bind(now)
        .bind(claim.id)
        .bind(now + LEASE)
        .bind(asked.user)
        .bind(&asked.key)
        .execute(tx)
        .await?;
    Ok(Found::Ours(claim.clone()))
}

/// Call it in the transaction of a change, before its commit. If the request has a key, the change and its “done” mark
/// are committed together. `status` is the answer's status. `location` is the path where the same answer can be read,
/// if there is one. 409 when another try has taken over the claim because this one took too long.
pub async fn done(tx: &mut Conn, status: StatusCode, location: Option<String>) -> Result<()> {
    let Ok(claim) = CLAIM.try_with(Clone::clone) else { return Ok(()) };
    let ours = sql(
        "UPDATE idempotency_keys SET done_at = ?, status = ?, location = ? WHERE user_id = ? AND idempotency_key = ? AND claim = ?",
    )
    .bind(Instant::now())
    .bind(i64::from(status.as_u16()))
    .bind(location)
    .bind(claim.user)
    .bind(&claim.key)
    .bind(claim.id)
    .execute(tx)
    .await?;
    if ours == 1 { Ok(()) } else { Err(under_way()) }
}

/// Stores the answer.
pub async fn answered(db: &Db, claim: &Claim, answer: &Answer, now: Instant) -> Result<()> {
    afpi_db::retry(|| async {
        let mut tx = db.begin().await?;
        sql("UPDATE idempotency_keys SET done_at = COALESCE(done_at, ?), answered_at = ?, status = ?, location = COALESCE(location, ?), etag = ?, \
             content_type = ?, answer = ? WHERE user_id = ? AND idempotency_key = ? AND claim = ?")
            .bind(now)
            .bind(now)
            .bind(i64::from(answer.status.as_u16()))
            .bind(&answer.location)
            .bind(&answer.etag)
            .bind(&answer.content_type)
            .bind(answer.body.as_slice())
            .bind(claim.user)
            .bind(&claim.key)
            .bind(claim.id)
            .execute(&mut tx)
            .await?;
        Ok::<(), Error>(tx.commit().await?)
    })
    .await
}

/// Releases a claim after a request that changed nothing.
pub async fn release(db: &Db, claim: &Claim) -> Result<()> {
    afpi_db::retry(|| async {
        let mut tx = db.begin().await?;
        sql("DELETE FROM idempotency_keys WHERE user_id = ? AND idempotency_key = ? AND claim = ? AND done_at IS NULL")
            .bind(claim.user)
            .bind(&claim.key)
            .bind(claim.id)
            .execute(&mut tx)
            .await?;
        Ok::<(), Error>(tx.commit().await?)
    })
    .await
}

/// Deletes expired keys.
pub async fn forget(db: &Db, now: Instant) -> Result<()> {
    afpi_db::retry(|| async {
        let mut tx = db.begin().await?;
        sql("DELETE FROM idempotency_keys WHERE created_at < ?").bind(now - KEPT).execute(&mut tx).await?;
        Ok::<(), Error>(tx.commit().await?)
    })
    .await
}
