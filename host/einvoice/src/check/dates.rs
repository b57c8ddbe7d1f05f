//! Days: in this century, and in order.

use chrono::{Datelike, NaiveDate};

use super::{Faults, paid};
use crate::model::{Invoice, Kind, Period};

pub(super) fn check(invoice: &Invoice, faults: &mut Faults) {
    day(invoice.issued_on, "/issuedOn", faults);
    if let Some(due) = invoice.due_on {
        day(due, "/dueOn", faults);
        let free = matches!(invoice.kind, Kind::Deposit | Kind::DepositCreditNote) || paid(invoice);
        faults.unless(
            free || due >= invoice.issued_on,
            "BR-FR-CO-07",
            "/dueOn",
            ["L'échéance ne précède pas la date de la facture.", "The due date is not before the date of the invoice."],
        );
    }
    if let Some(delivered) = invoice.delivered_on {
        day(delivered, "/deliveredOn", faults);
    }
    for (i, preceding) in invoice.preceding.iter().enumerate() {
        if let Some(issued) = preceding.issued_on {
            day(issued, &format!("/preceding/{i}/issuedOn"), faults);
        }
    }
    if let Some(of) = invoice.period {
        period(of, "BR-29", "/period", faults);
    }
    for (i, line) in invoice.lines.iter().enumerate() {
        if let Some(of) = line.period {
            period(of, "BR-30", &format!("/lines/{i}/period"), faults);
        }
    }
}

fn period(of: Period, rule: &str, pointer: &str, faults: &mut Faults) {
    day(of.from, &format!("{pointer}/from"), faults);
    day(of.to, &format!("{pointer}/to"), faults);
    faults.unless(
        of.to >= of.from,
        rule,
        format!("{pointer}/to"),
        ["Une période ne finit pas avant de commencer.", "A period does not end before it begins."],
    );
}

fn day(day: NaiveDate, pointer: &str, faults: &mut Faults) {
    faults.unless(
        (2000..2100).contains(&day.year()),
        "BR-FR-03",
        pointer,
        ["L'année est comprise entre 2000 et 2099.", "The year is between 2000 and 2099."],
    );
}
