//! Notes of plugins in the table `plugin_kv`, the quota kept in the transaction that writes.

use afpi_db::{AsContention, Db, DbError, Tx, dialect, retry, sql};
use afpi_plugins::manifest::KvRequest;
use afpi_plugins::ports::{KvStore, Space, StoreError};
use async_trait::async_trait;
use uuid::Uuid;

use super::secrets::{away, site_id};

/// The store the runtime is given.
pub struct Notes {
    db: Db,
}

impl Notes {
    pub fn new(db: Db) -> Notes {
        Notes { db }
    }

    async fn write(&self, plugin: &str, site: Uuid, key: &str, value: &[u8], quota: KvRequest) -> Result<(), Refused> {
        let mut tx = self.db.begin().await?;
        lock(&mut tx, plugin).await?;
        let (keys, bytes) = sql(
            "SELECT COUNT(*), CAST(COALESCE(SUM(OCTET_LENGTH(name) + OCTET_LENGTH(content)), 0) AS SIGNED) FROM plugin_kv \
             WHERE plugin_id = ? AND localisation_id = ? AND name <> ?",
        )
        .bind(plugin).bind(site).bind(key).one::<(i64, i64)>(&mut tx).await?;
        let size = bytes as u64 + (key.len() + value.len()) as u64;
        if keys as u64 + 1 > u64::from(quota.quota_keys) || size > quota.quota_bytes {
            return Err(Refused::Full);
        }
        let mut query = sql("INSERT INTO plugin_kv (plugin_id, localisation_id, name, content) VALUES ");
        query.rows([[plugin.into(), site.into(), key.into(), value.into()]]);
        dialect::upsert(&mut query, tx.backend(), &["plugin_id", "localisation_id", "name"], &["content"]);
        query.execute(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

/// One writer of a plugin's notes at a time: without it, two could each find the last free place.
async fn lock(tx: &mut Tx, plugin: &str) -> afpi_db::Result<()> {
    let mut query = sql("SELECT id FROM plugins WHERE id = ?").bind(plugin);
    query.push(dialect::for_update(tx.backend()));
    query.optional::<(String,)>(tx).await.map(drop)
}

enum Refused {
    Full,
    Db(DbError),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Refused::Db(error)
    }
}

impl AsContention for Refused {
    fn is_contention(&self) -> bool {
        matches!(self, Refused::Db(error) if error.is_contention())
    }
}

#[async_trait]
impl KvStore for Notes {
    async fn get(&self, space: Space<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let site = site_id(space.site)?;
        let mut conn = self.db.read().await.map_err(away)?;
        let row = sql("SELECT content FROM plugin_kv WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
            .bind(space.plugin).bind(site).bind(key).optional::<(Vec<u8>,)>(&mut conn).await.map_err(away)?;
        Ok(row.map(|(content,)| content))
    }

    async fn set(&self, space: Space<'_>, key: &str, value: &[u8], quota: KvRequest) -> Result<(), StoreError> {
        let site = site_id(space.site)?;
        retry(|| self.write(space.plugin, site, key, value, quota)).await.map_err(|refused| match refused {
            Refused::Full => StoreError::Full,
            Refused::Db(error) => away(error),
        })
    }

    async fn delete(&self, space: Space<'_>, key: &str) -> Result<(), StoreError> {
        let site = site_id(space.site)?;
        retry(|| async {
            let mut tx = self.db.begin().await?;
            sql("DELETE FROM plugin_kv WHERE plugin_id = ? AND localisation_id = ? AND name = ?")
                .bind(space.plugin).bind(site).bind(key).execute(&mut tx).await?;
            tx.commit().await
        })
        .await
        .map_err(away)
    }

    async fn keys(&self, space: Space<'_>, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        let site = site_id(space.site)?;
        let mut conn = self.db.read().await.map_err(away)?;
        // Keys with a prefix are the first ones from the prefix on, so no LIKE (and none of its wildcards) is needed.
        let mut query = sql("SELECT name FROM plugin_kv WHERE plugin_id = ? AND localisation_id = ? AND name >= ? AND name > ? ORDER BY name")
            .bind(space.plugin).bind(site).bind(prefix).bind(after.unwrap_or(""));
        query.limit(limit.min(500) as u32);
        let rows = query.all::<(String,)>(&mut conn).await.map_err(away)?;
        Ok(rows.into_iter().map(|(name,)| name).take_while(|name| name.starts_with(prefix)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    async fn notes(db: &Db) -> Notes {
        let mut tx = db.begin().await.unwrap();
        sql("INSERT INTO plugins (id, kind, version, installed_at) VALUES ('p', 'connector', '1.0.0', 0)")
            .execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        Notes::new(db.clone())
    }

    const SPACE: Space<'static> = Space { plugin: "p", site: "" };

    #[tokio::test]
    async fn notes_are_kept_apart_listed_in_order_and_overwritten() {
        afpi_db::testing::on_both(|db| async move {
            let notes = notes(&db).await;
            let quota = KvRequest { quota_keys: 10, quota_bytes: 1 << 20 };
            let site = Uuid::now_v7().to_string();
            let other = Space { plugin: "p", site: &site };
            for key in ["a%", "a/1", "a/2", "é", "b"] {
                notes.set(SPACE, key, key.as_bytes(), quota).await.unwrap();
            }
            notes.set(other, "a/1", b"elsewhere", quota).await.unwrap();
            notes.set(SPACE, "a/1", &[0, 255], quota).await.unwrap();
            assert_eq!(notes.get(SPACE, "a/1").await.unwrap(), Some(vec![0, 255]));
            assert_eq!(notes.get(other, "a/1").await.unwrap(), Some(b"elsewhere".to_vec()));
            assert_eq!(notes.keys(SPACE, "a/", None, 500).await.unwrap(), ["a/1", "a/2"]);
            assert_eq!(notes.keys(SPACE, "a/", Some("a/1"), 500).await.unwrap(), ["a/2"]);
            assert_eq!(notes.keys(SPACE, "", Some("a/2"), 1).await.unwrap(), ["b"]);
            assert_eq!(notes.keys(SPACE, "a%", None, 500).await.unwrap(), ["a%"]);
            notes.delete(SPACE, "a/1").await.unwrap();
            assert_eq!(notes.get(SPACE, "a/1").await.unwrap(), None);
            let largest = vec![7u8; 64 << 10];
            notes.set(SPACE, "large", &largest, quota).await.unwrap();
            assert_eq!(notes.get(SPACE, "large").await.unwrap(), Some(largest));
        })
        .await;
    }

    #[tokio::test]
    async fn the_quota_holds_even_when_many_write_at_once() {
        afpi_db::testing::on_both(|db| async move {
            let notes = Arc::new(notes(&db).await);
            let quota = KvRequest { quota_keys: 5, quota_bytes: 1000 };
            let writes = (0..20).map(|n| {
                let notes = notes.clone();
                tokio::spawn(async move { notes.set(SPACE, &format!("k{n:02}"), &[0; 7], quota).await })
            });
            let mut full = 0;
            for write in futures::future::join_all(writes).await {
                match write.unwrap() {
                    Ok(()) => {}
                    Err(StoreError::Full) => full += 1,
                    Err(other) => panic!("{other}"),
                }
            }
            assert_eq!((full, notes.keys(SPACE, "", None, 500).await.unwrap().len()), (15, 5));
            // Bytes count keys and values; writing over a note only counts the difference.
            let first = notes.keys(SPACE, "", None, 1).await.unwrap().remove(0);
            assert_eq!(notes.set(SPACE, &first, &[0; 1000], quota).await, Err(StoreError::Full));
            assert_eq!(notes.set(SPACE, &first, &[0; 900], quota).await, Ok(()));
            assert_eq!(notes.set(SPACE, &first, &[0; 960], quota).await, Err(StoreError::Full));
        })
        .await;
    }
}
