//! Everything a hook needs: a say in changes before they are made, word of them afterwards, and the capabilities it may be granted.
//!
//! ```
//! use afpi_sdk::{NoSettings, Plugin, hook::*};
//!
//! struct NoCheapDeals;
//!
//! impl Plugin for NoCheapDeals {
//!     type Config = NoSettings;
//! }
//!
//! impl Hook for NoCheapDeals {
//!     fn subscriptions(_: &NoSettings) -> Vec<Subscription> {
//!         vec![Subscription::before("opportunite.created")]
//!     }
//!
//!     fn before(_: &NoSettings, event: &Event) -> Result<Verdict> {
//!         match event.opportunite() {
//!             Some(subject) if subject.budget < 10_000 => Ok(Verdict::veto("Moins de 100 €.", "Less than €100.")),
//!             _ => Ok(Verdict::Allow),
//!         }
//!     }
//! }
//!
//! afpi_sdk::hook::export!(NoCheapDeals);
//! # fn main() {}
//! ```

pub use crate::bindings::hook::exports::afpi::plugin::hook::{Event, Phase, Subject, Subscription, Verdict};
pub use crate::export_hook as export;
pub use crate::host::{clock, context, events, http, jobs, kv, log, metrics, random, records, secrets};
pub use crate::types::*;

use serde::de::DeserializeOwned;

use crate::bindings::hook::exports::afpi::plugin::hook::Guest;
use crate::{Plugin, config};

/// Has a say in changes, or hears of them.
pub trait Hook: Plugin {
    /// What it wants to be asked or told, with these settings.
    fn subscriptions(config: &Self::Config) -> Vec<Subscription>;

    /// May this change be made? Nothing may be set in motion here: a change may still not come to be.
    ///
    /// # Errors
    /// An error follows the manifest's `on-failure`: `closed` refuses the change, `open` lets it pass.
    fn before(_config: &Self::Config, _event: &Event) -> Result<Verdict> {
        Ok(Verdict::Allow)
    }

    /// The change was made. May be told twice.
    ///
    /// # Errors
    /// [`Error::RateLimited`] is tried again after that wait, any other error with growing waits.
    fn after(_config: &Self::Config, _event: &Event) -> Result<()> {
        Ok(())
    }
}

impl Subscription {
    /// To be asked before this event, among hooks without an order of their own.
    pub fn before(event: &str) -> Subscription {
        Subscription { event: event.into(), phase: Phase::Before, order: 0 }
    }

    /// To be told of this event afterwards.
    pub fn after(event: &str) -> Subscription {
        Subscription { event: event.into(), phase: Phase::After, order: 0 }
    }
}

impl Verdict {
    /// The change is not made, and why, in both languages.
    pub fn veto(fr: impl Into<String>, en: impl Into<String>) -> Verdict {
        Verdict::Veto(Text::new(fr, en))
    }
}

impl Event {
    /// The opportunité it is about, if it is about one.
    pub fn opportunite(&self) -> Option<&Opportunite> {
        match &self.subject {
            Subject::Opportunite(opportunite) => Some(opportunite),
            _ => None,
        }
    }

    /// The entreprise it is about, if it is about one.
    pub fn entreprise(&self) -> Option<&Entreprise> {
        match &self.subject {
            Subject::Entreprise(entreprise) => Some(entreprise),
            _ => None,
        }
    }

    /// What is proposed, or what happened; its shape depends on the event and stands in `wit/plugin/hook.wit`.
    ///
    /// # Errors
    /// [`Error::Other`] when it does not have the shape of `T`.
    pub fn change<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.data)?)
    }
}

impl<H: Hook> Guest for H {
    fn subscriptions() -> Vec<Subscription> {
        H::subscriptions(&config::load_or_default())
    }

    fn before(event: Event) -> Result<Verdict> {
        H::before(&config::load()?, &event)
    }

    fn after(event: Event) -> Result<()> {
        H::after(&config::load()?, &event)
    }
}

/// Makes a type that implements [`Hook`](crate::hook::Hook) the component's hook.
#[macro_export]
macro_rules! export_hook {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::base::export_base!($plugin with_types_in $crate::bindings::base);
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::hook::export_kind!($plugin with_types_in $crate::bindings::hook);

        // Natively there is nothing to export (and the names are none a linker likes), but the promise is checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::hook::Hook>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
