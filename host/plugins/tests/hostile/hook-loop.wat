;; Attack: an endless loop in a plugin whose calls may wait
;; Expect: timeout
;; World: hook

(func $subscriptions (result i32) (loop br 0) unreachable)
