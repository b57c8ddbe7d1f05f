//! The electronic invoice: EN 16931 with the French rules, from a typed model to the bytes that a platform takes, and
//! into a PDF (Factur-X).
//!
//! Pure: values in, bytes out. It knows neither the database nor the application. A plugin hands a [`model::Invoice`]
//! over as JSON.

pub mod check;
pub mod cii;
mod codes;
pub mod facturx;
pub mod model;
pub mod totals;
mod xml;

/// The file of an invoice that breaks no rule: CII, the legal original.
///
/// # Errors
/// Every rule that it breaks.
pub fn issue(invoice: &model::Invoice) -> Result<Vec<u8>, Vec<check::Fault>> {
    check::check(invoice)?;
    Ok(cii::write(invoice))
}
