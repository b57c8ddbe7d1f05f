//! The pass's stage for sites. It reads all of `/sites` at once, because an instance has a few dozen sites at most.

use crate::failure::{Cause, Failure};
use crate::ground::{Ground, batch, endpoint};
use crate::outside::Outside;
use crate::reading::Refusal;
use crate::site::{SiteReader, Sites};
use afpi_sdk::connector::Batch;
use std::collections::HashSet;

pub const PATH: &str = "/sites";

/// Reads the list to its end, and stores the place of each site in `sites`.
pub fn read<O: Outside>(ground: &mut Ground<O>, sites: &mut Sites) -> Result<Batch, Failure> {
    let reader = SiteReader::default();
    let mut list = ground.whole_list(PATH)?;
    let mut batch = batch("localisation");
    let mut seen = HashSet::new();
    while let Some(picked) = list.next(&reader.paths)? {
        match reader.read(&picked, sites) {
            Ok(taken) if !seen.insert(taken.item.external_id.clone()) => {
                batch.skipped.push(Refusal::twice(&taken.item.external_id).skipped("localisation"));
            }
            Ok(taken) => {
                ground.notes.add(&ground.outside, "site", &taken.item.external_id, &taken.flaws);
                batch.items.push(taken.item);
            }
            Err(refusal) => batch.skipped.push(refusal.skipped("localisation")),
        }
    }
    if batch.items.is_empty() && !batch.skipped.is_empty() {
        return Err(Failure::new(&endpoint(PATH), Cause::NothingReadable));
    }
    batch.done = (batch.items.len() + batch.skipped.len()) as u64;
    batch.total = batch.done;
    Ok(batch)
}
