;; Attack: a log line outside the memory
;; Expect: trap

(func $definition (result i32) (call $log.write (i32.const 1) (i32.const 65000) (i32.const 100000)) (i32.const 0))
