;; Attack: a host call in the middle of the host’s own answer: reentrance
;; Expect: trap

(func $realloc (param i32 i32 i32 i32) (result i32) (call $context.current (i32.const 0)) (i32.const 1024))
(func $definition (result i32) (call $context.current (i32.const 0)) (i32.const 0))
