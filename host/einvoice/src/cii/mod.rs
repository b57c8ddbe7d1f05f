//! The writer: an invoice as Cross Industry Invoice (UN/CEFACT D22B), in the order that its schema wants. It does not
//! check; [`crate::issue`] does both.

mod line;
mod party;
mod settlement;

use chrono::NaiveDate;

use crate::model::{Invoice, Note, Profile};
use crate::xml::Xml;

const NAMESPACES: [(&str, &str); 4] = [
    ("xmlns:rsm", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"),
    ("xmlns:ram", "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"),
    ("xmlns:udt", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
    ("xmlns:qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"),
];

/// BT-24.
fn profile(profile: Profile) -> &'static str {
    match profile {
        Profile::En16931 => "urn:cen.eu:en16931:2017",
        Profile::ExtendedCtcFr => "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",
    }
}

/// The bytes of the file, whatever the invoice says.
pub fn write(invoice: &Invoice) -> Vec<u8> {
    Xml::document("rsm:CrossIndustryInvoice", &NAMESPACES, |xml| {
        xml.group("rsm:ExchangedDocumentContext", |xml| {
            xml.group("ram:BusinessProcessSpecifiedDocumentContextParameter", |xml| {
                xml.text("ram:ID", &invoice.process);
            });
            xml.group("ram:GuidelineSpecifiedDocumentContextParameter", |xml| {
                xml.text("ram:ID", profile(invoice.profile));
            });
        });
        xml.group("rsm:ExchangedDocument", |xml| document(invoice, xml));
        xml.group("rsm:SupplyChainTradeTransaction", |xml| {
            for line in &invoice.lines {
                xml.group("ram:IncludedSupplyChainTradeLineItem", |xml| line::write(line, invoice, xml));
            }
            xml.group("ram:ApplicableHeaderTradeAgreement", |xml| agreement(invoice, xml));
            xml.group("ram:ApplicableHeaderTradeDelivery", |xml| {
                if let Some(day) = invoice.delivered_on {
                    xml.group("ram:ActualDeliverySupplyChainEvent", |xml| {
                        date("ram:OccurrenceDateTime", day, xml);
                    });
                }
            });
            xml.group("ram:ApplicableHeaderTradeSettlement", |xml| settlement::write(invoice, xml));
        });
    })
}

/// BT-1 … BT-3 and the notes.
fn document(invoice: &Invoice, xml: &mut Xml) {
    xml.text("ram:ID", &invoice.number);
    xml.text("ram:TypeCode", invoice.kind.code());
    date("ram:IssueDateTime", invoice.issued_on, xml);
    for Note { subject, text } in &invoice.notes {
        note(subject.as_deref(), text, xml);
    }
    note(Some("PMT"), &invoice.mentions.recovery_fee, xml);
    note(Some("PMD"), &invoice.mentions.late_penalty, xml);
    note(Some("AAB"), &invoice.mentions.early_discount, xml);
    note(Some("BAR"), invoice.treatment.code(), xml);
}

fn note(subject: Option<&str>, text: &str, xml: &mut Xml) {
    xml.group("ram:IncludedNote", |xml| {
        xml.text("ram:Content", text);
        xml.option("ram:SubjectCode", subject);
    });
}

/// Who, and under which references.
fn agreement(invoice: &Invoice, xml: &mut Xml) {
    xml.option("ram:BuyerReference", invoice.buyer_reference.as_deref());
    xml.group("ram:SellerTradeParty", |xml| party::seller(&invoice.seller, xml));
    xml.group("ram:BuyerTradeParty", |xml| party::write(&invoice.buyer, xml));
    for (name, number) in
        [("ram:BuyerOrderReferencedDocument", &invoice.order), ("ram:ContractReferencedDocument", &invoice.contract)]
    {
        if let Some(number) = number {
            xml.group(name, |xml| xml.text("ram:IssuerAssignedID", number));
        }
    }
    if let Some(object) = &invoice.object {
        xml.group("ram:AdditionalReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", object);
            // 130: an invoiced object.
            xml.text("ram:TypeCode", "130");
        });
    }
}

/// An element with a day in format 102 (`AAAAMMJJ`).
fn date(name: &str, day: NaiveDate, xml: &mut Xml) {
    xml.group(name, |xml| {
        xml.text_of("udt:DateTimeString", &[("format", "102")], &day.format("%Y%m%d").to_string());
    });
}

/// Cents, with two decimals.
fn amount(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

/// An integer with a number of decimals, without trailing zeros.
fn decimal(value: i64, decimals: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (value, unit) = (value.unsigned_abs(), 10_u64.pow(decimals));
    let text = format!("{sign}{}.{:0width$}", value / unit, value % unit, width = decimals as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_point_and_no_needless_zeros() {
        assert_eq!(amount(168_048), "1680.48");
        assert_eq!(amount(-5), "-0.05");
        assert_eq!(amount(i64::MIN), "-92233720368547758.08");
        assert_eq!(decimal(350_000, 4), "35");
        assert_eq!(decimal(33_300, 4), "3.33");
        assert_eq!(decimal(-45_500_000, 6), "-45.5");
        assert_eq!(decimal(1, 6), "0.000001");
        assert_eq!(decimal(0, 2), "0");
        assert_eq!(decimal(2000, 2), "20");
    }
}
