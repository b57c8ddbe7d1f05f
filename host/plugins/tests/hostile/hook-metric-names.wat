;; Attack: figures under invented names
;; Expect: host-budget|timeout
;; World: hook
;; Grants: all

(func $subscriptions (result i32)
  (local $n i32)
  (loop
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (i32.store (i32.const 0) (i32.or (i32.and (local.get $n) (i32.const 0x0f0f0f0f)) (i32.const 0x60606060)))
    (call $metrics.add (i32.const 0) (i32.const 4) (i64.const 1))
    (br 0))
  unreachable)
