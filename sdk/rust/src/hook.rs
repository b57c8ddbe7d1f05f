//! Everything a hook needs: a say in changes before they are made, word of them afterwards, and the capabilities it may
//! be granted.
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

/// Has a say in changes, or hears of them. A whole one stands [above](self).
pub trait Hook: Plugin {
    /// What it wants to be asked or told, with these settings.
    fn subscriptions(config: &Self::Config) -> Vec<Subscription>;

    /// May this change be made? It has 50 ms of its own time. Nothing may be set in motion here, as a change may still
    /// not come to be: `http`, `jobs` and `events` answer `denied`.
    ///
    /// # Errors
    /// An error follows the manifest's `on-failure`: `closed` refuses the change, `open` lets it pass.
    fn before(_config: &Self::Config, _event: &Event) -> Result<Verdict> {
        Ok(Verdict::Allow)
    }

    /// The change was made. May be told twice.
    ///
    /// # Errors
    /// [`Error::RateLimited`] is tried again after so many milliseconds, any other error with growing waits.
    fn after(_config: &Self::Config, _event: &Event) -> Result<()> {
        Ok(())
    }
}

/// ```
/// use afpi_sdk::hook::Subscription;
///
/// let wanted = [
///     Subscription { order: -10, ..Subscription::before("opportunite.moved") },
///     Subscription::after("entreprise.updated"),
/// ];
/// # assert_eq!(wanted.map(|one| one.order), [-10, 0]);
/// ```
impl Subscription {
    /// To be asked before this event; of order 0, lower ones are asked first.
    pub fn before(event: &str) -> Subscription {
        Subscription { event: event.into(), phase: Phase::Before, order: 0 }
    }

    /// To be told of this event afterwards.
    pub fn after(event: &str) -> Subscription {
        Subscription { event: event.into(), phase: Phase::After, order: 0 }
    }
}

/// ```
/// use afpi_sdk::hook::Verdict;
///
/// let no = Verdict::veto("Il manque l’OPCO.", "The OPCO is missing.");
/// # assert!(matches!(no, Verdict::Veto(why) if why.en == "The OPCO is missing."));
/// ```
impl Verdict {
    /// The change is not made; the reason, in both languages, is shown to the actor and kept in the record's history.
    pub fn veto(fr: impl Into<String>, en: impl Into<String>) -> Verdict {
        Verdict::Veto(Text::new(fr, en))
    }
}

/// ```
/// use afpi_sdk::hook::{Event, Result};
///
/// #[derive(serde::Deserialize)]
/// struct Move {
///     target: String,
/// }
///
/// /// Is the record about to be won?
/// fn wins(event: &Event) -> Result<bool> {
///     Ok(event.opportunite().is_some() && event.change::<Move>()?.target == "won")
/// }
/// # let event = Event {
/// #     name: "opportunite.moved".into(), at: 0, site: String::new(), actor: None,
/// #     subject: afpi_sdk::hook::Subject::Opportunite(afpi_sdk::testing::opportunite()), data: r#"{"target":"won"}"#.into(),
/// # };
/// # assert!(wins(&event).unwrap() && event.entreprise().is_none());
/// ```
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

/// Makes a type that implements [`Hook`](crate::hook::Hook) the component's hook, once per plugin: the last line of the
/// [example](crate::hook).
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
