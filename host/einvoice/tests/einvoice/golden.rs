//! The golden set: each kind of invoice of a training centre with the amount that is right.

use afpi_einvoice::issue;
use afpi_einvoice::model::*;

use crate::support::*;

/// Name, what is due in cents, and the invoice.
fn cases() -> Vec<(&'static str, i64, Invoice)> {
    let consulting = || line("Conseil en organisation", 20_000, Unit::Day, 950_000_000, FULL);
    let meals = || line("Repas", 30_000, Unit::One, 16_670_000, FULL);
    let handouts = || line("Supports", 70_000, Unit::One, 3_330_000, FULL);
    let mut cases = Vec::new();
    let mut add = |name, due, mut invoice: Invoice, change: fn(&mut Invoice)| {
        change(&mut invoice);
        complete(&mut invoice);
        cases.push((name, due, invoice));
    };

    add("01-exempt", 159_250, invoice(vec![training()]), |it| {
        it.order = Some("CDE 4711/2026".into());
        it.contract = Some("CONV-2026-0118".into());
    });
    add("02-consulting", 228_000, invoice(vec![consulting()]), |it| it.on_debits = true);
    add("03-mixed", 168_048, invoice(vec![training(), meals(), handouts()]), |it| it.process = "M1".into());
    add("04-line-discount", 143_325, invoice(vec![training()]), |it| {
        it.lines[0].allowances = vec![LineAllowance { amount: 15_925, reason: "Remise de 10 %".into() }];
        renet(&mut it.lines[0]);
    });
    let extra = line("Repas", 10_000, Unit::LumpSum, 200_000_000, FULL);
    add("05-document-discount", 173_250, invoice(vec![training(), extra]), |it| {
        it.allowances = vec![Allowance { amount: 10_000, reason: "Remise commerciale".into(), vat: EXEMPT }];
    });
    add("06-deposit", 68_400, invoice(vec![line("Acompte de 30 %", 10_000, Unit::LumpSum, 570_000_000, FULL)]), |it| {
        it.kind = Kind::Deposit;
    });
    add("07-final", 159_600, invoice(vec![consulting()]), |it| {
        it.process = "S4".into();
        it.preceding = vec![Preceding { number: "FA-2026-00030".into(), issued_on: Some(day("2026-10-01")) }];
        it.totals.prepaid = 68_400;
    });
    add("08-opco", 84_000, invoice(vec![line("Soudage TIG", 280_000, Unit::Hour, 30_000_000, EXEMPT)]), |it| {
        it.buyer = opco();
        it.object = Some("PEC 2026-0815".into());
    });
    let rest = line("Reste à charge de l'entreprise", 10_000, Unit::LumpSum, 752_500_000, EXEMPT);
    add("09-remainder", 75_250, invoice(vec![rest]), |_| {});
    let hours = line("Soudage TIG : 7 h annulées", 70_000, Unit::Hour, 45_500_000, EXEMPT);
    add("10-credit-note", 31_850, invoice(vec![hours]), |it| credit(it, Kind::CreditNote));
    let hours = line("Soudage TIG", 280_000, Unit::Hour, 45_500_000, EXEMPT);
    add("11-corrective", 127_400, invoice(vec![hours]), |it| credit(it, Kind::Corrective));
    add("12-paid", 0, invoice(vec![line("Examen", 10_000, Unit::One, 200_000_000, FULL)]), |it| {
        it.process = "S2".into();
        it.due_on = Some(day("2026-11-20"));
        it.totals.prepaid = 24_000;
        it.payment = Some(Payment { means: Means::Card, reference: None, iban: None, account_name: None, bic: None });
    });
    add("13-mixed-ctc", 168_048, invoice(vec![training(), meals(), handouts()]), |it| {
        it.process = "M1".into();
        it.profile = Profile::ExtendedCtcFr;
    });
    add("14-individual", 159_250, invoice(vec![training()]), |it| {
        it.buyer = person();
        it.treatment = Treatment::B2c;
        it.mentions.recovery_fee = "Indemnité forfaitaire de 40 € : non applicable aux particuliers.".into();
    });
    add("15-subrogation-ctc", 159_250, invoice(vec![training()]), |it| {
        it.profile = Profile::ExtendedCtcFr;
        it.payer = Some(opco());
    });
    let kept = line("Dédit pour absence", 10_000, Unit::LumpSum, 159_250_000, OUTSIDE);
    add("16-dedit-ctc", 175_175, invoice(vec![training(), kept]), |it| it.profile = Profile::ExtendedCtcFr);
    add("17-no-vat-number", 159_250, invoice(vec![training()]), |it| {
        it.seller.party.vat_number = None;
        it.seller.tax_registration = it.seller.party.siren.clone();
    });
    cases
}

#[test]
fn every_kind_is_issued_with_the_right_amount() {
    let cases = cases();
    assert_eq!(cases.len(), 17);
    for (name, due, invoice) in cases {
        assert_eq!(invoice.totals.due, due, "{name}");
        let file = issue(&invoice).unwrap_or_else(|faults| panic!("{name}: {}", rules(faults)));
        leave(&format!("valid/{name}.xml"), &file);
    }
}

#[test]
fn the_file_of_an_invoice_stays_the_same() {
    let (_, _, invoice) = cases().swap_remove(2);
    let file = issue(&invoice).expect("it is right");
    assert_eq!(file, issue(&invoice).expect("it is right"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/einvoice/mixed.xml");
    let expected = std::fs::read(path).expect("the file is there");
    assert!(file == expected, "{}", String::from_utf8_lossy(&file));
}

#[test]
fn what_the_json_says_is_what_is_read() {
    for (name, _, invoice) in cases() {
        let json = serde_json::to_value(&invoice).expect("it can be written");
        assert_eq!(serde_json::from_value::<Invoice>(json).expect("it can be read"), invoice, "{name}");
    }
}

#[test]
fn an_unknown_field_is_refused() {
    let (_, _, invoice) = cases().swap_remove(0);
    for at in ["", "/seller", "/seller/party", "/buyer/address", "/lines/0", "/lines/0/vat", "/totals", "/mentions"] {
        let mut json = serde_json::to_value(&invoice).expect("it can be written");
        json.pointer_mut(at).expect("it is there")["surprise"] = 1.into();
        assert!(serde_json::from_value::<Invoice>(json).is_err(), "{at}");
    }
}
