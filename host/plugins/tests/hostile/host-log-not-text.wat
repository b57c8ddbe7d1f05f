;; Attack: a log line that is not UTF-8
;; Expect: trap, utf-8

(data (i32.const 0) "\ff\ff\ff")
(func $definition (result i32) (call $log.write (i32.const 1) (i32.const 0) (i32.const 3)) (i32.const 0))
