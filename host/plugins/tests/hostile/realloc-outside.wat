;; Attack: memory for the host’s answer that is outside the guest’s memory
;; Expect: trap

(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65535))
(func $definition (result i32) (call $context.current (i32.const 0)) (i32.const 0))
