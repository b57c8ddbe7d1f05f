;; Attack: a result that lies outside the memory
;; Expect: trap

(func $definition (result i32) (i32.const 65532))
