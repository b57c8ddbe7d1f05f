;; Attack: space for the arguments at an odd address
;; Expect: trap
;; Call: editable

(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 1))
(func $editable (param i32) (result i32) (i32.const 0))
