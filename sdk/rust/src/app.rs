//! Everything an app needs: a plugin with no interface of its own, which is its facets. What it does stands in
//! [`job`](crate::job): jobs it gives itself, and work at set times.
//!
//! ```
//! use afpi_sdk::job::{Jobs, Outcome};
//! use afpi_sdk::{NoSettings, Plugin, app::*};
//!
//! struct Census;
//!
//! impl Plugin for Census {
//!     type Config = NoSettings;
//! }
//!
//! impl Jobs for Census {
//!     fn run(_: &NoSettings, _kind: &str, _payload: &str, _attempt: u32) -> Outcome {
//!         match query::of("contact").empty("email").count() {
//!             Ok(count) => {
//!                 metrics::set("contacts_without_email", count);
//!                 Outcome::Done
//!             }
//!             Err(error) => Outcome::Other(error.text().en),
//!         }
//!     }
//! }
//!
//! afpi_sdk::app::export!(Census);
//! afpi_sdk::job::export!(Census);
//! # fn main() {}
//! ```

pub use crate::export_app as export;
pub use crate::host::{clock, context, events, http, jobs, kv, log, metrics, query, random, records, secrets};
pub use crate::types::*;

/// Makes a type that implements [`Plugin`](crate::Plugin) the component, once per app; its facets have lines of their
/// own, as in the [example](crate::app).
#[macro_export]
macro_rules! export_app {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::base::export_base!($plugin with_types_in $crate::bindings::base);

        // Natively there is nothing to export (and the names are none a linker likes), but the promise is checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::Plugin>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
