;; Attack: a write behind the end of the memory
;; Expect: trap, out of bounds

(func $definition (result i32) (i64.store (i32.const 65529) (i64.const 0)) (i32.const 0))
