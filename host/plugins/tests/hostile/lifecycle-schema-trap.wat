;; Attack: a trap while the host asks for the form of the settings, before the plugin is switched on
;; Expect: trap
;; Call: config-schema

(func $config-schema (result i32) unreachable)
