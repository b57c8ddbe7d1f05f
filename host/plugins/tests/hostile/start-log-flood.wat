;; Attack: a flood of log lines before any call, when the host cannot be called yet
;; Expect: trap

(func $s (loop (call $log.write (i32.const 1) (i32.const 0) (i32.const 10)) (br 0)))
(start $s)
