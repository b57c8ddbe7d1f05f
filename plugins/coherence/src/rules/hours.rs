//! Hours: agreed, planned, attended, certified, invoiced.

use afpi_sdk::Text;
use afpi_sdk::money::divide;

use super::Regle;
use crate::facts::{Document, Opportunite, Piece, kind};
use crate::finding::{Finding, day, euros, hours, hundredths, key, subject};
use crate::world::{Held, World};

/// The planning of a session lasts longer or shorter than its agreement says.
pub fn agreed(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        // Others may have added half-days of their own to a shared session.
        let held = world.only_session(id, opportunite).filter(|held| world.shares(held.id).count() == 1)?;
        let planned: i64 = held.slots.iter().map(|slot| slot.minutes).sum::<Option<i64>>().filter(|sum| *sum > 0)?;
        let agreed = |(_, document): &(usize, &Document)| document.kind == "convention" && !document.draft();
        let (at, document) = opportunite.documents.iter().enumerate().find(agreed)?;
        let agreed = document.agreed_hours()?;
        if (hundredths(planned) - agreed).abs() <= hundredths(world.tolerance(1)) {
            return None;
        }
        let (said, done, name) = (hours(agreed), hours(hundredths(planned)), document.named());
        let numero = held.named();
        Some(Finding {
            rule: Regle::HeuresConvention,
            subjects: vec![subject(kind::OPPORTUNITE, id), subject(kind::SESSION, held.id)],
            field: format!("/documents/{at}"),
            message: Text::new(
                format!("{name} convient de {} par stagiaire ; la session {numero} en planifie {}.", said.0, done.0),
                format!("{name} agrees on {} per trainee; session {numero} plans {}.", said.1, done.1),
            ),
            key: key(&[id]),
        })
    };
    world.opportunites().filter_map(of).collect()
}

/// The certificates and attestations of an opportunité whose sessions are all known.
fn proofs<'a>(world: &World<'a>) -> impl Iterator<Item = (&'a str, &'a Opportunite, usize, &'a Document)> {
    let all = world.opportunites().filter(|(id, opportunite)| world.sessions_of(id, opportunite).is_some());
    let all: Vec<_> = all.collect();
    all.into_iter().flat_map(|(id, opportunite)| {
        let documents = opportunite.documents.iter().enumerate();
        let proof = |document: &Document| matches!(document.kind.as_str(), "certificat" | "attestation");
        documents
            .filter(move |(_, document)| proof(document) && !document.draft())
            .map(move |(at, document)| (id, opportunite, at, document))
    })
}

/// A certificate proves more hours than the trainee attended in all sessions together.
pub fn certified(world: &World) -> Vec<Finding> {
    let of = |(id, _, at, document): (&str, &Opportunite, usize, &Document)| {
        let stagiaire = document.about_id.as_deref()?;
        let noted = world.hours(stagiaire).filter(|noted| noted.unknown == 0)?;
        let (certified, attended) = (document.certified_hours()?, hundredths(noted.done));
        if certified <= attended + hundredths(world.tolerance(1)) {
            return None;
        }
        let held = world.own().find(|held| held.session.stagiaires().iter().any(|one| one.id == stagiaire))?;
        let name = held.session.stagiaires().iter().find(|one| one.id == stagiaire)?.named();
        let (said, done, number) = (hours(certified), hours(attended), document.named());
        let (fr, en) = match document.kind.as_str() {
            "certificat" => ("Le certificat", "Certificate"),
            _ => ("L’attestation", "Attestation"),
        };
        Some(Finding {
            rule: Regle::HeuresCertifiees,
            subjects: vec![subject(kind::OPPORTUNITE, id), subject(kind::SESSION, held.id)],
            field: format!("/documents/{at}"),
            message: Text::new(
                format!("{fr} {number} de {name} prouve {} ; les présences, {}.", said.0, done.0),
                format!("{en} {number} of {name} proves {}; attendance, {}.", said.1, done.1),
            ),
            key: key(&[id, &document.kind, stagiaire]),
        })
    };
    proofs(world).filter_map(of).collect()
}

/// A certificate is older than a half-day that its trainee attended. A transition project has one every month.
pub fn certified_early(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite, at, document): (&str, &Opportunite, usize, &Document)| {
        let monthly = opportunite.funders().any(|funder| funder.payer == "transitions_pro");
        if document.kind != "certificat" || monthly {
            return None;
        }
        let (dated, about) = (document.dated?, document.about_id.as_deref()?);
        let held = world.only_session(id, opportunite)?;
        let stagiaire = held.session.stagiaires().iter().find(|one| one.id == about)?;
        let attended = held.slots.iter().filter(|slot| stagiaire.noted(slot).is_some_and(|state| state.there()));
        let last = attended.map(|slot| slot.day).max().filter(|last| dated < *last)?;
        let (made, until) = (day(dated), day(last));
        let (number, name) = (document.named(), stagiaire.named());
        Some(Finding {
            rule: Regle::CertificatAnticipe,
            subjects: vec![subject(kind::OPPORTUNITE, id), subject(kind::SESSION, held.id)],
            field: format!("/documents/{at}/dated"),
            message: Text::new(
                format!(
                    "Le certificat {number} de {name} date du {} ; le stagiaire est présent jusqu’au {}.",
                    made.0, until.0
                ),
                format!("Certificate {number} of {name} is dated {}; the trainee attended until {}.", made.1, until.1),
            ),
            key: key(&[id, about]),
        })
    };
    proofs(world).filter_map(of).collect()
}

