//! Blocks that several documents share: facts, addresses, half-days, amounts, signatures.

use afpi_sdk::calendar::holiday;
use serde::Serialize;

use crate::Lang;
use crate::dossier::{Company, Half, HalfDay, Interlocuteur, Piece, filled};
use crate::format;
use crate::scene::Scene;
use crate::texts;

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// The fact, if its value is known.
pub fn fact(label: &str, value: Option<impl Into<String>>) -> Option<Fact> {
    Some(Fact { label: label.into(), value: value?.into() })
}

/// Name, address and identifiers of an addressee.
#[derive(Debug, Clone, Serialize)]
pub struct Addressee {
    pub name: String,
    pub lines: Vec<String>,
    pub ids: Vec<String>,
}

/// The customer, for the attention of the one who decides.
pub fn addressee(scene: &Scene, name: Option<&str>, company: Option<&Company>) -> Addressee {
    let attention = company.filter(|_| name.is_none()).and_then(|_| attention(scene));
    let attention = attention.map(|name| scene.fill("attention", &[("de-nom", &format::of(scene.lang, &name))]));
    let ids = |company: &Company| {
        let siret = filled(&company.siret).or_else(|| filled(&company.siren));
        let siret = siret.map(|number| format!("SIRET {}", format::siret(number)));
        let siret = siret.map(|text| if company.siret.is_none() { text.replacen("SIRET", "SIREN", 1) } else { text });
        let vat = filled(&company.vat_number).map(|number| scene.fill("numero-tva", &[("numero", number)]));
        siret.into_iter().chain(vat).collect()
    };
    let known = name.or_else(|| company.and_then(|company| filled(&company.name)));
    Addressee {
        name: known.unwrap_or_else(|| scene.customer()).into(),
        lines: attention.into_iter().chain(company.map(Company::address).unwrap_or_default()).collect(),
        ids: company.map(ids).unwrap_or_default(),
    }
}

/// The company that buys what a piece bills: the one that it names, or the one that pays, as it was frozen, or as it is known now when that says less than an invoice must.
/// `None` for a funder or a person.
pub fn payer<'a>(scene: &'a Scene, piece: &'a Piece) -> Option<&'a Company> {
    if piece.buyer.is_some() {
        return piece.buyer.as_ref();
    }
    let frozen = piece.payer.as_ref().and_then(|payer| payer.company.as_ref());
    let whole = |company: &&Company| {
        filled(&company.city).is_some() && filled(&company.siret.clone().or(company.siren.clone())).is_some()
    };
    match piece.paid_by_company() {
        true => frozen.filter(whole).or(Some(&scene.dossier.entreprise)),
        false => frozen,
    }
}

/// The name of the contact who decides, or of the first one.
pub fn attention(scene: &Scene) -> Option<String> {
    let contacts = &scene.dossier.opportunite.data.collecte.contacts;
    let chosen: Option<&Interlocuteur> = contacts.iter().find(|contact| contact.decideur).or(contacts.first());
    let known = || scene.dossier.entreprise.contacts.first().and_then(|contact| contact.name());
    chosen.and_then(|contact| filled(&contact.nom)).map(String::from).or_else(known)
}

/// One day of the planning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedDay {
    pub day: String,
    pub morning: String,
    pub afternoon: String,
    pub room: String,
    pub hours: String,
}

/// The half-days by day.
pub fn planning(scene: &Scene) -> Vec<PlannedDay> {
    let halves = scene.dossier.half_days();
    let mut days: Vec<&str> = halves.iter().map(|half| half.day.as_str()).collect();
    days.dedup();
    days.into_iter().map(|day| planned(scene, day, &halves)).collect()
}

fn planned(scene: &Scene, day: &str, halves: &[&HalfDay]) -> PlannedDay {
    let of_day: Vec<&&HalfDay> = halves.iter().filter(|half| half.day == day).collect();
    let times = |wanted: Half| {
        let of_half = of_day.iter().filter(|half| half.half == wanted).map(|half| half_times(scene, half));
        of_half.collect::<Vec<_>>().join("\n")
    };
    let mut rooms: Vec<&str> = of_day.iter().filter_map(|half| filled(&half.room)).collect();
    rooms.dedup();
    let minutes: i64 = of_day.iter().filter_map(|half| half.minutes).sum();
    PlannedDay {
        day: day_title(scene, day),
        morning: times(Half::Am),
        afternoon: times(Half::Pm),
        room: rooms.join(", "),
        hours: format::hours(scene.lang, minutes),
    }
}

