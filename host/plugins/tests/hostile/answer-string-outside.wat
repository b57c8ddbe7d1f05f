;; Attack: a string that lies outside the memory
;; Expect: trap

(data (i32.const 0) "\f0\ff\00\00\00\01\00\00")
(func $definition (result i32) (i32.const 0))
