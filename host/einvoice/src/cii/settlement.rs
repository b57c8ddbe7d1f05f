//! Payment, VAT, discounts, terms and totals.

use super::{amount, date, decimal, party};
use crate::model::{Category, Invoice, Payment, Period, Totals, Vat, VatBreakdown};
use crate::xml::Xml;

pub fn write(invoice: &Invoice, xml: &mut Xml) {
    xml.option("ram:PaymentReference", invoice.payment.as_ref().and_then(|payment| payment.reference.as_deref()));
    xml.text("ram:InvoiceCurrencyCode", "EUR");
    if let Some(payer) = &invoice.payer {
        xml.group("ram:PayerTradeParty", |xml| party::write(payer, xml));
    }
    if let Some(payment) = &invoice.payment {
        xml.group("ram:SpecifiedTradeSettlementPaymentMeans", |xml| means(payment, xml));
    }
    for part in &invoice.vat {
        xml.group("ram:ApplicableTradeTax", |xml| tax(part, invoice.on_debits, xml));
    }
    if let Some(of) = invoice.period {
        period(of, xml);
    }
    for off in &invoice.allowances {
        allowance(off.amount, &off.reason, Some(off.vat), xml);
    }
    if invoice.terms.is_some() || invoice.due_on.is_some() {
        xml.group("ram:SpecifiedTradePaymentTerms", |xml| {
            xml.option("ram:Description", invoice.terms.as_deref());
            if let Some(due) = invoice.due_on {
                date("ram:DueDateDateTime", due, xml);
            }
        });
    }
    xml.group("ram:SpecifiedTradeSettlementHeaderMonetarySummation", |xml| totals(invoice.totals, xml));
    for preceding in &invoice.preceding {
        xml.group("ram:InvoiceReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", &preceding.number);
            if let Some(day) = preceding.issued_on {
                xml.group("ram:FormattedIssueDateTime", |xml| {
                    let day = day.format("%Y%m%d").to_string();
                    xml.text_of("qdt:DateTimeString", &[("format", "102")], &day);
                });
            }
        });
    }
}

/// BG-16 and BG-17.
fn means(payment: &Payment, xml: &mut Xml) {
    xml.text("ram:TypeCode", payment.means.code());
    if payment.iban.is_some() || payment.account_name.is_some() {
        xml.group("ram:PayeePartyCreditorFinancialAccount", |xml| {
            xml.option("ram:IBANID", payment.iban.as_deref());
            xml.option("ram:AccountName", payment.account_name.as_deref());
        });
    }
    if let Some(bic) = &payment.bic {
        xml.group("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| xml.text("ram:BICID", bic));
    }
}

/// BG-23.
fn tax(part: &VatBreakdown, on_debits: bool, xml: &mut Xml) {
    xml.text("ram:CalculatedAmount", &amount(part.amount));
    xml.text("ram:TypeCode", "VAT");
    xml.option("ram:ExemptionReason", part.reason.as_deref());
    xml.text("ram:BasisAmount", &amount(part.base));
    xml.text("ram:CategoryCode", part.vat.category.code());
    xml.option("ram:ExemptionReasonCode", part.reason_code.as_deref());
    xml.option("ram:DueDateTypeCode", on_debits.then_some("5"));
    rate(part.vat, xml);
}

/// The rate, which what is outside VAT does not have.
pub fn rate(vat: Vat, xml: &mut Xml) {
    if vat.category != Category::O {
        xml.text("ram:RateApplicablePercent", &decimal(i64::from(vat.rate), 2));
    }
}

/// BG-14, BG-26.
pub fn period(period: Period, xml: &mut Xml) {
    xml.group("ram:BillingSpecifiedPeriod", |xml| {
        date("ram:StartDateTime", period.from, xml);
        date("ram:EndDateTime", period.to, xml);
    });
}

/// BG-20 with its VAT, BG-27 without.
pub fn allowance(cents: i64, reason: &str, vat: Option<Vat>, xml: &mut Xml) {
    xml.group("ram:SpecifiedTradeAllowanceCharge", |xml| {
        xml.group("ram:ChargeIndicator", |xml| xml.text("udt:Indicator", "false"));
        xml.text("ram:ActualAmount", &amount(cents));
        xml.text("ram:Reason", reason);
        if let Some(vat) = vat {
            xml.group("ram:CategoryTradeTax", |xml| {
                xml.text("ram:TypeCode", "VAT");
                xml.text("ram:CategoryCode", vat.category.code());
                rate(vat, xml);
            });
        }
    });
}

/// BG-22.
fn totals(totals: Totals, xml: &mut Xml) {
    xml.text("ram:LineTotalAmount", &amount(totals.lines));
    if totals.allowances != 0 {
        xml.text("ram:AllowanceTotalAmount", &amount(totals.allowances));
    }
    xml.text("ram:TaxBasisTotalAmount", &amount(totals.net));
    xml.text_of("ram:TaxTotalAmount", &[("currencyID", "EUR")], &amount(totals.vat));
    xml.text("ram:GrandTotalAmount", &amount(totals.total));
    if totals.prepaid != 0 {
        xml.text("ram:TotalPrepaidAmount", &amount(totals.prepaid));
    }
    xml.text("ram:DuePayableAmount", &amount(totals.due));
}
