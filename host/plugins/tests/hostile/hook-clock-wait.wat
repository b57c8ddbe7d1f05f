;; Attack: waiting by asking for the time again and again
;; Expect: host-budget|timeout
;; World: hook
;; Grants: all

(func $subscriptions (result i32) (loop (drop (call $clock.now)) (br 0)) unreachable)
