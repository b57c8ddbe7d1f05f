;; Attack: a trap while its form is asked for, before anybody has switched it on
;; Expect: trap
;; Call: config-schema

(func $config-schema (result i32) unreachable)
