;; Attack: a flood of log lines
;; Expect: host-budget

(data (i32.const 16) "\1b[2J\r\nERROR forged")
(func $definition (result i32) (loop (call $log.write (i32.const 3) (i32.const 16) (i32.const 18)) (br 0)) unreachable)
