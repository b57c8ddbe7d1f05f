//! Open files of a person who can no longer own them: a successor must take them over.

use std::collections::BTreeSet;

use afpi_db::Tx;

use super::User;
use super::input::Wanted;
use super::patch::{allowed, consistent, lost};
use super::store;
use crate::opportunites::handover::{self, AT_ONCE, Agreed, Leaving};
use crate::opportunites::handover_rest::{self, Rest};
use afpi_core::access::Access;
use afpi_core::error::Result;
use afpi_core::id::{LocalisationId, UserId};
use afpi_core::rights::Action;
use afpi_core::scope::Scope;
use afpi_platform::act::Act;
use afpi_platform::plugins::site_words::SiteWords;

/// Files whose hooks have accepted the successor.
pub struct Handing {
    successor: UserId,
    agreed: Vec<Agreed>,
    /// The total number of files.
    total: i64,
}

/// A change to a person, and who makes it.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub act: Act<'a>,
    pub wanted: &'a Wanted,
    /// The statuses in which a role still has to act.
    pub awaited: &'a SiteWords,
}

/// What the person could own before the change and cannot own after it.
fn left_by(current: &User, change: &Wanted) -> Option<Leaving> {
    let owns = |active: bool, role: &Access| active && role.may(Action::OpportunitesCreate);
    let role = change.access(current);
    let had: BTreeSet<LocalisationId> = current.localisations.iter().map(|site| site.id).collect();
    let stays = change.sites().unwrap_or_else(|| had.iter().copied().collect());
    if !owns(current.active, &current.access) {
        return None;
    }
    if !owns(change.active.unwrap_or(current.active), role) {
        return Some(Leaving { user: current.id, stays: vec![] });
    }
    let keeps = role.network_wide() || (!current.access.network_wide() && had.iter().all(|site| stays.contains(site)));
    (!keeps).then_some(Leaving { user: current.id, stays })
}

/// Before the transaction: finds the files that the change leaves without an owner, and asks their hooks. 409 without a
/// successor, 422 for one who cannot own all of them. First checks that the caller may change the person at all.
pub async fn prepare(asked: Asked<'_>, scope: &Scope, (id, seen): (UserId, i64)) -> Result<Option<Handing>> {
    let Asked { act, wanted: change, awaited } = asked;
    if change.active != Some(false) && change.role_id.is_none() && change.localisation_ids.is_none() {
        return Ok(None);
    }
    let mut conn = act.app.db.read().await?;
    let current = store::load(&mut conn, scope, id).await?;
    allowed(act.caller, &current, change)?;
    consistent(&current, change)?;
    if current.version != seen {
        return Err(lost(&current, change));
    }
    let Some(leaving) = left_by(&current, change) else { return Ok(None) };
    let files = leaving.files(&mut conn, awaited, &BTreeSet::new()).await?;
    if files.is_empty() {
        return Ok(None);
    }
    let total = leaving.count(&mut conn, awaited).await?;
    let Some(successor) = change.successor_id else {
        return Err(handover::successor_needed(act.caller, total, &files));
    };
    handover::check_successor(&mut conn, &leaving, successor, &files).await?;
    drop(conn);
    let agreed = handover::agree(act, files, successor).await?;
    Ok(Some(Handing { successor, agreed, total }))
}

/// In the transaction of the change: hands the files over; a job handles the rest of very many. Returns whether nothing
/// changed in between. Otherwise the caller must roll back and try everything again.
pub async fn hand_over(tx: &mut Tx, asked: Asked<'_>, current: &User, handing: Option<Handing>) -> Result<bool> {
    let Asked { act, wanted, awaited } = asked;
    let Some(leaving) = left_by(current, wanted) else { return Ok(true) };
    if let Some(Handing { successor, agreed, total }) = handing {
        if !handover::hand_over(tx, act, &agreed, successor).await? {
            return Ok(false);
        }
        if total > i64::from(AT_ONCE) {
            handover_rest::enqueue(tx, &Rest { leaving, successor, actor: act.caller.id }, act.correlation_id).await?;
            return Ok(true);
        }
    }
    Ok(leaving.files(tx, awaited, &BTreeSet::new()).await?.is_empty())
}
