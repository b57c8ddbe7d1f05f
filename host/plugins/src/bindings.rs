//! The code that `bindgen!` generates from `wit/`: the host's imports once, and one module per exported interface. All
//! of them share the same Rust types.
//!
//! Only functions that may wait are async. Workflows and objectives have none, so their calls need no fiber. Every
//! import may trap: an exhausted budget ends a call in this way.

/// The host's interfaces, with the traits that the capabilities implement.
pub mod host {
    wasmtime::component::bindgen!({
        path: ["../../wit/types", "../../wit/host", "../../wit/plugin"],
        interfaces: "
            import afpi:host/log@1.1.0;
            import afpi:host/context@1.1.0;
            import afpi:host/config@1.1.0;
            import afpi:host/http-client@1.1.0;
            import afpi:host/secrets@1.1.0;
            import afpi:host/kv@1.1.0;
            import afpi:host/records-read@1.1.0;
            import afpi:host/records-query@1.1.0;
            import afpi:host/jobs@1.1.0;
            import afpi:host/events@1.1.0;
            import afpi:host/clock@1.1.0;
            import afpi:host/random@1.1.0;
            import afpi:host/metrics@1.1.0;
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
            "afpi:host/records-query.select": async | trappable,
            "afpi:host/records-query.fetch": async | trappable,
            "afpi:host/jobs": async | trappable,
            "afpi:host/events": async | trappable,
            default: trappable,
        },
        with: { "afpi:host/http-client.response": crate::capabilities::http_client::Response },
        additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    });
}

/// One module per exported interface, all of them with the types above.
macro_rules! exports {
    ($module:ident, $world:tt $(, $exports:ident: $mode:tt)?) => {
        /// An exported interface.
        pub mod $module {
            wasmtime::component::bindgen!({
                path: ["../../wit/types", "../../wit/host", "../../wit/plugin"],
                inline: $world,
                world: "afpi:host-side/exported",
                $($exports: $mode,)?
                with: { "afpi:types": crate::bindings::host::afpi::types },
                additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
            });
        }
    };
}

exports!(lifecycle, "package afpi:host-side; world exported { export afpi:plugin/lifecycle@1.1.0; }", exports: { default: async });
exports!(workflow, "package afpi:host-side; world exported { export afpi:plugin/workflow@1.1.0; }");
exports!(objectives, "package afpi:host-side; world exported { export afpi:plugin/objectives@1.1.0; }");
exports!(notifier, "package afpi:host-side; world exported { export afpi:plugin/notifier@1.1.0; }", exports: { default: async });
exports!(connector, "package afpi:host-side; world exported { export afpi:plugin/connector@1.1.0; }", exports: { default: async });
exports!(hook, "package afpi:host-side; world exported { export afpi:plugin/hook@1.1.0; }", exports: { default: async });
exports!(job_handler, "package afpi:host-side; world exported { export afpi:plugin/job-handler@1.1.0; }", exports: { default: async });
exports!(documents, "package afpi:host-side; world exported { export afpi:plugin/documents@1.1.0; }", exports: { default: async });
exports!(lookup, "package afpi:host-side; world exported { export afpi:plugin/lookup@1.1.0; }", exports: { default: async });
exports!(auditor, "package afpi:host-side; world exported { export afpi:plugin/auditor@1.1.0; }", exports: { default: async });
exports!(data_migration, "package afpi:host-side; world exported { export afpi:plugin/data-migration@1.1.0; }", exports: { default: async });