/// `Lundi 2 novembre 2026`, with the name of a legal holiday: whoever checks a sheet asks about these days.
pub fn day_title(scene: &Scene, iso: &str) -> String {
    let title = format::capital(&format::long_day(scene.lang, iso));
    let holiday = iso.parse().ok().and_then(holiday).map(|(fr, en)| if scene.lang == Lang::Fr { fr } else { en });
    holiday.map_or(title.clone(), |name| format!("{title} ({name})"))
}

/// The times of a half-day, or which half it is when they are not set.
pub fn half_times(scene: &Scene, half: &HalfDay) -> String {
    let times = format::times(scene.lang, filled(&half.start), filled(&half.end));
    times.unwrap_or_else(|| scene.t(if half.half == Half::Am { "matin" } else { "apres-midi" }).into())
}

/// Who signs, and in what quality.
#[derive(Debug, Clone, Serialize)]
pub struct Signature {
    pub title: String,
    pub lines: Vec<String>,
    /// What goes into the box, e.g. `Signature et cachet`. Empty when the title says it.
    pub hint: &'static str,
    /// What is filled in by hand: the keys of texts.
    pub fields: &'static [&'static str],
}

impl Signature {
    /// The same with the day and place by hand.
    pub fn dated(self) -> Signature {
        Signature { fields: &["champ-date"], ..self }
    }
}

/// The signature of the legal entity.
pub fn own_signature(scene: &Scene) -> Signature {
    let title = scene.fill("pour-organisme", &[("nom", scene.issuer())]);
    Signature { title, lines: signatory(scene), hint: scene.t("champ-cachet"), fields: &[] }
}

/// The signature under a certificate, in the words of the ministry's model.
pub fn certifying_signature(scene: &Scene) -> Signature {
    Signature { title: scene.t("cachet").into(), lines: signatory(scene), hint: "", fields: &[] }
}

/// The customer's signature; who signs is filled in by hand.
pub fn customer_signature(scene: &Scene) -> Signature {
    let title = scene.fill("pour-client", &[("nom", scene.customer())]);
    Signature { title, lines: Vec::new(), hint: scene.t("champ-cachet"), fields: &["champ-nom", "champ-date"] }
}

fn signatory(scene: &Scene) -> Vec<String> {
    let entity = &scene.dossier.entite;
    let lines = [&entity.signatory_name, &entity.signatory_quality].into_iter().filter_map(filled);
    lines.map(String::from).collect()
}

/// Days of payment that the legal entity gives, or those of the law.
pub fn payment_days(scene: &Scene) -> i64 {
    let legal = crate::wording::on(scene.day, "delai-paiement").and_then(|row| row.value);
    scene.dossier.entite.payment_days.or(legal).unwrap_or_default()
}

/// When to pay, in the legal entity's own words if it has some.
pub fn payment_terms(scene: &Scene) -> String {
    let own = filled(&scene.dossier.entite.payment_terms).map(String::from);
    let days = payment_days(scene).to_string();
    own.unwrap_or_else(|| texts::replaced(scene.wording("delai-paiement"), &[("jours", &days)]))
}

/// The sentence on penalties, with the legal entity's rate or that of the law.
pub fn penalties(scene: &Scene) -> String {
    let own = scene.dossier.entite.penalty_rate;
    let own = own.map(|rate| scene.fill("taux-annuel", &[("taux", &format::rate(scene.lang, rate))]));
    let rate = own.unwrap_or_else(|| scene.wording("taux-penalites").into());
    texts::replaced(scene.wording("penalites"), &[("taux", &rate)])
}

/// What a business must read about paying late: terms, penalties, fee, discount.
pub fn late_payment(scene: &Scene) -> Vec<String> {
    vec![penalties(scene), scene.wording("indemnite").into(), scene.wording("escompte").into()]
}
