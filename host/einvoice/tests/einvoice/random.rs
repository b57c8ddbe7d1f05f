//! Invoices of every kind with random lines. Seeds are fixed, so a failure can be repeated.

use afpi_einvoice::check::check;
use afpi_einvoice::model::*;
use afpi_einvoice::{cii, issue, totals};
use serde_json::Value;

use crate::support::*;

/// Repeatable random numbers (SplitMix64): a seed always gives the same sequence.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64) as usize]
    }

    fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.roll((to - from + 1) as u64) as i64
    }
}

const NAMES: [&str; 6] = [
    "Habilitation électrique B1V–BR",
    "Excel & tableaux < 100 lignes >",
    "CACES® R489 « cat. 3 »",
    "Maintenance \"niveau 2\"",
    "Œuvre pédagogique d'été",
    "Soudage TIG ☑ 35,00 h",
];

fn lines(dice: &mut Dice, vats: &[Vat]) -> Vec<Line> {
    (0..dice.between(vats.len() as i64, 12))
        .map(|i| {
            let vat = vats.get(i as usize).copied().unwrap_or_else(|| dice.pick(vats));
            let unit = dice.pick(&[Unit::Hour, Unit::Day, Unit::One, Unit::LumpSum]);
            let quantity = dice.pick(&[10_000, 350_000, 33_300, 25_000, 3_333]);
            let price = dice.between(1, 2_000_000_000);
            line(dice.pick(&NAMES), quantity, unit, price, vat)
        })
        .collect()
}

/// An invoice of the kind with this number.
fn random(dice: &mut Dice, kind: usize) -> (&'static str, Invoice) {
    let of = |dice: &mut Dice, vats: &[Vat]| invoice(lines(dice, vats));
    let (name, mut it) = match kind {
        0 => ("exempt", of(dice, &[EXEMPT])),
        1 => ("taxed", of(dice, &[FULL])),
        2 => ("mixed", of(dice, &[EXEMPT, FULL, Vat { category: Category::S, rate: 550 }])),
        3 => ("credit-note", of(dice, &[EXEMPT, FULL])),
        4 => ("line-discount", of(dice, &[EXEMPT, FULL])),
        5 => ("document-discount", of(dice, &[EXEMPT, FULL])),
        6 => ("deposit", of(dice, &[FULL])),
        7 => ("final", of(dice, &[EXEMPT, FULL])),
        8 => ("subrogation", of(dice, &[EXEMPT])),
        9 => ("individual", of(dice, &[EXEMPT])),
        10 => ("paid", of(dice, &[EXEMPT, FULL])),
        11 => ("corrective", of(dice, &[FULL])),
        12 => ("dedit", of(dice, &[EXEMPT, OUTSIDE])),
        13 => ("outside", of(dice, &[OUTSIDE])),
        _ => ("deposit-credit-note", of(dice, &[FULL])),
    };
    it.number = format!("F{}-{:05}", 2026, dice.roll(100_000));
    match name {
        "credit-note" => credit(&mut it, Kind::CreditNote),
        "deposit-credit-note" => credit(&mut it, Kind::DepositCreditNote),
        "corrective" => credit(&mut it, Kind::Corrective),
        "deposit" => it.kind = Kind::Deposit,
        "line-discount" => {
            for line in &mut it.lines {
                let amount = dice.between(0, line.net / 2);
                if amount > 0 {
                    line.allowances = vec![LineAllowance { amount, reason: "Remise de fidélité".into() }];
                }
                renet(line);
            }
        }
        "document-discount" => {
            let shares = it.sums().shares;
            for (vat, share) in shares.iter().filter(|(_, share)| share.base > 2) {
                let amount = dice.between(1, i64::try_from(share.base / 2).expect("a reasonable amount"));
                it.allowances.push(Allowance { amount, reason: "Remise commerciale".into(), vat: *vat });
            }
        }
        "final" => {
            it.process = "S4".into();
            it.preceding = vec![Preceding { number: "F2026-00001".into(), issued_on: Some(day("2026-01-15")) }];
            it.totals.prepaid = dice.between(0, it.totals.total);
        }
        "subrogation" => {
            it.payer = Some(opco());
            it.profile = Profile::ExtendedCtcFr;
        }
        "individual" => {
            it.buyer = person();
            it.treatment = Treatment::B2c;
        }
        "paid" => {
            it.process = "S2".into();
            it.totals.prepaid = it.totals.total;
        }
        "dedit" => it.profile = Profile::ExtendedCtcFr,
        "outside" => {
            it.seller.party.vat_number = None;
            it.buyer.vat_number = None;
        }
        _ => {}
    }
    complete(&mut it);
    (name, it)
}

/// The amount that a payer takes over, as an invoice of its own.
fn part(buyer: Party, cents: i64) -> Invoice {
    let mut it = invoice(vec![line("Prise en charge", 10_000, Unit::LumpSum, cents * 10_000, EXEMPT)]);
    it.buyer = buyer;
    it
}

