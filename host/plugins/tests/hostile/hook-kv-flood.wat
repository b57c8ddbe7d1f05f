;; Attack: a flood of notes read
;; Expect: host-budget|timeout
;; World: hook

(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 1024))
(func $subscriptions (result i32) (loop (call $kv.get (i32.const 0) (i32.const 1) (i32.const 32)) (br 0)) unreachable)
