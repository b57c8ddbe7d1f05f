//! A hook that uses no function of the host.

wit_bindgen::generate!({
    path: ["../../../../wit/types", "../../../../wit/host", "../../../../wit/plugin"],
    world: "afpi:plugin/hook-plugin",
    generate_all,
});

use afpi::types::types::Error;
use exports::afpi::plugin::hook::*;

struct Plugin;
crate::lifecycle!();
export!(Plugin);

impl Guest for Plugin {
    fn subscriptions() -> Vec<Subscription> {
        Vec::new()
    }

    fn before(_: Event) -> Result<Verdict, Error> {
        Ok(Verdict::Allow)
    }

    fn after(_: Event) -> Result<(), Error> {
        Ok(())
    }
}
