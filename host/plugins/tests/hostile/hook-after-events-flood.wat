;; Attack: a flood of events with the grant, after the change
;; Expect: host-budget|timeout
;; World: hook
;; Call: after
;; Grants: all

(global $free (mut i32) (i32.const 1024))
(func $realloc (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
  (local $at i32)
  (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
  (global.set $free (i32.add (local.get $at) (local.get $size)))
  (local.get $at))
(func $after (param i32) (result i32) (loop (global.set $free (i32.const 1024)) (call $events.emit (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 64)) (br 0)) unreachable)
