;; Attack: endless recursion
;; Expect: trap, call stack exhausted

(func $definition (result i32) (call $definition))
