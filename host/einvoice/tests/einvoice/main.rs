//! Invoices that must pass and invoices that must fail. The files are left in `target/tmp/einvoice`, where
//! `scripts/einvoice.sh` gives them to the published validators.

mod golden;
mod pdf;
mod random;
mod refused;
mod support;
