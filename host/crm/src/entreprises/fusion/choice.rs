//! Whose value each field of the survivor takes.

use afpi_core::error::{Error, FieldProblem, field, invalid};
use afpi_core::id::{ContactId, EntrepriseId, LocalisationId};
use afpi_core::text::text;
use afpi_http::bounds::{Int, List};
use afpi_http::texts::Checked;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::entreprises::input::{AddressInput, EntrepriseCreate};
use crate::entreprises::limits::Tag;
use crate::entreprises::patch::kept;
use crate::entreprises::read::Entreprise;

/// The most characters of notes, and labels, as [`crate::entreprises::limits`] has them.
const NOTES: usize = 10_000;
const TAGS: usize = 30;

/// Whose value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = FusionSide)]
pub enum Side {
    Survivor,
    Absorbed,
    /// Of labels and notes: one after the other.
    Both,
}

/// The side of each field. What is absent is decided by the host: the survivor's value, or the other one where the survivor
/// has none; labels and notes of both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = FusionFields)]
pub struct Fields {
    pub name: Option<Side>,
    /// SIRET, SIREN and VAT number: they belong together.
    pub numbers: Option<Side>,
    /// NAF code and its nomenclature.
    pub naf: Option<Side>,
    pub idcc: Option<Side>,
    pub opco: Option<Side>,
    pub kind: Option<Side>,
    pub headcount: Option<Side>,
    pub address: Option<Side>,
    pub phone: Option<Side>,
    pub email: Option<Side>,
    pub website: Option<Side>,
    pub tags: Option<Side>,
    pub notes: Option<Side>,
    pub active: Option<Side>,
    /// The site that the company belongs to.
    pub localisation: Option<Side>,
}

/// What becomes of a contact of the absorbed company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = FusionContact)]
pub struct ContactChoice {
    #[schema(value_type = Uuid)]
    pub id: ContactId,
    /// The contact of the survivor who is the same person: it takes what it has not, and the notes, tasks and files. None:
    /// the contact moves as it is.
    #[schema(value_type = Option<Uuid>)]
    pub into: Option<ContactId>,
}

/// The contacts of the absorbed company.
pub type ContactChoices = List<ContactChoice, 200>;
/// The version of a record.
pub type Version = Int<1, 9_000_000_000>;

/// A merge into the company of the path.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FusionInput {
    /// The company that goes.
    #[schema(value_type = Uuid)]
    pub absorbed: EntrepriseId,
    /// The version of it that was seen. The survivor's is in `If-Match`.
    #[validate(nested)]
    pub absorbed_version: Version,
    #[serde(default)]
    #[validate(nested)]
    pub fields: Fields,
    /// Contacts that are absent join the contact with the same e-mail or the same name, if there is one.
    #[serde(default)]
    #[validate(nested)]
    pub contacts: ContactChoices,
}

/// What the survivor becomes.
pub struct Chosen {
    pub fields: Fields,
    pub wanted: EntrepriseCreate,
    pub localisation: LocalisationId,
}