#[test]
fn two_hundred_invoices_of_every_kind_pass() {
    let mut dice = Dice(20_261_128);
    for n in 0..184 {
        let (name, invoice) = random(&mut dice, n % 15);
        let file = issue(&invoice).unwrap_or_else(|faults| panic!("{n} {name}: {}", rules(faults)));
        leave(&format!("valid/random-{n:03}-{name}.xml"), &file);
    }
    // Two payers of one order: what one does not take is left to the other.
    for n in 0..8 {
        let total = invoice(lines(&mut dice, &[EXEMPT])).totals.total;
        let first = part(opco(), dice.between(1, total - 1));
        let second = part(customer(), total - first.totals.total);
        assert_eq!(first.totals.total + second.totals.total, total);
        for (payer, invoice) in [("opco", first), ("company", second)] {
            let file = issue(&invoice).unwrap_or_else(|faults| panic!("{n} {payer}: {}", rules(faults)));
            leave(&format!("valid/random-{n:03}-two-payers-{payer}.xml"), &file);
        }
    }
}

#[test]
fn lines_and_rates_add_up_in_thousands_of_invoices() {
    let mut dice = Dice(4);
    for n in 0..3_000 {
        let (name, it) = random(&mut dice, n % 15);
        let nets: i64 = it.lines.iter().map(|line| line.net).sum();
        let off: i64 = it.allowances.iter().map(|allowance| allowance.amount).sum();
        let bases: i64 = it.vat.iter().map(|part| part.base).sum();
        assert_eq!((nets - off, bases), (it.totals.net, it.totals.net), "{n} {name}");
        for part in &it.vat {
            let rate = i128::from(part.vat.rate);
            let error = i128::from(part.amount) * 10_000 - i128::from(part.base) * rate;
            assert!(error.abs() * 2 <= 10_000, "{n} {name}: VAT is off by more than half a cent");
        }
        assert_eq!(it.totals.net + it.totals.vat - it.totals.prepaid, it.totals.due, "{n} {name}");
        assert_eq!(check(&it), Ok(()), "{n} {name}");
        let json = serde_json::to_string(&it).expect("it can be written");
        assert_eq!(serde_json::from_str::<Invoice>(&json).expect("it can be read"), it, "{n} {name}");
    }
}

#[test]
fn a_cent_anywhere_is_noticed() {
    let mut dice = Dice(7);
    for n in 0..1_500 {
        let (name, it) = random(&mut dice, n % 15);
        let json = serde_json::to_value(&it).expect("it can be written");
        let mut amounts = Vec::new();
        collect(&json, String::new(), &mut amounts);
        let pointer = amounts.swap_remove(dice.roll(amounts.len() as u64) as usize);
        let mut changed = json.clone();
        let field = changed.pointer_mut(&pointer).expect("it is there");
        *field = (field.as_i64().expect("an integer") + dice.pick(&[-1, 1])).into();
        let changed: Invoice = serde_json::from_value(changed).expect("it can be read");
        // A tiny change of a quantity or a price may leave the cents as they are.
        if changed.lines.iter().zip(&it.lines).all(|(new, old)| totals::net(new) == totals::net(old))
            && !pointer.contains("net")
            && pointer.starts_with("/lines/")
        {
            continue;
        }
        assert!(check(&changed).is_err(), "{n} {name}: {pointer}");
    }
}

/// The pointers of all amounts.
fn collect(value: &Value, pointer: String, into: &mut Vec<String>) {
    match value {
        Value::Number(_) if !pointer.ends_with("/rate") => into.push(pointer),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{i}"), into);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                collect(field, format!("{pointer}/{name}"), into);
            }
        }
        _ => {}
    }
}

#[test]
fn what_is_accepted_is_well_formed() {
    const TEXTS: [&str; 9] =
        ["]]>", "<!--", "&amp;", "\u{0}", "a\u{b}b", "\u{fffe}", "é\u{301}", "\t\"'<&>", "🦀 \u{2028} fin"];
    let mut dice = Dice(11);
    let (mut accepted, mut refused) = (0, 0);
    for n in 0..2_000 {
        let (name, mut it) = random(&mut dice, n % 15);
        let text = format!("{}{}", dice.pick(&NAMES), dice.pick(&TEXTS));
        match dice.roll(5) {
            0 => it.lines[0].name.clone_from(&text),
            1 => it.seller.legal_text = Some(text.clone()),
            2 => it.buyer.name.clone_from(&text),
            3 => it.terms = Some(text.clone()),
            _ => it.notes.push(Note { subject: None, text: text.clone() }),
        }
        let file = String::from_utf8(cii::write(&it)).expect("it is UTF-8");
        if check(&it).is_err() {
            refused += 1;
            continue;
        }
        accepted += 1;
        let read = roxmltree::Document::parse(&file).unwrap_or_else(|error| panic!("{n} {name}: {error}"));
        assert!(read.descendants().any(|node| node.text() == Some(&text)), "{n} {name}: {text} is not read back");
    }
    assert!(accepted > 1_000 && refused > 500, "{accepted} accepted, {refused} refused");
}
