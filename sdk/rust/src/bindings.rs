//! The contract of `wit/` as Rust, made by `wit-bindgen`. Knows no convenience: everything pleasant is built on top of
//! it in the sibling modules, and nothing outside this crate needs to look here.
//!
//! `base` holds what every plugin shares (the types, the host's interfaces and the lifecycle exports); one more module
//! per kind adds that kind's exports. Together they make up the worlds of `wit/plugin/worlds.wit`: imports that a
//! plugin does not use vanish when the component is packed, so a pure plugin stays pure.
//!
//! The types serialise under their Rust names, as the host's own do: that is how tests hand them to the harness.

/// The shared types, everything a host can offer, and what every plugin exports.
pub mod base {
    wit_bindgen::generate!({
        inline: "
            package afpi:guest-base;
            world base {
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
                export afpi:plugin/lifecycle@1.0.0;
            }
        ",
        path: ["wit/types", "wit/host", "wit/plugin"],
        world: "afpi:guest-base/base",
        additional_derives: [PartialEq, Eq, serde::Serialize, serde::Deserialize],
        generate_all,
        generate_unused_types: true,
        pub_export_macro: true,
        export_macro_name: "export_base",
    });
}

/// What a workflow exports besides the lifecycle.
pub mod workflow {
    wit_bindgen::generate!({
        inline: "
            package afpi:guest-workflow;
            world workflow-exports { export afpi:plugin/workflow@1.0.0; }
        ",
        path: ["wit/types", "wit/host", "wit/plugin"],
        world: "afpi:guest-workflow/workflow-exports",
        with: { "afpi:types/types@1.0.0": crate::bindings::base::afpi::types::types },
        additional_derives: [PartialEq, Eq, serde::Serialize, serde::Deserialize],
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_kind",
    });
}

/// What an objectives plugin exports besides the lifecycle.
pub mod objectives {
    wit_bindgen::generate!({
        inline: "
            package afpi:guest-objectives;
            world objectives-exports { export afpi:plugin/objectives@1.0.0; }
        ",
        path: ["wit/types", "wit/host", "wit/plugin"],
        world: "afpi:guest-objectives/objectives-exports",
        with: { "afpi:types/types@1.0.0": crate::bindings::base::afpi::types::types },
        additional_derives: [PartialEq, Eq, serde::Serialize, serde::Deserialize],
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_kind",
    });
}

/// What a notifier exports besides the lifecycle.
pub mod notifier {
    wit_bindgen::generate!({
        inline: "
            package afpi:guest-notifier;
            world notifier-exports { export afpi:plugin/notifier@1.0.0; }
        ",
        path: ["wit/types", "wit/host", "wit/plugin"],
        world: "afpi:guest-notifier/notifier-exports",
        with: { "afpi:types/types@1.0.0": crate::bindings::base::afpi::types::types },
        additional_derives: [PartialEq, Eq, serde::Serialize, serde::Deserialize],
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_kind",
    });
}

/// What a connector exports besides the lifecycle.
pub mod connector {
    wit_bindgen::generate!({
        inline: "
            package afpi:guest-connector;
            world connector-exports { export afpi:plugin/connector@1.0.0; }
        ",
        path: ["wit/types", "wit/host", "wit/plugin"],
        world: "afpi:guest-connector/connector-exports",
        with: { "afpi:types/types@1.0.0": crate::bindings::base::afpi::types::types },
        additional_derives: [PartialEq, Eq, serde::Serialize, serde::Deserialize],
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_kind",
    });
}

/// What a hook exports besides the lifecycle.
pub mod hook {
    wit_bindgen::generate!({
        inline: "
            package afpi:guest-hook;
            world hook-exports { export afpi:plugin/hook@1.0.0; }
        ",
        path: ["wit/types", "wit/host", "wit/plugin"],
        world: "afpi:guest-hook/hook-exports",
        with: { "afpi:types/types@1.0.0": crate::bindings::base::afpi::types::types },
        additional_derives: [PartialEq, Eq, serde::Serialize, serde::Deserialize],
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_kind",
    });
}

/// What a plugin of an acting kind exports as well when it asks for `jobs`.
pub mod job_handler {
    wit_bindgen::generate!({
        inline: "
            package afpi:guest-job-handler;
            world job-handler-exports { export afpi:plugin/job-handler@1.0.0; }
        ",
        path: ["wit/types", "wit/host", "wit/plugin"],
        world: "afpi:guest-job-handler/job-handler-exports",
        with: { "afpi:types/types@1.0.0": crate::bindings::base::afpi::types::types },
        additional_derives: [PartialEq, Eq, serde::Serialize, serde::Deserialize],
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export_jobs",
    });
}
