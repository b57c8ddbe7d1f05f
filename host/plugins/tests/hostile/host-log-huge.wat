;; Attack: a log line of 40 MiB
;; Expect: host-budget

(func $definition (result i32) (drop (memory.grow (i32.const 700))) (call $log.write (i32.const 1) (i32.const 0) (i32.const 41943040)) (i32.const 0))
