;; Attack: an endless loop while its form is asked for
;; Expect: timeout
;; Call: config-schema

(func $config-schema (result i32) (loop br 0) unreachable)
