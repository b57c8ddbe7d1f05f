;; Attack: a handle dropped that was never given out
;; Expect: trap, handle
;; World: hook
;; Grants: all

(func $subscriptions (result i32) (call $http-client.response_drop (i32.const 1)) (i32.const 0))
