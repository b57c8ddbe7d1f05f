;; Attack: a result at an odd address
;; Expect: trap

(func $definition (result i32) (i32.const 13))
