//! Invoices that must fail, here and at the published validators, by the rule that names the file.

use afpi_einvoice::check::check;
use afpi_einvoice::cii;
use afpi_einvoice::model::*;

use crate::support::*;

type Change = fn(&mut Invoice);

/// A rule, a pointer, and how an invoice of 35 h exempt and two meals breaks it.
const CASES: &[(&str, &str, Change)] = &[
    ("BR-FR-01", "/number", |it| it.number = "F".repeat(36)),
    ("BR-FR-02", "/number", |it| it.number = "FA 2026 42".into()),
    ("BR-FR-03", "/issuedOn", |it| it.issued_on = day("1999-11-28")),
    ("BR-FR-06", "/notes/0/subject", |it| {
        it.notes = vec![Note { subject: Some("PMD".into()), text: "Encore".into() }];
    }),
    ("BR-FR-08", "/process", |it| it.process = "A1".into()),
    ("BR-FR-09", "/seller/party/siret", |it| it.seller.party.siret = Some("73282932000074".into())),
    ("BR-FR-10", "/seller/party/siren", |it| it.seller.party.siren = None),
    ("BR-FR-11", "/buyer/siren", |it| it.buyer.siren = None),
    ("BR-FR-12", "/buyer/electronicAddress", |it| it.buyer.electronic_address = None),
    ("BR-FR-13", "/seller/party/electronicAddress", |it| it.seller.party.electronic_address = None),
    ("BR-FR-16", "/lines/1/vat/rate", |it| {
        it.lines[1].vat.rate = 1500;
        complete(it);
    }),
    ("BR-FR-21", "/buyer/electronicAddress", |it| {
        it.buyer.electronic_address = Some(ElectronicAddress { scheme: "0225".into(), value: "314979337".into() });
    }),
    ("BR-FR-23", "/buyer/electronicAddress/value", |it| {
        it.buyer.electronic_address = Some(ElectronicAddress { scheme: "0225".into(), value: "732829320 A".into() });
    }),
    ("BR-FR-25", "/seller/party/electronicAddress/value", |it| {
        let value = format!("314979337{}", "0".repeat(120));
        it.seller.party.electronic_address = Some(ElectronicAddress { scheme: "0225".into(), value });
    }),
    ("BR-FR-31", "/notes/0/subject", |it| {
        it.notes = vec![Note { subject: Some("BAR".into()), text: "B2C".into() }];
    }),
    ("BR-FR-32", "/buyer/siren", |it| it.buyer.siren = Some("73282932".into())),
    ("BR-FR-CO-04", "/preceding", |it| it.kind = Kind::Corrective),
    ("BR-FR-CO-05", "/preceding", |it| {
        credit(it, Kind::CreditNote);
        it.preceding.clear();
    }),
    ("BR-FR-CO-07", "/dueOn", |it| it.due_on = Some(day("2026-11-27"))),
    ("BR-FR-CO-08", "/process", |it| {
        it.kind = Kind::Deposit;
        it.process = "S4".into();
    }),
    ("BR-FR-CO-09", "/totals/due", |it| it.process = "S2".into()),
    ("PEPPOL-EN16931-R008", "/mentions/recoveryFee", |it| it.mentions.recovery_fee = " ".into()),
    ("BR-16", "/lines", |it| it.lines.clear()),
    ("BR-29", "/period/to", |it| it.period = Some(Period { from: day("2026-11-06"), to: day("2026-11-02") })),
    ("BR-61", "/payment/iban", |it| it.payment.as_mut().expect("it has one").iban = None),
    ("BR-CL-14", "/buyer/address/country", |it| {
        // The rules of EN 16931 name lists of codes by other names.
        it.profile = Profile::ExtendedCtcFr;
        it.buyer.address.country = "FX".into();
    }),
    ("BR-CL-22", "/vat/0/reasonCode", |it| {
        it.profile = Profile::ExtendedCtcFr;
        it.vat[0].reason_code = Some("VATEX-FR-FORMATION".into());
    }),
    ("BR-CL-25", "/buyer/electronicAddress/scheme", |it| {
        it.profile = Profile::ExtendedCtcFr;
        it.treatment = Treatment::B2c;
        it.buyer.electronic_address = Some(ElectronicAddress { scheme: "9999".into(), value: "1".into() });
    }),
    ("BR-CO-09", "/buyer/vatNumber", |it| it.buyer.vat_number = Some("44732829320".into())),
    ("BR-CO-10", "/totals/lines", |it| it.totals.lines += 1),
    ("BR-CO-11", "/totals/allowances", |it| it.totals.allowances += 1),
    ("BR-CO-13", "/totals/net", |it| it.totals.net += 1),
    ("BR-CO-14", "/totals/vat", |it| it.totals.vat += 1),
    ("BR-CO-15", "/totals/total", |it| it.totals.total += 1),
    ("BR-CO-16", "/totals/due", |it| it.totals.due += 1),
    ("BR-CO-18", "/vat", |it| it.vat.clear()),
    ("BR-CO-25", "/dueOn", |it| {
        it.profile = Profile::ExtendedCtcFr;
        it.due_on = None;
        it.terms = None;
    }),
    ("BR-E-01", "/vat", |it| it.vat.retain(|part| part.vat.category != Category::E)),
    ("BR-E-02", "/seller/party/vatNumber", |it| it.seller.party.vat_number = None),
    ("BR-E-05", "/lines/0/vat/rate", |it| {
        it.lines[0].vat.rate = 2000;
        complete(it);
    }),
    ("BR-E-06", "/allowances/0/vat/rate", |it| {
        let vat = Vat { category: Category::E, rate: 2000 };
        it.allowances = vec![Allowance { amount: 100, reason: "Remise".into(), vat }];
    }),
    ("BR-E-08", "/vat/0/base", |it| it.vat[0].base += 200),
    ("BR-E-09", "/vat/0/amount", |it| it.vat[0].amount += 1),
    ("BR-E-10", "/vat/0/reason", |it| {
        it.vat[0].reason = None;
        it.vat[0].reason_code = None;
    }),
    ("BR-O-02", "/seller/party/vatNumber", |it| {
        it.lines.iter_mut().for_each(|line| line.vat = OUTSIDE);
        complete(it);
    }),
    ("BR-O-11", "/vat", |it| {
        it.lines[1].vat = OUTSIDE;
        complete(it);
    }),
    ("BR-S-05", "/lines/1/vat/rate", |it| {
        it.lines[1].vat.rate = 0;
        complete(it);
    }),
    ("BR-S-08", "/vat/0/base", |it| {
        // The exempt part comes after what is taxed.
        it.vat[0].vat.category = Category::S;
        it.vat.swap(0, 1);
        it.vat[0].base += 5_000;
    }),
    ("BR-S-10", "/vat/1/reason", |it| it.vat[1].reason = Some("Sans motif".into())),
    ("BR-CO-17", "/vat/1/amount", |it| it.vat[1].amount += 200),
];

