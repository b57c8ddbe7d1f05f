//! The electronic invoice: the terms of EN 16931 as the host expects them (`host/einvoice`), built from the same
//! amounts as the printed one. Cents, ten-thousandths for quantities, millionths of a euro for prices.

mod model;

use model::{
    Address, Allowance, Breakdown, Contact, ElectronicAddress, Line, Means, Mentions, Note, Party, Period, Preceding,
    Seller, Totals, Vat,
};

use crate::blocks;
use crate::compose::{Priced, shares};
use crate::dossier::{Company, Deposit, Piece, filled, joined};
use crate::frame::{capital, declaration};
use crate::scene::Scene;

pub use model::Invoice;

/// The electronic invoice of a numbered piece. `priced` has positive amounts, also for a credit note. `None` for a
/// draft, which has no number, and for a buyer whose electronic address is unknown: the French rules want it. That of a
/// company is its SIREN, that of a person an e-mail address.
pub fn model(scene: &Scene, piece: &Piece, priced: &Priced, credit: bool) -> Option<Invoice> {
    let number = filled(&piece.number)?.to_string();
    let person = crate::compose::person_pays(piece);
    let buyer = buyer(scene, piece);
    buyer.electronic_address.as_ref()?;
    let deposits = piece.deposits();
    let (deposit, last) = (piece.is_deposit(), !credit && !deposits.is_empty());
    let (lines, allowances) = lines(scene, priced);
    // A deposit is asked for before the service.
    let span = scene.span().filter(|_| !scene.dossier.half_days().is_empty() && !deposit);
    Some(Invoice {
        // Only the French extension knows who pays in place of the buyer.
        profile: if piece.buyer.is_some() { "extendedCtcFr" } else { "en16931" },
        process: if last { "S4" } else { "S1" },
        issued_on: scene.day.to_string(),
        kind: match (credit, deposit) {
            (false, false) => "380",
            (true, false) => "381",
            (false, true) => "386",
            (true, true) => "503",
        },
        due_on: filled(&piece.due_on).filter(|_| !credit).map(String::from),
        treatment: treatment(scene, piece, person),
        mentions: mentions(scene, person),
        notes: shares::said(scene, piece).filter(|_| !credit).map(|text| Note { text }).into_iter().collect(),
        contract: None,
        order: piece.reference("bonCommande").map(String::from),
        object: piece.reference("priseEnCharge").map(String::from),
        terms: Some(if credit { scene.t("avoir-deduit").into() } else { blocks::payment_terms(scene) }),
        preceding: preceding(piece, if last { deposits } else { Vec::new() }),
        buyer,
        payer: piece.buyer.as_ref().map(|_| third_party(piece)),
        delivered_on: span.as_ref().map(|(_, to)| to.clone()).or_else(|| Some(scene.day.to_string())),
        period: span.map(|(from, to)| Period { from, to }),
        payment: means(scene, &number).filter(|_| !credit),
        totals: totals(priced, &lines, &allowances, if last { piece.deducted() } else { 0 }),
        vat: priced.amounts.iter().map(|amount| breakdown(scene, amount)).collect(),
        allowances,
        lines,
        seller: seller(scene),
        number,
    })
}

fn mentions(scene: &Scene, person: bool) -> Mentions {
    let early_discount = scene.wording("escompte").to_string();
    if person {
        let statutory = scene.wording("penalites-particulier").to_string();
        return Mentions { recovery_fee: scene.t("sans-indemnite").into(), late_penalty: statutory, early_discount };
    }
    Mentions { recovery_fee: scene.wording("indemnite").into(), late_penalty: blocks::penalties(scene), early_discount }
}

fn treatment(scene: &Scene, piece: &Piece, person: bool) -> &'static str {
    match blocks::payer(scene, piece).and_then(|company| filled(&company.country)) {
        _ if person => "B2C",
        Some(country) if country != "FR" => "B2BINT",
        _ => "B2B",
    }
}

/// The invoice that a credit note corrects; the deposits that a final invoice deducts.
fn preceding(piece: &Piece, deposits: Vec<Deposit>) -> Vec<Preceding> {
    let number = filled(&piece.corrects).map(String::from);
    let issued_on = filled(&piece.corrects_issued_on).map(String::from);
    let corrected = number.map(|number| Preceding { number, issued_on });
    let deducted = deposits
        .into_iter()
        .filter_map(|deposit| Some(Preceding { number: text(&deposit.number)?, issued_on: text(&deposit.issued_on) }));
    corrected.into_iter().chain(deducted).collect()
}

fn seller(scene: &Scene) -> Seller {
    let entity = &scene.dossier.entite;
    let siren = siren(&entity.siren, &entity.siret);
    let capital = capital(scene);
    let legal = declaration(scene);
    Seller {
        tax_registration: siren.clone().filter(|_| filled(&entity.vat_number).is_none()),
        legal_text: joined(
            [filled(&entity.legal_form), capital.as_deref(), filled(&entity.rcs), legal.as_deref()],
            " · ",
        ),
        party: Party {
            name: scene.issuer().into(),
            siret: digits(&entity.siret),
            electronic_address: siren.clone().map(directory),
            siren,
            vat_number: compact(&entity.vat_number),
            address: Address {
                line1: text(&entity.line1),
                line2: text(&entity.line2),
                postcode: text(&entity.postcode),
                city: text(&entity.city),
                country: "FR".into(),
            },
            contact: Some(Contact {
                name: scene.dossier.opportunite.commercial.as_ref().and_then(|person| text(&person.name)),
                phone: text(&entity.phone),
                email: text(&entity.email),
            })
            .filter(|contact| contact.phone.is_some() || contact.email.is_some()),
        },
    }
}

