;; Attack: endless recursion while the host passes its arguments
;; Expect: trap, call stack exhausted
;; Call: editable

(func $realloc (param i32 i32 i32 i32) (result i32) (call $realloc (local.get 3) (local.get 2) (local.get 1) (local.get 0)))
(func $editable (param i32) (result i32) (i32.const 0))
