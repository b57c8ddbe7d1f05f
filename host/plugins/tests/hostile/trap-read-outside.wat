;; Attack: a read far outside the memory
;; Expect: trap

(func $definition (result i32) (i32.load (i32.const -4)))
