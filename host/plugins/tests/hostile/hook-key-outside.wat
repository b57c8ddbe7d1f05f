;; Attack: a key outside the memory
;; Expect: trap
;; World: hook
;; Grants: all

(func $subscriptions (result i32) (call $kv.get (i32.const 65536) (i32.const 4) (i32.const 32)) (i32.const 0))