/// Decides what was left open, and what the survivor becomes. A choice that is not possible names its field.
pub fn choose(survivor: &Entreprise, absorbed: &Entreprise, asked: Fields) -> Result<Chosen, Error> {
    let mut faults = Vec::new();
    let (s, a) = (&survivor.base, &absorbed.base);
    let mut one = |name: &'static str, asked: Option<Side>, mine: bool, theirs: bool| {
        if asked == Some(Side::Both) {
            faults.push(fault(name, text("Choisissez l'une des deux.", "Choose one of the two.")));
        }
        asked.unwrap_or(if mine || !theirs { Side::Survivor } else { Side::Absorbed })
    };
    let placed = |of: &Entreprise| {
        let address = &of.base.address;
        [&address.line1, &address.line2, &address.postcode, &address.city].into_iter().any(Option::is_some)
    };
    let known = |of: &Entreprise| (of.base.siret.is_some(), of.base.siren.is_some(), of.base.vat_number.is_some());
    let both = |asked: Option<Side>, mine: bool, theirs: bool| {
        asked.unwrap_or(match (mine, theirs) {
            (true, true) => Side::Both,
            (false, true) => Side::Absorbed,
            _ => Side::Survivor,
        })
    };
    let fields = Fields {
        name: Some(one("name", asked.name, true, true)),
        numbers: Some(one("numbers", asked.numbers, known(survivor) >= known(absorbed), true)),
        naf: Some(one("naf", asked.naf, s.naf_code.is_some(), a.naf_code.is_some())),
        idcc: Some(one("idcc", asked.idcc, s.idcc.is_some(), a.idcc.is_some())),
        opco: Some(one("opco", asked.opco, s.opco.is_some(), a.opco.is_some())),
        kind: Some(one("kind", asked.kind, s.kind.is_some(), a.kind.is_some())),
        headcount: Some(one("headcount", asked.headcount, s.headcount.is_some(), a.headcount.is_some())),
        address: Some(one("address", asked.address, placed(survivor), placed(absorbed))),
        phone: Some(one("phone", asked.phone, s.phone.is_some(), a.phone.is_some())),
        email: Some(one("email", asked.email, s.email.is_some(), a.email.is_some())),
        website: Some(one("website", asked.website, s.website.is_some(), a.website.is_some())),
        tags: Some(both(asked.tags, !s.tags.is_empty(), !a.tags.is_empty())),
        notes: Some(both(asked.notes, survivor.notes.is_some(), absorbed.notes.is_some())),
        active: Some(one("active", asked.active, s.active, a.active)),
        localisation: Some(one("localisation", asked.localisation, true, true)),
    };
    let of = |side: Option<Side>| if side == Some(Side::Absorbed) { absorbed } else { survivor };
    let (numbers, naf, address) = (&of(fields.numbers).base, &of(fields.naf).base, &of(fields.address).base.address);
    let tags = tags(survivor, absorbed, fields.tags);
    let notes = notes(survivor, absorbed, fields.notes);
    if tags.len() > TAGS {
        faults.push(fault("tags", text("Trop d'étiquettes pour une fiche.", "Too many labels for one record.")));
    }
    if notes.as_ref().is_some_and(|notes| notes.chars().count() > NOTES) {
        faults.push(fault("notes", text("Trop long pour une fiche.", "Too long for one record.")));
    }
    if !faults.is_empty() {
        return Err(invalid(faults));
    }
    let wanted = EntrepriseCreate {
        name: Checked::stored(of(fields.name).base.name.clone()),
        siret: kept(&numbers.siret),
        siren: kept(&numbers.siren),
        vat_number: kept(&numbers.vat_number),
        naf_code: kept(&naf.naf_code),
        naf_nomenclature: kept(&naf.naf_nomenclature),
        idcc: kept(&of(fields.idcc).base.idcc),
        opco: kept(&of(fields.opco).base.opco),
        kind: of(fields.kind).base.kind.as_deref().and_then(|kind| kind.parse().ok()),
        headcount: of(fields.headcount).base.headcount.map(Into::into),
        address: Some(AddressInput {
            line1: kept(&address.line1),
            line2: kept(&address.line2),
            postcode: kept(&address.postcode),
            city: kept(&address.city),
            country: Some(Checked::stored(address.country.clone())),
        }),
        phone: kept(&of(fields.phone).base.phone),
        email: kept(&of(fields.email).base.email),
        website: kept(&of(fields.website).base.website),
        tags: Some(tags.into_iter().map(Tag::stored).collect()),
        notes: kept(&notes),
        active: Some(of(fields.active).base.active),
        localisation_id: None,
        contacts: None,
    };
    Ok(Chosen { fields, wanted, localisation: of(fields.localisation).base.localisation_id })
}

fn fault(name: &str, message: afpi_core::text::Text) -> FieldProblem {
    field(format!("/fields/{name}"), "choice", message)
}

fn tags(survivor: &Entreprise, absorbed: &Entreprise, side: Option<Side>) -> Vec<String> {
    let (mine, theirs) = (&survivor.base.tags, &absorbed.base.tags);
    match side {
        Some(Side::Absorbed) => theirs.clone(),
        Some(Side::Both) => {
            let new = theirs.iter().filter(|tag| !mine.contains(tag));
            mine.iter().chain(new).cloned().collect()
        }
        _ => mine.clone(),
    }
}

fn notes(survivor: &Entreprise, absorbed: &Entreprise, side: Option<Side>) -> Option<String> {
    match (side, &survivor.notes, &absorbed.notes) {
        (Some(Side::Both), Some(mine), Some(theirs)) if mine != theirs => Some(format!("{mine}\n\n{theirs}")),
        (Some(Side::Absorbed), _, theirs) | (Some(Side::Both), None, theirs) => theirs.clone(),
        (_, mine, _) => mine.clone(),
    }
}
