//! What must hold before an invoice is written: the rules of EN 16931 (BR-…) and of France (BR-FR-…, version 1.4.0)
//! that a typed model can still break. All faults are found, each with the name of its rule and a pointer into the
//! JSON.

mod amounts;
mod dates;
mod parties;
mod texts;

use crate::model::{Invoice, Kind, Profile};
use crate::{codes, model};

/// A rule that the invoice breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name of the rule where it was published, e.g. `BR-FR-10`.
    pub rule: String,
    /// A JSON pointer into the invoice, e.g. `/seller/party/siren`.
    pub pointer: String,
    pub fr: &'static str,
    pub en: &'static str,
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    /// Notes a fault unless `holds`.
    fn unless(
        &mut self,
        holds: bool,
        rule: impl Into<String>,
        pointer: impl Into<String>,
        [fr, en]: [&'static str; 2],
    ) {
        if !holds {
            self.0.push(Fault { rule: rule.into(), pointer: pointer.into(), fr, en });
        }
    }
}

/// Checks an invoice.
///
/// # Errors
/// Every rule that it breaks.
pub fn check(invoice: &Invoice) -> Result<(), Vec<Fault>> {
    let mut faults = Faults::default();
    header(invoice, &mut faults);
    texts::check(invoice, &mut faults);
    dates::check(invoice, &mut faults);
    parties::check(invoice, &mut faults);
    amounts::check(invoice, &mut faults);
    if faults.0.is_empty() { Ok(()) } else { Err(faults.0) }
}

/// The framework, the kind, the references, the means of payment.
fn header(invoice: &Invoice, faults: &mut Faults) {
    number(&invoice.number, "/number", faults);
    for (i, preceding) in invoice.preceding.iter().enumerate() {
        number(&preceding.number, &format!("/preceding/{i}/number"), faults);
    }
    faults.unless(
        codes::process(&invoice.process),
        "BR-FR-08",
        "/process",
        ["Ce cadre de facturation n'existe pas.", "This billing framework does not exist."],
    );
    let dated = invoice.preceding.iter().filter(|preceding| preceding.issued_on.is_some()).count();
    faults.unless(
        invoice.kind != Kind::Corrective || dated == 1,
        "BR-FR-CO-04",
        "/preceding",
        [
            "Une facture rectificative cite exactement une facture, avec sa date.",
            "A corrective invoice refers to exactly one invoice, with its date.",
        ],
    );
    faults.unless(
        !invoice.kind.credit() || dated > 0,
        "BR-FR-CO-05",
        "/preceding",
        [
            "Un avoir cite la facture qu'il corrige, avec sa date.",
            "A credit note refers to the invoice it corrects, with its date.",
        ],
    );
    let deposit = matches!(invoice.kind, Kind::Deposit | Kind::DepositCreditNote);
    faults.unless(
        !(deposit && invoice.process.ends_with('4')),
        "BR-FR-CO-08",
        "/process",
        [
            "Une facture d'acompte n'est pas une facture définitive après acompte.",
            "A deposit invoice is not a final invoice after a deposit.",
        ],
    );
    if paid(invoice) {
        faults.unless(
            invoice.totals.prepaid == invoice.totals.total,
            "BR-FR-CO-09",
            "/totals/prepaid",
            [
                "D'une facture payée, le montant payé est le total TTC.",
                "Of a paid invoice, the amount paid is the total with VAT.",
            ],
        );
        faults.unless(
            invoice.totals.due == 0,
            "BR-FR-CO-09",
            "/totals/due",
            ["D'une facture payée, il ne reste rien à payer.", "Of a paid invoice, nothing is left to pay."],
        );
        faults.unless(
            invoice.due_on.is_some(),
            "BR-FR-CO-09",
            "/dueOn",
            [
                "D'une facture payée, l'échéance est la date du paiement.",
                "Of a paid invoice, the due date is the day of the payment.",
            ],
        );
    }
    faults.unless(
        invoice.totals.due <= 0 || invoice.due_on.is_some() || invoice.terms.is_some(),
        "BR-CO-25",
        "/dueOn",
        [
            "Une facture à payer a une échéance ou des conditions de paiement.",
            "An invoice to be paid has a due date or terms of payment.",
        ],
    );
    faults.unless(
        invoice.payer.is_none() || invoice.profile == Profile::ExtendedCtcFr,
        "EXT-FR-FE-43",
        "/payer",
        [
            "Seul le profil EXTENDED-CTC-FR connaît un tiers payeur.",
            "Only the profile EXTENDED-CTC-FR knows a third party that pays.",
        ],
    );
    if let Some(payment) = &invoice.payment {
        let transfer = matches!(payment.means, model::Means::Transfer | model::Means::SepaTransfer);
        faults.unless(
            !transfer || payment.iban.is_some(),
            "BR-61",
            "/payment/iban",
            ["Un virement demande un IBAN.", "A transfer needs an IBAN."],
        );
    }
}

/// Whether the framework says that the invoice is paid.
fn paid(invoice: &Invoice) -> bool {
    matches!(invoice.process.as_str(), "B2" | "S2" | "M2")
}

/// BT-1, BT-25.
fn number(number: &str, pointer: &str, faults: &mut Faults) {
    faults.unless(
        number.chars().count() <= 35,
        "BR-FR-01",
        pointer,
        ["Un numéro a 35 caractères au plus.", "A number has at most 35 characters."],
    );
    let known = |c: char| c.is_ascii_alphanumeric() || "+-_/".contains(c);
    faults.unless(
        !number.is_empty() && number.chars().all(known),
        "BR-FR-02",
        pointer,
        [
            "Un numéro contient des lettres sans accent, des chiffres et + - _ /, sans espace.",
            "A number contains letters without accents, digits and + - _ /, no space.",
        ],
    );
}