/// More is invoiced than attendance accounts for. It is judged once all attendance is noted, and not where somebody gave
/// a reason or issued a credit note. One finding per opportunité, by the most exact of three measures.
pub fn invoiced(world: &World) -> Vec<Finding> {
    let of = |(id, opportunite): (&str, &Opportunite)| {
        let sessions = world.sessions_of(id, opportunite)?;
        let (noted, people) = world.hours_of(id, &sessions)?;
        if noted.open + noted.unknown > 0 || noted.planned <= 0 || people == 0 {
            return None;
        }
        let done = noted.done + world.tolerance(people);
        let (field, message) = on_paper(opportunite, noted.done, done)
            .or_else(|| declared(opportunite, noted.done, done))
            .or_else(|| billed(opportunite, noted.planned, noted.done, done))?;
        Some(Finding {
            rule: Regle::HeuresFacturees,
            subjects: std::iter::once(subject(kind::OPPORTUNITE, id))
                .chain(sessions.iter().take(9).map(|held: &&Held| subject(kind::SESSION, held.id)))
                .collect(),
            field,
            message,
            key: key(&[id]),
        })
    };
    world.opportunites().filter_map(of).collect()
}

type Told = (String, Text);

/// Final invoices that nobody explained, and that no credit note corrects.
fn open(opportunite: &Opportunite) -> impl Iterator<Item = &Piece> {
    let corrected = |piece: &Piece| opportunite.pieces.iter().any(|one| one.corrects.as_ref() == Some(&piece.id));
    let invoices = opportunite.pieces.iter().filter(|piece| piece.kind == "facture" && !piece.advance());
    invoices.filter(move |piece| piece.known() && piece.reason("motifPresence").is_none() && !corrected(piece))
}

/// The trainee hours that an invoice prints.
fn on_paper(opportunite: &Opportunite, attended: i64, most: i64) -> Option<Told> {
    let invoice = |document: &Document| {
        let about = document.about_id.as_deref()?;
        let piece = open(opportunite).find(|piece| piece.id == about)?;
        Some((piece.named(), document.invoiced_hours().filter(|printed| *printed > hundredths(most))?))
    };
    let documents = opportunite.documents.iter().enumerate();
    let mut printed = documents
        .filter(|(_, document)| document.kind == "facture" && !document.draft())
        .filter_map(|(at, document)| Some((at, invoice(document)?)));
    let (at, (number, printed)) = printed.next()?;
    let (said, done) = (hours(printed), hours(hundredths(attended)));
    Some((
        format!("/documents/{at}"),
        Text::new(
            format!("La facture {number} compte {} de stagiaires ; les présences, {}.", said.0, done.0),
            format!("Invoice {number} counts {} of trainees; attendance, {}.", said.1, done.1),
        ),
    ))
}

/// The hours done that the form declares. Those of a group are never more than those of its trainees together.
fn declared(opportunite: &Opportunite, attended: i64, most: i64) -> Option<Told> {
    let piece = open(opportunite).next()?;
    let declared = opportunite.declared_minutes().filter(|minutes| *minutes > most)?;
    let (said, done, number) = (hours(hundredths(declared)), hours(hundredths(attended)), piece.named());
    Some((
        "/data/facturation/heuresRealisees".into(),
        Text::new(
            format!("La facture {number} repose sur {} ; les présences en prouvent {}.", said.0, done.0),
            format!("Invoice {number} rests on {}; attendance proves {}.", said.1, done.1),
        ),
    ))
}

/// The amounts: what is billed is at most the attended part of the quote.
fn billed(opportunite: &Opportunite, planned: i64, attended: i64, most: i64) -> Option<Told> {
    let whole = opportunite.quoted()?;
    let final_ones = || opportunite.pieces.iter().filter(|piece| !piece.advance());
    let measured = || final_ones().filter(|piece| matches!(piece.kind.as_str(), "facture" | "avoir"));
    let explained = final_ones().any(|piece| !piece.known() || piece.reason("motifPresence").is_some());
    let billed: i64 = measured().map(|piece| piece.net).sum::<Option<i64>>()?;
    let cents = measured().count() as i64;
    let part = |minutes: i64| divide(i128::from(whole) * i128::from(minutes), i128::from(planned));
    let invoice = open(opportunite).next()?;
    if explained || billed <= part(most.min(planned)) + cents {
        return None;
    }
    let at = opportunite.pieces.iter().position(|piece| piece.id == invoice.id)?;
    let (sum, due) = (euros(billed), euros(part(attended)));
    let (said, of) = (hours(hundredths(attended)), hours(hundredths(planned)));
    Some((
        format!("/pieces/{at}"),
        Text::new(
            format!("{} HT sont facturés ; les présences ({} sur {}) en justifient {}.", sum.0, said.0, of.0, due.0),
            format!("{} excl. VAT are invoiced; attendance ({} of {}) accounts for {}.", sum.1, said.1, of.1, due.1),
        ),
    ))
}
