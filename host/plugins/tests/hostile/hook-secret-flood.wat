;; Attack: a flood of guesses at names of secrets
;; Expect: host-budget|timeout
;; World: hook
;; Grants: all

(func $subscriptions (result i32) (loop (drop (call $secrets.has (i32.const 0) (i32.const 5))) (br 0)) unreachable)
