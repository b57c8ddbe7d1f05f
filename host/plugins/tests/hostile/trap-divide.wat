;; Attack: a division by zero
;; Expect: trap

(func $definition (result i32) (i32.div_s (i32.const 1) (i32.const 0)))
