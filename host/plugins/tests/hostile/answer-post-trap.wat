;; Attack: a trap while the host frees the answer
;; Expect: trap

(func $definition (result i32) (i32.const 0))
(func $definition_post (param i32) unreachable)
