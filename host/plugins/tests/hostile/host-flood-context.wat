;; Attack: a flood of questions for the context of the call
;; Expect: host-budget

(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 1024))
(func $definition (result i32) (loop (call $context.current (i32.const 0)) (br 0)) unreachable)
