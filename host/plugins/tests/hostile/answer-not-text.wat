;; Attack: a string that is not UTF-8
;; Expect: trap, utf-8

(data (i32.const 0) "\40\00\00\00\04\00\00\00")
(data (i32.const 64) "\ff\fe\80\c0")
(func $definition (result i32) (i32.const 0))
