//! Everything a notifier plugin needs: events in, messages out, and the capabilities it may be granted.
//!
//! ```
//! use afpi_sdk::{NoSettings, Plugin, notifier::*};
//!
//! struct Owner;
//!
//! impl Plugin for Owner {
//!     type Config = NoSettings;
//! }
//!
//! impl Notifier for Owner {
//!     fn kinds(_: &NoSettings) -> Vec<Kind> {
//!         vec![Kind { id: "assigned".into(), label: Text::new("Confié à moi", "Given to me"), channels: vec!["app".into()] }]
//!     }
//!
//!     fn notify(_: &NoSettings, event: &Event) -> Result<Vec<Message>> {
//!         let ("opportunite.assigned", Some(subject)) = (event.name.as_str(), &event.subject) else { return Ok(Vec::new()) };
//!         Ok(vec![Message {
//!             kind: "assigned".into(),
//!             to: vec![Audience::Owner],
//!             title: Text::new("Un dossier vous est confié", "A file was given to you"),
//!             body: Text::new(&subject.title, &subject.title),
//!             link: format!("/opportunites/{}", subject.id),
//!             dedupe_key: format!("{}-{}", subject.id, subject.commercial),
//!         }])
//!     }
//! }
//!
//! afpi_sdk::notifier::export!(Owner);
//! # fn main() {}
//! ```

pub use crate::bindings::notifier::exports::afpi::plugin::notifier::{Audience, Event, Kind, Message};
pub use crate::export_notifier as export;
pub use crate::host::{clock, context, events, http, jobs, kv, log, metrics, query, random, records, secrets};
pub use crate::types::*;

use crate::bindings::notifier::exports::afpi::plugin::notifier::Guest;
use crate::{Plugin, config};

/// Turns events into messages for people. A whole one is [above](self).
pub trait Notifier: Plugin {
    /// The kinds of message people can switch on and off.
    fn kinds(config: &Self::Config) -> Vec<Kind>;

    /// The messages about this event and their audiences. Unknown events get no message.
    ///
    /// # Errors
    /// After any error the host tries the event again later, so messages need a stable `dedupe_key`.
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

/// Makes a type that implements [`Notifier`](crate::notifier::Notifier) the component's notifier, once per plugin: the
/// last line of the [example](crate::notifier).
#[macro_export]
macro_rules! export_notifier {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::base::export_base!($plugin with_types_in $crate::bindings::base);
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::notifier::export_kind!($plugin with_types_in $crate::bindings::notifier);

        // A native build exports nothing (and linkers reject the names), but the types are still checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::notifier::Notifier>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
