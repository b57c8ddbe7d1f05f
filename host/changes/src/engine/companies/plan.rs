//! Compares a received company with the known ones: new, changed, unchanged, archived, or skipped.

use serde_json::Value;
use uuid::Uuid;

use super::{Current, word};
use crate::engine::change::{Action, Change, Entity, Fields, cut};
use crate::engine::fields::Left;
use crate::engine::known::{self, Link};
use crate::engine::merge::{self, Conflicts};
use crate::engine::owners::Owners;
use crate::engine::sites::Sites;
use crate::engine::stage::Taken;
use afpi_core::id::LocalisationId;
use afpi_core::text::{Text, text};
use afpi_crm::entreprises::settle::{self, Numbers, Stated};
use afpi_crm::identifiants::FRANCE;

/// The known facts about a received company.
#[derive(Default)]
pub struct Known<'a> {
    /// The stored link of its external id, and the linked company (absent when that is gone).
    pub link: Option<&'a Link>,
    pub linked: Option<&'a Current>,
    /// The company with the same SIRET, and that company's external id in this source.
    pub twin: Option<&'a Current>,
    pub twin_external: Option<&'a str>,
    /// Another record of this run has the same SIRET.
    pub siret_seen: bool,
}

/// The facts that decide a change, beside the company itself.
pub struct Ground<'a> {
    pub sites: &'a Sites,
    pub owners: &'a Owners,
    /// Does the source remember its links?
    pub remembers: bool,
    /// The only site whose companies it may change.
    pub only: Option<LocalisationId>,
}

/// The change for a received company. Values that contradict known ones go into `left`.
pub fn plan(taken: &Taken, mut fields: Fields, known: Known, ground: &Ground, left: &mut Vec<Left>) -> Change {
    let name = word(&fields, "name").unwrap_or_default().to_owned();
    let digest = known::digest(&taken.sent, "", taken.archived);
    let skip =
        |reason: Text| Change { digest: None, ..Change::skipped("entreprise", &taken.external_id, &name, reason) };
    if known.siret_seen {
        return skip(doubtful(
            "un autre code de cette liste porte le même SIRET",
            "another code of this list has the same SIRET",
        ));
    }
    let base = Change {
        entity: "entreprise".into(),
        external_id: taken.external_id.clone(),
        parent: String::new(),
        action: Action::Unchanged,
        label: cut(&name, 250),
        record: None,
        digest: Some(digest),
        before: None,
        after: None,
        reason: None,
        source: None,
        conflicts: Conflicts::new(),
    };
    place(&mut fields, known.linked.or(known.twin).map(|current| &current.fields), left);
    let unchanged =
        |link: &&Link| link.digest == digest && !link.missing && !ground.owners.source_owns(Entity::Entreprise);
    if let Some(link) = known.link.filter(unchanged) {
        // Nothing new since the last run. A link that is older than the remembered values gets them now.
        let source = link.seen.is_none().then(|| seen(fields, taken, ground));
        return Change { record: Some(link.record), source, ..base };
    }
    if let (Some(only), Some(twin)) = (ground.only, known.twin)
        && twin.site != only
    {
        return skip(doubtful(
            "une autre localisation suit cette entreprise",
            "another localisation looks after this company",
        ));
    }
    let received = Received { base, taken, fields, ground };
    match (known.linked, known.twin) {
        (Some(current), Some(twin)) if twin.id != current.id => {
            skip(doubtful("ce SIRET est déjà celui d'une autre entreprise", "this SIRET is already another company's"))
        }
        (Some(current), _) => received.update(current, known.link, left),
        (None, Some(twin)) => match known.twin_external {
            Some(other) if other != taken.external_id => skip(doubtful(
                &format!("ce SIRET est déjà celui du code {other}"),
                &format!("this SIRET is already that of the code {other}"),
            )),
            _ => received.update(twin, None, left),
        },
        (None, None) => received.create(left),
    }
}

/// All received values, also those that are no fields of the record: they are remembered as seen.
fn seen(mut fields: Fields, taken: &Taken, ground: &Ground) -> Fields {
    // A source that is read once does not say whether a company is active.
    if ground.remembers {
        fields.insert("active".into(), (!taken.archived).into());
    }
    if let Some(site) = ground.sites.named(&taken.sent) {
        fields.insert("localisationCode".into(), ground.sites.code(site).into());
    }
    fields
}

fn doubtful(fr: &str, en: &str) -> Text {
    text(format!("à vérifier : {fr}"), format!("to be checked: {en}"))
}

/// A received company that is not the same as at the last run.
struct Received<'a> {
    /// The change without what it does.
    base: Change,
    taken: &'a Taken,
    fields: Fields,
    ground: &'a Ground<'a>,
}

