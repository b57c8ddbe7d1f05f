;; Attack: a trap while the plugin checks its settings
;; Expect: trap
;; Call: validate-config

(global $free (mut i32) (i32.const 1024))
(func $realloc (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
  (local $at i32)
  (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
  (global.set $free (i32.add (local.get $at) (local.get $size)))
  (local.get $at))
(func $validate-config (param i32 i32) (result i32) unreachable)
