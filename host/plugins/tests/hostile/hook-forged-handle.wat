;; Attack: a handle that was never given out
;; Expect: trap, handle
;; World: hook
;; Grants: all

(func $subscriptions (result i32) (drop (call $http-client._method_response.status (i32.const 7))) (i32.const 0))
