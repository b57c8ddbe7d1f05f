//! The Ypareo connector: reads the sites, companies and contacts of a training centre's Ypareo instance and reports
//! them.
//!
//! Only reading is known to work on the real API, so this plugin never writes there. Knows the classic web service
//! (`/index.php/r/v1`, header `X-Auth-Token`) and the CRM's field names; what becomes of the records is the host's
//! business.
//!
//! From the bytes up: [`split`] takes a list apart while it arrives, [`pick`] reads only the wanted scalars of a
//! record, [`values`] cleans spellings, [`site`]/[`entreprise`]/[`contact`] make items, [`pass`] walks the lists.

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
