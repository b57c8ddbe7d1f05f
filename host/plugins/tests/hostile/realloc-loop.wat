;; Attack: an endless loop while the host passes its arguments
;; Expect: timeout
;; Call: editable

(func $realloc (param i32 i32 i32 i32) (result i32) (loop br 0) unreachable)
(func $editable (param i32) (result i32) (i32.const 0))
