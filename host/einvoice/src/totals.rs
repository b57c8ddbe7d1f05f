//! The arithmetic of the standard, on integers. Amounts are rounded half up (away from zero when negative), VAT once
//! per category and rate (BR-CO-17).

use std::collections::BTreeMap;

use crate::model::{Allowance, Invoice, Line, Totals, Vat};

/// Base and VAT of one category and rate, cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    pub base: i128,
    pub vat: i128,
}

/// What the lines and discounts of an invoice add up to. Wide integers: nothing a model holds can overflow them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    pub lines: i128,
    pub allowances: i128,
    pub shares: BTreeMap<Vat, Share>,
}

/// `value ÷ unit`, half up.
fn round(value: i128, unit: i128) -> i128 {
    (value.abs() + unit / 2) / unit * value.signum()
}

/// BT-131 of a line, cents: quantity × price, rounded, less its discounts.
pub fn net(line: &Line) -> i128 {
    // Ten-thousandths × millionths of a euro: 10⁸ of them are a cent.
    let gross = round(i128::from(line.quantity) * i128::from(line.price), 100_000_000);
    gross - line.allowances.iter().map(|allowance| i128::from(allowance.amount)).sum::<i128>()
}

/// BT-117 of a base, cents. `rate` is in hundredths of a percent.
pub fn vat(base: i128, rate: u32) -> i128 {
    round(base * i128::from(rate), 10_000)
}

/// Adds lines and discounts up, the lines with the nets they state.
pub fn sums(lines: &[Line], allowances: &[Allowance]) -> Sums {
    let mut shares = BTreeMap::<Vat, Share>::new();
    for line in lines {
        shares.entry(line.vat).or_default().base += i128::from(line.net);
    }
    for allowance in allowances {
        shares.entry(allowance.vat).or_default().base -= i128::from(allowance.amount);
    }
    for (of, share) in &mut shares {
        share.vat = vat(share.base, of.rate);
    }
    Sums {
        lines: lines.iter().map(|line| i128::from(line.net)).sum(),
        allowances: allowances.iter().map(|allowance| i128::from(allowance.amount)).sum(),
        shares,
    }
}

impl Sums {
    pub fn net(&self) -> i128 {
        self.lines - self.allowances
    }

    pub fn vat(&self) -> i128 {
        self.shares.values().map(|share| share.vat).sum()
    }

    /// BG-22 after what was paid before. `None` when an amount does not fit.
    pub fn totals(&self, prepaid: i64) -> Option<Totals> {
        let total = self.net() + self.vat();
        Some(Totals {
            lines: self.lines.try_into().ok()?,
            allowances: self.allowances.try_into().ok()?,
            net: self.net().try_into().ok()?,
            vat: self.vat().try_into().ok()?,
            total: total.try_into().ok()?,
            prepaid,
            due: (total - i128::from(prepaid)).try_into().ok()?,
        })
    }
}

impl Invoice {
    /// What its lines and discounts add up to.
    pub fn sums(&self) -> Sums {
        sums(&self.lines, &self.allowances)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Category, Unit};

    fn line(quantity: i64, price: i64, rate: u32) -> Line {
        let category = if rate == 0 { Category::E } else { Category::S };
        let mut line = Line {
            id: "1".into(),
            name: "Formation".into(),
            description: None,
            quantity,
            unit: Unit::One,
            price,
            allowances: Vec::new(),
            net: 0,
            vat: Vat { category, rate },
            period: None,
        };
        line.net = i64::try_from(net(&line)).expect("a small amount");
        line
    }

    #[test]
    fn lines_are_rounded_half_up() {
        // A price with a third decimal; 3 h 20 printed as 3,33 h counts as printed.
        for (quantity, price, expected) in [
            (25_000, 33_333_000, 8_333),
            (37_500, 41_665_000, 15_624),
            (33_300, 45_500_000, 15_152),
            (33_333, 45_500_000, 15_167),
            (350_000, 45_500_000, 159_250),
            (-70_000, 45_500_000, -31_850),
            (10_000, 5_000, 1),
            (-10_000, 5_000, -1),
        ] {
            assert_eq!(line(quantity, price, 0).net, expected, "{quantity} × {price}");
        }
    }

    #[test]
    fn vat_is_rounded_once_per_rate() {
        // VAT per line would give 22,32 and 14,07.
        let mixed =
            sums(&[line(350_000, 45_500_000, 0), line(30_000, 16_670_000, 2000), line(70_000, 3_330_000, 2000)], &[]);
        assert_eq!((mixed.net(), mixed.vat()), (166_582, 1_466));
        assert_eq!(mixed.totals(0).map(|totals| totals.due), Some(168_048));
        assert_eq!(sums(&vec![line(10_000, 12_420_000, 2000); 9], &[]).vat(), 2_236);
        assert_eq!(sums(&vec![line(10_000, 10_030_000, 2000); 7], &[]).vat(), 1_404);
    }

    #[test]
    fn a_discount_on_the_document_lowers_the_base_of_its_rate() {
        // Pro rata, and all on the exempt part.
        let lines = [line(350_000, 45_500_000, 0), line(10_000, 200_000_000, 2000)];
        let off = |amount, rate| Allowance {
            amount,
            reason: "Remise".into(),
            vat: Vat { category: if rate == 0 { Category::E } else { Category::S }, rate },
        };
        let pro_rata = sums(&lines, &[off(8_884, 0), off(1_116, 2000)]);
        assert_eq!((pro_rata.vat(), pro_rata.net() + pro_rata.vat()), (3_777, 173_027));
        let on_one = sums(&lines, &[off(10_000, 0)]);
        assert_eq!(on_one.net() + on_one.vat(), 173_250);
    }
}
