;; Attack: a flood of random numbers
;; Expect: host-budget|timeout
;; World: hook
;; Grants: all

(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 1024))
(func $subscriptions (result i32) (loop (call $random.bytes (i32.const 1024) (i32.const 0)) (br 0)) unreachable)