#[test]
fn each_rule_is_checked_and_named() {
    for (rule, pointer, change) in CASES {
        let meals = line("Repas", 20_000, Unit::One, 16_670_000, FULL);
        let mut invoice = invoice(vec![training(), meals]);
        invoice.vat.sort_by_key(|part| part.vat.rate);
        change(&mut invoice);
        let faults = check(&invoice).expect_err(rule);
        assert!(
            faults.iter().any(|fault| fault.rule == *rule && fault.pointer == *pointer),
            "{rule} at {pointer}: {}",
            rules(faults)
        );
        assert!(faults.iter().all(|fault| !fault.fr.is_empty() && !fault.en.is_empty()));
        leave(&format!("refused/{rule}.xml"), &cii::write(&invoice));
    }
}

#[test]
fn what_validators_cannot_see_is_refused_too() {
    let cases: [(&str, &str, Change); 5] = [
        ("BT-131", "/lines/0/net", |it| {
            it.lines[0].net += 1;
            complete(it);
        }),
        ("BR-21", "/lines/1/id", |it| it.lines[1].id = it.lines[0].id.clone()),
        ("XML-Char", "/lines/0/name", |it| it.lines[0].name = "Soudage\u{0}TIG".into()),
        ("EXT-FR-FE-43", "/payer", |it| it.payer = Some(opco())),
        ("BR-FR-DEC-01", "/allowances/0/amount", |it| {
            it.allowances = vec![Allowance { amount: -100, reason: "Majoration".into(), vat: EXEMPT }];
            complete(it);
        }),
    ];
    for (rule, pointer, change) in cases {
        let mut invoice = invoice(vec![training(), training()]);
        change(&mut invoice);
        let faults = check(&invoice).expect_err(rule);
        assert!(faults.iter().any(|fault| fault.rule == rule && fault.pointer == pointer), "{}", rules(faults));
    }
}
