;; Attack: a string of four gigabytes
;; Expect: trap

(data (i32.const 0) "\00\00\00\00\ff\ff\ff\7f")
(func $definition (result i32) (i32.const 0))
