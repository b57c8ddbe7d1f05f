;; Attack: a handle at the end of all handles
;; Expect: trap, handle
;; World: hook
;; Grants: all

(func $subscriptions (result i32) (call $http-client.response_drop (i32.const -1)) (i32.const 0))
