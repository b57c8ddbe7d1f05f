//! Seller, buyer and payer: their numbers, addresses and electronic addresses.

use super::Faults;
use crate::codes;
use crate::model::{Category, ElectronicAddress, Invoice, Party, Profile, Treatment};

pub(super) fn check(invoice: &Invoice, faults: &mut Faults) {
    let seller = &invoice.seller.party;
    party(seller, "/seller/party", faults);
    party(&invoice.buyer, "/buyer", faults);
    if let Some(payer) = &invoice.payer {
        party(payer, "/payer", faults);
    }
    faults.unless(
        seller.siren.is_some(),
        "BR-FR-10",
        "/seller/party/siren",
        ["Le SIREN du vendeur est obligatoire.", "The seller's SIREN is required."],
    );
    faults.unless(
        seller.electronic_address.is_some(),
        "BR-FR-13",
        "/seller/party/electronicAddress",
        ["L'adresse électronique du vendeur est obligatoire.", "The seller's electronic address is required."],
    );
    faults.unless(
        invoice.buyer.electronic_address.is_some(),
        "BR-FR-12",
        "/buyer/electronicAddress",
        ["L'adresse électronique de l'acheteur est obligatoire.", "The buyer's electronic address is required."],
    );
    if invoice.treatment == Treatment::B2b {
        domestic(&invoice.buyer, faults);
    }
    vat_numbers(invoice, faults);
}

/// A company in France as buyer.
fn domestic(buyer: &Party, faults: &mut Faults) {
    faults.unless(
        buyer.siren.is_some(),
        "BR-FR-11",
        "/buyer/siren",
        [
            "Entre entreprises, le SIREN de l'acheteur est obligatoire.",
            "Between companies, the buyer's SIREN is required.",
        ],
    );
    if let (Some(siren), Some(address)) = (&buyer.siren, &buyer.electronic_address) {
        faults.unless(
            address.scheme == "0225" && address.value.starts_with(siren.as_str()),
            "BR-FR-21",
            "/buyer/electronicAddress",
            [
                "Entre entreprises, l'adresse électronique est du schéma 0225 et commence par le SIREN.",
                "Between companies, the electronic address has the scheme 0225 and begins with the SIREN.",
            ],
        );
    }
}

fn party(party: &Party, at: &str, faults: &mut Faults) {
    if let Some(siren) = &party.siren {
        // BR-FR-10 of the seller and BR-FR-11 of the buyer want the same nine digits.
        faults.unless(
            digits(siren, 9),
            "BR-FR-32",
            format!("{at}/siren"),
            ["Un SIREN a neuf chiffres.", "A SIREN has nine digits."],
        );
    }
    if let Some(siret) = &party.siret {
        let own = party.siren.as_deref().is_some_and(|siren| siret.starts_with(siren));
        faults.unless(
            digits(siret, 14) && own,
            "BR-FR-09",
            format!("{at}/siret"),
            [
                "Un SIRET a quatorze chiffres et commence par le SIREN.",
                "A SIRET has fourteen digits and begins with the SIREN.",
            ],
        );
    }
    if let Some(number) = &party.vat_number {
        let prefix = number.get(..2).unwrap_or_default();
        faults.unless(
            codes::country(prefix) || prefix == "EL",
            "BR-CO-09",
            format!("{at}/vatNumber"),
            ["Un numéro de TVA commence par le code de son pays.", "A VAT number begins with the code of its country."],
        );
    }
    if let Some(address) = &party.electronic_address {
        electronic(address, &format!("{at}/electronicAddress"), faults);
    }
    faults.unless(
        codes::country(&party.address.country),
        "BR-CL-14",
        format!("{at}/address/country"),
        ["Le pays est un code de deux lettres (ISO 3166).", "The country is a code of two letters (ISO 3166)."],
    );
}

fn electronic(address: &ElectronicAddress, at: &str, faults: &mut Faults) {
    faults.unless(
        codes::address_scheme(&address.scheme),
        "BR-CL-25",
        format!("{at}/scheme"),
        ["Ce schéma d'adresse électronique n'existe pas.", "This scheme of electronic addresses does not exist."],
    );
    faults.unless(
        address.value.chars().count() <= 125,
        "BR-FR-25",
        format!("{at}/value"),
        ["Une adresse électronique a 125 caractères au plus.", "An electronic address has at most 125 characters."],
    );
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    faults.unless(
        address.scheme != "0225" || address.value.chars().all(plain),
        "BR-FR-23",
        format!("{at}/value"),
        [
            "Une adresse de l'annuaire contient des lettres, des chiffres et - _ .",
            "An address in the directory contains letters, digits and - _ .",
        ],
    );
}

/// Who taxes or exempts says who he is to the tax office; who is outside VAT has no VAT number.
fn vat_numbers(invoice: &Invoice, faults: &mut Faults) {
    let known = invoice.seller.party.vat_number.is_some() || invoice.seller.tax_registration.is_some();
    for category in [Category::S, Category::E] {
        let used = invoice.vat.iter().any(|part| part.vat.category == category);
        faults.unless(
            known || !used,
            format!("BR-{}-02", category.code()),
            "/seller/party/vatNumber",
            [
                "Le vendeur a un numéro de TVA ou un numéro fiscal (le SIREN).",
                "The seller has a VAT number or a tax number (the SIREN).",
            ],
        );
    }
    let outside = invoice.vat.iter().any(|part| part.vat.category == Category::O);
    let numbers = invoice.seller.party.vat_number.is_some() || invoice.buyer.vat_number.is_some();
    faults.unless(
        invoice.profile == Profile::ExtendedCtcFr || !(outside && numbers),
        "BR-O-02",
        "/seller/party/vatNumber",
        [
            "Hors du champ de la TVA, une facture EN 16931 ne porte aucun numéro de TVA.",
            "Outside the scope of VAT, an EN 16931 invoice has no VAT number.",
        ],
    );
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}
