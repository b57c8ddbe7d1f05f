;; Attack: settings of 30 MiB as the result of a migration
;; Expect: host-budget
;; Call: migrate-config

(global $free (mut i32) (i32.const 1024))
(func $realloc (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
  (local $at i32)
  (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
  (global.set $free (i32.add (local.get $at) (local.get $size)))
  (local.get $at))
(func $migrate-config (param i32 i32 i32 i32) (result i32)
  (drop (memory.grow (i32.const 600)))
  (i32.store (i32.const 64) (i32.const 0))
  (i32.store (i32.const 68) (i32.const 1024))
  (i32.store (i32.const 72) (i32.const 31457280))
  (i32.const 64))
