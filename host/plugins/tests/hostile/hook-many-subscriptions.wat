;; Attack: ten thousand subscriptions
;; Expect: error
;; World: hook

(global $free (mut i32) (i32.const 1024))
(func $realloc (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
  (local $at i32)
  (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
  (global.set $free (i32.add (local.get $at) (local.get $size)))
  (local.get $at))
(func $subscriptions (result i32)
  (drop (memory.grow (i32.const 4)))
  (i32.store (i32.const 0) (i32.const 1024))
  (i32.store (i32.const 4) (i32.const 10000))
  (i32.const 0))
(func $subscriptions_post (param i32))
