//! `context`: data of the current call, such as its site and its deadline.

use crate::bindings::host::afpi::host::context::{CallContext, Host};
use crate::state::CallState;

impl Host for CallState {
    fn current(&mut self) -> wasmtime::Result<CallContext> {
        self.spend(1)?;
        Ok(CallContext {
            site: self.seat.site.id.to_string(),
            site_code: self.seat.site.code.to_string(),
            locale: self.context.locale.as_str().to_owned(),
            call_id: self.context.call_id.to_string(),
            deadline_ms: self.limits.deadline.as_millis().try_into().unwrap_or(u32::MAX),
        })
    }
}
