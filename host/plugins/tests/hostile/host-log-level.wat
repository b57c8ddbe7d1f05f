;; Attack: a log level that does not exist
;; Expect: trap

(func $definition (result i32) (call $log.write (i32.const 77) (i32.const 0) (i32.const 0)) (i32.const 0))
