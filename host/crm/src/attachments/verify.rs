//! Holds every file against its hash, for `afpi admin verify-files`: after a restore, or when a disk is doubted.

use afpi_db::{Db, sql};

use crate::content::lost;
use afpi_core::error::Result;
use afpi_files::{Files, Key, Lost};

/// Files per query.
const BATCH: u32 = 500;

/// The number of files, and the hashes of those that are missing or not as they were uploaded.
pub async fn verify(db: &Db, files: &Files) -> Result<(usize, Vec<String>)> {
    let (mut count, mut broken, mut after) = (0, Vec::new(), String::new());
    loop {
        let mut query = sql("SELECT sha256, object_key FROM files WHERE sha256 > ? ORDER BY sha256").bind(&after);
        query.limit(BATCH);
        let rows = query.all::<(String, String)>(&mut db.read().await?).await?;
        let Some((last, _)) = rows.last() else { return Ok((count, broken)) };
        after = last.clone();
        for (hash, key) in rows {
            count += 1;
            let sound = match Key::read(&key).filter(|key| key.sha256() == hash) {
                None => false,
                Some(key) => match files.is_sound(&key).await {
                    Err(Lost::Missing) => false,
                    sound => sound.map_err(lost)?,
                },
            };
            if !sound {
                broken.push(hash);
            }
        }
    }
}
