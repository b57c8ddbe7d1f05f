//! Everything a connector plugin needs: one pass over another system, and the capabilities it may be granted.
//!
//! ```
//! use afpi_sdk::{NoSettings, Plugin, connector::*};
//!
//! struct Directory;
//!
//! impl Plugin for Directory {
//!     type Config = NoSettings;
//! }
//!
//! impl Connector for Directory {
//!     type Pass = Names;
//!
//!     fn check(_: &NoSettings) -> Vec<Probe> {
//!         let ok = http::get("https://directory.example.fr/names").send().is_ok_and(|answer| answer.is_success());
//!         vec![Probe { name: "GET /names".into(), ok, message: Text::new("Annuaire", "Directory") }]
//!     }
//!
//!     fn open(_: NoSettings, _entities: Vec<String>) -> Result<Names> {
//!         Ok(Names(http::get("https://directory.example.fr/names").send()?.json(1 << 20)?))
//!     }
//! }
//!
//! /// Names still to be handed over.
//! struct Names(Vec<String>);
//!
//! impl Pass for Names {
//!     fn next(&mut self, max: u32) -> Result<Batch> {
//!         let taken = self.0.drain(..self.0.len().min(max as usize));
//!         let items = taken.map(|name| Item {
//!             entity: "entreprise".into(),
//!             external_id: name.clone(),
//!             parent: String::new(),
//!             archived: false,
//!             fields: afpi_sdk::serde_json::json!({ "name": name }).to_string(),
//!         });
//!         let items: Vec<Item> = items.collect();
//!         let (done, finished) = (items.len() as u64, self.0.is_empty());
//!         let completed = if finished { vec!["entreprise".into()] } else { Vec::new() };
//!         Ok(Batch { items, skipped: Vec::new(), entity: "entreprise".into(), done, total: 0, completed, finished })
//!     }
//! }
//!
//! afpi_sdk::connector::export!(Directory);
//! # fn main() {}
//! ```

use std::cell::RefCell;

pub use crate::bindings::connector::exports::afpi::plugin::connector::{Batch, Item, Probe, Skipped};
pub use crate::export_connector as export;
pub use crate::host::{clock, context, events, http, jobs, kv, log, metrics, query, random, records, secrets};
pub use crate::types::*;

use crate::bindings::connector::exports::afpi::plugin::connector as contract;
use crate::{Plugin, config};

/// Reads another system and reports its records. A whole one is [above](self).
pub trait Connector: Plugin {
    /// A running pass. It lives until the host has all of it, so it may keep a response open.
    type Pass: Pass;

    /// Tests the settings without changing anything, each needed address separately.
    fn check(config: &Self::Config) -> Vec<Probe>;

    /// Begins to read `entities` (`localisation`, `entreprise`, `contact`), or all that the settings name when there
    /// are none.
    ///
    /// # Errors
    /// When it cannot begin: nothing is applied, and the run shows the reason.
    fn open(config: Self::Config, entities: Vec<String>) -> Result<Self::Pass>;
}

/// One pass over the other system: `Names` in the [example](self).
pub trait Pass: 'static {
    /// Up to `max` more items, in the order of the other system.
    ///
    /// # Errors
    /// [`Error::RateLimited`] is asked again after so many milliseconds; any other error ends the pass, and nothing of
    /// it is applied.
    fn next(&mut self, max: u32) -> Result<Batch>;
}

impl<C: Connector> contract::Guest for C {
    type Pass = Shared<C>;

    fn check() -> Vec<Probe> {
        C::check(&config::load_or_default())
    }
}

/// The contract passes resources by shared reference. This gives the plugin its `&mut` back.
#[doc(hidden)]
pub struct Shared<C: Connector>(RefCell<C::Pass>);

impl<C: Connector> contract::GuestPass for Shared<C> {
    fn open(entities: Vec<String>) -> Result<contract::Pass> {
        let pass = C::open(config::load()?, entities)?;
        Ok(contract::Pass::new(Shared::<C>(RefCell::new(pass))))
    }

    fn next(&self, max: u32) -> Result<Batch> {
        self.0.borrow_mut().next(max)
    }
}

/// Makes a type that implements [`Connector`](crate::connector::Connector) the component's connector, once per plugin:
/// the last line of the [example](crate::connector).
#[macro_export]
macro_rules! export_connector {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::base::export_base!($plugin with_types_in $crate::bindings::base);
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::connector::export_kind!($plugin with_types_in $crate::bindings::connector);

        // A native build exports nothing (and linkers reject the names), but the types are still checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::connector::Connector>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
