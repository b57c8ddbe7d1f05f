//! BG-25: the lines.

use super::settlement::{allowance, period, rate};
use super::{amount, decimal};
use crate::model::{Invoice, Line, Profile};
use crate::xml::Xml;

pub fn write(line: &Line, invoice: &Invoice, xml: &mut Xml) {
    xml.group("ram:AssociatedDocumentLineDocument", |xml| xml.text("ram:LineID", &line.id));
    xml.group("ram:SpecifiedTradeProduct", |xml| {
        xml.text("ram:Name", &line.name);
        xml.option("ram:Description", line.description.as_deref());
    });
    xml.group("ram:SpecifiedLineTradeAgreement", |xml| {
        xml.group("ram:NetPriceProductTradePrice", |xml| xml.text("ram:ChargeAmount", &decimal(line.price, 6)));
    });
    xml.group("ram:SpecifiedLineTradeDelivery", |xml| {
        xml.text_of("ram:BilledQuantity", &[("unitCode", line.unit.code())], &decimal(line.quantity, 4));
    });
    xml.group("ram:SpecifiedLineTradeSettlement", |xml| {
        xml.group("ram:ApplicableTradeTax", |xml| tax(line, invoice, xml));
        if let Some(of) = line.period {
            period(of, xml);
        }
        for off in &line.allowances {
            allowance(off.amount, &off.reason, None, xml);
        }
        xml.group("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
            xml.text("ram:LineTotalAmount", &amount(line.net));
        });
    });
}

/// BG-30. The French extension repeats on each line why it is not taxed.
fn tax(line: &Line, invoice: &Invoice, xml: &mut Xml) {
    let part = invoice.vat.iter().find(|part| part.vat == line.vat && invoice.profile == Profile::ExtendedCtcFr);
    xml.text("ram:TypeCode", "VAT");
    xml.option("ram:ExemptionReason", part.and_then(|part| part.reason.as_deref()));
    xml.text("ram:CategoryCode", line.vat.category.code());
    xml.option("ram:ExemptionReasonCode", part.and_then(|part| part.reason_code.as_deref()));
    rate(line.vat, xml);
}