impl Received<'_> {
    /// A company that is not known here.
    fn create(self, left: &mut Vec<Left>) -> Change {
        let Received { base, taken, mut fields, ground } = self;
        let sites = ground.sites;
        let skip = |reason: Text| Change::skipped("entreprise", &base.external_id, &base.label, reason);
        if word(&fields, "name").is_none() {
            return skip(text("entreprise sans nom", "company without a name"));
        }
        if taken.archived {
            return skip(text("archivée là-bas et inconnue ici", "archived over there and unknown here"));
        }
        let Some(site) = sites.of_company(&taken.sent, &fields) else {
            return skip(text(
                "aucune localisation : ni site, ni code postal d'un de nos départements, ni localisation par défaut",
                "no localisation: neither a site, nor a postcode of one of our départements, nor a default localisation",
            ));
        };
        agree(&Fields::new(), &mut fields, left);
        let source = Some(seen(fields.clone(), taken, ground));
        derive(&Fields::new(), &mut fields);
        fields.entry("address.country").or_insert_with(|| FRANCE.into());
        fields.insert("active".into(), true.into());
        fields.insert("localisationCode".into(), sites.code(site).into());
        Change { action: Action::Created, record: Some(Uuid::now_v7()), after: Some(fields), source, ..base }
    }

    /// A known company: found by its link, or without a link by its SIRET.
    fn update(self, current: &Current, link: Option<&Link>, left: &mut Vec<Left>) -> Change {
        let Received { base, taken, fields, ground } = self;
        let sites = ground.sites;
        let mut here = current.fields.clone();
        here.insert("active".into(), current.active.into());
        here.insert("localisationCode".into(), sites.code(current.site).into());
        let there = seen(fields, taken, ground);
        // Only a change there causes a change here. A company that a person switched off here stays off when the other
        // system changes its telephone number.
        let mut last = link.and_then(|link| link.seen.clone()).unwrap_or_default();
        last.entry("active").or_insert_with(|| (!link.is_some_and(Link::archived)).into());
        let mut merged = merge::merge(Entity::Entreprise, &here, &there, Some(&last), ground.owners);
        agree(&here, &mut merged.after, left);
        derive(&here, &mut merged.after);
        let (mut before, mut after) = crate::engine::fields::differences(&here, &merged.after);
        let mut reason = None;
        if link.is_none() && ground.remembers {
            before.insert("externalId".into(), Value::Null);
            after.insert("externalId".into(), base.external_id.clone().into());
            reason = Some(text("rattachée par son SIRET", "linked by its SIRET"));
        } else if link.is_some_and(|link| link.missing) {
            reason = Some(text("de nouveau présente là-bas", "there again over there"));
        }
        let action = match () {
            () if after.get("active") == Some(&Value::Bool(false)) => Action::Archived,
            () if !merged.conflicts.is_empty() => Action::Conflict,
            // Both sides agree, however that came about: only the digest is new.
            () if after.is_empty() && reason.is_none() => Action::Unchanged,
            () => Action::Updated,
        };
        let digest = if merged.conflicts.is_empty() { base.digest } else { Some(known::doubtful(taken.archived)) };
        let kept = (!after.is_empty()).then_some((before, after));
        let (before, after) = kept.unzip();
        let (source, conflicts) = (Some(merged.seen), merged.conflicts);
        Change { action, record: Some(current.id.uuid()), digest, before, after, reason, source, conflicts, ..base }
    }
}

/// Normalises the postcode for its country. An invalid one is left out.
fn place(fields: &mut Fields, here: Option<&Fields>, left: &mut Vec<Left>) {
    let Some(code) = word(fields, "address.postcode") else { return };
    let country = word(fields, "address.country").or_else(|| here.and_then(|here| word(here, "address.country")));
    match settle::place(Some(code), word(fields, "address.city"), country) {
        Ok(place) => {
            fields.extend(place.postcode.map(|code| ("address.postcode".to_owned(), code.into())));
            fields.extend(place.city.map(|city| ("address.city".to_owned(), city.into())));
        }
        Err((_, refusal)) => {
            fields.remove("address.postcode");
            left.push(Left { field: "address.postcode", reason: refusal.message });
        }
    }
}

/// Removes identifiers from `after` that would contradict the record's others.
fn agree(here: &Fields, after: &mut Fields, left: &mut Vec<Left>) {
    for (field, refusal) in numbers(here).settle(stated(after)).1 {
        if after.remove(field).is_some() {
            left.push(Left { field, reason: refusal.message });
        }
    }
}

/// Adds the identifiers that follow from those in `after`.
pub fn derive(here: &Fields, after: &mut Fields) {
    if !["siret", "siren", "vatNumber"].iter().any(|name| after.contains_key(*name)) {
        return;
    }
    let settled = numbers(here).settle(stated(after)).0;
    for (name, value) in [("siren", settled.siren), ("vatNumber", settled.vat_number)] {
        if value.as_deref() != word(here, name) {
            after.insert(name.into(), value.into());
        }
    }
}

fn numbers(here: &Fields) -> Numbers {
    let text = |name| word(here, name).map(str::to_owned);
    Numbers { siret: text("siret"), siren: text("siren"), vat_number: text("vatNumber") }
}

fn stated(after: &Fields) -> Stated {
    let text = |name: &str| after.get(name).map(|value| value.as_str().map(str::to_owned));
    Stated { siret: text("siret"), siren: text("siren"), vat_number: text("vatNumber") }
}

#[cfg(test)]
mod tests;
