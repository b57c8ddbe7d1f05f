//! Carrying section documents from one version of a workflow to another, newer or older: a facet of workflows.
//!
//! The manifest declares it with a line `[data-migration]`. The host calls it before a decision on an opportunité whose
//! documents another version has written. Fields that the forms of the running version do not declare stay beside as they
//! were, whatever it answers: going back and forth between versions loses nothing.
//!
//! ```
//! use afpi_sdk::migration::{Migration, Stored};
//! use afpi_sdk::{NoSettings, Plugin, Result};
//!
//! struct Relay;
//!
//! impl Plugin for Relay {
//!     type Config = NoSettings;
//! }
//!
//! impl Migration for Relay {
//!     /// Version 2 calls `people` what was `participants` in version 1.
//!     fn migrate_documents(_: &NoSettings, from: &str, mut stored: Stored) -> Result<Stored> {
//!         if from.starts_with("1.") {
//!             stored.rename("request", "participants", "people")?;
//!         }
//!         Ok(stored)
//!     }
//! }
//!
//! afpi_sdk::migration::export!(Relay);
//! # fn main() {}
//! # let stored = Stored { id: "o".into(), section: "request".into(), status: "open".into(), state: "{}".into(),
//! #     data: r#"{"request":{"participants":4}}"#.into() };
//! # assert_eq!(Relay::migrate_documents(&NoSettings {}, "1.2.0", stored).unwrap().data, r#"{"request":{"people":4}}"#);
//! ```

pub use crate::bindings::data_migration::exports::afpi::plugin::data_migration::Stored;
pub use crate::export_migration as export;

use crate::bindings::data_migration::exports::afpi::plugin::data_migration::Guest;
use crate::types::{Error, Result};
use crate::{Plugin, config};
use serde_json::{Map, Value};

/// Carries documents over. A whole one stands [above](self).
pub trait Migration: Plugin {
    /// The documents of one opportunité, as version `from` (as in its manifest, `1.4.0`) wrote them, turned into those of
    /// this version. What needs no change is answered as it came. Pure: the same documents give the same answer.
    ///
    /// # Errors
    /// When they cannot be carried over; then the change that was to be decided is not made.
    fn migrate_documents(config: &Self::Config, from: &str, stored: Stored) -> Result<Stored>;
}

impl Stored {
    /// Changes the document of one section; a section without one has an empty one.
    ///
    /// ```
    /// # use afpi_sdk::migration::Stored;
    /// # let mut stored = Stored { id: "o".into(), section: "quote".into(), status: "open".into(), state: String::new(), data: "{}".into() };
    /// stored.edit("quote", |quote| {
    ///     quote.insert("currency".into(), "EUR".into());
    /// })?;
    /// # assert_eq!(stored.data, r#"{"quote":{"currency":"EUR"}}"#);
    /// # Ok::<(), afpi_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Other`](crate::Error::Other) when the stored documents are no objects.
    pub fn edit(&mut self, section: &str, change: impl FnOnce(&mut Map<String, Value>)) -> Result<()> {
        let mut documents: Map<String, Value> = serde_json::from_str(&self.data)?;
        let document = documents.entry(section).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(fields) = document else {
            return Err(Error::other(format_args!("the document of `{section}` is no object")));
        };
        change(fields);
        self.data = Value::Object(documents).to_string();
        Ok(())
    }

    /// Gives a field of a section another name. Whatever stood under that name, since an earlier change of versions, gives
    /// way: the version that wrote last is right, also where it has left the field empty.
    ///
    /// # Errors
    /// As [`Stored::edit`].
    pub fn rename(&mut self, section: &str, from: &str, to: &str) -> Result<()> {
        let documents: Map<String, Value> = serde_json::from_str(&self.data)?;
        if !documents.contains_key(section) {
            return Ok(());
        }
        self.edit(section, |document| match document.remove(from) {
            Some(value) => drop(document.insert(to.to_owned(), value)),
            None => drop(document.remove(to)),
        })
    }
}

impl<M: Migration> Guest for M {
    fn migrate(from_version: String, items: Vec<Stored>) -> Result<Vec<Stored>> {
        let config = config::load()?;
        items.into_iter().map(|stored| M::migrate_documents(&config, &from_version, stored)).collect()
    }
}

/// Makes a type that implements [`Migration`](crate::migration::Migration) carry the component's documents; stands beside
/// the line of its kind, as in the [example](crate::migration).
#[macro_export]
macro_rules! export_migration {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::data_migration::export_documents!($plugin with_types_in $crate::bindings::data_migration);

        // Natively there is nothing to export (and the names are none a linker likes), but the promise is checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::migration::Migration>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
