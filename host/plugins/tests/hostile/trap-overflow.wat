;; Attack: a division whose result does not exist
;; Expect: trap

(func $definition (result i32) (i32.div_s (i32.const -2147483648) (i32.const -1)))
