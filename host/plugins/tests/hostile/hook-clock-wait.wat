;; Attack: waiting by asking for the time all the time
;; Expect: host-budget|timeout
;; World: hook
;; Grants: all

(func $subscriptions (result i32) (loop (drop (call $clock.now)) (br 0)) unreachable)
