;; Attack: a fill that ends outside the memory
;; Expect: trap, out of bounds

(func $definition (result i32) (memory.fill (i32.const 65000) (i32.const 0) (i32.const 1000)) (i32.const 0))
