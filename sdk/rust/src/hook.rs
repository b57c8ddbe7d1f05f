//! Everything a hook needs: it is asked about changes before they are made and told afterwards, and may be granted
//! capabilities.
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
pub use crate::host::{clock, context, events, http, jobs, kv, log, metrics, query, random, records, secrets};
pub use crate::types::*;

use serde::de::DeserializeOwned;

use crate::bindings::hook::exports::afpi::plugin::hook::Guest;
use crate::{Plugin, config};

/// Is asked about changes, or told about them. A whole one is [above](self).
pub trait Hook: Plugin {
    /// The events that it wants to be asked or told about, with these settings.
    fn subscriptions(config: &Self::Config) -> Vec<Subscription>;

    /// May this change be made? The call has 50 ms of its own time. It must not have effects, because the change may
    /// still be refused: `http`, `jobs` and `events` answer `denied`.
    ///
    /// # Errors
    /// An error follows the manifest's `on-failure`: `closed` refuses the change, `open` lets it pass.
    fn before(_config: &Self::Config, _event: &Event) -> Result<Verdict> {
        Ok(Verdict::Allow)
    }

    /// The change was made. May be called twice for one change.
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
    /// Asks it before this event. Order 0; hooks with lower orders are asked first.
    pub fn before(event: &str) -> Subscription {
        Subscription { event: event.into(), phase: Phase::Before, order: 0 }
    }

    /// Tells it about this event afterwards.
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
    /// Refuses the change. The actor sees the reason, in both languages, and the record's history keeps it.
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
    /// The event's opportunité, if it has one.
    pub fn opportunite(&self) -> Option<&Opportunite> {
        match &self.subject {
            Subject::Opportunite(opportunite) => Some(opportunite),
            _ => None,
        }
    }

    /// The event's entreprise, if it has one.
    pub fn entreprise(&self) -> Option<&Entreprise> {
        match &self.subject {
            Subject::Entreprise(entreprise) => Some(entreprise),
            _ => None,
        }
    }

    /// The proposed or completed change. Its shape depends on the event: see `wit/plugin/hook.wit`.
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

        // A native build exports nothing (and linkers reject the names), but the types are still checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::hook::Hook>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
