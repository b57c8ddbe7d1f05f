;; Attack: an endless loop while the host asks for the form of the settings
;; Expect: timeout
;; Call: config-schema

(func $config-schema (result i32) (loop br 0) unreachable)
