;; Attack: a trap while the host passes its arguments
;; Expect: trap, unreachable
;; Call: editable

(func $realloc (param i32 i32 i32 i32) (result i32) unreachable)
(func $editable (param i32) (result i32) (i32.const 0))
