;; Attack: memory taken for every argument the host passes
;; Expect: memory
;; Call: editable

(func $realloc (param i32 i32 i32 i32) (result i32) (if (i32.eq (memory.grow (i32.const 300)) (i32.const -1)) (then unreachable)) (i32.const 1024))
(func $editable (param i32) (result i32) (i32.const 64))
(func $editable_post (param i32))
