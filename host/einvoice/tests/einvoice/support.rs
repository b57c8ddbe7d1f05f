//! A training centre, its customers, and invoices that begin right.

use std::path::PathBuf;

use afpi_einvoice::check::Fault;
use afpi_einvoice::model::*;
use afpi_einvoice::totals;
use chrono::NaiveDate;

/// Leaves a file for the validators: `valid/<name>.xml`, `refused/<rule>.xml` or `pdf/<name>.pdf`.
pub fn leave(name: &str, bytes: &[u8]) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("einvoice").join(name);
    std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
    std::fs::write(path, bytes).expect("the file can be written");
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("an ISO day")
}

fn company(name: &str, siren: &str, nic: &str, vat: &str, city: &str) -> Party {
    Party {
        name: name.into(),
        siret: Some(format!("{siren}{nic}")),
        siren: Some(siren.into()),
        vat_number: Some(vat.into()),
        electronic_address: Some(ElectronicAddress { scheme: "0225".into(), value: siren.into() }),
        address: Address {
            line1: Some("12 rue de l'Atelier".into()),
            line2: None,
            postcode: Some("60000".into()),
            city: Some(city.into()),
            country: "FR".into(),
        },
        contact: None,
    }
}

pub fn centre() -> Seller {
    let mut party = company("AFPI Picardie", "314979337", "00011", "FR10314979337", "Beauvais");
    party.contact = Some(Contact {
        name: Some("Service facturation".into()),
        phone: Some("+33 3 44 00 00 00".into()),
        email: Some("facturation@afpi.example".into()),
    });
    Seller {
        party,
        tax_registration: None,
        legal_text: Some(
            "Association loi 1901. Déclaration d'activité enregistrée sous le numéro 32 60 00001 60 auprès du préfet \
             de région des Hauts-de-France."
                .into(),
        ),
    }
}

pub fn customer() -> Party {
    company("Chaudronnerie & Fils <SAS>", "732829320", "00074", "FR44732829320", "Compiègne")
}

pub fn opco() -> Party {
    company("OPCO de l'industrie", "443061841", "00047", "FR53443061841", "Paris")
}

pub fn person() -> Party {
    Party {
        name: "Camille Exemple".into(),
        siret: None,
        siren: None,
        vat_number: None,
        electronic_address: Some(ElectronicAddress { scheme: "EM".into(), value: "camille@mail.example".into() }),
        address: Address {
            line1: Some("3 allée des Tilleuls".into()),
            line2: Some("Bâtiment B".into()),
            postcode: Some("80000".into()),
            city: Some("Amiens".into()),
            country: "FR".into(),
        },
        contact: None,
    }
}

pub const EXEMPT: Vat = Vat { category: Category::E, rate: 0 };
pub const FULL: Vat = Vat { category: Category::S, rate: 2000 };
pub const OUTSIDE: Vat = Vat { category: Category::O, rate: 0 };

/// A line with its net. `quantity` in ten-thousandths, `price` in millionths of a euro.
pub fn line(name: &str, quantity: i64, unit: Unit, price: i64, vat: Vat) -> Line {
    let mut line = Line {
        id: String::new(),
        name: name.into(),
        description: None,
        quantity,
        unit,
        price,
        allowances: Vec::new(),
        net: 0,
        vat,
        period: None,
    };
    renet(&mut line);
    line
}

/// Sets the net that follows from quantity, price and discounts.
pub fn renet(line: &mut Line) {
    line.net = totals::net(line).try_into().expect("a reasonable amount");
}

/// 35 h × 45,50 €, exempt.
pub fn training() -> Line {
    let mut line = line("Soudage TIG, niveau 1", 350_000, Unit::Hour, 45_500_000, EXEMPT);
    line.description = Some("Session S-2026-118 : 2 stagiaires, 35,00 h.\nDu 2 au 6 novembre 2026.".into());
    line
}

/// An invoice over some lines, complete.
pub fn invoice(lines: Vec<Line>) -> Invoice {
    let mut invoice = Invoice {
        profile: Profile::En16931,
        process: "S1".into(),
        number: "FA-2026-00042".into(),
        issued_on: day("2026-11-28"),
        kind: Kind::Invoice,
        due_on: Some(day("2026-12-28")),
        treatment: Treatment::B2b,
        mentions: Mentions {
            recovery_fee: "Indemnité forfaitaire pour frais de recouvrement : 40 €.".into(),
            late_penalty: "Pénalités de retard : taux de refinancement de la BCE + 10 points.".into(),
            early_discount: "Pas d'escompte pour paiement anticipé.".into(),
        },
        notes: Vec::new(),
        buyer_reference: None,
        contract: None,
        order: None,
        object: None,
        terms: Some("Virement à 30 jours.".into()),
        preceding: Vec::new(),
        seller: centre(),
        buyer: customer(),
        payer: None,
        delivered_on: Some(day("2026-11-06")),
        period: Some(Period { from: day("2026-11-02"), to: day("2026-11-06") }),
        payment: Some(Payment {
            means: Means::Transfer,
            reference: Some("FA-2026-00042".into()),
            iban: Some("FR7630006000011234567890189".into()),
            account_name: Some("AFPI Picardie".into()),
            bic: Some("AGRIFRPP".into()),
        }),
        on_debits: false,
        allowances: Vec::new(),
        lines,
        vat: Vec::new(),
        totals: Totals { lines: 0, allowances: 0, net: 0, vat: 0, total: 0, prepaid: 0, due: 0 },
    };
    complete(&mut invoice);
    invoice
}

/// Numbers the lines, and sets VAT and totals.
pub fn complete(invoice: &mut Invoice) {
    for (i, line) in invoice.lines.iter_mut().enumerate() {
        line.id = (i + 1).to_string();
    }
    let sums = invoice.sums();
    invoice.vat = sums
        .shares
        .iter()
        .map(|(vat, share)| VatBreakdown {
            vat: *vat,
            base: share.base.try_into().expect("a reasonable amount"),
            amount: share.vat.try_into().expect("a reasonable amount"),
            reason: match vat.category {
                Category::S => None,
                Category::E => Some("Exonération de TVA, article 261-4-4° a du CGI".into()),
                Category::O => Some("Indemnité hors du champ de la TVA".into()),
            },
            reason_code: match vat.category {
                Category::S => None,
                Category::E => Some("VATEX-FR-CGI261-4".into()),
                Category::O => Some("VATEX-EU-O".into()),
            },
        })
        .collect();
    invoice.totals = sums.totals(invoice.totals.prepaid).expect("reasonable amounts");
}

/// Makes it a credit note of an invoice of the day before.
pub fn credit(invoice: &mut Invoice, kind: Kind) {
    invoice.kind = kind;
    invoice.preceding = vec![Preceding { number: "FA-2026-00041".into(), issued_on: Some(day("2026-11-27")) }];
    if kind.credit() {
        invoice.number = "AV-2026-00001".into();
        invoice.due_on = None;
        invoice.terms = Some("Remboursé par virement, ou déduit de la prochaine facture.".into());
    }
}

/// The names of broken rules, for a message.
pub fn rules(faults: Vec<Fault>) -> String {
    faults.iter().map(|fault| format!("{} {}", fault.rule, fault.pointer)).collect::<Vec<_>>().join(", ")
}
