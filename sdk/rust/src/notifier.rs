//! Everything a notifier plugin needs: events in, messages out, and the capabilities it may be granted.

pub use crate::bindings::notifier::exports::afpi::plugin::notifier::{Audience, Event, Kind, Message};
pub use crate::export_notifier as export;
pub use crate::host::{clock, context, http, kv, log, metrics, secrets};
pub use crate::types::*;

use crate::bindings::notifier::exports::afpi::plugin::notifier::Guest;
use crate::{Plugin, config};

/// Turns events into messages for people.
pub trait Notifier: Plugin {
    /// The kinds of message people can switch on and off.
    fn kinds(config: &Self::Config) -> Vec<Kind>;

    /// Who should hear what about this event. Unknown events get no message.
    ///
    /// # Errors
    /// An error makes the host try the event again later, so messages need a stable `dedupe_key`.
    fn notify(config: &Self::Config, event: &Event) -> Result<Vec<Message>>;
}

impl<N: Notifier> Guest for N {
    fn kinds() -> Vec<Kind> {
        N::kinds(&config::load_or_default())
    }

    fn notify(event: Event) -> Result<Vec<Message>> {
        N::notify(&config::load()?, &event)
    }
}

/// Makes a type that implements [`Notifier`](crate::notifier::Notifier) the component's notifier.
#[macro_export]
macro_rules! export_notifier {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::base::export_base!($plugin with_types_in $crate::bindings::base);
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::notifier::export_kind!($plugin with_types_in $crate::bindings::notifier);

        // Natively there is nothing to export (and the names are none a linker likes), but the promise is checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::notifier::Notifier>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
