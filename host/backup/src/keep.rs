//! Removes backups that are too old, and what unfinished ones have left.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::manifest::{self, BACKUPS};
use crate::read::{FileList, find, ids};
use crate::vault::Vault;

/// Removes what backups left that did not come to their end. Nobody may make one at this time.
pub async fn sweep(vault: &Vault) -> Result<()> {
    let complete = ids(vault).await?;
    let mut left = vault.incoming().await?;
    let unfinished = |object: &String| manifest::id(object).is_some_and(|id| !complete.contains(id));
    left.extend(vault.list(BACKUPS).await?.into_iter().filter(unfinished));
    for object in left {
        vault.remove(&object).await?;
    }
    Ok(())
}

/// Keeps the newest `count` backups, at least one, and removes the others with the files that only they had. Returns
/// the number of removed backups. Nobody may make one at this time.
pub async fn keep(vault: &Vault, count: usize) -> Result<usize> {
    let ids: Vec<String> = ids(vault).await?.into_iter().collect();
    let old = &ids[..ids.len().saturating_sub(count.max(1))];
    if old.is_empty() {
        return Ok(0);
    }
    // Everything that is kept must be readable before anything goes.
    let mut used = BTreeSet::new();
    for id in &ids[old.len()..] {
        let backup = find(vault, Some(id)).await?;
        let mut files = FileList::open(vault, &backup).await?;
        while let Some(file) = files.next().await? {
            used.insert(vault.content(&file.sha256));
        }
        files.finish(&backup)?;
    }
    for id in old {
        // First the manifest: what is left without one is swept.
        vault.remove(&manifest::manifest(id)).await?;
    }
    sweep(vault).await?;
    for content in vault.contents().await?.difference(&used) {
        vault.remove(content).await?;
    }
    Ok(old.len())
}
