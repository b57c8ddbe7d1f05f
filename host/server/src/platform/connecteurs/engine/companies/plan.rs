//! Comparing a company that came with what is known: new, changed, the same, archived — or not to be touched.

use serde_json::Value;
use uuid::Uuid;

use super::{Current, word};
use crate::crm::siret::vat_number;
use crate::platform::connecteurs::engine::change::{Action, Change, Fields, cut};
use crate::platform::connecteurs::engine::fields::{self, ENTREPRISE};
use crate::platform::connecteurs::engine::known::{self, Link};
use crate::platform::connecteurs::engine::sites::Sites;
use crate::platform::connecteurs::engine::stage::Taken;
use crate::text::{Text, text};

/// What is known here about a company that came.
#[derive(Default)]
pub struct Known<'a> {
    /// The pair remembered for its external id, and the company it leads to (absent when that is gone).
    pub link: Option<&'a Link>,
    pub linked: Option<&'a Current>,
    /// The company that bears its SIRET, and the external id that one has in this source.
    pub twin: Option<&'a Current>,
    pub twin_external: Option<&'a str>,
    /// Another record of this run has the same SIRET.
    pub siret_seen: bool,
}

/// The change a company that came amounts to.
pub fn plan(taken: &Taken, fields: Fields, known: Known, sites: &Sites) -> Change {
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
    };
    if let Some(link) = known.link.filter(|link| link.digest == digest && !link.missing) {
        return Change { record: Some(link.record), ..base };
    }
    match (known.linked, known.twin) {
        (Some(current), Some(twin)) if twin.id != current.id => {
            skip(doubtful("ce SIRET est déjà celui d'une autre entreprise", "this SIRET is already another company's"))
        }
        (Some(current), _) => update(base, taken, fields, current, known.link, sites),
        (None, Some(twin)) => match known.twin_external {
            Some(other) if other != taken.external_id => skip(doubtful(
                &format!("ce SIRET est déjà celui du code {other}"),
                &format!("this SIRET is already that of the code {other}"),
            )),
            _ => update(base, taken, fields, twin, None, sites),
        },
        (None, None) => create(base, taken, fields, sites),
    }
}

fn doubtful(fr: &str, en: &str) -> Text {
    text(format!("à vérifier : {fr}"), format!("to be checked: {en}"))
}

/// A company that is not here yet.
fn create(base: Change, taken: &Taken, mut fields: Fields, sites: &Sites) -> Change {
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
    derive(&mut fields, None);
    fields.entry("address.country").or_insert_with(|| "France".into());
    fields.insert("active".into(), true.into());
    fields.insert("localisationCode".into(), sites.code(site).into());
    Change { action: Action::Created, record: Some(Uuid::now_v7()), after: Some(fields), ..base }
}

/// A company that is here: through its link, or (without one) by its SIRET.
fn update(
    base: Change,
    taken: &Taken,
    mut wanted: Fields,
    current: &Current,
    link: Option<&Link>,
    sites: &Sites,
) -> Change {
    derive(&mut wanted, Some(&current.fields));
    let mut here = current.fields.clone();
    here.insert("active".into(), current.active.into());
    here.insert("localisationCode".into(), sites.code(current.site).into());
    if let Some(site) = sites.named(&taken.sent) {
        wanted.insert("localisationCode".into(), sites.code(site).into());
    }
    // Only what changed over there changes here: whoever switched a company off here is not overruled by a new telephone number.
    let was_archived = link.is_some_and(Link::archived);
    if taken.archived != was_archived {
        wanted.insert("active".into(), (!taken.archived).into());
    }
    let (mut before, mut after) = fields::differences(&here, &wanted);
    let mut reason = None;
    if link.is_none() {
        before.insert("externalId".into(), Value::Null);
        after.insert("externalId".into(), base.external_id.clone().into());
        reason = Some(text("rattachée par son SIRET", "linked by its SIRET"));
    } else if link.is_some_and(|link| link.missing) {
        reason = Some(text("de nouveau présente là-bas", "there again over there"));
    }
    let action = match () {
        () if after.get("active") == Some(&Value::Bool(false)) => Action::Archived,
        // The same here as over there, whatever path led to it: only the digest is new.
        () if after.is_empty() && reason.is_none() => Action::Unchanged,
        () => Action::Updated,
    };
    let kept = (!after.is_empty()).then_some((before, after));
    let (before, after) = kept.unzip();
    Change { action, record: Some(current.id), before, after, reason, ..base }
}

/// A SIRET brings its SIREN, and that its VAT number unless one is given or already stands there.
fn derive(fields: &mut Fields, current: Option<&Fields>) {
    let Some(siret) = word(fields, "siret") else { return };
    let siren = siret[..9].to_owned();
    let moved = current.is_none_or(|c| word(c, "siren") != Some(&siren));
    let vat = vat_number(&siren).filter(|_| moved || current.is_some_and(|c| !c.contains_key("vatNumber")));
    fields.insert("siren".into(), siren.into());
    if let Some(vat) = vat {
        fields.entry("vatNumber").or_insert_with(|| vat.into());
    }
}

/// The clean fields of a company that came, or why it cannot be taken.
pub fn read(taken: &Taken) -> Result<Fields, Box<Change>> {
    fields::read(&ENTREPRISE, &taken.sent).map_err(|reason| {
        let name = taken.sent.get("name").and_then(Value::as_str).unwrap_or_default();
        Box::new(Change::skipped("entreprise", &taken.external_id, name, reason))
    })
}

#[cfg(test)]
mod tests;
