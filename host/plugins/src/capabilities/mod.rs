//! The host's side of `afpi:host`. Each capability has one module with its own check of the grant.
//!
//! The three that every plugin has (log, context, config) always answer. All others call [`CallState::admit`] first.
//! Without the grant they answer `denied`, or a harmless value if their result cannot contain an error.

mod clock;
mod config;
mod context;
mod events;
pub mod http_client;
mod jobs;
pub mod json;
mod kv;
mod log;
mod metrics;
mod random;
mod records_query;
mod records_read;
mod secrets;

use crate::bindings::host::afpi::{host, types};
use crate::contract::{Error, FieldProblem, Text};
use crate::policy::CallMode;
use crate::ports::Space;
use crate::seat::Seat;
use crate::state::CallState;
use afpi_plugin_manifest::Capability;
use wasmtime::component::{HasSelf, Linker};

/// The imports of every plugin.
pub(crate) fn link_always(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    types::types::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    types::records::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::log::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::context::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::config::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)
}

/// The imports of plugins that may have effects.
pub(crate) fn link_granted(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    host::http_client::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::secrets::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::kv::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::records_read::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::records_query::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::jobs::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::events::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::clock::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::random::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)?;
    host::metrics::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)
}

/// `afpi:types` contains only types.
impl types::types::Host for CallState {}
impl types::records::Host for CallState {}

/// The owner of notes, records, jobs and events. It comes from the seat, never from the guest.
fn space(seat: &Seat) -> Space<'_> {
    Space { plugin: seat.plugin.id(), site: &seat.site.id }
}

/// The refusal of another event or job in a chain that is too long.
fn deep() -> Error {
    Error::Conflict(Text {
        fr: "Trop d’événements et de traitements se sont déclenchés les uns les autres.".into(),
        en: "Too many events and jobs have caused one another.".into(),
    })
}

fn denied(capability: Capability) -> Error {
    Error::Denied(Text {
        fr: format!("Cette extension n’est pas autorisée à utiliser « {capability} » ici."),
        en: format!("This plugin is not granted `{capability}` here."),
    })
}

/// Why a capability that [`CallState::admit`] refused cannot be used: either at this moment, or not at all.
fn refusal(state: &CallState, capability: Capability) -> Error {
    if state.limits.mode != CallMode::Deciding || !state.seat.grants.contains(capability) {
        return denied(capability);
    }
    Error::Denied(Text {
        fr: format!("« {capability} » ne s’utilise pas pendant qu’un changement est décidé ; faites-le dans `after`."),
        en: format!("`{capability}` cannot be used while a change is being decided; do it in `after`."),
    })
}

fn invalid(field: &str, code: &str, fr: &str, en: &str) -> Error {
    let message = Text { fr: fr.into(), en: en.into() };
    Error::Invalid(vec![FieldProblem { field: field.into(), code: code.into(), message }])
}
