//! The records of the CRM, a folder or file a resource. Rules of the relay are the workflow plugin's; here are records,
//! scopes, versions and transactions.

pub mod localisations;
