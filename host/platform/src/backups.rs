//! Who makes a backup, and when the newest one was made: one row, so that two never make one at the same time.

use std::time::Duration;

use afpi_core::clock::Instant;
use afpi_db::{Db, sql};
use uuid::Uuid;

/// How long a process that makes a backup may be silent before another one may begin.
const SILENCE: Duration = Duration::from_secs(5 * 60);

/// When the newest backup that was read back began.
pub async fn newest(db: &Db) -> afpi_db::Result<Option<Instant>> {
    let row = sql("SELECT verified_at FROM backups WHERE one = 1");
    Ok(row.optional::<(Option<Instant>,)>(&mut db.read().await?).await?.and_then(|(at,)| at))
}

/// After a restore: whoever made the backup had the right, and is not here.
pub async fn release(db: &Db) -> afpi_db::Result<()> {
    change(db, || sql("UPDATE backups SET maker = NULL, claimed_until = 0 WHERE one = 1")).await.map(drop)
}

/// The right to make a backup. It runs out when nobody extends it.
pub struct Claim {
    db: Db,
    maker: String,
}

impl Claim {
    /// `None` while somebody else makes one.
    pub async fn take(db: &Db) -> afpi_db::Result<Option<Claim>> {
        let (maker, now) = (Uuid::now_v7().to_string(), Instant::now());
        let taken = change(db, || {
            sql("UPDATE backups SET maker = ?, claimed_until = ? WHERE one = 1 AND claimed_until < ?")
                .bind(&maker)
                .bind(now + SILENCE)
                .bind(now)
        });
        Ok((taken.await? == 1).then(|| Claim { db: db.clone(), maker }))
    }

    /// Carries out the work and meanwhile keeps the right.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let extend = async {
            loop {
                tokio::time::sleep(SILENCE / 5).await;
                let until = Instant::now() + SILENCE;
                let extended = change(&self.db, || {
                    sql("UPDATE backups SET claimed_until = ? WHERE one = 1 AND maker = ?")
                        .bind(until)
                        .bind(&self.maker)
                });
                if let Err(error) = extended.await {
                    tracing::warn!(error.cause = %error, "the right to make a backup could not be extended");
                }
            }
        };
        tokio::select! {
            done = work => done,
            never = extend => never,
        }
    }

    /// Gives the right back. `verified`: when the backup began that was made and read back.
    pub async fn end(self, verified: Option<Instant>) -> afpi_db::Result<()> {
        let ended = change(&self.db, || {
            sql("UPDATE backups SET maker = NULL, claimed_until = 0, verified_at = COALESCE(?, verified_at) \
                 WHERE one = 1 AND maker = ?")
            .bind(verified)
            .bind(&self.maker)
        });
        ended.await.map(drop)
    }
}

async fn change(db: &Db, query: impl Fn() -> afpi_db::Sql) -> afpi_db::Result<u64> {
    afpi_db::retry(|| async {
        let mut tx = db.begin().await?;
        let changed = query().execute(&mut tx).await?;
        tx.commit().await?;
        Ok::<_, afpi_db::DbError>(changed)
    })
    .await
}
