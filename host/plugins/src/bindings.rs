//! The code that `bindgen!` generates from `wit/`: host imports once, then one module per world. All share the same
//! Rust types.
//!
//! Only functions that may wait are async. The pure worlds have none, so their calls need no fiber. Every import may
//! trap: this is how an exhausted budget ends a call.

/// The host's interfaces, with the traits that the capabilities implement.
pub mod host {
    wasmtime::component::bindgen!({
        path: ["../../wit/types", "../../wit/host", "../../wit/plugin"],
        interfaces: "
            import afpi:host/log@1.0.0;
            import afpi:host/context@1.0.0;
            import afpi:host/config@1.0.0;
            import afpi:host/http-client@1.0.0;
            import afpi:host/secrets@1.0.0;
            import afpi:host/kv@1.0.0;
            import afpi:host/records-read@1.0.0;
            import afpi:host/jobs@1.0.0;
            import afpi:host/events@1.0.0;
            import afpi:host/clock@1.0.0;
            import afpi:host/random@1.0.0;
            import afpi:host/metrics@1.0.0;
        ",
        imports: {
            "afpi:host/http-client.send": async | trappable,
            "afpi:host/http-client.[method]response.read": async | trappable,
            "afpi:host/secrets.has": async | trappable,
            "afpi:host/kv.get": async | trappable,
            "afpi:host/kv.set": async | trappable,
            "afpi:host/kv.delete": async | trappable,
            "afpi:host/kv.keys": async | trappable,
            "afpi:host/records-read": async | trappable,
            "afpi:host/jobs": async | trappable,
            "afpi:host/events": async | trappable,
            default: trappable,
        },
        with: { "afpi:host/http-client.response": crate::capabilities::http_client::Response },
        additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    });
}

macro_rules! world {
    ($module:ident, $world:tt $(, $exports:ident: $mode:tt)?) => {
        /// Exports of this world.
        pub mod $module {
            wasmtime::component::bindgen!({
                path: ["../../wit/types", "../../wit/host", "../../wit/plugin"],
                world: $world,
                $($exports: $mode,)?
                with: {
                    "afpi:types": crate::bindings::host::afpi::types,
                    "afpi:host": crate::bindings::host::afpi::host,
                },
                additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
            });
        }
    };
}

world!(workflow, "afpi:plugin/workflow-plugin");
world!(objectives, "afpi:plugin/objectives-plugin");
world!(notifier, "afpi:plugin/notifier-plugin", exports: { default: async });
world!(connector, "afpi:plugin/connector-plugin", exports: { default: async });
world!(hook, "afpi:plugin/hook-plugin", exports: { default: async });

/// Exports that plugins of the acting kinds may have as well.
pub mod job_handling {
    wasmtime::component::bindgen!({
        path: ["../../wit/types", "../../wit/host", "../../wit/plugin"],
        world: "afpi:plugin/job-handling",
        exports: { default: async },
        with: { "afpi:types": crate::bindings::host::afpi::types },
        additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    });
}
