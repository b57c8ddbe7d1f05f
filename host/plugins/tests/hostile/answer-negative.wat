;; Attack: a result at the very end of the address space
;; Expect: trap

(func $definition (result i32) (i32.const -4))
