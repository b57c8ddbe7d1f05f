;; Attack: a host call while the host frees the answer, when no host call is allowed
;; Expect: trap

(func $definition (result i32) (i32.const 0))
(func $definition_post (param i32) (call $log.write (i32.const 1) (i32.const 0) (i32.const 1)))
