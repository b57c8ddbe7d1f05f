//! The Ypareo connector. It reads the sites, companies and contacts of a training centre's Ypareo instance and reports
//! them.
//!
//! Only reading is known to work on the real API, so this plugin never writes there. It knows the classic web service
//! (`/index.php/r/v1`, header `X-Auth-Token`) and the CRM's field names. The host decides what becomes of the records.
//!
//! From the bytes to the items: [`split`] splits a list while it arrives, [`pick`] reads only the wanted scalars of a
//! record, [`values`] normalises spellings, [`site`]/[`entreprise`]/[`contact`] make items, and [`pass`] reads the
//! lists one after the other.

pub mod check;
pub mod companies;
pub mod contact;
pub mod contacts;
pub mod entreprise;
pub mod failure;
pub mod fields;
pub mod ground;
mod guest;
pub mod list;
pub mod memory;
pub mod outside;
pub mod pass;
pub mod pick;
pub mod reading;
pub mod settings;
pub mod site;
pub mod sites;
pub mod split;
#[cfg(test)]
mod testing;
pub mod values;