fn buyer(scene: &Scene, piece: &Piece) -> Party {
    let company = blocks::payer(scene, piece);
    let name = piece.buyer.as_ref().map_or_else(|| piece.payer_name(), |buyer| filled(&buyer.name));
    let address = || mailbox(scene).filter(|_| crate::compose::person_pays(piece));
    let party = party(name.unwrap_or_else(|| scene.customer()), company);
    Party { electronic_address: party.electronic_address.clone().or_else(address), ..party }
}

/// Who pays in place of the buyer.
fn third_party(piece: &Piece) -> Party {
    let payer = piece.payer.as_ref();
    party(piece.payer_name().unwrap_or_default(), payer.and_then(|payer| payer.company.as_ref()))
}

/// The e-mail address of the person who pays alone.
fn mailbox(scene: &Scene) -> Option<ElectronicAddress> {
    let dossier = &scene.dossier;
    let trainee = dossier.stagiaire.as_ref().or(dossier.stagiaires.first());
    let value = trainee.and_then(|trainee| text(&trainee.email))?;
    Some(ElectronicAddress { scheme: "EM", value })
}

fn party(name: &str, company: Option<&Company>) -> Party {
    let siren = company.and_then(|company| siren(&company.siren, &company.siret));
    Party {
        name: name.into(),
        siret: company.and_then(|company| digits(&company.siret)),
        electronic_address: siren.clone().map(directory),
        siren,
        vat_number: company.and_then(|company| compact(&company.vat_number)),
        address: Address {
            line1: company.and_then(|company| text(&company.line1)),
            line2: company.and_then(|company| text(&company.line2)),
            postcode: company.and_then(|company| text(&company.postcode)),
            city: company.and_then(|company| text(&company.city)),
            country: company.and_then(|company| text(&company.country)).unwrap_or_else(|| "FR".into()),
        },
        contact: None,
    }
}

/// The address in the French directory.
fn directory(siren: String) -> ElectronicAddress {
    ElectronicAddress { scheme: "0225", value: siren }
}

fn text(value: &Option<String>) -> Option<String> {
    filled(value).map(String::from)
}

fn compact(value: &Option<String>) -> Option<String> {
    let text: String = filled(value)?.split_whitespace().collect();
    Some(text)
}

fn digits(value: &Option<String>) -> Option<String> {
    let digits: String = filled(value)?.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// The SIREN: its own field, or the beginning of the SIRET.
fn siren(siren: &Option<String>, siret: &Option<String>) -> Option<String> {
    digits(siren).or_else(|| Some(digits(siret)?.get(..9)?.to_string()))
}

fn means(scene: &Scene, number: &str) -> Option<Means> {
    let entity = &scene.dossier.entite;
    Some(Means {
        means: "30",
        reference: number.into(),
        iban: compact(&entity.iban)?,
        account_name: text(&entity.name),
        bic: compact(&entity.bic),
    })
}

fn vat(rate: i64) -> Vat {
    Vat { category: if rate == 0 { "E" } else { "S" }, rate }
}

/// Lines with positive prices. A line that takes something off becomes a discount on the document, which is how the
/// standard says it.
fn lines(scene: &Scene, priced: &Priced) -> (Vec<Line>, Vec<Allowance>) {
    let (mut lines, mut allowances): (Vec<Line>, Vec<Allowance>) = (Vec::new(), Vec::new());
    for line in &priced.lines {
        if line.net < 0 {
            let reason = Some(line.label.trim()).filter(|label| !label.is_empty()).unwrap_or(scene.t("remise"));
            let of_rate = allowances.iter_mut().find(|known| known.vat == vat(line.rate));
            match of_rate {
                Some(known) => {
                    known.amount -= line.net;
                    known.reason = format!("{} ; {reason}", known.reason);
                }
                None => allowances.push(Allowance { amount: -line.net, reason: reason.into(), vat: vat(line.rate) }),
            }
        } else if line.net > 0 {
            lines.push(positive(lines.len() + 1, line));
        }
    }
    (lines, allowances)
}

fn positive(rank: usize, line: &crate::dossier::Line) -> Line {
    let product = afpi_sdk::money::divide(i128::from(line.quantity) * i128::from(line.unit_price), 1000);
    let exact = product == line.net && line.quantity > 0;
    let unit = match line.unit.as_deref() {
        Some("heure") => "HUR",
        Some("jour") => "DAY",
        Some("stagiaire") => "C62",
        _ => "LS",
    };
    Line {
        id: rank.to_string(),
        name: line.label.clone(),
        quantity: if exact { line.quantity * 10 } else { 10_000 },
        unit: if exact { unit } else { "LS" },
        price: if exact { line.unit_price * 10_000 } else { line.net * 10_000 },
        net: line.net,
        vat: vat(line.rate),
    }
}

fn breakdown(scene: &Scene, amount: &crate::dossier::Amount) -> Breakdown {
    let exempt = crate::compose::exemption(scene).filter(|_| amount.rate == 0);
    Breakdown {
        vat: vat(amount.rate),
        base: amount.net,
        amount: amount.vat,
        reason: exempt.map(|(words, _)| words),
        reason_code: exempt.map(|(_, code)| code),
    }
}

fn totals(priced: &Priced, lines: &[Line], allowances: &[Allowance], prepaid: i64) -> Totals {
    Totals {
        lines: lines.iter().map(|line| line.net).sum(),
        allowances: allowances.iter().map(|allowance| allowance.amount).sum(),
        net: priced.net,
        vat: priced.vat,
        total: priced.total,
        prepaid,
        due: priced.total - prepaid,
    }
}
